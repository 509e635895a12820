/** Values across the border between host and script, both ways. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { fromHost, type HostValue, toHost } from "../../src/engine/convert.ts";
import { createEngine } from "../../src/engine/engine.ts";
import { display } from "../../src/vm/display.ts";
import { Closure, Duration, Float, type HarnSet, type HeapValue, type List, typeName, type Value } from "../../src/vm/values.ts";

const answer = async (text: string): Promise<HostValue> => (await createEngine().compile(text)).run();

test("what a script answers", async () => {
  const rows: readonly [string, HostValue][] = [
    ["nil", null],
    ["true", true],
    ['"añ🎈"', "añ🎈"],
    ["42", 42],
    ["0 - 9007199254740991", -9007199254740991],
    ["9007199254740993", 9007199254740993n],
    ["0 - 9223372036854775807 - 1", -9223372036854775808n],
    ["1.5", 1.5],
    ["2.0", 2],
    ["[1, [2.5, nil]]", [1, [2.5, null]]],
    ["{b: 1, a: {c: []}}", { a: { c: [] }, b: 1 }],
    ["pair(1, [2])", [1, [2]]],
    ["1500ms", 1500],
    ["Ok([1])", { enum: "Result", variant: "Ok", fields: [[1]] }],
    ["[1, 2].push(3).pop()", [1, 2]],
  ];
  for (const [text, value] of rows) assert.equal(await answer(`return ${text}`), value, text);
  const set = await answer("return set(1).add([2])");
  assert.instance(set, Set);
  assert.equal([...(set as Set<HostValue>)], [1, [2]]);
  assert.equal(await answer('return bytes_from_string("ab")'), Uint8Array.of(97, 98));
  assert.equal(await answer("struct P { x: int\n y: int }\nreturn P {x: 1}"), { x: 1 });
  assert.equal(Object.keys((await answer("return {z: 1, a: 2, m: 3}")) as object), ["a", "m", "z"]);
});

test("an exit status is the answer of a program that exits", async () => {
  assert.is(await answer("exit(3)"), 3);
});

test("kinds without a counterpart are handed over as they are, and come back as themselves", async () => {
  const engine = createEngine();
  let kept: unknown = null;
  engine.define("keep", "(value: any) -> nil", (value) => {
    kept = value;
  });
  engine.define("kept", "() -> any", () => kept);
  const program = await engine.compile("keep({ x -> x + 1 })\nlet f = kept()\nreturn [type_of(f), [1, 2].map(f), to_string(range(3))]");
  assert.equal(await program.run(), ["closure", [2, 3], "0 to 3 exclusive"]);
  assert.instance(kept, Closure);
});

test("a changed answer changes nothing of the script's", async () => {
  const engine = createEngine();
  const seen: HostValue[] = [];
  engine.define("look", "(value: any) -> nil", (value) => {
    seen.push(value);
    (value as number[]).push(99);
  });
  const program = await engine.compile("var xs = [1]\nlook(xs)\nxs = xs.push(2)\nlook(xs)\nreturn xs");
  assert.equal(await program.run(), [1, 2]);
  assert.equal(seen, [
    [1, 99],
    [1, 2, 99],
  ]);
});

test("names such as __proto__ are keys like any other", async () => {
  const value = (await answer('return {["__proto__"]: 1, ["constructor"]: 2, ["toString"]: 3}')) as Record<string, number>;
  assert.equal(Object.keys(value).sort(), ["__proto__", "constructor", "toString"]);
  assert.is(Object.getPrototypeOf(value), Object.prototype);
  const back = fromHost(JSON.parse('{"__proto__": {"polluted": true}}'));
  assert.is(display(back), "{__proto__: {polluted: true}}");
  assert.is(({} as { polluted?: boolean }).polluted, undefined);
});

test("what a host hands over", () => {
  const rows: readonly [unknown, string, string][] = [
    [undefined, "nil", "nil"],
    [null, "nil", "nil"],
    [true, "bool", "true"],
    ["x", "string", "x"],
    [5, "int", "5"],
    [-0, "float", "-0.0"],
    [1.5, "float", "1.5"],
    [Number.NaN, "float", "NaN"],
    [2 ** 53, "float", "9007199254740992"],
    [2n ** 53n, "int", "9007199254740992"],
    [5n, "int", "5"],
    [-(2n ** 63n), "int", "-9223372036854775808"],
    [[1, [null, undefined]], "list", "[1, [nil, nil]]"],
    [{ b: 1, a: [2] }, "dict", "{a: [2], b: 1}"],
    [Object.assign(Object.create(null), { k: 1 }), "dict", "{k: 1}"],
    [
      new Map<unknown, unknown>([
        ["k", 1],
        [2, 3],
      ]),
      "dict",
      "{2: 3, k: 1}",
    ],
    [new Set([1, 2, 1]), "set", "set(1, 2)"],
    [Uint8Array.of(1, 255), "bytes", 'b"01ff"'],
    [Buffer.from("a"), "bytes", 'b"61"'],
    // biome-ignore lint/suspicious/noSparseArray: a hole is what is looked at
    [[1, , 2], "list", "[1, nil, 2]"],
  ];
  for (const [given, type, text] of rows) {
    const value = fromHost(given);
    assert.is(typeName(value), type, text);
    assert.is(display(value), text);
  }
});

test("half a surrogate pair becomes the replacement character, in keys too", () => {
  assert.is(fromHost("a\ud800b"), "a\ufffdb");
  assert.is(fromHost("🎈"), "🎈");
  assert.is(display(fromHost({ "\udc00": ["\udc00"] })), "{\ufffd: [\ufffd]}");
});

test("items of a set that are equal for the script are one item", () => {
  const set = fromHost(new Set([[1], [1], { a: 1 }, { a: 1 }, 5n, 5])) as HarnSet;
  assert.is(display(set), "set([1], {a: 1}, 5)");
});

test("what has no counterpart is refused", () => {
  class Account {
    constructor(readonly id: number) {}
  }
  const circle: unknown[] = [];
  circle.push(circle);
  const rows: readonly [unknown, RegExp][] = [
    [() => 1, /a function from the host has no counterpart/],
    [Symbol("x"), /a symbol from the host has no counterpart/],
    [new Account(1), /a Account from the host has no counterpart in a script; hand over plain data/],
    [new Date(0), /a Date from the host has no counterpart/],
    [/x/, /a RegExp from the host/],
    [Promise.resolve(1), /a Promise from the host/],
    [2n ** 63n, /9223372036854775808 from the host does not fit 64 bits/],
    [-(2n ** 63n) - 1n, /does not fit 64 bits/],
    [circle, /nested deeper than 500 levels, or a circle/],
    [{ deep: { er: () => 1 } }, /a function from the host/],
  ];
  for (const [given, text] of rows) {
    assert.throws(
      () => fromHost(given),
      (error: unknown) => error instanceof TypeError && text.test(error.message),
    );
  }
});

test("what comes back is what was given", () => {
  const values: readonly HostValue[] = [
    null,
    true,
    "text",
    7,
    2n ** 60n,
    1.25,
    [1, ["a", null]],
    { a: { b: [1.5] } },
    new Set<HostValue>([1, "x"]),
    Uint8Array.of(1, 2),
  ];
  for (const value of values) assert.equal(toHost(fromHost(value)), value);
});

test("bytes and lists are copied, not shared, on the way", () => {
  const bytes = Uint8Array.of(1, 2);
  const given = fromHost(bytes);
  bytes[0] = 9;
  assert.is(display(given), 'b"0102"');
  const items = [1];
  const list = fromHost(items) as List;
  items.push(2);
  assert.is(list.length, 1);
});

test("a value that is too deep or too large for the host is refused, not the host's stack or memory filled", async () => {
  const nested = (depth: number) => `var xs: any = []\nfor i in 0 to ${depth} exclusive { xs = [xs] }\n`;
  assert.equal(await answer(`${nested(3)}return xs`), [[[[]]]]);
  const tooDeep = await answer(`${nested(100_000)}return xs`).catch((error: Error) => error);
  assert.instance(tooDeep, TypeError);
  assert.match((tooDeep as Error).message, /nested deeper than 2000 levels/);
  const tooLarge = await answer("var xs: any = [1]\nfor i in 0 to 60 { xs = [xs, xs] }\nreturn xs").catch((error: Error) => error);
  assert.instance(tooLarge, TypeError);
  assert.match((tooLarge as Error).message, /more than 5000000 parts/);
});

test("floats and durations that the host makes itself", () => {
  const made: readonly [Value, string][] = [
    [new Float(1), "1.0"],
    [new Duration(2000), "2s"],
  ];
  for (const [value, text] of made) assert.is(display(fromHost(value as HeapValue)), text);
});

test.run();
