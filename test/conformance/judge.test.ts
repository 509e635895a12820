import { test } from "uvu";
import * as assert from "uvu/assert";
import { judge, type Outcome, reducedCheck } from "../../src/conformance/judge.ts";

const outcome = (parts: Partial<Outcome>): Outcome => ({ stdout: "", stderr: "", exitCode: 0, signal: null, ...parts });

test("standard output must be equal but for trailing blanks", () => {
  assert.is(judge({ kind: "expected", text: "a\nb\n" }, outcome({ stdout: "a\r\nb\n\n" })), null);
  assert.match(judge({ kind: "expected", text: "a\nb\n" }, outcome({ stdout: "a\nc\n" }))!, /- ?b\n.*\+ ?c/);
});

test("a chosen exit code is fine, a failure is not", () => {
  assert.is(judge({ kind: "expected", text: "" }, outcome({ exitCode: 3 })), null);
  assert.match(judge({ kind: "expected", text: "" }, outcome({ exitCode: 1, stderr: "error: no\n" }))!, /exit code 1: error: no/);
});

test("a signal is never right", () => {
  assert.match(judge({ kind: "expected", text: "" }, outcome({ exitCode: null, signal: "SIGSEGV" }))!, /SIGSEGV/);
});

test("an error matches one of its alternatives", () => {
  const expectation = { kind: "error" as const, alternatives: ["no such", "re:^error: .* text$"] };
  assert.is(judge(expectation, outcome({ exitCode: 1, stderr: "error: other TEXT" })), null);
  assert.match(judge(expectation, outcome({ exitCode: 1, stderr: "warning" }))!, /contains none of/);
  assert.match(judge(expectation, outcome({ exitCode: 0, stderr: "no such" }))!, /succeeded/);
});

test("diagnostics are reduced to line, kind and message", () => {
  const stderr = `warning: late
  --> x.harn:12:3
   |
12 | abc
error: no place
error: early
 --> x.harn:2:1
   |
 2 | abc
   | ^ lint[some-rule]
`;
  assert.is(reducedCheck(stderr), "warning 12: late\nerror 0: no place\nlint 2: some-rule: early");
  assert.is(judge({ kind: "check", text: "error 0: no place\nlint 2: some-rule: early\nwarning 12: late\n" }, outcome({ stderr })), null);
});

test.run();
