import { test } from "uvu";
import * as assert from "uvu/assert";
import { Bytes, dictOf, list, type Value } from "../../src/vm/values.ts";
import { failure, float, machine, show } from "./support.ts";

const m = machine();
const parse = (text: string) => show(m.call("json_parse", text));
const error = (text: string) => failure(() => parse(text)).replace("JSON parse error: ", "");
const stringify = (value: Value) => show(m.call("json_stringify", value));

test("numbers keep their kind", () => {
  assert.is(
    parse("[1, 1.0, 1e2, -0, 9223372036854775807, 9223372036854775808]"),
    "[1, 1.0, 100.0, -0.0, 9223372036854775807, 9223372036854776000]",
  );
  assert.is(parse("-9223372036854775808"), "-9223372036854775808");
});

test("errors name the place", () => {
  const cases: [string, string][] = [
    ["x", "expected value at line 1 column 1"],
    ["", "EOF while parsing a value at line 1 column 0"],
    ["[", "EOF while parsing a list at line 1 column 1"],
    ["[1,", "EOF while parsing a value at line 1 column 3"],
    ['{"a"', "EOF while parsing an object at line 1 column 4"],
    ['{"a":', "EOF while parsing a value at line 1 column 5"],
    ['"abc', "EOF while parsing a string at line 1 column 4"],
    ["[1 2]", "expected `,` or `]` at line 1 column 4"],
    ['{"a" 1}', "expected `:` at line 1 column 6"],
    ["{a:1}", "key must be a string at line 1 column 2"],
    ["[1,]", "trailing comma at line 1 column 4"],
    ["1 2", "trailing characters at line 1 column 3"],
    ["[1,\n 2,\n x]", "expected value at line 3 column 2"],
    ["trux", "expected ident at line 1 column 4"],
    ["nul", "EOF while parsing a value at line 1 column 3"],
    ["01", "invalid number at line 1 column 2"],
    ["1e999", "number out of range at line 1 column 5"],
    ['"\\q"', "invalid escape at line 1 column 3"],
    ['"\\ud800x"', "unexpected end of hex escape at line 1 column 8"],
    ['"\\udc00"', "lone leading surrogate in hex escape at line 1 column 7"],
    ["[".repeat(200), "recursion limit exceeded at line 1 column 128"],
  ];
  for (const [text, message] of cases) assert.is(error(text), message, text);
});

test("stringify is compact, with keys in order and escapes", () => {
  assert.is(stringify(dictOf({ b: 1, a: list([null, true, "x"]) })), '{"a":[null,true,"x"],"b":1}');
  assert.is(stringify('q " \\ \t\n\u0001\u007f\u0085é😀'), '"q \\" \\\\ \\t\\n\\u0001\\u007f\\u0085é😀"');
  assert.is(stringify(list([float(1), float(-0), float(1e21), float(Number.NaN)])), "[1,-0,1000000000000000000000,NaN]");
  assert.is(stringify(new Bytes(new TextEncoder().encode("hi!"))), '{"$bytes_b64":"aGkh"}');
});

test("a random value comes back from its text", () => {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9));
  let state = seed;
  const next = (n: number) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state % n;
  };
  const make = (depth: number): Value => {
    switch (next(depth > 3 ? 5 : 7)) {
      case 0:
        return null;
      case 1:
        return next(2) === 0;
      case 2:
        return next(1_000_000) - 500_000;
      case 3:
        return float(next(1000) + 0.5);
      case 4:
        return ["", "a", "\u0000\n", "é😀", '"\\'][next(5)] as string;
      case 5:
        return list(Array.from({ length: next(4) }, () => make(depth + 1)));
      default:
        return dictOf(Object.fromEntries(Array.from({ length: next(4) }, (_, i) => [`k${i}`, make(depth + 1)])));
    }
  };
  for (let i = 0; i < 200; i++) {
    const text = stringify(make(0));
    assert.is(stringify(m.call("json_parse", text)), text, `SEED=${seed}`);
  }
});

test("extract looks into fences, then for brackets", () => {
  assert.is(show(m.call("json_extract", 'A:\n```json\n{"k": "v"}\n```')), "{k: v}");
  assert.is(show(m.call("json_extract", 'x {"s": "br } ace \\" "} y')), '{s: br } ace " }');
  assert.is(
    failure(() => m.call("json_extract", "{}", "k")),
    "json_extract: key 'k' not found",
  );
});

test("pointers", () => {
  const doc = m.call("json_parse", '{"a": {"b": [1, 2]}, "x/y": 1}');
  assert.is(show(m.call("json_pointer", doc, "/x~1y")), "1");
  assert.is(show(m.call("json_pointer_set", doc, "/a/b/-", 3)), "{a: {b: [1, 2, 3]}, x/y: 1}");
  assert.is(show(m.call("json_pointer_delete", doc, "/a/b/0")), "{a: {b: [2]}, x/y: 1}");
  assert.is(show(doc), "{a: {b: [1, 2]}, x/y: 1}");
  assert.is(
    failure(() => m.call("json_pointer", doc, "/~2")),
    "json_pointer: invalid escape '~2' in pointer",
  );
});

test("queries", () => {
  const users = m.call("json_parse", '[{"n": "Ann", "age": 30}, {"n": "Bob", "age": 17}]');
  const jq = (query: string) => show(m.call("jq", users, query));
  assert.is(jq(".[] | select(.age > 18) | .n"), "[Ann]");
  assert.is(jq("map({id: .n, old: .age > 20})"), "[[{id: Ann, old: true}, {id: Bob, old: false}]]");
  assert.is(jq(".[-1:]"), "[[{age: 17, n: Bob}]]");
  assert.is(jq("(.[0].age) > 1 and (.[1].age < 3)"), "[false]");
  assert.is(
    failure(() => jq(".[] |")),
    "jq: expected expression near ''",
  );
  assert.is(
    failure(() => jq(".[x]")),
    "jq: expected ']' near 'x]'",
  );
  assert.is(
    failure(() => jq("{a: 1")),
    "jq: expected ',' near ''",
  );
});

test.run();
