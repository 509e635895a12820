import { test } from "uvu";
import * as assert from "uvu/assert";
import { folderTable, holds, jsonReport, junitReport, summarize, summaryText } from "../../src/conformance/report.ts";
import type { Verdict } from "../../src/conformance/run.ts";
import { patternOf, Unseen } from "../../src/conformance/texts.ts";

function verdict(id: string, problem: string | null, known: string | null = null): Verdict {
  const fixture = { id, path: `${id}.harn`, expectations: [], sequence: null, crashes: [] };
  return { fixture, problem, known, durationMs: 12, output: "", crashPoints: [], crashes: { tried: 2, held: 1 } };
}

const verdicts = [
  verdict("a/one", null),
  verdict("a/two", "x < y & z"),
  verdict("b", "known one", "later"),
  verdict("c", null, "long ago"),
];

test("a listed fixture that passes fails the run, and so does an entry without a fixture", () => {
  const summary = summarize(verdicts, ["b", "c", "gone"]);
  assert.is(summary.passed, 1);
  assert.equal(
    [summary.failed, summary.known, summary.risen].map((list) => list.map((v) => v.fixture.id)),
    [["a/two"], ["b"], ["c"]],
  );
  assert.equal(summary.stale, ["gone"]);
  assert.not(holds(summary));
  assert.not(holds(summarize([verdict("c", null, "long ago")], ["c"])));
  assert.ok(holds(summarize([verdict("b", "known", "later")], ["b"])));
});

test("the reports name what matters", () => {
  const unseen = { texts: ["Never seen <x>"], failpoints: ["run.end.after"] };
  const text = summaryText(summarize(verdicts, ["b", "c"]), unseen);
  assert.match(text, /PASSES NOW c/);
  assert.match(text, /Never seen <x>/);
  assert.match(text, /run\.end\.after/);
  assert.match(text, /4 of 8 crashes were recovered from/);
  assert.match(text, /2 of 4 fixtures hold, 1 known failures, 1 fail/);
  assert.match(folderTable(verdicts), /^a +1 \/ 2\n/);
  assert.is(JSON.parse(jsonReport(verdicts, unseen)).fixtures[1].status, "failed");
  assert.match(junitReport(verdicts), /<failure message="x &lt; y &amp; z">/);
});

test("texts match with any words in their places", () => {
  assert.match("Type error: cannot slice dict", patternOf("Type error: cannot slice <T>"));
  assert.not.match("Type error: cannot slice", patternOf("Type error: cannot slice <T>"));
  assert.match("found `<<` heredoc-like", patternOf("found `<<` heredoc"));
  const unseen = new Unseen([["a", /one/] as const, ["b", /two/] as const]);
  unseen.see("this is one");
  assert.equal(unseen.rest(), ["b"]);
});

test.run();
