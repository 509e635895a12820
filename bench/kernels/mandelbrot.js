function kernel() {
  let inside = 0;
  for (let row = 0; row < 100; row++) {
    for (let column = 0; column < 100; column++) {
      const cr = column * 0.03 - 2.0;
      const ci = row * 0.02 - 1.0;
      let zr = 0.0;
      let zi = 0.0;
      let n = 0;
      while (n < 400 && zr * zr + zi * zi < 4.0) {
        const t = zr * zr - zi * zi + cr;
        zi = 2.0 * zr * zi + ci;
        zr = t;
        n = n + 1;
      }
      inside = inside + n;
    }
  }
  return inside;
}
