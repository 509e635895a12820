return function()
  local b = { x = 0, y = 0, dx = 3, dy = 5 }
  for i = 0, 999999 do
    b.x = b.x + b.dx
    b.y = b.y + b.dy
    if b.x > 1000 then
      b.dx = 0 - b.dx
    end
    if b.x < 0 then
      b.dx = 0 - b.dx
    end
  end
  return b.x + b.y
end
