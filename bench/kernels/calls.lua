local function step(a, b)
  return a + b % 3
end
return function()
  local sum = 0
  for i = 0, 4999999 do
    sum = step(sum, i)
  end
  return sum
end
