function kernel() {
  let low = 0;
  let high = 0;
  let middle = 0;
  for (let i = 0; i < 3000000; i++) {
    const x = i % 1000;
    if (x < 100 || x === 500) {
      low = low + 1;
    } else if (x >= 900 && x !== 950) {
      high = high + 1;
    } else if (x > 400 && x <= 600) {
      middle = middle + 1;
    }
  }
  return low * 1000 + high * 3 + middle;
}
