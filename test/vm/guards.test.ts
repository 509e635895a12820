/** Checks of annotated parameters at run time: every row of the reference's table, and which annotations are not checked. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { World } from "./world.ts";

const DECLARED = `struct Box {
  items: list
}
struct Empty {}
enum Color { Red, Green }
interface Named { fn name(self) -> string }
type Count = int
impl Box { fn take(self, n: int) { return n } }
`;

/** What calling a function with one parameter of this type says about each value; null: it is accepted. */
async function answers(type: string, values: readonly string[]): Promise<(string | null)[]> {
  const world = new World();
  const calls = values.map((value) => `println(try { f(${value}) })`).join("\n");
  const { error } = await world.run(`${DECLARED}fn f(p: ${type}) { return "fits" }\n${calls}`);
  assert.is(error, null);
  return world.out
    .trimEnd()
    .split("\n")
    .map((line) => (line === "Result.Ok(fits)" ? null : (/^Result\.Err\((.*)\)$/.exec(line)?.[1] ?? line)));
}

/** type, value, text; an empty text: the value fits. */
type Row = readonly [string, string, string];

const P = "Runtime error: TypeError: parameter 'p'";
const Y = "Type error: parameter 'p'";

const SCALARS: readonly Row[] = [
  ["int", "1", ""],
  ["int", "1.5", ""],
  ["int", '"x"', `${P} expected int, got string (x)`],
  ["int", "nil", `${P} expected int, got nil (nil)`],
  ["int", "[1]", `${P} expected int, got list ([1])`],
  ["int", "Box {items: [1]}", `${P} expected int, got dict (Box {items: [1]})`],
  ["int", "Color.Red", `${P} expected int, got enum (Color.Red)`],
  ["float", "1", ""],
  ["float", "1.5", ""],
  ["float", "true", `${P} expected float, got bool (true)`],
  ["string", '"x"', ""],
  ["string", "1", `${P} expected string, got int (1)`],
  ["bool", "false", ""],
  ["bool", "0", `${P} expected bool, got int (0)`],
  ["list", "[]", ""],
  ["list", "set(1)", `${P} expected list, got set (set(1))`],
  ["set", "set()", ""],
  ["set", "[]", `${P} expected set, got list ([])`],
  ["nil", "nil", ""],
  ["nil", "0", `${P} expected nil, got int (0)`],
  ["closure", "{ x -> x }", ""],
  ["closure", "len", `${P} expected closure, got builtin (<builtin len>)`],
  ["fn(int) -> int", "{ x -> x }", ""],
  ["fn(int) -> int", "1", `${P} expected closure, got int (1)`],
  ["bytes", 'bytes_from_string("a")', ""],
  ["bytes", '"a"', `${P} expected bytes, got string (a)`],
];

const UNIONS: readonly Row[] = [
  ["int | nil", "nil", ""],
  ["int | nil", "2.5", ""],
  ["int | nil", '"x"', `${P} expected int|nil, got string (x)`],
  ["string | list", "{a: 1}", `${P} expected string|list, got dict ({a: 1})`],
  ["list<int> | nil", "[1]", ""],
  ["list<int> | nil", "2", `${P} expected list|nil, got int (2)`],
  ["{a: int} | nil", "{a: 1}", ""],
  ["{a: int} | nil", "1", `${P} expected dict|nil, got int (1)`],
  ["{a: int} | nil", "{}", `${P} expected dict|nil, got dict ({})`],
  ['"x" | 1', '"x"', ""],
  ['"x" | 1', "2", `${P} expected string|int, got int (2)`],
  ['"x" | 1', '"x"', ""],
  ['"x" | int', '"y"', `${P} expected string|int, got string (y)`],
  ['"a" | "b"', '"b"', ""],
  ['"a" | "b"', '"c"', `${P}: value must be one of [a, b]`],
  ['"a" | "b"', "nil", `${P} expected string, got nil (nil)`],
  ["1 | 2", "3", `${P}: value must be one of [1, 2]`],
  ["1 | 2", "2.0", ""],
  ["1 | 2", '"1"', `${P} expected int, got string (1)`],
  ['"a"', '"a"', ""],
  ['"a"', '"b"', `${P}: expected constant a, got b`],
  ["7", "8", `${P}: expected constant 7, got 8`],
];

const LISTS: readonly Row[] = [
  ["list<int>", "[]", ""],
  ["list<int>", "[1, 2.5]", ""],
  ["list<int>", '[1, "x", nil]', `${P}: at root[1]: expected type 'int', got 'string'; at root[2]: expected type 'int', got 'nil'`],
  ["list<int>", "1", `${P} expected list, got int (1)`],
  ["list<list<int>>", '[[1], ["x"]]', `${P}: at root[1][0]: expected type 'int', got 'string'`],
  ["list<list<int>>", "[1]", `${P}: at root[0]: expected type 'list', got 'int'`],
  ["list<{a: int}>", "[{a: 1}, {a: nil}]", `${P}: at root[1].a: expected type 'int', got 'nil'`],
  ["list<{a: int}>", "[{}]", `${P}: at root[0]: missing required key 'a'`],
  ["list<{a?: int}>", "[{}]", ""],
  ["list<{a: int}>", "[1]", `${P}: at root[0]: expected type 'dict', got 'int'`],
  ["list<int | nil>", "[nil, 1]", ""],
  ["list<int | nil>", '[1, "x"]', `${P}: at root[1]: value did not match any union branch`],
  ['list<"a" | "b">', '["a", "c"]', `${P}: at root[1]: value must be one of [a, b]`],
  ['list<"a" | "b">', "[1]", `${P}: at root[0]: expected type 'string', got 'int'`],
  [
    "list<{b: int, a: int}>",
    '[{b: "x", a: "y"}]',
    `${P}: at root[0].a: expected type 'int', got 'string'; at root[0].b: expected type 'int', got 'string'`,
  ],
  ['list<"a">', '["c"]', `${P}: at root[0]: expected constant a, got c`],
  ["list<dict>", "[Box {items: []}]", ""],
  ["list<dict<string, int>>", '[{a: "x"}]', `${P}: at root[0].a: expected type 'int', got 'string'`],
  ["list<string>", "[Box {items: []}]", `${P}: at root[0]: expected type 'string', got 'dict'`],
];

const DICTS: readonly Row[] = [
  ["dict", "{}", ""],
  ["dict", "Box {items: []}", ""],
  ["dict", "[1]", `${Y}: expected dict or struct, got list`],
  ["dict<string, int>", "{a: 1, b: 2.5}", ""],
  ["dict<string, int>", "1", `${Y}: expected dict or struct, got int`],
  ["dict<string, int>", '{b: "x", a: "y"}', `${Y}: field 'a' expected int, got string`],
  ["dict<string, list<int>>", '{a: ["x"]}', "Type error: parameter 'p.a': at root[0]: expected type 'int', got 'string'"],
  ["dict<string, int | nil>", '{a: "x"}', "Type error: parameter 'p.a' expected int|nil, got string (x)"],
  ["{a: int}", "{a: 1, z: 2}", ""],
  ["{a: int}", "Box {items: 1}", `${Y}: missing field 'a' (int)`],
  ["{items: list}", "Box {items: []}", ""],
  ["{a: int}", '"x"', `${Y}: expected dict or struct, got string`],
  ["{a: int}", "nil", `${Y}: expected dict or struct, got nil`],
  ["{a: int, b: string}", "{b: 1}", `${Y}: missing field 'a' (int)`],
  ["{b: int, a: string}", "{}", `${Y}: missing field 'b' (int)`],
  ["{b: int, a: string}", '{b: "x", a: 1}', `${Y}: field 'a' expected string, got int`],
  ["{name: string}", '{nane: "x"}', `${Y}: missing field 'name' (string), did you mean 'nane'?`],
  ["{name: string}", '{xame: "x"}', `${Y}: missing field 'name' (string)`],
  ["{a: {b: int}}", "{}", `${Y}: missing field 'a' (dict)`],
  ["{a: int | nil}", "{}", `${Y}: missing field 'a' (int|nil)`],
  ["{a: list<int>}", "{}", `${Y}: missing field 'a' (list)`],
  ["{a: fn() -> int}", "{}", `${Y}: missing field 'a' (closure)`],
  ["{a?: int}", "{}", ""],
  ["{a?: int}", "{a: nil}", `${Y}: field 'a' expected int, got nil`],
  ["{a: {b: int}}", "{a: 1}", `${Y}: field 'a' expected dict or struct, got int`],
  ["{a: {b: int}}", "{a: {}}", "Type error: parameter 'p.a': missing field 'b' (int)"],
  ["{a: {b: int}}", '{a: {b: "x"}}', "Type error: parameter 'p.a': field 'b' expected int, got string"],
  ["{a: {b: {c: int}}}", '{a: {b: {c: "x"}}}', "Type error: parameter 'p.a.b': field 'c' expected int, got string"],
  ["{a: int | string}", "{a: nil}", "Type error: parameter 'p.a' expected int|string, got nil (nil)"],
  ['{a: "x" | "y"}', '{a: "z"}', "Type error: parameter 'p.a': value must be one of [x, y]"],
  ['{a: "x" | "y"}', "{a: 1}", "Type error: parameter 'p': field 'a' expected string, got int"],
  ['{a: "x"}', '{a: "z"}', "Type error: parameter 'p.a': expected constant x, got z"],
  ["{a: list<int>}", "{a: [nil]}", "Type error: parameter 'p.a': at root[0]: expected type 'int', got 'nil'"],
  ["{a: list<int>}", "{a: 1}", `${Y}: field 'a' expected list, got int`],
];

const UNCHECKED: readonly string[] = [
  "any",
  "unknown",
  "Count",
  "Box",
  "Color",
  "Result<int, string>",
  "Iter<int>",
  "Generator<int>",
  "Stream<int>",
  "{a: Box}",
  "{a: Count, b: int}",
];

const INTERFACES: readonly Row[] = [
  ["Named", "Box {items: []}", ""],
  ["Named", "{a: 1}", `${Y}: expected value satisfying interface 'Named', got dict`],
  ["list<Named>", "[1]", ""],
  ["{a: Named, b: int}", "{}", ""],
  ["Named | nil", "Box {items: []}", ""],
  ["Named", "1", `${Y}: expected value satisfying interface 'Named', got int`],
];

for (const [what, rows] of Object.entries({ SCALARS, UNIONS, LISTS, DICTS, INTERFACES })) {
  const types = new Map<string, Row[]>();
  for (const row of rows) types.set(row[0], [...(types.get(row[0]) ?? []), row]);
  for (const [type, wanted] of types) {
    test(`${what.toLowerCase()}: ${type}`, async () => {
      const found = await answers(
        type,
        wanted.map(([, value]) => value),
      );
      wanted.forEach(([, value, text], i) => assert.is(found[i] ?? "", text, `${value} for ${type}`));
    });
  }
}

test("what cannot be checked accepts everything", async () => {
  const values = ["1", '"x"', "nil", "[1]", "{a: 1}", "Box {items: 1}"];
  for (const type of UNCHECKED)
    assert.equal(
      await answers(type, values),
      values.map(() => null),
      type,
    );
});

test("a member that cannot be checked drops out of its union", async () => {
  assert.equal(await answers("Box | int", ["1", '"x"']), [null, `${P} expected int, got string (x)`]);
  assert.equal(await answers("Box | Color", ["1", '"x"']), [null, null]);
});

async function printed(text: string): Promise<string> {
  const world = new World();
  const { error } = await world.run(`${DECLARED}${text}`);
  assert.is(error, null);
  return world.out;
}

test("parameters are checked in order, after the defaults", async () => {
  const out = await printed(`
fn two(a: int, b: string = "b", c: int = 3) { return "\${a} \${b} \${c}" }
println(try { two(1) })
println(try { two("x", 2) })
println(try { two(1, 2) })
println(try { two(1, nil) })
println(try { two() })
fn bad(a: int = "x") { return a }
println(try { bad() })
fn noted(a: int = first()) { return a }
fn first() {
  println("default")
  return "y"
}
println(try { noted() })`);
  assert.is(
    out,
    [
      "Result.Ok(1 b 3)",
      "Result.Err(Runtime error: TypeError: parameter 'a' expected int, got string (x))",
      "Result.Err(Runtime error: TypeError: parameter 'b' expected string, got int (2))",
      "Result.Err(Runtime error: TypeError: parameter 'b' expected string, got nil (nil))",
      "Result.Err(Runtime error: TypeError: parameter 'a' expected int, got nil (nil))",
      "Result.Err(Runtime error: TypeError: parameter 'a' expected int, got string (x))",
      "default",
      "Result.Err(Runtime error: TypeError: parameter 'a' expected int, got string (y))",
      "",
    ].join("\n"),
  );
});

test("closures, methods and callbacks are checked too; results and variables are not", async () => {
  const out = await printed(`
let f = { x: int -> x }
println(try { f("a") })
let g = fn(x: string) { return x }
println(try { g(1) })
println(try { Box {items: []}.take("n") })
println(try { ["a"].map({ x: int -> x }) })
fn lies() -> int { return "text" }
println(lies())
let n: int = if true { "text" } else { 1 }
println(n)`);
  assert.is(
    out,
    [
      "Result.Err(Runtime error: TypeError: parameter 'x' expected int, got string (a))",
      "Result.Err(Runtime error: TypeError: parameter 'x' expected string, got int (1))",
      "Result.Err(Runtime error: TypeError: parameter 'n' expected int, got string (n) (line 8))",
      "Result.Err(Runtime error: TypeError: parameter 'x' expected int, got string (a) (line 15))",
      "text",
      "text",
      "",
    ].join("\n"),
  );
});

test.run();
