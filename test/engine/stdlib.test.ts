/** Embedded modules belong to the engine, not to the files around a program. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LANGUAGE_ONLY } from "../../src/engine/environment.ts";
import { ProgramLoader } from "../../src/engine/load.ts";
import { STDLIB } from "../../src/engine/stdlib.ts";
import { SourceText } from "../../src/source/text.ts";

const load = (text: string) => new ProgramLoader(LANGUAGE_ONLY.environment, null).load(new SourceText("main.harn", text), null);

test("every module compiles without a word, and is there where no files are", () => {
  for (const name of STDLIB.keys()) {
    const { program, diagnostics } = load(`import "std/${name}"`);
    assert.equal(diagnostics, [], name);
    const module = program?.modules.get(`<stdlib>/${name}.harn`);
    assert.ok(module !== undefined && module.chunk.exports.length > 0, name);
    assert.is(module.source.isShown, false);
  }
});

test("modules that import each other's functions are loaded once", () => {
  const { program } = load('import "std/context"\nimport "std/collections"');
  assert.equal([...(program?.modules.keys() ?? [])].sort(), ["<stdlib>/collections.harn", "<stdlib>/context.harn"]);
});

test.run();
