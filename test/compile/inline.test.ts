/** What a script sees of a small function is the same whether its call was compiled in place or made. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { World } from "../vm/world.ts";

const SMALL = `fn small(x: int) {
  if x > 3 { return x + 1 }
  return x * 2
}
`;

test("an argument that does not fit is located where the function begins", async () => {
  const { rendered } = await new World().run(`${SMALL}fn outer(y) {
  let q = small(y)
  return q
}
outer("a")`);
  assert.match(rendered, /parameter 'x' expected int, got string \(a\) \(line 1\)\n.*main\.harn:1:1\n/);
  assert.match(rendered, /called from outer at .*main\.harn:6\n.*called from pipeline at .*main\.harn:9/);
});

test("the same in front of a finally block", async () => {
  const world = new World();
  const { error } = await world.run(`${SMALL}fn outer(y) {
  try { return small(y) } finally { println("after") }
}
outer([])`);
  assert.is(error, "Runtime error: TypeError: parameter 'x' expected int, got list ([]) (line 1)");
  assert.is(world.out, "after\n");
});

/** How deep a recursion may go that ends in this statement. */
async function deepest(last: string): Promise<number> {
  const world = new World({ limits: { callDepth: 40 } });
  await world.run(`fn small(x) { return x }
fn large(x) {
  for i in 0 to 1 { x + i }
  return x
}
fn down(n) {
  if n == 0 {
    ${last}
  }
  let r = down(n - 1)
  return r
}
for n in 0 to 100 {
  let reached = try { down(n) }
  if is_ok(reached) { println(n) }
}`);
  return Number(world.out.trim().split("\n").at(-1));
}

test("a call counts as a nested one, unless it replaces the frame", async () => {
  const alone = await deepest("return n");
  assert.is(await deepest("return small(n)"), alone);
  assert.is(await deepest("return large(n)"), alone);
  assert.is(await deepest("let q = small(n)\n    return q"), alone - 1);
  assert.is(await deepest("let q = large(n)\n    return q"), alone - 1);
});

test.run();
