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
import { Random, seedOfRun } from "../bytecode/random-chunk.ts";
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
  if (expected.kind === "unspecified") return null;
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
  const first = seedOfRun();
  const count = Number(process.env.COUNT ?? (process.env.SEED === undefined ? 1500 : 1));
  const seen = { compared: 0, error: 0, skipped: 0 };
  for (let seed = first; seed < first + count; seed++) seen[await compare(seed)]++;
  if (count < 100) return;
  const report = JSON.stringify(seen);
  assert.ok(seen.skipped < count / 5, `too many scripts say nothing: ${report}`);
  assert.ok(seen.error > count / 6 && seen.compared > count / 6, `errors happen too often or too seldom: ${report}`);
});

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
