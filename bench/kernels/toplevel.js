function kernel() {
  let sum = 0;
  for (let i = 0; i < 5000000; i++) {
    if (i % 2 === 0) {
      sum = sum + (i % 7);
    }
  }
  return sum;
}
