import { test } from "uvu";
import * as assert from "uvu/assert";
import { codePointCount, codePoints, StringIndex } from "../../src/vm/strings.ts";

const samples = ["", "plain", "añb", "a😀b", "ж".repeat(1000), "x😀ж".repeat(500), "😀".repeat(300), `${"a".repeat(300)}\u{10ffff}`];

test("every answer is that of the list of code points", () => {
  const index = new StringIndex();
  for (const text of samples) {
    const points = [...text];
    assert.is(index.count(text), points.length);
    assert.is(codePointCount(text), points.length);
    assert.equal(codePoints(text), points);
    for (const at of [0, 1, 2, 127, 128, 129, 300, points.length - 1, points.length]) {
      if (at < 0) continue;
      assert.is(index.at(text, at), points[at] ?? null, `${text.slice(0, 5)} at ${at}`);
      assert.is(index.slice(text, at, at + 3), points.slice(at, at + 3).join(""));
      const offset = points.slice(0, at).join("").length;
      assert.is(index.indexOfOffset(text, offset), Math.min(at, points.length));
    }
  }
});

test("going through a long string by index takes time in proportion to its length", () => {
  const index = new StringIndex();
  const text = "ж😀".repeat(100_000);
  let seen = 0;
  for (let i = 0; i < 200_000; i++) if (index.at(text, i) === "😀") seen++;
  assert.is(seen, 100_000);
});

test.run();
