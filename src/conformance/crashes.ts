/** The crash directives of a fixture, told by the crash runner of the testing tools with the `harn` command. */
import { join } from "node:path";
import { type CrashDirective, type CrashOutcome, crashBy } from "../testing/crash.ts";
import type { Fixture } from "./fixture.ts";
import { judge } from "./judge.ts";
import { FIXED_ENV, type HarnCommand } from "./process.ts";

export interface CrashResult {
  readonly problems: readonly string[];
  /** What the undisturbed runs wrote. */
  readonly output: string;
  /** `<failpoint>#<n>` at which the script was made to crash. */
  readonly points: readonly string[];
  /** Stories of crashes and recoveries, and how many of them ended well. */
  readonly tried: number;
  readonly held: number;
}

/** Does what the fixture's crash directives ask for. The script runs in an empty folder of each story, where its `ledger` is looked for. */
export async function runCrashes(fixture: Fixture, command: HarnCommand): Promise<CrashResult> {
  const options = {
    command: (world: string) => ({
      argv: [...command.argv, "run", fixture.path] as [string, ...string[]],
      env: { ...FIXED_ENV, HARN_STATE_DIR: join(world, "state"), HARN_EVENT_LOG_BACKEND: "sqlite" },
    }),
    judge: (outcome: CrashOutcome) => firstProblem(fixture, outcome),
    timeoutMs: command.timeoutMs,
  };
  const total = { problems: [] as string[], output: "", points: [] as string[], tried: 0, held: 0 };
  for (const directive of fixture.crashes) {
    const report = await crashBy(options, directive);
    total.problems.push(...report.problems);
    total.output += report.undisturbed.stdout + report.undisturbed.stderr;
    if (report.tried > 0) total.points.push(...pointsOf(directive, report.points));
    total.tried += report.tried;
    total.held += report.held;
  }
  return total;
}

function firstProblem(fixture: Fixture, outcome: CrashOutcome): string | null {
  for (const expectation of fixture.expectations) {
    const problem = judge(expectation, outcome);
    if (problem !== null) return problem;
  }
  return null;
}

function pointsOf(directive: CrashDirective, passed: readonly string[]): readonly string[] {
  return directive.kind === "each" ? passed : directive.points.map((point) => point.replace(/=.*/, ""));
}
