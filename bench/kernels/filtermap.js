function kernel() {
  const xs = [];
  for (let i = 0; i < 50000; i++) {
    xs.push(i);
  }
  let sum = 0;
  for (let k = 1; k <= 16; k++) {
    const ys = xs.filter((x) => x % 3 === k % 3).map((x) => x * k + 1);
    sum = sum + ys.length + ys[100];
  }
  return sum;
}
