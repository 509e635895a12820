function step(a, b) {
  return a + (b % 3);
}
function kernel() {
  let sum = 0;
  for (let i = 0; i < 5000000; i++) {
    sum = step(sum, i);
  }
  return sum;
}
