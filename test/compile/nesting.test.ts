/** What nests ten thousand deep gets a diagnostic, what nests within the limits is compiled, and neither depends on the host's stack. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CHAINS, DEEP, NESTED } from "../syntax/hostile.ts";
import { assertSound, type FrontEndAnswer, throughFrontEnd } from "./front_end.ts";

/** Texts of a given depth, by the name of what nests. */
const SHAPES: Readonly<Record<string, (depth: number) => string>> = {
  ...Object.fromEntries(
    Object.entries(NESTED).map(([name, [head, open, middle, close]]) => [
      name,
      (depth: number) => head + open.repeat(depth) + middle + close.repeat(depth),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(CHAINS).map(([name, link]) => [`chain of ${name}`, (depth: number) => `let a = b${link.repeat(depth)}`]),
  ),
};

const tooDeep = ({ diagnostics }: FrontEndAnswer): boolean => diagnostics.some(({ code }) => code === "limit/nesting");

for (const [name, make] of Object.entries(SHAPES)) {
  test(`${name}, ten thousand deep`, () => {
    const answer = throughFrontEnd("deep.harn", make(DEEP));
    assert.ok(tooDeep(answer));
    assert.is(answer.chunks.length, 0);
  });

  test(`${name}, within the limits`, () => {
    const answer = throughFrontEnd("deep.harn", make(15));
    assert.not.ok(tooDeep(answer));
    assertSound(answer);
  });
}

test("ten thousand deferred blocks in a row", () => {
  const answer = throughFrontEnd("deep.harn", `fn f() {\n${"defer { len(1) }\n".repeat(DEEP)}}`);
  assert.ok(tooDeep(answer));
  assertSound(throughFrontEnd("deep.harn", `fn f() {\n${"defer { len(1) }\n".repeat(100)}}`));
});

test("a nearly used up host stack gives a diagnostic, no exception", () => {
  const text = "fn f(x) {\n" + "if x {\n".repeat(60) + `let y = ${"(".repeat(60)}x + 1${")".repeat(60)}\n` + "}\n".repeat(61);
  const outcomes = new Set<string>();
  let level = 0;
  const descend = (): void => {
    level++;
    try {
      descend();
    } catch (thrown) {
      if (!(thrown instanceof RangeError)) throw thrown;
    }
    // On the way up, each level has a little more stack than the one before.
    if (level-- % 40 === 0) outcomes.add(outcomeOf(text));
  };
  descend();
  assert.ok(outcomes.has("compiled") && outcomes.has("too deep"), [...outcomes].join(", "));
  assert.ok(outcomes.size <= 3, [...outcomes].join(", "));
});

/** "no room" where the stack does not even suffice for the call. */
function outcomeOf(text: string): "compiled" | "too deep" | "no room" {
  let answer: FrontEndAnswer;
  try {
    answer = throughFrontEnd("deep.harn", text);
  } catch (thrown) {
    if (thrown instanceof RangeError) return "no room";
    throw thrown;
  }
  assert.ok(answer.chunks.length === 2 || tooDeep(answer), "neither compiled nor refused");
  return answer.chunks.length === 2 ? "compiled" : "too deep";
}

test.run();
