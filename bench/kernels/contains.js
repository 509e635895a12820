function kernel() {
  const words = [];
  for (let i = 0; i < 200; i++) {
    words.push(`word-${i}`);
  }
  let hits = 0;
  for (let i = 0; i < 20000; i++) {
    if (words.includes(`word-${i % 400}`)) {
      hits = hits + 1;
    }
    if (words[i % 200].includes("-1")) {
      hits = hits + 1;
    }
  }
  return hits;
}
