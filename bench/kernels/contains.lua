local function has(xs, v)
  for _, x in ipairs(xs) do
    if x == v then return true end
  end
  return false
end
return function()
  local words = {}
  for i = 0, 199 do
    words[#words + 1] = "word-" .. i
  end
  local hits = 0
  for i = 0, 19999 do
    if has(words, "word-" .. (i % 400)) then
      hits = hits + 1
    end
    if string.find(words[i % 200 + 1], "-1", 1, true) then
      hits = hits + 1
    end
  end
  return hits
end
