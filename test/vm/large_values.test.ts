/**
 * Values that are small in memory and large when they are gone through: a list that holds one list twice, forty times over, has more parts
 * than any host could visit. Whatever looks at one ends with a limit that the script cannot catch, and the host goes on.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { World } from "./world.ts";

const DOUBLED = `
fn doubled() {
  var x = [1]
  for i in 0 to 45 { x = [x, x] }
  return x
}
fn paired() {
  var p = pair(1, 1)
  for i in 0 to 45 { p = pair(p, p) }
  return p
}
let x = doubled()
let y = doubled()
let p = paired()
let q = paired()
`;
const LIMIT = /^(string|comparison) limit of \d+ (UTF-16 units|parts) exceeded$/;

const LOOKS = [
  "println(x)",
  "to_string(p)",
  '"${x}"',
  "[x].join()",
  "json_stringify(x)",
  "hash_value(x)",
  "x == y",
  "x in [y]",
  "[y].index_of(x)",
  "p < q",
  "[p, q].sort()",
  "Ok(x) == Ok(y)",
];

for (const look of LOOKS) {
  test(look, async () => {
    const ended = await new World({ limits: { stringLength: 1_000_000 } }).run(`${DOUBLED}try { ${look} } catch (e) { println("caught") }`);
    assert.match(ended.error ?? `ended with ${ended.text}`, LIMIT);
  });
}

test("such a value can be held, passed on, changed, and thrown", async () => {
  const world = new World();
  const ended = await world.run(`${DOUBLED}var z = x
z[0] = 5
println([len(z), z[0], z[1][0][0] == nil, json_pointer(x, "/0/1/0") == nil])
try { throw x } catch (e) { println(len(e)) }
throw x`);
  assert.is(world.out, "[2, 5, false, false]\n2\n");
  assert.is(ended.error, "Thrown: <list: string limit of 16777216 UTF-16 units exceeded>");
});

test("nesting is limited, not the host's stack filled", async () => {
  const deep = "var x = []\nfor i in 0 to 100000 { x = [x] }\nvar y = []\nfor i in 0 to 100000 { y = [y] }\n";
  const text = "Runtime error: value is nested deeper than 2000 levels";
  for (const look of ["println(x)", "x == y", "hash_value(x)", "json_stringify(x)", "x in [y]", '"${x}"']) {
    const world = new World();
    await world.run(`${deep}println(try { ${look} })`);
    assert.is(world.out, `Result.Err(${text})\n`, look);
  }
  const pairs = new World();
  await pairs.run(
    "var p = pair(1, 2)\nfor i in 0 to 100000 { p = pair(p, 1) }\nvar q = pair(1, 2)\nfor i in 0 to 100000 { q = pair(q, 1) }\nprintln(try { p < q })",
  );
  assert.is(pairs.out, `Result.Err(${text})\n`);
});

test("a lazy iterator gathers no more than a list may hold", async () => {
  for (const gather of ["chunks(10000000)", "windows(10000000)"]) {
    const ended = await new World({ limits: { collectionItems: 1000 } }).run(`range(9000000000).${gather}.first()`);
    assert.is(ended.error, "collection limit of 1000 items exceeded", gather);
  }
});

test("large sets are compared in linear time, and stay exact", async () => {
  const world = new World();
  const ended = await world.run(`let a = range(20000).to_set()
var b = set()
for i in 19999 to 0 { nil }
b = range(20000).map({ x -> 19999 - x }).to_set()
println(a == b)
println(a == b.remove(5).add(-1))
println(range(30).to_set() == range(30).map({ x -> to_float(x) }).to_set())
println(range(30).map({ x -> [x] }).to_set() == range(30).map({ x -> [29 - x] }).to_set())
println(range(30).map({ x -> to_string(x) }).to_set() == range(30).to_set())`);
  assert.is(ended.error, null, ended.rendered);
  assert.is(world.out, "true\nfalse\ntrue\ntrue\nfalse\n");
});

test.run();
