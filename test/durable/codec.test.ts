/** The journal codec: what is stored comes back equal, and equal values have one text. Random values print their seed. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { fromBase64 } from "../../src/durable/base64.ts";
import { encode, NotStorable } from "../../src/durable/codec.ts";
import { BadRecord, decode } from "../../src/durable/codec_read.ts";
import { parseExact } from "../../src/durable/exact_json.ts";
import { structuralKey } from "../../src/vm/structural.ts";
import {
  Bytes,
  Dict,
  Duration,
  dictOf,
  EnumValue,
  err,
  Float,
  HarnSet,
  List,
  list,
  ok,
  Pair,
  Range,
  Struct,
  Shape,
  type Value,
} from "../../src/vm/values.ts";

/** Tells every two values of the codec apart, unlike the structural key, which sees enums and pairs through their display form. */
function print(value: Value): string {
  if (value instanceof Float) return `float(${Object.is(value.value, -0) ? "-0" : value.value})`;
  if (value instanceof List) return `[${value.items.slice(0, value.length).map(print).join(",")}]`;
  if (value instanceof Dict)
    return `{${[...value.map]
      .map(([k, v]) => `${JSON.stringify(k)}:${print(v)}`)
      .sort()
      .join(",")}}`;
  if (value instanceof Bytes) return `bytes(${value.data.join(",")})`;
  if (value instanceof EnumValue) return `${value.enumName}.${value.variant}(${value.fields.map(print).join(",")})`;
  if (value instanceof Duration) return `duration(${value.ms})`;
  if (value instanceof Pair) return `pair(${print(value.first)},${print(value.second)})`;
  if (value instanceof Range) return `range(${value.start},${value.end},${value.inclusive})`;
  return typeof value === "string" ? JSON.stringify(value) : `${typeof value} ${value}`;
}

const comesBack = (value: Value): void => assert.is(print(decode(encode(value))), print(value));

function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const TEXTS = ["", "a", "$harn", '\u0000\n"\\', "é☃😀", "1.5e3", ",-12.0", "1234567890123456789", "__proto__", "\ud800"];
const INTS: Value[] = [0, 1, -1, 2 ** 53 - 1, -(2 ** 53 - 1), 2n ** 53n, -(2n ** 63n), 2n ** 63n - 1n, 1_000_000_000_000_000];
const FLOATS = [0, -0, 1, -1.5, 4, 1e21, 1e-7, 5e-324, 1.7976931348623157e308, 0.1, 123456789012345680, 1e15];

function anyValue(next: () => number, depth: number): Value {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T;
  const some = (): Value[] => Array.from({ length: Math.floor(next() * 4) }, () => anyValue(next, depth - 1));
  const kind = Math.floor(next() * (depth > 0 ? 13 : 7));
  switch (kind) {
    case 0:
      return null;
    case 1:
      return next() < 0.5;
    case 2:
      return pick(TEXTS);
    case 3:
      return pick(INTS);
    case 4:
      return new Float(pick(FLOATS));
    case 5:
      return new Bytes(Uint8Array.from({ length: Math.floor(next() * 5) }, () => Math.floor(next() * 256)));
    case 6:
      return new Duration(Math.floor(next() * 1e6));
    case 7:
    case 8:
      return list(some());
    case 9:
    case 10:
      return new Dict(new Map(some().map((value) => [pick(TEXTS), value])));
    case 11:
      return new EnumValue(pick(["E", "Result"]), pick(TEXTS), some());
    default:
      return next() < 0.5
        ? new Pair(anyValue(next, depth - 1), anyValue(next, depth - 1))
        : new Range(pick(INTS) as number, 7, next() < 0.5);
  }
}

test("random values come back equal, and the text is the same for an equal value", () => {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 32));
  const next = random(seed);
  for (let i = 0; i < 3000; i++) {
    const value = anyValue(next, 4);
    const text = encode(value);
    const back = decode(text);
    assert.is(print(back), print(value), `SEED=${seed}, value ${i}`);
    assert.is(encode(back), text, `SEED=${seed}, value ${i}`);
    assert.is(structuralKey(back), structuralKey(value), `SEED=${seed}, value ${i}`);
  }
});

test("the exact parser agrees with the host's where that loses nothing", () => {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 32));
  const next = random(seed);
  for (let i = 0; i < 500; i++) {
    const text = encode(anyValue(next, 3), "x", "inputs");
    if (/\d[.eE]|\d{16}/.test(text)) continue;
    const plain = (tree: unknown): unknown => JSON.parse(JSON.stringify(tree));
    assert.equal(plain(parseExact(text)), plain(JSON.parse(text)), `SEED=${seed}, ${text}`);
  }
});

test("floats and ints are never confused", () => {
  assert.is(encode(new Float(4)), "4.0");
  assert.is(encode(new Float(-0)), "-0.0");
  assert.is(encode(new Float(1e21)), "1e+21");
  assert.is(encode(4), "4");
  assert.is(encode(9223372036854775807n), "9223372036854775807");
  for (const value of [new Float(4), 4, list([1, new Float(1)]), dictOf({ a: 1_000_000_000_000_001, b: new Float(1e15) })])
    comesBack(value);
  assert.is(decode("-0"), 0);
  assert.is(Object.is(decode("-0"), 0), true);
});

test("text that looks like numbers stays text", () => {
  comesBack(list(["[1.5", ":2e9", "12345678901234567890", new Float(2)]));
});

test("tags: bytes, enums, results, durations, pairs, ranges, and a dict with the tag's key", () => {
  assert.is(encode(new Duration(1500)), '{"$harn":"duration","ms":1500}');
  assert.is(encode(ok(1)), '{"$harn":"enum","enum":"Result","fields":[1],"variant":"Ok"}');
  assert.is(encode(new Bytes(Uint8Array.of(0, 255, 7))), '{"$harn":"bytes","base64":"AP8H"}');
  assert.is(encode(new Range(1, 3, true)), '{"$harn":"range","end":3,"inclusive":true,"start":1}');
  comesBack(err(dictOf({ $harn: "duration", ms: 5 })));
  comesBack(dictOf({ $harn: dictOf({ $harn: 1 }) }));
  comesBack(dictOf({ $harn: "bytes" }));
});

test("base64 of every length comes back", () => {
  for (let length = 0; length < 20; length++) {
    const data = Uint8Array.from({ length }, (_, i) => (i * 83 + 251) & 255);
    const text = /"base64":"(.*)"/.exec(encode(new Bytes(data)))?.[1] as string;
    assert.is(text, Buffer.from(data).toString("base64"));
    assert.equal(fromBase64(text), data);
  }
  for (const text of ["abc", "a===", "====", "a b="]) assert.is(fromBase64(text), null, text);
});

test("a set is stored as a list and a struct as a dict", () => {
  assert.is(encode(new HarnSet([1, "a"])), '[1,"a"]');
  const shape = new Shape("Point", ["x", "y", "unset"]);
  assert.is(encode(new Struct(shape, [1, new Float(2), undefined])), '{"x":1,"y":2.0}');
});

test("a thrown struct keeps its name", () => {
  const text = encode(new Struct(new Shape("Failure", ["code"]), [7]), "error", "errors");
  const back = decode(text) as Struct;
  assert.instance(back, Struct);
  assert.is(back.shape.name, "Failure");
  assert.equal(back.slots, [7]);
});

test("keys stand in code-point order", () => {
  const value = new Dict(
    new Map<string, Value>([
      ["\u{1f600}", 1],
      ["\uffee", 2],
      ["b", 3],
      ["a", 4],
    ]),
  );
  assert.is(encode(value), '{"a":4,"b":3,"\uffee":2,"\u{1f600}":1}');
});

test("what cannot be stored is named with its place", () => {
  const place = (value: Value): string => {
    try {
      encode(value);
    } catch (error) {
      assert.instance(error, NotStorable);
      return (error as Error).message;
    }
    return "stored";
  };
  assert.is(place(new Float(Number.NaN)), "float at result");
  assert.is(place(dictOf({ a: list([1, new Float(Number.POSITIVE_INFINITY)]) })), "float at result.a[1]");
  assert.is(place(new Pair(1, ok(new Float(Number.NaN)))), "float at result.second.fields[0]");
  assert.is(encode(new Float(Number.NaN), "input", "inputs"), '{"$harn":"opaque","display":"NaN","type":"float"}');
});

test("a value nested too deeply is refused, not a stack overflow", () => {
  let deep: Value = list([]);
  for (let i = 0; i < 100_000; i++) deep = list([deep]);
  assert.throws(
    () => encode(deep),
    (e: { text?: string }) => e.text === "value is nested deeper than 2000 levels",
  );
});

test("broken texts are refused", () => {
  for (const text of [
    "",
    "{",
    "[1,]",
    '{"a" 1}',
    "tru",
    "[1.0",
    '{"$harn":"what"}',
    '{"$harn":"bytes"}',
    '{"$harn":"range","start":1}',
    '["a',
    "[1.0,99999999999999999999]",
  ]) {
    assert.throws(
      () => decode(text),
      (e: unknown) => e instanceof BadRecord,
      text,
    );
  }
});

test.run();
