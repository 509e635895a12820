import { test } from "uvu";
import * as assert from "uvu/assert";
import { dictOf, HarnSet, list, share, type Value } from "../../src/vm/values.ts";
import { callable, failure, float, held, machine, show } from "./support.ts";

const m = machine();
const call = (name: string, ...args: Value[]) => show(m.call(name, ...args));
const on = (text: Value, name: string, ...args: Value[]) => show(m.method("string", name, text, ...args));

test("string methods count code points", () => {
  assert.is(on("a😀b", "count"), "3");
  assert.is(on("a😀b", "index_of", "b"), "2");
  assert.is(on("a😀b", "char_at", 1), "😀");
  assert.is(on("a😀b", "substring", 1, 2), "😀");
  assert.is(on("abc", "substring", 1, -1), "bc");
  assert.is(on("a😀", "reverse"), "😀a");
  assert.is(on("ab", "split", ""), "[, a, b, ]");
  assert.is(on("a\r\nb\n\nc", "lines"), "[a, b, , c]");
  assert.is(on("é", "pad_left", 3, "xy"), "xxé");
  assert.is(on("abc", "replace", "", "-"), "-a-b-c-");
  assert.is(on("abc", "replace", "b"), "nil");
  assert.is(on("nil?", "contains", null), "true");
});

test("functions take any kind as its text", () => {
  assert.is(call("trim", 12), "12");
  assert.is(call("trim"), "");
  assert.is(call("substring", "abcdef", 1, 3), "bcd");
  assert.is(call("format", "{} {x} {}", 1, 2), "1 {x} 2");
  assert.is(call("format", "{name} {gone", dictOf({ name: "Ada" })), "Ada {gone");
  assert.is(call("title_case", "o'neil mc-donald"), "O'neil Mc-donald");
  assert.is(call("camel_to_snake", "parseHTTPResponse"), "parse_http_response");
  assert.is(call("snake_to_camel", "__a__B_c_"), "aBC");
  assert.is(call("str_pad", "ab", 5, "*", "both"), "*ab**");
  assert.is(call("trim", "\u0085 x\ufeff\u3000"), "x\ufeff");
});

test("a text that would be too long is refused before it is built", () => {
  const small = machine({}, { stringLength: 1000, collectionItems: 100 });
  const refused = (name: string, ...args: Value[]) => failure(() => small.method("string", name, ...args));
  assert.match(refused("repeat", "ab", 1_000_000_000), "limit");
  assert.match(refused("replace", "a".repeat(900), "a", "bcdef"), "limit");
  assert.match(refused("chars", "a".repeat(900)), "limit");
});

test("dict methods go by key order and change only what nobody else holds", () => {
  const d = share(dictOf({ b: 1, a: 2 }));
  const dict = (name: string, ...args: Value[]) => m.method("dict", name, ...args);
  assert.is(show(dict("keys", d)), "[a, b]");
  assert.is(show(dict("merge", d, dictOf({ b: 9 }))), "{a: 2, b: 9}");
  assert.is(show(dict("remove", d, "a")), "{b: 1}");
  assert.is(show(d), "{a: 2, b: 1}");
  const own = dictOf({ a: 1 });
  assert.is(dict("remove", own, "a"), own);
  assert.is(
    show(
      dict(
        "map_keys",
        d,
        callable(() => "k"),
      ),
    ),
    "{k: 1}",
  );
  assert.is(
    show(
      dict(
        "filter",
        d,
        callable((v) => (v as number) > 1),
      ),
    ),
    "{a: 2}",
  );
});

test("sets by key and by equality", () => {
  const s = m.call("set", 1, held(2, 1), float(1));
  assert.is(show(s), "set(1, 2, 1.0)");
  assert.is(call("set_contains", m.call("set", 1), float(1)), "false");
  assert.is(show(m.method("set", "contains", m.call("set", 1), float(1))), "true");
  assert.is(call("set_symmetric_difference", m.call("set", 1, 2), m.call("set", 2, 3)), "set(1, 3)");
  assert.is(
    failure(() => m.call("set_union", 1, 2)),
    "set_union: arguments must be sets",
  );
  const big = new HarnSet(Array.from({ length: 100 }, (_, i) => i));
  for (const [value, held] of [
    [5, true],
    [float(5), true],
    [float(5.5), false],
    [0, true],
    ["5", false],
  ] as const) {
    assert.is(m.method("set", "contains", big, value), held);
  }
});

test("results, assertions and categories", () => {
  assert.is(
    failure(() => m.call("unwrap", m.call("Err", "no"))),
    "runtime: unwrap called on Err: no",
  );
  assert.is(
    failure(() => m.call("assert_eq", 1, 2)),
    "Assertion failed: expected 2, got 1",
  );
  for (const [text, category] of [
    ["a503b", "overloaded"],
    ["4040", "generic"],
    ["Deadline exceeded", "timeout"],
    ["Connection Refused", "transient_network"],
    ["404 then 500", "not_found"],
  ]) {
    assert.is(call("error_category", text as string), category as string);
  }
  assert.is(
    show(
      m.call(
        "group_by",
        list([1, 2]),
        callable((x) => (x as number) % 2),
      ),
    ),
    "{0: [2], 1: [1]}",
  );
  assert.is(
    failure(() => m.call("group_by", list([]))),
    "runtime: group_by: callback is required",
  );
  assert.is(
    failure(() => m.call("chunk", 5)),
    "type: chunk: first argument must be a list, got int",
  );
});

test.run();
