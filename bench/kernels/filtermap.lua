local function filter(xs, keep)
  local out = {}
  for _, x in ipairs(xs) do
    if keep(x) then out[#out + 1] = x end
  end
  return out
end
local function map(xs, f)
  local out = {}
  for i, x in ipairs(xs) do out[i] = f(x) end
  return out
end
return function()
  local xs = {}
  for i = 0, 49999 do
    xs[#xs + 1] = i
  end
  local sum = 0
  for k = 1, 16 do
    local ys = map(filter(xs, function(x) return x % 3 == k % 3 end), function(x) return x * k + 1 end)
    sum = sum + #ys + ys[101]
  end
  return sum
end
