function kernel() {
  const rows = [];
  for (let i = 0; i < 30000; i++) {
    rows.push({ team: `team${i % 20}`, points: i % 13 });
  }
  let best = 0;
  for (let round = 0; round < 3; round++) {
    const groups = new Map();
    for (const row of rows) {
      const group = groups.get(row.team);
      if (group) group.push(row);
      else groups.set(row.team, [row]);
    }
    for (const name of [...groups.keys()].sort()) {
      const sum = groups.get(name).reduce((acc, r) => acc + r.points, 0);
      if (sum > best) {
        best = sum;
      }
    }
  }
  return best;
}
