import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Value } from "../../src/vm/values.ts";
import { failure, float, held, machine, show } from "./support.ts";

const m = machine();
const call = (name: string, ...args: Value[]) => show(m.call(name, ...args));

test("abs, sign, min and max", () => {
  assert.is(call("abs", -(2n ** 63n)), "9223372036854776000");
  assert.is(call("sign", float(-0)), "0");
  assert.is(call("sign", float(Number.NaN)), "NaN");
  assert.is(call("min", 1, float(1)), "1.0");
  assert.is(call("max", 4, float(Number.NaN)), "4.0");
  assert.is(call("min", "a", "b"), "nil");
});

test("rounding gives ints, or says why not", () => {
  assert.is(call("round", float(-2.5)), "-3");
  assert.is(call("round", float(0.49999999999999994)), "0");
  assert.is(call("floor", float(-(2 ** 63))), "-9223372036854775808");
  assert.is(
    failure(() => call("ceil", float(Infinity))),
    "runtime: cannot convert non-finite float to int",
  );
  assert.is(
    failure(() => call("floor", float(2 ** 63))),
    "runtime: float is outside the representable int range",
  );
});

test("powers stay ints while they fit", () => {
  assert.is(call("pow", 10, 18), "1000000000000000000");
  assert.is(call("pow", -2, 63), "-9223372036854775808");
  assert.is(call("pow", 2, 63), "9223372036854776000");
  assert.is(call("pow", 2, -1), "0.5");
});

test("statistics", () => {
  assert.is(call("percentile", held(10, 20, 30, 40), 25), "17.5");
  assert.is(call("median", held(4, 1, 3, 2)), "2.5");
  assert.is(call("variance", held(1, 2, 3, 4), true), "1.6666666666666667");
  assert.is(
    failure(() => call("median", held())),
    "runtime: median: items must not be empty",
  );
  assert.is(
    failure(() => call("mean", held("x"))),
    "type: mean must be numeric",
  );
});

test("a seed gives the known numbers", () => {
  const a = m.call("rng_seed", 7);
  assert.is(call("random", a), "0.030317360865101395");
  assert.is(call("random", a), "0.3070862833742408");
  const b = m.call("rng_seed", 7);
  assert.equal(
    Array.from({ length: 6 }, () => m.call("random_int", b, 1, 100)),
    [4, 31, 15, 55, 28, 96],
  );
  assert.is(call("random_shuffle", m.call("rng_seed", 7), held(1, 2, 3, 4, 5, 6, 7, 8)), "[2, 4, 5, 7, 1, 8, 3, 6]");
  const d = m.call("rng_seed", 7);
  assert.is(Array.from({ length: 6 }, () => call("random_choice", d, held("a", "b", "c", "d", "e"))).join(""), "caabaa");
});

test("atomics", () => {
  const a = m.call("atomic", float(2.9));
  assert.is(call("atomic_add", a, 2n ** 63n - 1n), "2");
  assert.is(show(a), "<atomic:-9223372036854775807>");
  assert.is(call("atomic_cas", a, 0, 1), "false");
  assert.is(call("atomic_get", 5), "nil");
});

test("a mocked clock stands until it is moved", async () => {
  m.call("mock_time", 1_500);
  assert.is(await m.wait("sleep_ms", 250), null);
  assert.is(call("now_ms"), "1750");
  assert.is(call("monotonic_ms"), "250");
  assert.is(call("advance_time", 50), "1800");
  m.call("unmock_time");
  assert.is(call("now_ms"), "1000");
  assert.match(
    failure(() => call("advance_time")),
    "no mock active",
  );
});

test.run();
