return function()
  local d = {}
  local size = 0
  for i = 0, 99999 do
    d["key" .. i] = i % 1000
    size = size + 1
  end
  local sum = 0
  for i = 0, 99999 do
    sum = sum + d["key" .. ((i * 7) % 100000)]
  end
  return sum + size
end
