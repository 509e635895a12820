function kernel() {
  let i = 0;
  let sum = 0;
  while (i < 6000000) {
    sum = sum + (i % 7);
    i = i + 1;
  }
  return sum;
}
