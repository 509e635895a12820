/** What conditions tell about variables. Each script binds a `Probe` where the type is wanted; `never` fits it and says nothing. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { diagnose } from "./checking.ts";

const SHAPES = `type Circle = {kind: "circle", r: float}
type Square = {kind: "square", side: int}
type Shape = Circle | Square
type Either<T> = {tag: "left", v: T} | {tag: "right", v: string}
`;

/** A name, the body of `fn f(params)`, and the types of its probes in order. */
const CASES: readonly (readonly [string, string, string, readonly string[]])[] = [
  [
    "nil tests",
    "x: int | nil",
    "if x != nil { let p: Probe = x } else { let p: Probe = x }\n let p: Probe = x",
    ["int", "nil", "int | nil"],
  ],
  ["truth", "x: int | nil", "if !x { let p: Probe = x } else { let p: Probe = x }", ["nil", "int"]],
  ["an early return", "x: int | nil", "if x == nil { return 1 }\n let p: Probe = x", ["int"]],
  ["a branch that throws", "x: int | nil", "if x != nil { log_it(x) } else { throw 1 }\n let p: Probe = x", ["int"]],
  ["type_of", "x: int | string | nil", 'if type_of(x) == "int" { let p: Probe = x } else { let p: Probe = x }', ["int", "string | nil"]],
  ["type_of on unknown", "x: unknown", 'if type_of(x) == "int" { let p: Probe = x } else { let p: Probe = x }', ["int", "unknown"]],
  [
    "and, or",
    "x: int | nil, y: string | nil",
    "if x != nil && y != nil { let p: Probe = x\n let q: Probe = y }\n if x == nil || y == nil { return 1 }\n let q: Probe = y",
    ["int", "string", "string"],
  ],
  ["guard", "x: int | nil", "guard x != nil else { let p: Probe = x\n return 1 }\n let p: Probe = x", ["nil", "int"]],
  [
    "while, and assignment inside",
    "a: int | nil",
    "var x: int | nil = a\n while x != nil {\n let p: Probe = x\n x = nil\n let q: Probe = x\n }",
    ["int", "int | nil"],
  ],
  ["has", "o: {a: int, b?: int}", 'if o.has("b") { let p: Probe = o }', ["{a: int, b: int}"]],
  ["a tag", "s: Shape", 'if s.kind == "circle" { let p: Probe = s.r } else { let p: Probe = s.side }', ["float", "int"]],
  [
    "a tag in a match",
    "s: Shape",
    'match s.kind {\n "circle" -> { let p: Probe = s.r }\n "square" -> { let p: Probe = s }\n }',
    ["float", '{kind: "square", side: int}'],
  ],
  [
    "a tag of a generic alias in a match",
    "e: Either<int>",
    'match e.tag {\n "left" -> { let p: Probe = e.v }\n "right" -> { let p: Probe = e.v }\n }',
    ["int", "string"],
  ],
  [
    "literal arms",
    'x: "a" | "b" | int',
    'match x {\n "a" -> { let p: Probe = x }\n 1 -> { let p: Probe = x }\n _ -> { let p: Probe = x }\n }',
    ['"a"', "int", '"a" | "b" | int'],
  ],
  [
    "a schema test",
    "x: string | {id: int}",
    'if schema_is(x, {type: "string"}) { let p: Probe = x } else { let p: Probe = x }',
    ["string", "{id: int}"],
  ],
  [
    "aliases are not looked through for nil",
    "x: Shape | nil, y: Shape",
    "if x != nil { let p: Probe = x }\n if y != nil { let q: Probe = y }",
    ["Shape", "Shape"],
  ],
  [
    "ternary arms",
    "x: int | nil",
    "fn g(n: int) { return n }\n let a = [x != nil ? g(x) : 0, x == nil ? g(x) : 1]",
    ["Argument 1 ('n'): expected int, got nil"],
  ],
  ["ternaries", "x: int | nil", 'let p: Probe = x != nil ? x : "s"', ["int | string"]],
];

for (const [name, params, body, expected] of CASES) {
  test(`${name} narrow`, () => {
    const found = diagnose(`${SHAPES}fn log_it(x) { return x }\nfn f(${params}) {\n ${body}\n}`);
    const types = found.map((one) => /declared as Probe, but assigned (.*)$/.exec(one.message)?.[1] ?? one.message);
    assert.equal(types, expected);
  });
}

test("a call that never returns wants unknown variables told apart", () => {
  const found = diagnose(
    'fn f(x: unknown) {\n  if type_of(x) == "int" { return 1 }\n  if type_of(x) == "nil" { return 2 }\n  throw "rest"\n}',
  );
  assert.equal(
    found.map((one) => one.message),
    [
      "`throw` reached but `x: unknown` was not fully narrowed — uncovered concrete type(s): string, float, bool, list, dict, closure, bytes",
    ],
  );
});

test("unreachable() wants a variable that can hold nothing any more", () => {
  const found = diagnose('fn f(x: int | string) {\n  if type_of(x) == "int" { return 1 }\n  unreachable(x)\n}');
  assert.equal(
    found.map((one) => one.message),
    ["unreachable() argument has type `string` — not all cases are handled"],
  );
});

test.run();
