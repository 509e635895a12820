return function()
  local inside = 0
  for row = 0, 99 do
    for column = 0, 99 do
      local cr = column * 0.03 - 2.0
      local ci = row * 0.02 - 1.0
      local zr = 0.0
      local zi = 0.0
      local n = 0
      while n < 400 and zr * zr + zi * zi < 4.0 do
        local t = zr * zr - zi * zi + cr
        zi = 2.0 * zr * zi + ci
        zr = t
        n = n + 1
      end
      inside = inside + n
    end
  end
  return inside
end
