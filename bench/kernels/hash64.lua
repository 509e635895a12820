return function()
  local h = 1469598103934665603
  for i = 0, 299999 do
    h = (h + i % 256) * 1099511628211
  end
  return h
end
