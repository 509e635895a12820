import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseSignature, parseTypeText } from "../../src/check/signature.ts";

test("parameters carry name, type and whether they may be left out", () => {
  const { params, result, minArgs, maxArgs, typeParams } = parseSignature("(text: string, sep?: string) -> list<string>");
  assert.equal(params, [
    { name: "text", type: { kind: "Named", name: "string" }, optional: false, rest: false },
    { name: "sep", type: { kind: "Named", name: "string" }, optional: true, rest: false },
  ]);
  assert.equal(result, { kind: "ListType", item: { kind: "Named", name: "string" } });
  assert.equal([minArgs, maxArgs, typeParams], [1, 2, []]);
});

test("a rest parameter takes any number of arguments", () => {
  const { params, minArgs, maxArgs } = parseSignature("(format: string, ...rest: any) -> string");
  assert.is(params[1]?.rest, true);
  assert.equal([minArgs, maxArgs], [1, Number.POSITIVE_INFINITY]);
});

test("type parameters, unions, shapes, functions and literals are read", () => {
  const signature = parseSignature(
    '<T>(v: unknown, s: Schema<T>, f: fn(int, T) -> T | nil, o?: {mode: "a" | "b", n?: -3}) -> Result<T, string>',
  );
  assert.equal(signature.typeParams, ["T"]);
  assert.equal(signature.params[1]?.type, { kind: "Applied", name: "Schema", args: [{ kind: "Named", name: "T" }] });
  assert.is(signature.params[2]?.type.kind, "FnType");
  assert.equal(signature.params[3]?.type, {
    kind: "Shape",
    fields: [
      {
        name: "mode",
        type: {
          kind: "Union",
          members: [
            { kind: "LitString", value: "a" },
            { kind: "LitString", value: "b" },
          ],
        },
        optional: false,
      },
      { name: "n", type: { kind: "LitInt", value: -3n }, optional: true },
    ],
  });
  assert.equal(signature.result, {
    kind: "Applied",
    name: "Result",
    args: [
      { kind: "Named", name: "T" },
      { kind: "Named", name: "string" },
    ],
  });
});

test("a parameter without a type, and a signature without a result, are any", () => {
  const { params, result } = parseSignature("(value)");
  assert.equal(params[0]?.type, { kind: "Named", name: "any" });
  assert.equal(result, { kind: "Named", name: "any" });
  assert.equal(parseSignature("() -> never").result, { kind: "Never" });
});

test("known constructors with the wrong number of arguments are plain applications", () => {
  assert.equal(parseTypeText("dict<int>"), { kind: "Applied", name: "dict", args: [{ kind: "Named", name: "int" }] });
  assert.equal(parseTypeText("[int]"), { kind: "ListType", item: { kind: "Named", name: "int" } });
});

test("a malformed signature names its column", () => {
  for (const text of ["", "(a b)", "(a: )", "(a?, b)", "(...a, b)", "() -> int extra", "(a: fn(int))"]) {
    assert.throws(() => parseSignature(text), /column \d+ of signature/, text);
  }
});

test.run();
