function kernel() {
  const xs = [];
  for (let i = 0; i < 100000; i++) {
    xs.push(i % 1000);
  }
  let sum = 0;
  for (let round = 0; round < 40; round++) {
    for (const x of xs) {
      sum = sum + x;
    }
    sum = sum + xs[round * 7];
  }
  return sum;
}
