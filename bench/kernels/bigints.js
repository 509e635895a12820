function kernel() {
  let x = 2147483648;
  let sum = 0;
  for (let i = 0; i < 2000000; i++) {
    x = x + 4294967;
    sum = (sum + x) % 9007199254;
  }
  return sum;
}
