/** `harn runs`: lists the durable runs of a state folder. */
import { isAlive } from "../durable/backends/host.ts";
import { listRuns, type RunView } from "../durable/inspect.ts";
import { CliError, type Command, type CommandLine, UsageError } from "./command.ts";
import { columns, STATE_OPTIONS, scriptPath, withLog } from "./state.ts";
import type { Terminal } from "./terminal.ts";

export const command: Command = {
  name: "runs",
  arguments: "[file.harn]",
  summary: "List the durable runs, newest first.",
  options: {
    ...STATE_OPTIONS,
    limit: { value: "n", help: "at most so many (default 20)" },
  },
  details: `
A run is one execution of one script, over any number of processes: 'running', 'interrupted' (waiting to be continued),
'completed', 'failed' or 'cancelled'. With a file, only its runs are listed.

Exit codes: 0 done · 1 the log cannot be read · 2 a mistake on the command line.

Examples:
  harn runs
  harn runs import.harn --json`,
  async run(line, terminal) {
    return showRuns(line, terminal);
  },
};

function showRuns(line: CommandLine, terminal: Terminal): number {
  if (line.positionals.length > 1) throw new UsageError("one file at a time");
  const file = line.positionals[0] ?? null;
  const script = file === null ? null : scriptPath(file);
  if (file !== null && script === null) throw new CliError(`cannot read '${file}': no such file; check the path`);
  const limit = Number(line.text("limit") ?? 20);
  if (!Number.isInteger(limit) || limit < 1) throw new UsageError(`--limit must be a whole number above 0, got '${line.text("limit")}'`);
  const runs = withLog(script, line, (log) => listRuns(log, script, limit, isAlive)) ?? [];
  if (line.flag("json")) terminal.stdout(`${JSON.stringify({ runs }, null, 2)}\n`);
  else if (runs.length === 0) terminal.stderr("no durable runs here\n");
  else terminal.stdout(columns([["RUN", "STATUS", "STARTED", "PROCESSES", "PROGRAM"], ...runs.map(toRow)]));
  return 0;
}

function toRow(run: RunView): string[] {
  return [run.run_id, run.status, run.started_at, String(run.attempts), run.program];
}
