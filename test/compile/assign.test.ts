/** Assignments that one instruction tries to make in place: it must look at the caches of the property that is meant. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { World } from "../vm/world.ts";

test("a variable that is called like an enum grows the field that is named", async () => {
  const world = new World();
  const { error } = await world.run(`enum E { A, B }
fn work() {
  let w = {A: 1, q: 2}
  var E = {A: 1, q: 2}
  let o = {n: 5}
  for i in 1 to 3 {
    let first = w.A
    E.q += o.n
  }
  println(E)
}
work()`);
  assert.is(error, null);
  assert.is(world.out, "{A: 1, q: 17}\n");
});

test("a variable of floats that comes to hold a container", async () => {
  const world = new World();
  const { error } = await world.run(`fn work() {
  var x = 0.5
  for i in 1 to 3 { x = x + 1.5 }
  x = x.to_string()
  var y = 0.5
  for i in 1 to 3 { y = y * 1.5 }
  y = {n: 1, m: [1]}
  y.n += 1
  y.m[0] += 1
  for i in 1 to 3 { y = y + {k: i} }
  println("\${x} \${y}")
}
work()`);
  assert.is(error, null);
  assert.is(world.out, "nil {k: 3, m: [2], n: 2}\n");
});

const HOLDERS = `c.p += c
println(c)
d[0] += d
println(d)
e.p.q += e.p
println(e)
g.p.q = g.p.q + g
println(g)
h.p[0] += h.p
println(h)
`;
const HELD = `var c = {p: {a: 1}, q: 2}
var d = [[1], 2]
var e = {p: {q: {a: 1}}}
var g = {p: {q: {a: 1}}}
var h = {p: [[1]]}
`;
const GROWN = `{p: {a: 1, p: {a: 1}, q: 2}, q: 2}
[[1, [1], 2], 2]
{p: {q: {a: 1, q: {a: 1}}}}
{p: {q: {a: 1, p: {q: {a: 1}}}}}
{p: [[1, [1]]]}
`;

test("what grows by a value that holds it does not come to hold itself", async () => {
  for (const text of [HELD + HOLDERS, `fn work() {\n${HELD}${HOLDERS}}\nwork()`, `${HELD}fn work() {\n${HOLDERS}}\nwork()`]) {
    const world = new World();
    assert.is((await world.run(text)).error, null);
    assert.is(world.out, GROWN);
  }
  const files = { "/m.harn": `${HELD}pub fn work() {\n${HOLDERS}}\n`, "/main.harn": 'import "m"\nwork()\n' };
  const world = new World({ files });
  assert.is((await world.runFile("/main.harn")).error, null);
  assert.is(world.out, GROWN);
});

test.run();
