return function()
  local total = 0
  for round = 0, 19 do
    local parts = {}
    for i = 0, 9999 do
      parts[#parts + 1] = "item " .. (i % 100) .. ";"
    end
    local text = table.concat(parts)
    total = total + #text + string.find(text, "item 99", 1, true) - 1
  end
  return total
end
