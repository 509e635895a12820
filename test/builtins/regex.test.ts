import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Value } from "../../src/vm/values.ts";
import { failure, machine, show } from "./support.ts";

const m = machine();
const match = (pattern: string, text: string, flags = "") => show(m.call("regex_match", pattern, text, flags));
const call = (name: string, ...args: Value[]) => show(m.call(name, ...args));

test("matches", () => {
  assert.is(match("\\d+", "a1 b22 c333"), "[1, 22, 333]");
  assert.is(match("", "ab"), "[, , ]");
  assert.is(match("b*", "bba"), "[bb, ]");
  assert.is(match("a|ab", "abab"), "[a, a]");
  assert.is(match("(a)(b)?", "aab"), "[a, ab]");
  assert.is(match("a+?", "aaa"), "[a, a, a]");
  assert.is(match("$", "ab\n"), "[]");
  assert.is(match("x", "abc"), "nil");
  assert.is(match("(a*)*", "aab"), "[aa, ]");
  assert.is(match("a{2,3}", "aaaaa"), "[aaa, aa]");
});

test("Unicode everywhere", () => {
  assert.is(match("\\bé\\w*", "café étude"), "[étude]");
  assert.is(match("\\d+", "٣٤"), "[٣٤]");
  assert.is(match("É", "é", "i"), "[é]");
  assert.is(match("[^a]", "😀"), "[😀]");
  assert.is(match("k", "\u212a", "i"), "[\u212a]");
  assert.is(match("\\p{Greek}+", "abγδ"), "[γδ]");
  assert.is(match("\\pL", "1a"), "[a]");
});

test("classes", () => {
  assert.is(match("[a-z&&[^aeiou]]+", "hello"), "[h, ll]");
  assert.is(match("[a-z--[m-z]]+", "lamp"), "[la]");
  assert.is(match("[]a]+", "a]b"), "[a]]");
  assert.is(match("[[:alpha:]_-]+", "a-b_1"), "[a-b_]");
  assert.is(match("[^\\d\\s]+", "a1 b"), "[a, b]");
  assert.is(match("(?i)[^a]", "Ab"), "[b]");
});

test("flags", () => {
  assert.is(match("^b", "a\nb"), "nil");
  assert.is(match("^b", "a\nb", "m"), "[b]");
  assert.is(match("a.b", "a\nb", "s"), "[a\nb]");
  assert.is(match("a b # note\n c", "abc", "x"), "[abc]");
  assert.is(match("a(?i:b)c", "aBc aBC"), "[aBc]");
  assert.is(match("(?U)a+", "aaa"), "[a, a, a]");
  assert.is(
    failure(() => match("a", "a", "q")),
    "Invalid regex: unsupported regex flag 'q', expected one of i/m/s/x",
  );
});

test("what is no pattern", () => {
  const bad = [
    "(?=a)",
    "(?<=a)b",
    "(a)\\1",
    "(",
    ")",
    "[z-a]",
    "*a",
    "\\q",
    "a\\Z",
    "a{2,1}",
    "(?P<n>a)(?P<n>b)",
    "\\p{Nope}",
    "[a-z",
    "x{,2}",
    "{",
  ];
  for (const pattern of bad)
    assert.match(
      failure(() => match(pattern, "abc")),
      /^Invalid regex: /,
      pattern,
    );
  for (const pattern of ["a**", "a++", "]", "\\-\\#\\ ", "a{2}{3}"]) match(pattern, "abc");
});

test("captures, replacements and pieces", () => {
  assert.is(call("regex_captures", "(\\w)(\\d)?", "a1 b"), "[{groups: [a, 1], match: a1}, {groups: [b, nil], match: b}]");
  assert.is(call("regex_captures", "(?P<a>a)|(?<b>b)", "ba"), "[{b: b, groups: [nil, b], match: b}, {a: a, groups: [a, nil], match: a}]");
  assert.is(call("regex_replace", "(\\w+) (\\w+)", "$2 $1", "hello world"), "world hello");
  assert.is(call("regex_replace", "(a)", "$1x", "a"), "");
  assert.is(call("regex_replace", "a", "$-$$", "ba"), "b$-$");
  assert.is(call("regex_replace", "b*", "-", "abba"), "-a-a-");
  assert.is(call("regex_split", "abc", ""), "[, a, b, c, ]");
  assert.is(call("regex_split", "", ","), "[]");
});

test("a pattern that makes other engines hang costs in proportion to the text", () => {
  const before = m.burned;
  assert.is(match("(a+)+$", `${"a".repeat(2000)}b`), "nil");
  assert.ok(m.burned - before < 5_000_000);
});

test.run();
