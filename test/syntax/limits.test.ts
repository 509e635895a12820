/** Hostile shapes: whatever nests ten thousand deep ends in one diagnostic, and work grows with the length of the text. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SourceText } from "../../src/source/text.ts";
import { TREE_DEPTH_LIMIT } from "../../src/syntax/failure.ts";
import { parse } from "../../src/syntax/parse.ts";
import { nodeBeyond } from "../../src/syntax/walk.ts";
import { CHAINS, DEEP, NESTED } from "./hostile.ts";
import { parseText } from "./support.ts";

for (const [name, [head, open, middle, close]] of Object.entries(NESTED)) {
  test(`${name}, ten thousand deep`, () => {
    const { diagnostics } = parseText(head + open.repeat(DEEP) + middle + close.repeat(DEEP));
    assert.is(diagnostics.length, 1);
    assert.is(diagnostics[0]?.code, "limit/nesting");
    assert.is(diagnostics[0]?.message, "nesting is too deep (limit 200)");
  });
}

for (const [name, link] of Object.entries(CHAINS)) {
  test(`a chain of ten thousand ${name}`, () => {
    const { diagnostics } = parseText(`let a = b${link.repeat(DEEP)}`);
    assert.is(diagnostics.length, 1);
    assert.is(diagnostics[0]?.message, `nesting is too deep (limit ${TREE_DEPTH_LIMIT})`);
  });
  test(`a chain of two hundred ${name}`, () => {
    assert.is(parseText(`let a = b${link.repeat(200)}`).plain, null);
  });
}

test("no accepted tree is deeper than the limit, however chains and brackets are combined", () => {
  for (const length of [5, 20, 50, 100, 150]) {
    const chain = `${"(".repeat(length)}b${`${".c".repeat(length)})`.repeat(length)}`;
    const { program, diagnostics } = parseText(`let a = ${chain}`);
    if (diagnostics.length > 0) continue;
    assert.ok(program.items.every((item) => nodeBeyond(item, TREE_DEPTH_LIMIT) === null));
  }
});

test("flat lists may be as long as they like", () => {
  assert.is(parseText(`let a: int${" | int".repeat(DEEP)} = 1`).plain, null);
  assert.is(parseText(`let a = [${"1, ".repeat(DEEP)}]`).plain, null);
  assert.is(parseText(`match a { 1${" | 1".repeat(DEEP)} -> {} }`).plain, null);
  assert.is(parseText("a\n".repeat(DEEP)).plain, null);
});

test("nesting just below the limit parses", () => {
  assert.is(parseText(`let a = ${"(".repeat(190)}1${")".repeat(190)}`).plain, null);
});

test("a nearly used up host stack gives a diagnostic, no exception", () => {
  const text = `let a = ${"(".repeat(150)}1${")".repeat(150)}`;
  const outcomes = new Set<string>();
  const descend = (): void => {
    try {
      descend();
    } catch {
      // On the way up, each frame has a little more stack than the one before.
      try {
        outcomes.add(parse(new SourceText("t.harn", text)).diagnostics[0]?.code ?? "parsed");
      } catch {
        throw new Error("no stack for the call itself");
      }
    }
  };
  descend();
  assert.ok(outcomes.size > 0);
  assert.ok([...outcomes].every((outcome) => outcome === "parsed" || outcome === "limit/nesting"));
});

/** Texts whose work could grow faster than they do; each takes a number of repetitions. */
const GROWING: Readonly<Record<string, (times: number) => string>> = {
  functions: (n) => 'fn f(a, b: int = 3) -> list<int> {\n  let x = a.map({ y -> y * 2 + b })\n  return "${x[0]} of ${b}"\n}\n'.repeat(n),
  "comparisons in a list": (n) => `let a = [${"a < b, ".repeat(n)}]`,
  "open braces": (n) => "let a = {\n".repeat(n),
  "broken lines": (n) => "let a = [ )\n".repeat(n),
  "interpolations in a string": (n) => `let a = "${"${a} ".repeat(n)}"`,
  "nested interpolations": (n) => `let a = ${'"${'.repeat(n)}1${'}"'.repeat(n)}`,
  "open interpolations": (n) => `let a = ${'"${'.repeat(n)}`,
  "open comments": (n) => "/*".repeat(n),
  "empty lines": (n) => `a${"\n".repeat(n)}b`,
  "shape types that turn out to be dicts": (n) => `let a = b < {${"c: d, ".repeat(n)}}`,
};

for (const [name, make] of Object.entries(GROWING)) {
  test(`work on ${name} grows with their number`, () => {
    const small = make(500);
    const large = make(4000);
    const perCharacter = (text: string): number => parseText(text).work / text.length;
    assert.ok(perCharacter(large) <= perCharacter(small) * 1.2 + 0.5, `${perCharacter(small)} against ${perCharacter(large)}`);
    assert.ok(perCharacter(large) < 30);
  });
}

test.run();
