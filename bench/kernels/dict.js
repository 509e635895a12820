function kernel() {
  const d = new Map();
  for (let i = 0; i < 100000; i++) {
    d.set(`key${i}`, i % 1000);
  }
  let sum = 0;
  for (let i = 0; i < 100000; i++) {
    sum = sum + d.get(`key${(i * 7) % 100000}`);
  }
  return sum + d.size;
}
