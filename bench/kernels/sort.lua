return function()
  local xs = {}
  local seed = 42
  for i = 0, 99999 do
    seed = (seed * 1103515245 + 12345) & 0x7fffffff
    xs[#xs + 1] = seed % 1000003
  end
  table.sort(xs)
  return xs[1] + xs[50001] * 3 + xs[100000] * 7
end
