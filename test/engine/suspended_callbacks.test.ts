/**
 * Callbacks that wait: a step inside `sort_by`, `map`, an iterator, a generator, a method. Two calls at once make every step park its fiber
 * in the middle of the builtin; a continued run finds the same answers in the journal and comes to the same result.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createEngine } from "../../src/engine/engine.ts";
import { ScriptError } from "../../src/engine/host_errors.ts";
import { durable, memoryLog } from "../../src/engine/runs.ts";

const PROGRAM = `
struct Shop { name: string }
impl Shop {
  fn price(self, item) { return step.run("price \${self.name}", item, { i -> look(self.name, i) }) }
}
fn priced(name, items) {
  for item in items { yield [item, Shop {name: name}.price(item)] }
}
fn work(name) {
  let shop = Shop {name: name}
  let sorted = [3, 1, 2].sort_by({ x -> 0 - step.run("key \${name}", x, { k -> look(name, k) }) })
  let mapped = sorted.map({ x -> [x].map({ y -> shop.price(y) })[0] })
  let lazy = iter([1, 2, 3]).filter({ x -> shop.price(x) % 2 == 1 }).map({ x -> x * 10 }).to_list()
  let folded = [1, 2].reduce(0, { acc, x -> acc + step.run("fold", x, { v -> v + acc }) })
  let pairs = priced(name, ["a", "b"]).iter().to_list()
  let grouped = [1, 2, 3].group_by({ x -> shop.price(x) % 2 })
  let failed = try { [1].map({ x -> step.run("fails", { -> throw {code: name} }) }) }
  return [sorted, mapped, lazy, folded, pairs, grouped, failed.fields[0].code]
}`;

const RESULT = (name: string): unknown => [
  [3, 2, 1],
  [3, 2, 1],
  [10, 30],
  // The second step sees what the first one gave.
  4,
  [
    ["a", `${name}a`],
    ["b", `${name}b`],
  ],
  { "0": [2], "1": [1, 3] },
  name,
];

test("steps inside callbacks park and go on, and are found again", async () => {
  const log = memoryLog();
  const attempt = async (): Promise<{ answers: unknown[]; looked: number }> => {
    let looked = 0;
    const engine = createEngine().define("look", "(shop: string, item: any) -> any", async (shop: string, item: unknown) => {
      looked++;
      return typeof item === "string" ? shop + item : item;
    });
    const instance = await durable(engine, log).open(await engine.compile(PROGRAM), { id: "run" });
    const answers = await Promise.all(["x", "y", "z"].map((name) => instance.call("work", name)));
    await instance.close("open");
    return { answers, looked };
  };
  const first = await attempt();
  assert.equal(first.answers, ["x", "y", "z"].map(RESULT));
  assert.is(first.looked, 3 * 14);
  const second = await attempt();
  assert.equal(second.answers, first.answers);
  assert.is(second.looked, 0, "every step was answered from the journal");
});

test("a call alone is answered at once, with the same result", async () => {
  const engine = createEngine().define("look", "(shop: string, item: any) -> any", (shop: string, item: unknown) =>
    typeof item === "string" ? shop + item : item,
  );
  const instance = await durable(engine, memoryLog()).open(await engine.compile(PROGRAM), { id: "run" });
  assert.equal(await instance.call("work", "x"), RESULT("x"));
  await instance.close();
});

test("what a step did before the end of an execution is recorded", async () => {
  let done = 0;
  const engine = createEngine().define("act", "() -> int", () => ++done);
  const program = await engine.compile(
    'var all = []\nfor i in 0 to 200 exclusive { all = all.push(step.run("act", { -> act() })) }\nreturn all',
  );
  const runs = durable(engine, memoryLog());
  for (const fuelSteps of [500, 900, 1300, 1700]) {
    const error = await runs.start(program, { id: "run", limits: { fuelSteps } }).catch((failure: ScriptError) => failure);
    assert.instance(error, ScriptError);
    assert.match((error as ScriptError).message, /fuel limit/);
  }
  assert.ok(done > 10 && done < 200);
  const all = Array.from({ length: 200 }, (_, i) => i + 1);
  assert.equal(await runs.start(program, { id: "run" }), all, "each was done once");
});

test.run();
