return function()
  local rows = {}
  for i = 0, 29999 do
    rows[#rows + 1] = { team = "team" .. (i % 20), points = i % 13 }
  end
  local best = 0
  for round = 0, 2 do
    local groups = {}
    for _, row in ipairs(rows) do
      local group = groups[row.team]
      if group then
        group[#group + 1] = row
      else
        groups[row.team] = { row }
      end
    end
    local names = {}
    for name in pairs(groups) do names[#names + 1] = name end
    table.sort(names)
    for _, name in ipairs(names) do
      local sum = 0
      for _, r in ipairs(groups[name]) do sum = sum + r.points end
      if sum > best then
        best = sum
      end
    end
  end
  return best
end
