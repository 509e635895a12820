/**
 * Broken programs: whatever is done to a text, the parser answers, its answer hangs together, and it agrees with the grammar.
 *
 * `MUTATIONS` says how many (5,000 by default), `SEED` repeats a run.
 */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readGrammar } from "../../scripts/ebnf.ts";
import { renderDiagnostics } from "../../src/diagnostics/render.ts";
import { SourceText } from "../../src/source/text.ts";
import { lex } from "../../src/syntax/lexer.ts";
import { parse } from "../../src/syntax/parse.ts";
import { mutate } from "./mutate.ts";
import { recognises } from "./recogniser.ts";
import { makeProgram } from "./sentences.ts";
import { chooseSeed, randomFrom } from "./support.ts";

const GRAMMAR = readGrammar(readFileSync(new URL("../../grammar/harn.ebnf", import.meta.url), "utf8"));
const COUNT = Number(process.env.MUTATIONS ?? 5000);

function check(text: string): void {
  const source = new SourceText("t.harn", text);
  const { program, diagnostics, plain, work } = parse(source);
  assert.is(plain === null, diagnostics.length === 0);
  assert.ok(work <= 40 * (text.length + 10), `${work} steps for ${text.length} characters`);
  for (const { span } of diagnostics) assert.ok(span !== null && span.start >= 0 && span.start <= span.end && span.end <= text.length);
  for (const { span } of program.items) assert.ok(span.start >= 0 && span.start <= span.end && span.end <= text.length);
  renderDiagnostics(diagnostics);
  const { tokens, error } = lex(source);
  if (error === null && diagnostics[0]?.code !== "limit/nesting")
    assert.is(plain === null, recognises(GRAMMAR, source, tokens), `parser: ${plain}`);
}

test(`${COUNT} broken programs`, () => {
  const random = randomFrom(chooseSeed("mutation"));
  for (let i = 0; i < COUNT; i++) {
    let text = makeProgram(GRAMMAR, random, 1 + Math.floor(random() * 3));
    for (let edits = 1 + Math.floor(random() * 4); edits > 0; edits--) text = mutate(text, random);
    try {
      check(text);
    } catch (error) {
      throw new Error(`${(error as Error).message}\n--- text\n${text}`);
    }
  }
});

test.run();
