/**
 * Crashes by counting, with real processes: a traced run lists every failpoint that the script passes; then the script is killed at
 * each of them and run again until it completes. The last run must print what an undisturbed one prints, and the file `ledger`, to
 * which steps append, must hold every line: once, and once more for each crash at most.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FAILPOINTS } from "../durable/failpoints.ts";
import type { CrashDirective, Fixture } from "./fixture.ts";
import { judge, type Outcome } from "./judge.ts";
import { type HarnCommand, runHarn } from "./process.ts";

export interface CrashResult {
  readonly problems: readonly string[];
  /** What all runs wrote. */
  readonly output: string;
  /** `<failpoint>#<n>` at which the script was made to crash. */
  readonly points: readonly string[];
}

/** A directive that counts all points is pointless with fewer. */
const FEWEST_POINTS = 3;

/** A state folder and a working folder that live as long as one story of crashes and restarts. */
class World {
  private readonly root = mkdtempSync(join(tmpdir(), "harn-crash-"));
  output = "";

  constructor(
    private readonly fixture: Fixture,
    private readonly command: HarnCommand,
  ) {}

  async run(env: Readonly<Record<string, string>>): Promise<Outcome> {
    const state = { HARN_STATE_DIR: join(this.root, "state"), HARN_EVENT_LOG_BACKEND: "sqlite" };
    const outcome = await runHarn(this.command, ["run", this.fixture.path], this.root, { ...state, ...env });
    this.output += outcome.stdout + outcome.stderr;
    return outcome;
  }

  /** The points that a run passes, in order: `<failpoint>#<n>`. */
  async trace(): Promise<{ points: string[]; outcome: Outcome }> {
    const file = join(this.root, "trace");
    const outcome = await this.run({ HARN_FAILPOINTS_TRACE: file });
    return { points: existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [], outcome };
  }

  ledger(): Map<string, number> {
    const file = join(this.root, "ledger");
    const counts = new Map<string, number>();
    const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
    for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
    return counts;
  }

  close(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Does what the fixture's crash directives ask for. */
export async function runCrashes(fixture: Fixture, command: HarnCommand): Promise<CrashResult> {
  const problems: string[] = [];
  const crashedAt: string[] = [];
  const calm = new World(fixture, command);
  const { points, outcome } = await calm.trace();
  const undisturbed = calm.ledger();
  let output = calm.output;
  calm.close();
  for (const expectation of fixture.expectations) {
    const problem = judge(expectation, outcome);
    if (problem !== null) return { problems: [`undisturbed: ${problem}`], output, points: [] };
  }
  for (const story of fixture.crashes.flatMap((directive) => storiesOf(directive, points, problems))) {
    const world = new World(fixture, command);
    const found = await tell(story, world, fixture, undisturbed);
    crashedAt.push(...story.map((step) => step.replace(/=.*/, "")));
    if (found !== null) problems.push(`crash at ${story.join(", ")}: ${found}`);
    output += world.output;
    world.close();
  }
  return { problems, output, points: crashedAt };
}

/** A story is the list of crashes of one state folder, each in the run after the one before. */
function storiesOf(directive: CrashDirective, points: readonly string[], problems: string[]): string[][] {
  if (directive.kind === "sequence") return [directive.points.map((point) => (point.includes("=") ? point : `${point}=abort`))];
  if (points.length < FEWEST_POINTS) problems.push(`only ${points.length} crash points; 'crash: each' wants at least ${FEWEST_POINTS}`);
  return points.flatMap((point) => {
    const write = FAILPOINTS.find(({ name }) => point.startsWith(`${name}#`))?.write === true;
    return write ? [[`${point}=abort`], [`${point}=torn`]] : [[`${point}=abort`]];
  });
}

/** Lives through a story to its end; null when all holds. */
async function tell(
  story: readonly string[],
  world: World,
  fixture: Fixture,
  undisturbed: ReadonlyMap<string, number>,
): Promise<string | null> {
  for (const crash of story) {
    const outcome = await world.run({ HARN_FAILPOINTS: crash });
    if (outcome.signal === null && !crash.endsWith("=error")) return `${crash} was not reached (exit code ${outcome.exitCode})`;
  }
  const outcome = await world.run({});
  for (const expectation of fixture.expectations) {
    const problem = judge(expectation, outcome);
    if (problem !== null) return problem;
  }
  return ledgerProblem(undisturbed, world.ledger(), story.length);
}

function ledgerProblem(undisturbed: ReadonlyMap<string, number>, ledger: ReadonlyMap<string, number>, crashes: number): string | null {
  for (const [line, count] of undisturbed) {
    const found = ledger.get(line) ?? 0;
    if (found < count || found > count + crashes) return `ledger line '${line}' stands there ${found} times, undisturbed ${count} times`;
  }
  const extra = [...ledger.keys()].find((line) => !undisturbed.has(line));
  return extra === undefined ? null : `ledger line '${extra}' does not appear undisturbed`;
}
