function kernel() {
  const xs = [];
  let seed = 42;
  for (let i = 0; i < 100000; i++) {
    // The product passes 2^53; the low 31 bits are all that is kept, and Math.imul has them exactly.
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    xs.push(seed % 1000003);
  }
  const sorted = xs.slice().sort((a, b) => a - b);
  return sorted[0] + sorted[50000] * 3 + sorted[99999] * 7;
}
