/**
 * Random scripts give on the VM what they give when a plain evaluator walks their tree: value, output, error text and place alike.
 *
 * `SEED=n` repeats one script, `COUNT=n` runs so many; both together run `n` scripts from a seed on.
 */
import { readdirSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SourceText } from "../../src/source/text.ts";
import { parse } from "../../src/syntax/parse.ts";
import { Random } from "../bytecode/random-chunk.ts";
import { chooseSeed } from "../syntax/support.ts";
import { evaluate, type Result } from "./evaluate.ts";
import { generateScript } from "./generate.ts";
import { ScriptRunner } from "./machine.ts";

const runner = new ScriptRunner();

interface Answers {
  readonly source: SourceText;
  readonly expected: Result;
  /** Null: the compiler refuses the script. */
  readonly actual: Result | null;
}

/** Both answers; null when the plain evaluator has none. */
async function answersTo(path: string, text: string): Promise<Answers | null> {
  const source = new SourceText(path, text);
  const { program, plain } = parse(source);
  assert.is(plain, null, `${plain}\n${text}`);
  const expected = evaluate(program, source);
  // An error that the evaluator cannot place is none that it knows enough about.
  if (expected.kind === "unspecified" || (expected.kind === "error" && (expected.place as unknown) === null)) return null;
  const chunk = runner.compile(source, program);
  return { source, expected, actual: chunk === null ? null : await runner.run(chunk, source) };
}

/** A result as people read it: places as line and column, with the text there. */
function shown(result: Result, source: SourceText): unknown {
  if (result.kind !== "error") return result;
  const { start, end } = result.place;
  return { ...result, place: source.position(start), at: source.text.slice(start, end) };
}

async function compare(seed: number): Promise<"compared" | "error" | "skipped"> {
  const text = generateScript(new Random(seed));
  try {
    const answers = await answersTo("random.harn", text);
    if (answers === null || answers.actual === null) return "skipped";
    const { source, expected, actual } = answers;
    assert.equal(shown(actual, source), shown(expected, source));
    return expected.kind === "error" ? "error" : "compared";
  } catch (error) {
    console.error(`SEED=${seed}\n${text}`);
    throw error;
  }
}

test("random scripts", async () => {
  const first = chooseSeed("random scripts");
  const count = Number(process.env.COUNT ?? (process.env.SEED === undefined || process.env.SEED === "random" ? 1500 : 1));
  const seen = { compared: 0, error: 0, skipped: 0 };
  for (let seed = first; seed < first + count; seed++) seen[await compare(seed)]++;
  if (count < 100) return;
  const report = JSON.stringify(seen);
  assert.ok(seen.skipped < count / 5, `too many scripts say nothing: ${report}`);
  assert.ok(seen.error > count / 6 && seen.compared > count / 6, `errors happen too often or too seldom: ${report}`);
});

/** Scripts that once went wrong, with what both must say: the value or error, its place, and before that what was printed. */
const FOUND: Readonly<Record<string, readonly [script: string, answer: string]>> = {
  "a name is called as its arguments leave it": ["var f = len\nreturn f(if true {\n  f = { x -> x + 1 }\n  4\n} else {\n  0\n})", "5"],
  "an enum value that nobody wants": ["enum E { A(x) }\nfn f() {\n  E.A(1)\n  return 2\n}\nreturn f()", "2"],
  "rest arguments beside a spread": ["fn f(a, ...r) { return r }\nreturn f(...[1, 2], ...[3])", "[2, 3]"],
  "the innermost function of a name is brought along": [
    "fn f() { return qqqqaaaaaaaa() }\nfn qqqqaaaaaaaa() { return 1 }\nreturn if true {\n  let qqqqaaaaaaaa = { -> 2 }\n  f()\n} else {\n  0\n}",
    "2",
  ],
  "an int beyond the host's against a fresh float": ["return [2 ** 63 >= 1.0 / 0.0, 2 ** 62 < 0.5 + 0.5]", "[false, false]"],
  "a compound assignment computes before it is refused": ["let a = nil\na += 1", "Type error: Cannot add nil and int (line 2) at 2:6"],
  "indexes are evaluated before an assignment is refused": [
    'let a = [1]\nfn i() {\n  println("i")\n  return 0\n}\na[i()] = 1',
    "i\nRuntime error: Cannot assign to immutable binding: a (line 6) at 6:3",
  ],
  "the old value is read before what is added": [
    'var d = 5\nfn e() {\n  println("e")\n  return 1\n}\nd.k += e()',
    "Type error: cannot access property `k` on int (line 6) at 6:1",
  ],
  "the old value of the right side is read there": [
    "var d = nil\nd.k = d.k.push(1)",
    "Type error: cannot access property `k` on nil (line 2) at 2:7",
  ],
  "what is added fails at its last leaf": [
    'var d = {k: 1}\nd.k += [d.k, "a"].first.x',
    "Type error: cannot access property `x` on int (line 2) at 2:14",
  ],
  "a container that cannot take the sum": ['var d = {k: 1}\nd["k"] += "ab"[0:1]', "Type error: Cannot add int and string (line 2) at 2:18"],
  "a pattern fails at the value": [
    "let {a, b} = [1, 2]",
    "Type error: cannot destructure list with {...} pattern — expected dict (line 1) at 1:18",
  ],
  "a negative literal is located behind its sign": ['return "a" + -1', "Type error: Cannot add string and int (line 1) at 1:15"],
  "a pipe's right side with a placeholder is one leaf": ["return 1 + (2 |> [_])", "Type error: Cannot add int and list (line 1) at 1:18"],
};

for (const [name, [script, expected]] of Object.entries(FOUND)) {
  test(name, async () => {
    const answers = await answersTo("found.harn", script);
    if (answers?.actual == null) throw new Error("no answer");
    const { source } = answers;
    for (const answer of [answers.expected, answers.actual]) assert.is(brief(answer, source), expected);
  });
}

function brief(answer: Result, source: SourceText): string {
  if (answer.kind === "unspecified") return answer.why;
  if (answer.kind === "value") return answer.output + answer.text;
  const { line, column } = source.position(answer.place.start);
  return `${answer.output}${answer.text} at ${line}:${column}`;
}

test("the plain evaluator agrees with the conformance suite where it knows the language", async () => {
  let compared = 0;
  for (const entry of readdirSync("conformance", { recursive: true, encoding: "utf8" })) {
    if (!entry.endsWith(".expected") || entry.startsWith("durable")) continue;
    const path = `conformance/${entry.replace(/expected$/, "harn")}`;
    const source = new SourceText(path, readFileSync(path, "utf8"));
    const { program, plain } = parse(source);
    const result = plain === null ? evaluate(program, source) : null;
    if (result?.kind !== "value") continue;
    assert.is(result.output.trimEnd(), readFileSync(`conformance/${entry}`, "utf8").trimEnd(), path);
    compared++;
  }
  assert.ok(compared > 50, `only ${compared} scripts compared`);
});

test.run();
