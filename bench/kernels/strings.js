function kernel() {
  let total = 0;
  for (let round = 0; round < 20; round++) {
    let text = "";
    for (let i = 0; i < 10000; i++) {
      text = text + "item " + `${i % 100}` + ";";
    }
    total = total + text.length + text.indexOf("item 99");
  }
  return total;
}
