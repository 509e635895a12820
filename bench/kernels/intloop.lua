return function()
  local i = 0
  local sum = 0
  while i < 6000000 do
    sum = sum + i % 7
    i = i + 1
  end
  return sum
end
