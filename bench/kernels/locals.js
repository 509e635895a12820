function kernel() {
  let a = 1;
  let b = 2;
  let c = 3;
  let d = 4;
  let e = 5;
  let f = 6;
  let g = 7;
  let h = 8;
  let i = 0;
  while (i < 1500000) {
    a = b + i;
    b = c - 1;
    c = d + 2;
    d = e - 3;
    e = f + (a % 5);
    f = g - 5;
    g = h + 6;
    h = (a + b) % 1000;
    i = i + 1;
  }
  return a + b + c + d + e + f + g + h;
}
