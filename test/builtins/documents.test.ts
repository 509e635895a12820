import { test } from "uvu";
import * as assert from "uvu/assert";
import { ScriptError } from "../../src/vm/errors.ts";
import { display } from "../../src/vm/display.ts";
import type { Value } from "../../src/vm/values.ts";
import { machine, show } from "./support.ts";

async function read(name: string, text: Value, limits = {}): Promise<string> {
  const m = machine({}, limits);
  try {
    return show(await m.wait("json_stringify", await m.wait(name, text)));
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    return error.kind === "thrown" ? display(error.value) : error.text;
  }
}

const yaml = (text: Value, limits = {}) => read("yaml_parse", text, limits);
const toml = (text: Value) => read("toml_parse", text);

test("YAML scalars", async () => {
  for (const [text, json] of [
    ["18446744073709551615", "18446744073709552000"],
    ["-9223372036854775808", "-9223372036854775808"],
    [`1${"0".repeat(50)}`, `1${"0".repeat(50)}`],
    ["-0x1F", "-31"],
    ["0x", '"0x"'],
    ["1.", "1"],
    [".5", "0.5"],
    ["1e400", '"1e400"'],
    ["-.INF", "null"],
    ["-007", '"-007"'],
    ["00.5", "0.5"],
    ["TRue", '"TRue"'],
    ["!!str 5", '"5"'],
    ['!!int "5"', "5"],
    ['!mine "5"', '{"!mine":"5"}'],
    ["!mine [5]", '{"!mine":[5]}'],
    [">-\n  a\n  b\n", '"a b"'],
  ] as const) {
    assert.is(await yaml(text), json, text);
  }
  assert.is(await yaml("18446744073709551616"), "YAML parse error: invalid type: integer `18446744073709551616`, expected any YAML value");
  assert.is(await yaml("!!int x"), 'YAML parse error: invalid value: string "x", expected an integer');
});

test("YAML keys are scalars and stand once", async () => {
  assert.is(await yaml("1.0: a\n1: b\nno: c"), '{"1":"b","1.0":"a","no":"c"}');
  assert.is(await yaml('1: a\n"1": b'), '{"1":"b"}');
  assert.is(await yaml("1: a\n0x1: b"), 'YAML parse error: duplicate entry with key "1"');
  assert.is(await yaml("{a: 1}: b"), "yaml_parse: key must be a string");
});

test("YAML aliases count as what they repeat", async () => {
  assert.is(await yaml("&a [*a]"), "YAML parse error: unknown anchor 'a'");
  const doubling = Array.from({ length: 40 }, (_, i) => `- &a${i + 1} [*a${i}, *a${i}]`).join("\n");
  assert.is(await yaml(`- &a0 x\n${doubling}`, { collectionItems: 1000 }), "collection limit of 1000 items exceeded");
});

test("YAML that is nested without end", async () => {
  assert.is(await yaml("[".repeat(200) + "]".repeat(200)), "YAML parse error: recursion limit exceeded");
  assert.is(await yaml("[".repeat(100_000) + "]".repeat(100_000)), "YAML parse error: recursion limit exceeded");
});

test("TOML times keep their digits", async () => {
  const time = async (text: string) => (await toml(`x = ${text}`)).replace('{"x":{"$__toml_private_datetime":', "").replace("}}", "");
  assert.is(await time("1979-05-27 00:32:00.999999-07:00"), '"1979-05-27T00:32:00.999999-07:00"');
  assert.is(await time("07:32:00.5000"), '"07:32:00.5"');
  assert.is(await time("1979-05-27t07:32:00.000z"), '"1979-05-27T07:32:00Z"');
  assert.is(await time("1979-13-27T00:32:00.999999Z"), "TOML parse error: invalid datetime");
  assert.is(await toml('x = "time 07:32:00.123456" # 07:32:00.123456'), '{"x":"time 07:32:00.123456"}');
});

test("TOML numbers and errors", async () => {
  assert.is(await toml("x = [9223372036854775807, 1.0, inf]"), '{"x":[9223372036854775807,1,null]}');
  assert.is(await toml("x = 9223372036854775808"), "TOML parse error: number too large to fit in target type");
  assert.is(await toml("a = 1\na = 2"), "TOML parse error: trying to redefine an already defined table or value at 2:1");
  assert.is(await toml(`[${Array(5000).fill("a").join(".")}]`), "TOML parse error: recursion limit exceeded");
  assert.is(await toml("__proto__ = 1"), '{"__proto__":1}');
});

test.run();
