class Body {
  constructor(x, y, dx, dy) {
    this.x = x;
    this.y = y;
    this.dx = dx;
    this.dy = dy;
  }
}
function kernel() {
  const b = new Body(0, 0, 3, 5);
  for (let i = 0; i < 1000000; i++) {
    b.x = b.x + b.dx;
    b.y = b.y + b.dy;
    if (b.x > 1000) {
      b.dx = 0 - b.dx;
    }
    if (b.x < 0) {
      b.dx = 0 - b.dx;
    }
  }
  return b.x + b.y;
}
