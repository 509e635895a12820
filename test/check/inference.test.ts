/** What the checker infers, made visible: a `Probe` is declared nowhere, so binding to it names the type, or says nothing when unknown. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { diagnose } from "./checking.ts";

const PRELUDE = `type Id = int
type User = {name: string, age?: int}
type Box2<T> = {v: T}
struct Point { x: int }
struct Cell<T> { v: T }
enum Color { Red, Green }
enum Opt<T> { Some(v: T), None }
fn typed(a: int, b) -> list<int> { return [a] }
fn bare(a: int) { return a }
fn wrap<T>(a: T) -> list<T> { return [a] }
fn halve(n: int) -> Result<int, string> { return Ok(n) }
fn gen() { yield 1 }
gen fn flow() -> Stream<int> { emit 1 }
`;
const PARAMS = `i: int, f: float, s: string, b: bool, n: nil, l: list<string>, bl: list, d: dict<string, bool>, bd: dict, it: iter<int>, o: int | nil,
  c: Color, p: Point, u8: User, sh: {k: int, t?: string}, pr: Pair<int, string>, any1: any, u`;

/** Expression and type; null for "not known". */
const TYPES: readonly (readonly [string, string | null])[] = [
  ["1", "int"],
  ["1.5", "float"],
  ['"t"', "string"],
  ['"t${i}"', "string"],
  ['r"t"', null],
  ["3s", null],
  ["nil", "nil"],
  ["[1, 2]", "list<int>"],
  ['[1, "a", nil, 2]', "list<int | string | nil>"],
  ["[1, u]", "list"],
  ["[]", "list"],
  ["{}", "dict"],
  ["{a: 1, [s]: u}", "{a: int, s: nil}"],
  ["{...bd, a: 1}", "dict"],
  ["1 to 3", "range"],
  ["typed(1, 2)", "list<int>"],
  ["bare(1)", null],
  ["typed", "fn(int, _) -> list<int>"],
  ["wrap(s)", "list<string>"],
  ["gen()", "Generator<any>"],
  ["flow()", "Stream<int>"],
  ['{ x: int -> "t" }', "fn(int) -> string"],
  ["{ x: int -> x }", "closure"],
  ["{ x -> 1 }", "closure"],
  ["Ok(1)", "Result<int, _>"],
  ["Err(u)", "Result<_, _>"],
  ["halve(1)?", "int"],
  ["try { halve(1) }", "Result<int, string>"],
  ["try { i }", "Result<int, _>"],
  ["try* i", "int"],
  ["Point {x: 1}", "Point"],
  ["Cell {v: s}", "Cell<string>"],
  ["Point({x: 1})", "Point"],
  ["Color.Red", "Color"],
  ["Opt.Some(1)", "Opt<int>"],
  ["Opt.None", "Opt<_>"],
  ["c.variant", "string"],
  ["p.x", null],
  ["u8.name", null],
  ["sh.k", "int"],
  ['sh["t"]', "string"],
  ["pr.second", "string"],
  ["l[0]", "string"],
  ["l[0:1]", "list<string>"],
  ["s[0]", "string"],
  ["bl[0]", null],
  ['d["k"]', "bool"],
  ["i + f", "float"],
  ["i / i", "int"],
  ["s * 2", "string"],
  ["l + l", null],
  ["i == s", "bool"],
  ["!u", "bool"],
  ["-f", "float"],
  ["o ?? 1", "int"],
  ['n ?? "s"', "string"],
  ["u ?? 1", "int"],
  ["b ? 1 : s", "int | string"],
  ["b ? u : s", "string"],
  ["if b { 1 } else { nil }", "int | nil"],
  ["if b { u } else { 1 }", null],
  ["match i { 1 -> { 1 } _ -> { 2 } }", null],
  ["l.iter().enumerate()", "iter<Pair<int, string>>"],
  ["it.map({ x -> x })", "iter"],
  ["it.to_list()", "list<int>"],
  ["it.first()", "int | nil"],
  ["l.window(2)", "list<list<string>>"],
  ["bd.filter({ e -> true })", "dict"],
  ["u.count()", "int"],
  ["p.count()", null],
  ["sha256(s)", "string"],
  ["uuid_parse(s)", "string | nil"],
  ["len(s)", null],
  ["schema_of(User)", "Schema<{name: string, age?: int}>"],
];

for (const [expression, expected] of TYPES) {
  test(`${expression} is ${expected ?? "not known"}`, () => {
    const found = diagnose(`${PRELUDE}\nfn probe(${PARAMS}) {\n  let probe: Probe = ${expression}\n}`).filter(
      (one) => one.severity === "error",
    );
    assert.equal(
      found.map((one) => one.message),
      expected === null ? [] : [`'probe' declared as Probe, but assigned ${expected}`],
    );
  });
}

test.run();
