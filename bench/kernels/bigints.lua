return function()
  local x = 2147483648
  local sum = 0
  for i = 0, 1999999 do
    x = x + 4294967
    sum = (sum + x) % 9007199254
  end
  return sum
end
