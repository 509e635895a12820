/** Compares what a script did with what its fixture expects. Pure: texts in, verdict out. */
import { createTwoFilesPatch } from "diff";
import type { Expectation } from "./fixture.ts";

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  /** Null when a signal ended the process. */
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** Null when the expectation holds, else what is wrong, for people. */
export function judge(expectation: Expectation, outcome: Outcome): string | null {
  if (outcome.signal !== null) return `ended by ${outcome.signal}`;
  if (expectation.kind === "expected") return judgeOutput(expectation.text, outcome);
  if (expectation.kind === "error") return judgeError(expectation.alternatives, outcome);
  return sameText(reduceDiagnostics(expectation.text), reduceDiagnostics(reducedCheck(outcome.stderr)), "diagnostics");
}

function judgeOutput(expected: string, outcome: Outcome): string | null {
  const difference = sameText(expected, outcome.stdout, "standard output");
  // A script may choose its exit code by an int it returns; failures and returned errors exit with 1 or say something.
  const failed = outcome.exitCode === 1 || (outcome.exitCode !== 0 && outcome.stderr.trim() !== "");
  if (!failed) return difference;
  return [`exit code ${outcome.exitCode}: ${firstLine(outcome.stderr)}`, difference].filter((part) => part !== null).join("\n");
}

function judgeError(alternatives: readonly string[], outcome: Outcome): string | null {
  if (outcome.exitCode === 0) return `succeeded, but an error was expected: ${alternatives.join(" | ")}`;
  if (alternatives.some((line) => matches(line, outcome.stderr))) return null;
  return `standard error contains none of:\n${alternatives.map((line) => `  ${line}`).join("\n")}\nbut is:\n${indent(outcome.stderr)}`;
}

function matches(line: string, stderr: string): boolean {
  return line.startsWith("re:") ? new RegExp(line.slice(3).trim(), "i").test(stderr) : stderr.includes(line);
}

function sameText(expected: string, actual: string, what: string): string | null {
  const wanted = trimmed(expected);
  const got = trimmed(actual);
  if (wanted === got) return null;
  const patch = createTwoFilesPatch("expected", "actual", `${wanted}\n`, `${got}\n`, "", "", { context: 2 });
  const body = patch
    .split("\n")
    .slice(4)
    .filter((line) => !line.startsWith("@@"))
    .join("\n");
  return `${what} differs (- expected, + actual):\n${indent(body)}`;
}

/** Without carriage returns and the blanks at the end. */
export function trimmed(text: string): string {
  return text.replaceAll("\r", "").trimEnd();
}

const indent = (text: string): string =>
  trimmed(text)
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
const firstLine = (text: string): string => trimmed(text).split("\n")[0]!;

/**
 * The rendered diagnostics as one line each: `error LINE: MESSAGE`, `warning LINE: MESSAGE` or `lint LINE: RULE: MESSAGE`; LINE is 0
 * for a diagnostic without a place.
 */
export function reducedCheck(stderr: string): string {
  const reduced: string[] = [];
  for (const part of trimmed(stderr).split(/^(?=(?:error|warning): )/m)) {
    const head = /^(error|warning): (.*)/.exec(part);
    if (head === null) continue;
    const line = /^ *--> .*?:(\d+)/m.exec(part)?.[1] ?? "0";
    const rule = /\^ lint\[([^\]]+)\]/.exec(part)?.[1];
    reduced.push(rule === undefined ? `${head[1]} ${line}: ${head[2]}` : `lint ${line}: ${rule}: ${head[2]}`);
  }
  return reduced.join("\n");
}

/** Sorted by line, kind and message. */
function reduceDiagnostics(text: string): string {
  const key = (row: string): [number, string] => [Number(/^\w+ (\d+)/.exec(row)?.[1] ?? 0), row];
  return trimmed(text)
    .split("\n")
    .sort((a, b) => key(a)[0] - key(b)[0] || (a < b ? -1 : a > b ? 1 : 0))
    .join("\n");
}
