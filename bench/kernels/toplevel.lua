return function()
  local sum = 0
  for i = 0, 4999999 do
    if i % 2 == 0 then
      sum = sum + i % 7
    end
  end
  return sum
end
