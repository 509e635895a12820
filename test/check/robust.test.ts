/** The checker never throws, whatever the tree, and its time grows with the text. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { check } from "../../src/check/check.ts";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.ts";
import { SourceText } from "../../src/source/text.ts";
import { parse } from "../../src/syntax/parse.ts";
import { diagnose, inputFor } from "./checking.ts";

const PROGRAM = `type Id = int | nil
type Tree = {value: int, left: Tree | nil, right: Tree | nil}
type Holder<T> = {tag: "one", v: T} | {tag: "many", vs: list<T>}
enum Light { Red, Amber, Green }
struct Cell<T> { v: T
  note?: string }
interface Named { fn name(self) -> string }
impl Cell { fn name(self) -> string { return "cell" } }
@deprecated(use: "fresh")
fn stale<T>(x: T, ...rest: int) -> list<T> where T: Named { return [x] }
fn walk(t: Tree | nil, depth: int = 0) -> int {
  if t == nil { return depth }
  let below = walk(t.left, depth + 1)
  return below > 3 ? below : walk(t.right)
}
gen fn flow(n: int) -> Stream<int> { for i in 1 to n { emit i } }
fn every(h: Holder<int>, l: Light, u: unknown, o: {a?: int}) {
  match h.tag { "one" -> { println(h.v) } "many" -> { for v in h.vs { println(v) } } }
  match l { Light.Red | Light.Amber -> { 1 } other -> { other } }
  guard o.has("a") else { return o }
  var x = nil
  while x == nil { x = try { stale(Cell {v: 1}, 2) } }
  let {a, b: c = 2, ...rest} = o
  let f = { p: int, q -> p + c |> to_string }
  if type_of(u) == "string" { throw "\${u}" }
  let r = parallel each [1, 2] with { max_concurrent: 2 } { v -> schema_expect(v, {type: "integer"}) }
  try { f(1, 2)?.x } catch (e: Light) { unreachable(e) } finally { println(a ?? rest) }
  return r
}
pipeline default(task) { every(Holder, Light.Red, 1, {}) }
`;

/** xorshift32: the same seed gives the same mutations everywhere. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function checkText(text: string): readonly Diagnostic[] {
  const source = new SourceText("script.harn", text);
  return check(inputFor(source, parse(source).program)).diagnostics;
}

test("mutated programs are checked without a throw, with places inside the text", () => {
  const seed = Number(process.env.SEED ?? 20_261);
  const next = randomFrom(seed);
  const words = PROGRAM.match(/\w+|"[^"]*"|\s+|[^\w\s]/g) ?? [];
  for (let round = 0; round < 400; round++) {
    const mutated = [...words];
    for (let change = 0; change < 1 + next(4); change++) {
      const at = next(mutated.length);
      const from = mutated[next(mutated.length)] ?? "";
      if (next(3) === 0) mutated.splice(at, 1);
      else if (next(2) === 0) mutated[at] = from;
      else mutated.splice(at, 0, from);
    }
    const text = mutated.join("");
    try {
      for (const { span } of checkText(text)) assert.ok(span === null || (span.start >= 0 && span.end <= text.length));
    } catch (error) {
      throw new Error(`SEED=${seed} round ${round}: ${error}\n${text}`);
    }
  }
});

test("aliases that name themselves come to an end", () => {
  const types = "type A = B\ntype B = A\ntype L = list<L>\ntype G<T> = {next: G<list<T>>, v: T}\ntype W<T> = W<T | T>\n";
  diagnose(
    `${types}fn f(a: A, l: L, g: G<int>, w: W<int>) {\n let x: B = a\n let y: list<L> = l\n let z: G<int> = g\n let s: G<string> = g\n let v: W<string> = w\n}`,
  );
});

test("alias definitions that double do not take doubling time", () => {
  const rows = ["type T0 = {a: int}", "type S0 = {a: int}"];
  for (let i = 1; i <= 60; i++) rows.push(`type T${i} = {a: T${i - 1}, b: T${i - 1}}`, `type S${i} = {a: S${i - 1}, b: S${i - 1}}`);
  assert.equal(diagnose(`${rows.join("\n")}\nfn f(x: S60) { let y: T60 = x }`), []);
});

test("wide generic unions are not multiplied out without bound", () => {
  const union = Array.from({ length: 30 }, (_, i) => `"${i}"`).join(" | ");
  assert.equal(
    diagnose(
      `type P<A, B, C, D> = {a: A, b: B, c: C, d: D}\nfn f(p: P<${union}, ${union}, ${union}, ${union}>) { let q: {a: string} = p }`,
    ),
    [],
  );
});

test("twenty thousand statements are checked in one go", () => {
  const body = Array.from({ length: 20_000 }, (_, i) => `  let v${i}: int = v${Math.max(0, i - 1)} + f(${i})`).join("\n");
  assert.equal(diagnose(`fn f(n: int) -> int { return n }\nfn g(v0: int) {\n${body}\n}`), []);
});

test("types that variables make grow are given up on", () => {
  const grow = (name: string): string =>
    Array.from({ length: 5_000 }, (_, i) => `  let ${name}${i + 1} = {l: ${name}${i}, r: [${name}${i}, ${name}${i}]}`).join("\n");
  const found = diagnose(
    `fn f(a0: int, b0: int, c: bool) {\n${grow("a")}\n${grow("b")}\n  let d: int = c ? a5000 : b5000\n  let e = [a5000, b5000]\n}`,
  );
  assert.equal(found, []);
});

test("long chains and deep nesting are within reach", () => {
  const sum = Array.from({ length: 100 }, (_, i) => `f(${i})`).join(" + ");
  const nested = `${"f(".repeat(60)}1${")".repeat(60)}`;
  const ternary = `${"(x != nil ? ".repeat(40)}x${" : 0)".repeat(40)}`;
  assert.equal(
    diagnose(
      `fn f(n: int) -> int { return n }\nfn g(x: int | nil) {\n  let a: int = ${sum}\n  let b: int = ${nested}\n  let c = ${ternary}\n}`,
    ),
    [],
  );
});

test.run();
