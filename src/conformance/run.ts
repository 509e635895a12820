/**
 * Runs fixtures and gathers verdicts. Each script runs as a process of its own in the script's folder with an empty state folder; the
 * parts of a sequence share one. What a run produced in texts and failpoints is compared with the tables afterwards.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { runCrashes } from "./crashes.ts";
import type { Fixture } from "./fixture.ts";
import { judge, type Outcome } from "./judge.ts";
import type { Ledger } from "./ledger.ts";
import { type HarnCommand, runHarn } from "./process.ts";

export interface Verdict {
  readonly fixture: Fixture;
  /** Null when everything expected holds. */
  readonly problem: string | null;
  readonly durationMs: number;
  /** Why it is known to fail; null when the ledger does not list it. */
  readonly known: string | null;
  /** Everything it wrote, for the table of texts. */
  readonly output: string;
  /** Failpoints at which it was made to crash. */
  readonly crashPoints: readonly string[];
  /** Stories of crashes and recoveries, and how many of them ended well. */
  readonly crashes: { readonly tried: number; readonly held: number };
}

export interface RunOptions {
  readonly command: HarnCommand;
  readonly ledger: Ledger;
  /** Fixtures at the same time. */
  readonly jobs: number;
  onVerdict(verdict: Verdict, done: number, total: number): void;
}

/** Runs all fixtures; the verdicts come back in the order of the fixtures. */
export async function runFixtures(fixtures: readonly Fixture[], options: RunOptions): Promise<Verdict[]> {
  const groups = groupsOf(fixtures);
  const verdicts = new Map<Fixture, Verdict>();
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let group = groups[next++]; group !== undefined; group = groups[next++]) {
      for await (const verdict of runGroup(group, options)) {
        verdicts.set(verdict.fixture, verdict);
        options.onVerdict(verdict, verdicts.size, fixtures.length);
      }
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, worker));
  return fixtures.map((fixture) => verdicts.get(fixture)!);
}

/** One fixture, or the parts of a sequence, which must run in order. */
function groupsOf(fixtures: readonly Fixture[]): Fixture[][] {
  const groups: Fixture[][] = [];
  for (const fixture of fixtures) {
    const last = groups.at(-1);
    if (last !== undefined && fixture.sequence !== null && last[0]!.sequence === fixture.sequence) last.push(fixture);
    else groups.push([fixture]);
  }
  return groups;
}

async function* runGroup(group: readonly Fixture[], options: RunOptions): AsyncGenerator<Verdict> {
  const state = mkdtempSync(join(tmpdir(), "harn-fixture-"));
  try {
    for (const fixture of group) {
      const start = performance.now();
      const result = await runFixture(fixture, state, options.command);
      const known = options.ledger.get(fixture.id) ?? null;
      yield { fixture, ...result, durationMs: performance.now() - start, known };
    }
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}

type Result = Pick<Verdict, "problem" | "output" | "crashPoints" | "crashes">;

async function runFixture(fixture: Fixture, state: string, command: HarnCommand): Promise<Result> {
  const problems: string[] = [];
  let output = "";
  for (const expectation of fixture.expectations) {
    if (expectation.kind !== "check" && fixture.crashes.length > 0) continue;
    const verb = expectation.kind === "check" ? "check" : "run";
    const outcome = await runScript(fixture, verb, state, command);
    output += outcome.stdout + outcome.stderr;
    const problem = judge(expectation, outcome);
    if (problem !== null) problems.push(problem);
  }
  const crashed = fixture.crashes.length === 0 ? null : await runCrashes(fixture, command);
  if (crashed !== null) {
    output += crashed.output;
    problems.push(...crashed.problems);
  }
  const crashes = { tried: crashed?.tried ?? 0, held: crashed?.held ?? 0 };
  return { problem: problems.length === 0 ? null : problems.join("\n"), output, crashPoints: crashed?.points ?? [], crashes };
}

function runScript(fixture: Fixture, verb: "run" | "check", state: string, command: HarnCommand): Promise<Outcome> {
  const backend = process.env.HARN_EVENT_LOG_BACKEND ?? (fixture.sequence === null ? "memory" : "sqlite");
  const env = { HARN_STATE_DIR: state, HARN_EVENT_LOG_BACKEND: backend };
  return runHarn(command, [verb, basename(fixture.path)], dirname(fixture.path), env);
}
