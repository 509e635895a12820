function kernel() {
  let h = 1469598103934665603n;
  for (let i = 0; i < 300000; i++) {
    h = BigInt.asIntN(64, (h + BigInt(i % 256)) * 1099511628211n);
  }
  return h;
}
