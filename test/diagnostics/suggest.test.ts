/** The two rules of did-you-mean. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { editDistance, nearestName, suggestAtRunTime } from "../../src/diagnostics/suggest.ts";

test("before the run: distance 2 at most, the first of the nearest", () => {
  assert.is(nearestName("calculate_totl", ["other", "calculate_total"]), "calculate_total");
  assert.is(nearestName("abcd", ["abxx", "abcx", "abcy"]), "abcx");
  assert.is(nearestName("abcd", ["wxyz", "abcdefg"]), null);
  assert.is(nearestName("abcd", ["abcd"]), null);
});

test("before the run: lengths differ by two bytes at most", () => {
  assert.is(nearestName("ab", ["ab😀"]), null);
  assert.is(nearestName("ab", ["abé"]), "abé");
});

test("in the run: the distance allowed grows with the name", () => {
  assert.is(suggestAtRunTime("ab", ["ax"]), "ax");
  assert.is(suggestAtRunTime("ab", ["xy"]), null);
  assert.is(suggestAtRunTime("abcd", ["abxy"]), "abxy");
  assert.is(suggestAtRunTime("abcd", ["axyz"]), null);
  assert.is(suggestAtRunTime("custmer", ["customer"]), "customer");
  assert.is(suggestAtRunTime("abcdef", ["abcxyz"]), "abcxyz");
});

test("in the run: ties go to the closest length, then the alphabet; hidden names are never shown", () => {
  assert.is(suggestAtRunTime("abcd", ["abcde", "abcx"]), "abcx");
  assert.is(suggestAtRunTime("abcd", ["abcy", "abcx"]), "abcx");
  assert.is(suggestAtRunTime("__pipe_", ["__pipe"]), null);
});

test("edit distance counts insertions, deletions and replacements of code points", () => {
  assert.is(editDistance([..."kitten"], [..."sitting"], 5), 3);
  assert.is(editDistance([..."😀a"], [..."a"], 5), 1);
  assert.is(editDistance([..."aaaa"], [..."bbbb"], 2), 3);
});

test.run();
