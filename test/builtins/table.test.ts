import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseSignature } from "../../src/check/signature.ts";
import { BUILTINS } from "../../src/builtins/table.ts";
import type { Builtin } from "../../src/vm/native.ts";

const table = BUILTINS;
const methods: Builtin[] = Object.values(table.methods).flatMap((rows) => [...rows.values()]);
const globals = [...table.globals.values()];

test("every signature reads, and says how many arguments the body takes", () => {
  for (const row of globals) {
    const signature = parseSignature(row.signature);
    if (row.arity >= 0) assert.ok(row.arity >= signature.params.length, row.name);
  }
  for (const row of methods) {
    const { params } = parseSignature(row.signature);
    if (row.arity >= 0) assert.ok(row.arity <= params.length + 1 || row.arity <= 3, `method ${row.name}`);
  }
});

test("every row has a doc that is a sentence, and an example that shows its output", () => {
  for (const row of [...globals, ...methods]) {
    assert.match(row.doc, /^[A-Z`].*[.]$/, row.name);
    assert.match(row.example, /\/\/ -> /, row.name);
  }
});

test("no name is both there and missing", () => {
  for (const name of table.unsupported) assert.not.ok(table.globals.has(name), name);
});

test("engines share the rows, so none can be changed", () => {
  for (const row of [...globals, ...methods]) assert.ok(Object.isFrozen(row), row.name);
});

test.run();
