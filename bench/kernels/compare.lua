return function()
  local low = 0
  local high = 0
  local middle = 0
  for i = 0, 2999999 do
    local x = i % 1000
    if x < 100 or x == 500 then
      low = low + 1
    elseif x >= 900 and x ~= 950 then
      high = high + 1
    elseif x > 400 and x <= 600 then
      middle = middle + 1
    end
  end
  return low * 1000 + high * 3 + middle
end
