/** Printing: the text of a tree parses to the same tree. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readGrammar } from "../../scripts/ebnf.ts";
import { printNode, printProgram } from "./print.ts";
import { makeProgram } from "./sentences.ts";
import { bare, chooseSeed, itemsOf, parseText, randomFrom } from "./support.ts";

const GRAMMAR = readGrammar(readFileSync(new URL("../../grammar/harn.ebnf", import.meta.url), "utf8"));

function assertRoundTrip(text: string): void {
  const first = parseText(text);
  const printed = printProgram(first.program);
  const second = parseText(printed);
  assert.is(second.plain, null, `${text}\n--- printed\n${printed}`);
  assert.equal(bare(second.program.items), bare(first.program.items), `${text}\n--- printed\n${printed}`);
  assert.is(printProgram(second.program), printed);
}

test("random programs survive being printed", () => {
  const random = randomFrom(chooseSeed("print"));
  let printed = 0;
  for (let i = 0; i < 2000; i++) {
    const text = makeProgram(GRAMMAR, random, 1 + Math.floor(random() * 3));
    if (parseText(text).plain !== null) continue;
    assertRoundTrip(text);
    printed++;
  }
  assert.ok(printed > 1000);
});

const TRICKY: readonly string[] = [
  'let a = "}${"{" "x"}${"}"}{"',
  'let a = "${#}${)}"',
  'let a = "${"${"${b}"}"}"',
  'let a = """\n  ${a}\n\n  b\n"""',
  "let a = 1.0 + 0.00000012 + 123456789012345678901234567890 + 9223372036854775808w",
  "let a = { -> fn() { { x -> -x } } }",
  "{ -> 1 }.run()",
  "(fn() { 1 }).run()",
  "let a = (if b { c })[0]",
  "let a = (b < c) > (d)",
  "let a = f(b < c, d > e)",
  "let a = {b: (f<fn() -> int>(1))}",
  "let a = f<int, list<string>>(1)",
  "if READY\n{}",
  "match READY\n{}",
  "for x in XS\n{}",
  "parallel each XS\n{} as stream",
  "parallel each XS with { max_concurrent: 2 } {}",
  "while (READY) {}",
  "retry READY {}",
  "if (a || READY) {}",
  "parallel each (each) { x -> x } as stream",
  "tool t() { (description)\n 1 }",
  "(const)[0] = 1",
  "let a = (not) in b",
  "let a = x ? (5s) : (y ? 1 : 2)",
  "let a = (x?) ? 1 : 2",
  "let a = ((x?)?)?.y",
  "let a = - -x ** - -2",
  "let a = b[(c ? d : e):f]",
  "let a = [...b, {...c}, -d, [e]]",
  "if a {} else { if b {} }",
  "if a {} else if b {} else {}",
  '@a(-1.5, x: [nil])\npub gen fn f<in T, out U>(a: -1 | "s", b = c, ...d: fn() -> int | nil) -> {a?: [T]} where T: X { yield }',
  "pipeline p(a) -> int extends q { return }",
  'skill s { to "x"\n run f(1) }',
  'eval_pack p "id" { a: 1\n f() }',
  "interface I { type A = int fn m(self) -> A type B }",
  "let {a: b = 1, ...c} = d; for (k, v) in e {}; var [x, ...y] = z",
  "try { 1 } catch (e: Oops) { 2 } finally { 3 }\ntry { 1 } catch { 2 }\ntry { 1 } finally { 3 }\ntry* f()",
];

for (const text of TRICKY) test(`tricky: ${text.split("\n")[0]}`, () => assertRoundTrip(text));

test("one node can be printed alone", () => {
  const [item] = itemsOf("let a   =  ( 1+2 )*3");
  assert.ok(item);
  assert.is(printNode(item), "let a = (1 + 2) * 3");
});

test.run();
