/**
 * Crashes by counting, with real processes.
 *
 * A durable program is run once undisturbed while every failpoint that it passes is traced. Then, for each point and in a world of its
 * own, it is run again with that point armed, so that it kills itself there with SIGKILL, and once more to the end. What the last run
 * prints must be what the undisturbed one printed, and the ledger, a file to which the program's effects append one line each, must hold
 * every line: as often as undisturbed, and once more for each crash at most.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { FAILPOINTS, HOST_FAILPOINTS } from "../durable/failpoints.ts";

export interface CrashCommand {
  /** The program and its arguments. */
  readonly argv: readonly [string, ...string[]];
  /** Added to the environment; the failpoints are added by the runner. */
  readonly env?: Readonly<Record<string, string>>;
  /** The process's folder; by default the world. */
  readonly cwd?: string;
}

export interface CrashOptions {
  /**
   * The command to run, the same for every attempt in one world.
   *
   * @param world an empty folder of this story: the state folder and the ledger belong in it
   */
  command(world: string): CrashCommand;
  /** File name of the ledger in the world, `ledger` by default. */
  readonly ledger?: string;
  /** What is wrong with a complete run, or null; asked about the undisturbed one and each last one. */
  judge?(outcome: CrashOutcome): string | null;
  /** Also tear each write in half before dying; true by default. */
  readonly torn?: boolean;
  /** A process that takes longer is killed and counts as failed; 30,000 ms by default. */
  readonly timeoutMs?: number;
  /** Every how many points one is tried; 1, the default, tries all. The first and the last are always tried. */
  readonly every?: number;
}

export interface CrashOutcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
  /** Null unless a signal ended the process. */
  readonly signal: string | null;
}

export interface CrashReport {
  /** `<failpoint>#<n>` that an undisturbed run passes, in order. */
  readonly points: readonly string[];
  /** Stories told, each of one crash or more. */
  readonly tried: number;
  readonly held: number;
  readonly problems: readonly string[];
  readonly undisturbed: CrashOutcome;
  /** Every point at which a process was made to crash. */
  readonly crashedAt: readonly string[];
}

/** With fewer points the program is not durable at all, and a run over all of them shows nothing. */
export const FEWEST_POINTS = 3;

/** Crash points of one story; each is `<failpoint>#<n>`, with `=abort`, `=error` or `=torn` behind it, or nothing, which is abort. */
export type CrashStory = readonly string[];

/** What the first line of a fixture asks for. */
export type CrashDirective = { readonly kind: "each" } | { readonly kind: "sequence"; readonly points: CrashStory };

/**
 * Reads `// crash: each` or `// crash: <failpoint>#<n>, …`.
 *
 * @returns null when the line is no such directive
 */
export function parseCrashDirective(line: string): CrashDirective | null {
  const match = /^\/\/\s*crash:\s*(.+)$/.exec(line.trim());
  if (match === null) return null;
  const text = (match[1] as string).trim();
  return text === "each" ? { kind: "each" } : { kind: "sequence", points: text.split(",").map((point) => point.trim()) };
}

/**
 * Crashes at every point, one after the other.
 *
 * @returns which stories held; `problems` is empty when all did
 * @example const report = await crashEach({ command: (world) => ({ argv: ["harn", "run", "/app/job.harn", "--state", world] }) });
 */
export async function crashEach(options: CrashOptions): Promise<CrashReport> {
  return tellAll(options, (points) => {
    const every = options.every ?? 1;
    const chosen = points.filter((_, i) => i % every === 0 || i === points.length - 1);
    return chosen.flatMap((point) => (options.torn !== false && isWrite(point) ? [[point], [`${point}=torn`]] : [[point]]));
  });
}

/** Crashes at the given points, each in the process after the one before, then runs to the end. */
export async function crashAt(options: CrashOptions, story: CrashStory): Promise<CrashReport> {
  return tellAll(options, () => [story]);
}

/** Does what a fixture's directive asks for. */
export async function crashBy(options: CrashOptions, directive: CrashDirective): Promise<CrashReport> {
  return directive.kind === "each" ? crashEach(options) : crashAt(options, directive.points);
}

async function tellAll(options: CrashOptions, choose: (points: readonly string[]) => CrashStory[]): Promise<CrashReport> {
  const calm = new World(options);
  try {
    const { points, outcome } = await calm.trace();
    const problem = outcome.signal === null ? (options.judge?.(outcome) ?? null) : `ended by ${outcome.signal}`;
    if (problem !== null) return { points, tried: 0, held: 0, problems: [`undisturbed: ${problem}`], undisturbed: outcome, crashedAt: [] };
    if (points.length < FEWEST_POINTS) {
      const few = `only ${points.length} crash points; at least ${FEWEST_POINTS} are wanted${outcome.exitCode === 0 ? "" : ended(outcome)}`;
      return { points, tried: 0, held: 0, problems: [few], undisturbed: outcome, crashedAt: [] };
    }
    const problems: string[] = [];
    const stories = choose(points);
    for (const story of stories) {
      const found = await tell(story, options, outcome, calm.ledger());
      if (found !== null) problems.push(`crash at ${story.join(", ")}: ${found}`);
    }
    const crashedAt = stories.flatMap((story) => story.map((point) => point.replace(/=.*/, "")));
    return { points, tried: stories.length, held: stories.length - problems.length, problems, undisturbed: outcome, crashedAt };
  } finally {
    calm.close();
  }
}

/** Lives through one story; null when all holds. */
async function tell(
  story: CrashStory,
  options: CrashOptions,
  calm: CrashOutcome,
  ledger: ReadonlyMap<string, number>,
): Promise<string | null> {
  const world = new World(options);
  try {
    for (const point of story) {
      const armed = point.includes("=") ? point : `${point}=abort`;
      const outcome = await world.run({ HARN_FAILPOINTS: armed });
      if (outcome.signal === null && !armed.endsWith("=error")) return `${armed} was not reached${ended(outcome)}`;
    }
    const outcome = await world.run({});
    const problem = options.judge?.(outcome) ?? null;
    if (problem !== null) return problem;
    if (outcome.exitCode !== calm.exitCode) return `exit code ${outcome.exitCode}, undisturbed ${calm.exitCode}: ${outcome.stderr.trim()}`;
    if (outcome.stdout !== calm.stdout) return `printed ${JSON.stringify(outcome.stdout)}, undisturbed ${JSON.stringify(calm.stdout)}`;
    return ledgerProblem(ledger, world.ledger(), story.length);
  } finally {
    world.close();
  }
}

/** How a process ended, with the first line that it had to say about it. */
function ended({ exitCode, stderr }: CrashOutcome): string {
  const line = stderr.trim().split("\n")[0] ?? "";
  return ` (exit code ${exitCode}${line === "" ? "" : `: ${line}`})`;
}

function ledgerProblem(calm: ReadonlyMap<string, number>, found: ReadonlyMap<string, number>, crashes: number): string | null {
  for (const [line, count] of calm) {
    const times = found.get(line) ?? 0;
    if (times < count || times > count + crashes) return `ledger line '${line}' stands there ${times} times, undisturbed ${count} times`;
  }
  const extra = [...found.keys()].find((line) => !calm.has(line));
  return extra === undefined ? null : `ledger line '${extra}' does not appear undisturbed`;
}

const isWrite = (point: string): boolean =>
  [...FAILPOINTS, ...HOST_FAILPOINTS].some(({ name, write }) => write && point.startsWith(`${name}#`));

/** A folder that lives as long as one story. */
class World {
  private readonly folder = mkdtempSync(join(tmpdir(), "harn-crash-"));

  constructor(private readonly options: CrashOptions) {}

  async run(failpoints: Readonly<Record<string, string>>): Promise<CrashOutcome> {
    const { argv, env, cwd } = this.options.command(this.folder);
    const [program, ...args] = argv;
    const timeout = this.options.timeoutMs ?? 30_000;
    const result = await execa(program, args, {
      cwd: cwd ?? this.folder,
      env: { ...env, ...failpoints },
      reject: false,
      stdin: "ignore",
      stripFinalNewline: false,
      timeout,
      killSignal: "SIGKILL",
    });
    if (result.timedOut) return { stdout: result.stdout, stderr: `still running after ${timeout} ms`, exitCode: null, signal: null };
    const { stdout, exitCode = null, signal = null } = result;
    const isStarted = exitCode !== null || signal !== null;
    return { stdout, stderr: isStarted ? result.stderr : (result.originalMessage ?? "cannot be started"), exitCode, signal };
  }

  /** Runs undisturbed and lists the points that were passed. */
  async trace(): Promise<{ points: string[]; outcome: CrashOutcome }> {
    const file = join(this.folder, "failpoints-trace");
    const outcome = await this.run({ HARN_FAILPOINTS_TRACE: file });
    return { points: existsSync(file) ? linesOf(file) : [], outcome };
  }

  ledger(): Map<string, number> {
    const file = join(this.folder, this.options.ledger ?? "ledger");
    const counts = new Map<string, number>();
    for (const line of existsSync(file) ? linesOf(file) : []) counts.set(line, (counts.get(line) ?? 0) + 1);
    return counts;
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function linesOf(file: string): string[] {
  return readFileSync(file, "utf8").split("\n").filter(Boolean);
}
