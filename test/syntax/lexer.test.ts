/** Tokens: numbers, durations, words, comments, places; and the three lexical errors. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SourceText } from "../../src/source/text.ts";
import { lex } from "../../src/syntax/lexer.ts";
import { parseText } from "./support.ts";

function tokensOf(text: string): string {
  const { tokens, error } = lex(new SourceText("t.harn", text));
  assert.is(error, null);
  return tokens.kinds
    .slice(0, -1)
    .map((kind, i) => (tokens.values[i] === null ? kind : `${kind}:${tokens.values[i]}`))
    .join(" ");
}
function lexError(text: string): string | undefined {
  return lex(new SourceText("t.harn", text)).error?.message;
}

test("numbers have no exponent, no separators and no leading or trailing dot", () => {
  assert.is(tokensOf("1 1.5 42.abs 5."), "int:1 float:1.5 int:42 . ident:abs int:5 .");
  assert.is(tokensOf("1e3 1_000 1.2.3 .5"), "int:1 ident:e3 int:1 ident:_000 float:1.2 . int:3 . int:5");
});

test("an int beyond 64 bits is a float", () => {
  assert.is(tokensOf("9223372036854775807 9223372036854775808"), "int:9223372036854775807 float:9223372036854776000");
});

test("durations need a boundary behind their unit, milliseconds none", () => {
  assert.is(
    tokensOf("5ms 2s 3m 1h 1d 1w"),
    "duration:5 duration:2000 duration:180000 duration:3600000 duration:86400000 duration:604800000",
  );
  assert.is(tokensOf("5msx 5sec 5s_ 1.5s"), "duration:5 ident:x int:5 ident:sec duration:5000 ident:_ float:1.5 ident:s");
  assert.is(tokensOf("18446744073709551616s"), "float:18446744073709552000 ident:s");
});

test("operators take the longest match", () => {
  assert.is(
    tokensOf("a>>b a>=b a||b a|>b a?.b a??b a**b a->b a--b"),
    "ident:a > > ident:b ident:a >= ident:b ident:a || ident:b ident:a |> ident:b ident:a ?. ident:b ident:a ?? ident:b ident:a ** ident:b ident:a -> ident:b ident:a - - ident:b",
  );
});

test("words are Unicode, case-sensitive, and reserved only as a whole", () => {
  assert.is(tokensOf("straße _x 数2 iff If if"), "ident:straße ident:_x ident:数2 ident:iff ident:If if");
});

test("a run of line ends is one token, comments and joined lines are none", () => {
  assert.is(tokensOf("a\n\n  // c\n\nb"), "ident:a newline ident:b");
  assert.is(tokensOf("a /* x\n/* y\n*/ */ b"), "ident:a ident:b");
  assert.is(tokensOf("a \\\n b"), "ident:a ident:b");
});

test("a first line that starts with #! is skipped", () => {
  assert.is(tokensOf("#!/usr/bin/env harn\na"), "newline ident:a");
});

test("comments are kept for tools when asked for", () => {
  const text = "/// doc\n//// plain\n/** block */\n/*** plain */\n/**/\n// end";
  const { comments } = lex(new SourceText("t.harn", text), { comments: true });
  assert.equal(
    comments.map(({ text: inner, isDoc, isBlock }) => [inner, isDoc, isBlock]),
    [
      [" doc", true, false],
      ["// plain", false, false],
      [" block ", true, true],
      ["** plain ", false, true],
      ["", false, true],
      [" end", false, false],
    ],
  );
  assert.equal(lex(new SourceText("t.harn", text)).comments, []);
});

test("unexpected characters are shown with their place in code points", () => {
  assert.is(lexError("let a = 1 & 2"), "Unexpected character '&' at 1:11");
  assert.is(lexError("# x"), "Unexpected character '#' at 1:1");
  assert.is(lexError('let a = "😀" ^'), "Unexpected character '^' at 1:13");
  assert.is(lexError("a 😀"), "Unexpected character '😀' at 1:3");
  assert.is(lexError("\ufeffa"), "Unexpected character '\ufeff' at 1:1");
  assert.is(lexError("a \\\r\nb"), "Unexpected character '\\' at 1:3");
  assert.is(lexError("a\u00a0b"), "Unexpected character '\u00a0' at 1:2");
});

test("an unterminated string points at its opening", () => {
  assert.is(lexError('let a = "x\n"'), "Unterminated string at 1:9");
  assert.is(lexError('let a = r"x'), "Unterminated string at 1:9");
  assert.is(lexError('let a = """x"'), "Unterminated string at 1:9");
  assert.is(lexError('let a = "${b'), "Unterminated string at 1:9");
  assert.is(lexError('"\\'), "Unterminated string at 1:1");
});

test("a blank interpolation of a one-line string is unexpected behind its brace", () => {
  assert.is(lexError('let a = "x${ }y"'), "Unexpected character 'y' at 1:15".replace("'y'", "'}'"));
});

test("an unterminated block comment points at its outermost opening", () => {
  assert.is(lexError("a /* b /* c */"), "Unterminated block comment at 1:3");
});

test("a lexical error is the only diagnostic and has one text for all", () => {
  const { diagnostics, plain, program } = parseText("let a = )\n#");
  assert.is(diagnostics.length, 1);
  assert.is(diagnostics[0]?.label, "here");
  assert.is(plain, "Unexpected character '#' at 2:1");
  assert.equal(program.items, []);
});

test.run();
