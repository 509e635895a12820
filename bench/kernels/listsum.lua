return function()
  local xs = {}
  for i = 0, 99999 do
    xs[#xs + 1] = i % 1000
  end
  local sum = 0
  for round = 0, 39 do
    for _, x in ipairs(xs) do
      sum = sum + x
    end
    sum = sum + xs[round * 7 + 1]
  end
  return sum
end
