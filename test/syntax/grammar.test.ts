/** Holds `grammar/harn.ebnf` against the parser, and the drawing against the grammar. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readGrammar } from "../../scripts/ebnf.ts";
import { drawGrammar } from "../../scripts/railroad.ts";
import { SourceText } from "../../src/source/text.ts";
import { lex } from "../../src/syntax/lexer.ts";
import { parse } from "../../src/syntax/parse.ts";
import { PUNCTUATION, RESERVED_WORDS } from "../../src/syntax/tokens.ts";
import { recognises } from "./recogniser.ts";
import { makeProgram } from "./sentences.ts";
import { chooseSeed, randomFrom } from "./support.ts";

const GRAMMAR_TEXT = readFileSync(new URL("../../grammar/harn.ebnf", import.meta.url), "utf8");
const GRAMMAR = readGrammar(GRAMMAR_TEXT);

test("grammar and parser accept the same programs", () => {
  const random = randomFrom(chooseSeed("grammar"));
  let accepted = 0;
  const total = 3000;
  for (let i = 0; i < total; i++) {
    const source = new SourceText("t.harn", makeProgram(GRAMMAR, random, 1 + Math.floor(random() * 2)));
    const { tokens, error } = lex(source);
    const { plain, diagnostics } = parse(source);
    if (error !== null || diagnostics[0]?.code === "limit/nesting") continue;
    const expected = recognises(GRAMMAR, source, tokens);
    assert.is(plain === null, expected, `the grammar says ${expected}, the parser ${plain}:\n${source.text}`);
    if (expected) accepted++;
  }
  assert.ok(accepted > total / 2, `only ${accepted} of ${total} sentences were programs`);
});

test("every token of the language stands in the grammar, and no other", () => {
  const used = new Set([...GRAMMAR_TEXT.replace(/\(\*[\s\S]*?\*\)/g, "").matchAll(/'([^']+)'/g)].map((match) => match[1] as string));
  assert.equal([...used].sort(), [...PUNCTUATION, ...RESERVED_WORDS].sort());
});

test("every rule is used", () => {
  const text = GRAMMAR_TEXT.replace(/\(\*[\s\S]*?\*\)/g, "");
  for (const name of GRAMMAR.keys()) {
    const uses = text.match(new RegExp(`(?<![\\w"'])${name}(?![\\w"'])`, "g"))?.length ?? 0;
    assert.ok(uses > 1 || name === "program", `rule ${name} is not used`);
  }
});

test("the railroad diagrams are drawn from this grammar", () => {
  const drawn = readFileSync(new URL("../../grammar/railroad.html", import.meta.url), "utf8");
  assert.ok(drawn === drawGrammar(GRAMMAR), "grammar/railroad.html differs; run node --import tsx scripts/grammar.ts");
});

test("a faulty grammar is refused with its line", () => {
  assert.throws(() => readGrammar("a = 'x' ;\na = 'y' ;"), /line 2: rule a is defined twice/);
  assert.throws(() => readGrammar("a = b ;"), /rule a uses b, which is not defined/);
  assert.throws(() => readGrammar("a = ( 'x' ;"), /line 1: expected \)/);
  assert.throws(() => readGrammar("a = $ ;"), /line 1: unexpected \$/);
});

test.run();
