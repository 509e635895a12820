function kernel() {
  const config = { name: "bench", limits: { cpu: { soft: 3, hard: 5 }, memory: { soft: 7, hard: 11 } }, retries: 2 };
  let sum = 0;
  for (let i = 0; i < 2000000; i++) {
    sum = sum + config.limits.cpu.soft + config.limits.memory.hard + config.retries;
  }
  return sum;
}
