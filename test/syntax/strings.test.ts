/** String literals: escapes, raw strings, interpolation, and what happens to the indent of block strings. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { itemOf, itemsOf } from "./support.ts";

interface Literal {
  readonly kind: string;
  readonly value?: string;
  readonly segments?: readonly (string | { readonly kind: string; readonly name?: string })[];
}

/** A plain literal as its value, an interpolated one as its segments with names in angle brackets. */
function read(text: string): unknown {
  const literal = itemOf(text) as Literal;
  if (literal.segments === undefined) return literal.value;
  return literal.segments.map((segment) =>
    typeof segment === "string" ? segment : `<${segment.kind === "Identifier" ? segment.name : segment.kind}>`,
  );
}

test("escapes", () => {
  assert.is(read(String.raw`"a\n\t\\\"\$b"`), 'a\n\t\\"$b');
  assert.is(read(String.raw`"\r\0\u{41}\q"`), String.raw`\r\0\u{41}\q`);
  assert.is(read('"a\\\nb"'), "a\\\nb");
  assert.is(read(String.raw`"\${x} $ $x {}"`), "${x} $ $x {}");
});

test("raw strings know no escapes and no interpolation", () => {
  assert.is(read('r"\\d+ ${x} \\"'), "\\d+ ${x} \\");
});

test("an interpolated string is a list of segments", () => {
  assert.equal(read('"a ${b} c${d}"'), ["a ", "<b>", " c", "<d>"]);
  assert.equal(read('"${f("k")}"'), ["<FunctionCall>"]);
  assert.equal(read('"${{a: 1}}"'), ["<DictLiteral>"]);
  assert.equal(read('"${\n a\n}"'), ["<a>"]);
});

test("what follows the expression is ignored, what does not parse is text, what does not lex vanishes", () => {
  assert.equal(read('"${a b c}"'), ["<a>"]);
  assert.equal(read('"x${)}y"'), ["x)y"]);
  assert.equal(read('"x${#}y"'), ["xy"]);
});

test("places inside an interpolation are places of the file", () => {
  const second = itemsOf('let a = 1\nlet b = "x${ foo }"')[1];
  assert.ok(second?.kind === "LetBinding" && second.value.kind === "InterpolatedString");
  const segment = second.value.segments[1];
  assert.ok(typeof segment === "object");
  assert.equal(segment.span, { start: 23, end: 26 });
});

test("a block string loses its first line feed and its common indent", () => {
  assert.is(read('"""\n    a\n      b\n\n    c\n    """'), "a\n  b\n\nc");
  assert.is(read('"""x"""'), "x");
  assert.is(read('"""\n  x"""'), "x");
  assert.is(read('"""\n\ta\n\tb"""'), "a\nb");
});

test("a block string without common indent loses one trailing line feed", () => {
  assert.is(read('"""a\n  b\n"""'), "a\n  b");
  assert.is(read('"""\n  \n"""'), "  \n");
  assert.is(read('"""\r\na\n"""'), "\r\na");
});

test("a block string has no escapes and ends at the first three quotes", () => {
  assert.is(read('"""a\\n"b" \\"""'), 'a\\n"b" \\');
});

test("an interpolated block string is dedented segment by segment", () => {
  assert.equal(read('"""\n    id ${n} of ${k}\n      next\n    """'), ["id ", "<n>", "of ", "<k>", "\n  next"]);
  assert.equal(read('"""\n  ${a}\n  ${b}\n  x\n  """'), ["<a>", "<b>", "\nx"]);
});

test("an interpolated block string without common indent keeps all but a blank end", () => {
  assert.equal(read('"""a ${b}\n  """'), ["a ", "<b>"]);
  assert.equal(read('"""\na\n  ${b} c\n"""'), ["a\n  ", "<b>", " c\n"]);
});

test.run();
