/** `harn conformance`: runs a folder of fixtures against the interpreter. */
import { statSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { FixtureError, findFixtures } from "../conformance/fixture.ts";
import { readLedger } from "../conformance/ledger.ts";
import { failureText, folderTable, holds, jsonReport, junitReport, summarize, summaryText } from "../conformance/report.ts";
import { runFixtures, type Verdict } from "../conformance/run.ts";
import { patternOf, readTexts, Unseen } from "../conformance/texts.ts";
import { FAILPOINTS } from "../durable/failpoints.ts";
import { CliError, type Command, type CommandLine, UsageError } from "./command.ts";
import type { Terminal } from "./terminal.ts";

export const command: Command = {
  name: "conformance",
  arguments: "[folder or file]",
  summary: "Run a folder of fixtures against the interpreter.",
  options: {
    filter: { value: "pattern", help: "only fixtures whose id matches this regular expression" },
    jobs: { value: "n", help: "fixtures at the same time (default: the number of processors)" },
    json: { help: "print the report as JSON" },
    junit: { value: "file", help: "also write the report as JUnit XML" },
    "timeout-ms": { value: "ms", help: "kill a script that runs longer (default 20000)" },
  },
  details: `
A fixture is NAME.harn with NAME.expected (standard output), NAME.error (it fails and standard error contains one of the lines; 're:' starts
a regular expression) or NAME.check (the diagnostics of harn check, one a line: error LINE: MESSAGE). NAME.1.harn, NAME.2.harn … run in
order on one state folder. A first line '// crash: each' kills the script at every crash point in turn, '// crash: <failpoint>#<n>, …'
at these, and runs it again until it completes; what it appended to the file 'ledger' must be there once, the interrupted step's at most twice.

known-failures.txt in the folder lists what does not hold yet; a listed fixture that passes is a failure too. error-texts.txt lists
texts; those that no fixture produced are reported. The default folder is 'conformance'.

Exit codes: 0 everything holds · 1 a failure · 2 a mistake on the command line.

Examples:
  harn conformance
  harn conformance conformance/durable --jobs 1
  harn conformance --filter syntax/ --junit report.xml`,
  run: runConformance,
};

async function runConformance(line: CommandLine, terminal: Terminal): Promise<number> {
  if (line.positionals.length > 1) throw new UsageError("one folder at a time");
  const root = line.positionals[0] ?? "conformance";
  const fixtures = selectFixtures(root, line.text("filter"));
  const folder = statSync(root).isDirectory() ? root : dirname(root);
  const ledger = line.positionals[0] === undefined || statSync(root).isDirectory() ? readLedger(folder) : new Map<string, string>();
  const json = line.flag("json");
  const progress = !json && process.stderr.isTTY === true;
  let failures = 0;
  const onVerdict = (verdict: Verdict, done: number, total: number): void => {
    if (verdict.problem !== null && verdict.known === null) {
      failures++;
      if (!json) terminal.stdout(`${progress ? "\r\x1b[K" : ""}${failureText(verdict)}`);
    }
    if (progress)
      terminal.stderr(
        `\r\x1b[K${done} of ${total}, ${failures} failed: ${verdict.fixture.id}`.slice(0, (process.stderr.columns ?? 80) + 4),
      );
  };
  const argv: [string, ...string[]] = [process.execPath, ...process.execArgv, process.argv[1]!];
  const verdicts = await runFixtures(fixtures, {
    command: { argv, timeoutMs: number(line, "timeout-ms", 20_000) },
    ledger,
    jobs: number(line, "jobs", availableParallelism()),
    onVerdict,
  });
  if (progress) terminal.stderr("\r\x1b[K");
  const partial = line.text("filter") !== undefined || fixtures.length === 1;
  const summary = summarize(verdicts, partial ? [] : [...ledger.keys()]);
  const unseen = partial ? { texts: [], failpoints: [] } : unseenBy(verdicts, folder);
  const junit = line.text("junit");
  if (junit !== undefined) writeReport(junit, junitReport(verdicts));
  terminal.stdout(json ? jsonReport(verdicts, unseen) : folderTable(verdicts) + summaryText(summary, unseen));
  return holds(summary) ? 0 : 1;
}

/** @throws CliError when the file cannot be written */
function writeReport(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new CliError(`cannot write the report '${path}': ${(error as NodeJS.ErrnoException).code ?? "unknown error"}; check the path`);
  }
}

function selectFixtures(root: string, filter: string | undefined) {
  try {
    const pattern = new RegExp(filter ?? "");
    const fixtures = findFixtures(root).filter((fixture) => pattern.test(fixture.id));
    if (fixtures.length === 0) throw new CliError(`no fixtures in '${root}'${filter === undefined ? "" : ` that match ${filter}`}`);
    return fixtures;
  } catch (error) {
    if (error instanceof FixtureError) throw new CliError(error.message);
    if (error instanceof SyntaxError) throw new UsageError(`--filter is not a regular expression: ${error.message}`);
    throw error;
  }
}

/** Texts of the table that nothing produced, and failpoints at which nothing crashed, when there are fixtures that crash. */
function unseenBy(verdicts: readonly Verdict[], folder: string): { texts: string[]; failpoints: string[] } {
  const texts = new Unseen(readTexts(folder).map(({ text, pattern }) => [text, pattern] as const));
  const failpoints = new Unseen(FAILPOINTS.map(({ name }) => [name, patternOf(`${name}#`)] as const));
  for (const verdict of verdicts) {
    texts.see(verdict.output);
    for (const point of verdict.crashPoints) failpoints.see(point);
  }
  const crashing = verdicts.some((verdict) => verdict.crashPoints.length > 0);
  return { texts: texts.rest(), failpoints: crashing ? failpoints.rest() : [] };
}

function number(line: CommandLine, option: string, byDefault: number): number {
  const text = line.text(option);
  if (text === undefined) return byDefault;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new UsageError(`--${option} must be a whole number above 0, got '${text}'`);
  return value;
}
