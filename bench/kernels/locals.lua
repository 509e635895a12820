return function()
  local a, b, c, d, e, f, g, h = 1, 2, 3, 4, 5, 6, 7, 8
  local i = 0
  while i < 1500000 do
    a = b + i
    b = c - 1
    c = d + 2
    d = e - 3
    e = f + a % 5
    f = g - 5
    g = h + 6
    h = (a + b) % 1000
    i = i + 1
  end
  return a + b + c + d + e + f + g + h
end
