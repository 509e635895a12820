/** The schemas that type aliases stand for, as constants of the code. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Constant } from "../../src/bytecode/chunk.ts";
import { constantText } from "../../src/bytecode/disassemble.ts";
import { assertSound, throughFrontEnd } from "./front_end.ts";

/** Dicts among the constants of a text's top level. */
function schemas(text: string): string[] {
  const answer = throughFrontEnd("types.harn", text);
  assertSound(answer);
  const isDict = (constant: Constant): boolean => typeof constant === "object" && constant !== null && constant.kind === "dict";
  return (answer.chunks[0]?.main.constants ?? []).filter(isDict).map(constantText);
}

test("a schema is one constant, however often it is used", () => {
  const text = `type A = {a: int}\n${"println(schema_is(1, A))\n".repeat(20)}println(schema_of(A))`;
  assert.equal(schemas(text), ['dict("type": "dict", "properties": dict("a": dict("type": "int")), "required": list("a"))']);
});

test("ints beyond the safe range stay exact", () => {
  assert.equal(schemas("type Big = 9007199254740993\nprintln(schema_of(Big))"), ['dict("type": "int", "const": 9007199254740993n)']);
});

test("aliases that double with every step are refused, not written out", () => {
  const steps = Array.from({ length: 40 }, (_, i) => `type A${i + 1} = {l: A${i}, r: A${i}}`).join("\n");
  const { chunks, diagnostics } = throughFrontEnd(
    "types.harn",
    `type A0 = int\n${steps}\nprintln(schema_of(A40))\nprintln(schema_of(A40))`,
  );
  assert.is(chunks.length, 1, "only as an imported file, whose statements do not run");
  assert.is(diagnostics.filter((diagnostic) => diagnostic.code === "limit/schema-size").length, 1, "it is said once");
});

test("generic, attributed and nested aliases have no schema", () => {
  assert.equal(schemas("type G<T> = T\nprintln(schema_of(G))"), []);
  assert.equal(schemas("@deprecated\ntype A = int\nprintln(schema_of(A))"), []);
  assert.equal(schemas("if true {\n  type A = int\n  println(schema_of(A))\n}"), []);
});

test.run();
