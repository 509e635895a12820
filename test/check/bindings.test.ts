import { test } from "uvu";
import * as assert from "uvu/assert";
import { diagnose, lines } from "./checking.ts";

/** Each script with what is reported about it. */
const CASES: readonly (readonly [string, string, readonly string[]])[] = [
  ["a value of the declared type is fine", "let n: int = 4\nlet f: float = 4\nlet t: string | nil = nil", []],
  ["a value of another type is reported with both types", 'let n: int = "4"', ["error 1: 'n' declared as int, but assigned string"]],
  [
    "a shape says which fields are missing or different",
    'let p: {x: int, y: int, note?: string} = {x: "1"}',
    [
      "error 1: 'p' declared as {x: int, y: int, note?: string}, but assigned {x: string} (field 'x' has type string, expected int; missing field 'y' (int))",
    ],
  ],
  [
    "an alias in the annotation is shown by its name and gives no detail",
    "type P = {x: int}\nlet p: P = {}\nlet q: P = {y: 1}",
    ["error 3: 'q' declared as P, but assigned {y: int}"],
  ],
  ["an unknown value fits every annotation", "fn f(u) {\n  let n: int = u\n  let m: list<int> = u.items\n  return [n, m]\n}", []],
  [
    "an assignment is compared with the declared type",
    'fn f() {\n  var n: int = 1\n  n = 2\n  n = "two"\n  n += 0.5\n}',
    ["error 4: can't assign string to 'n' (declared as int)", "error 5: can't assign float to 'n' (declared as int)"],
  ],
  [
    "an assignment to a let, a parameter or a captured variable warns",
    "fn f(p) {\n  let a = 1\n  a = 2\n  p = 3\n  for i in [1] { i = 2 }\n}",
    [
      "warning 3: Cannot assign to 'a': variable is immutable (declared with 'let')",
      "warning 4: Cannot assign to 'p': variable is immutable (declared with 'let')",
    ],
  ],
  [
    "a module variable may be assigned after its declaration, in functions too",
    "fn early() { count = 1 }\nvar count = 0\nfn late() { count = 2 }\ncount = 3",
    ["warning 1: Cannot assign to 'count': variable is immutable (declared with 'let')"],
  ],
  [
    "a variable that starts as nil takes the first other type, in the block where that happens",
    'fn f(c) {\n  var x = nil\n  if c { x = "inner" }\n  x = 1\n  x = nil\n  x = "s"\n}',
    ["error 6: can't assign string to 'x' (declared as int | nil)"],
  ],
  [
    "a nil test does not keep a variable from widening",
    "fn f(x: int) {\n  var cache = nil\n  if cache == nil { cache = x }\n  cache = 2\n}",
    [],
  ],
  [
    "after an unknown value nothing is known of a variable that started as nil",
    "fn f(u) {\n  var x = nil\n  x = u\n  x = 1\n  return x + 1\n}",
    [],
  ],
  ["fields and elements are no checked targets", 'fn f(d: {x: int}) {\n  d.x = "s"\n  d["x"] = nope_not_called\n}', []],
  ["destructured names are unknown", "let {a, b} = {a: 1, b: 2}\nlet t: string = a\nlet [c, _] = [1, 2]\nlet u: string = c", []],
  ["top-level variables are known by name only to later items", "let n: int = 1\nlet s: string = n", []],
];

for (const [name, script, expected] of CASES) {
  test(name, () => {
    assert.equal(lines(diagnose(script)), expected);
  });
}

test("a type diagnostic has a place and no label", () => {
  const [found] = diagnose('let ok = 1\nlet n: int = "4"');
  assert.is(found?.label, undefined);
  assert.equal(found?.span, { start: 11, end: 27 });
});

test.run();
