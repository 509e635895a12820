return function()
  local config = { name = "bench", limits = { cpu = { soft = 3, hard = 5 }, memory = { soft = 7, hard = 11 } }, retries = 2 }
  local sum = 0
  for i = 0, 1999999 do
    sum = sum + config.limits.cpu.soft + config.limits.memory.hard + config.retries
  end
  return sum
end
