/** `harn run`: runs a script, or continues its interrupted run. */
import { problemOfRunId } from "../durable/runs.ts";
import { runFile } from "../engine/files.ts";
import { CliError, type Command, type CommandLine, fileArgument, UsageError } from "./command.ts";
import { readScript } from "./script-file.ts";
import type { Terminal } from "./terminal.ts";
import { buildStamp } from "./version.ts";

export const command: Command = {
  name: "run",
  arguments: "<file.harn> [-- argument…]",
  summary: "Run a script, or continue its interrupted run.",
  options: {
    run: { value: "id", help: "start or continue the run of this id" },
    fresh: { help: "start a new run although an earlier one did not complete" },
    "allow-changed": { help: "continue a run although the program has changed since" },
    "take-over": { help: "take the run from the process that holds it, which can then write no more" },
    wait: { help: "wait while another process holds the run" },
    state: { value: "folder", help: "keep runs and journals here (default: .harn beside the script, or HARN_STATE_DIR)" },
    "no-cache": { help: "compile the script anew, and keep nothing of it" },
  },
  details: `
What stands behind -- is the global list 'argv' of the script.

A script that uses durable calls (step.run and its relatives) leaves a run in the state folder. When it is interrupted or fails, the
next 'harn run' of the same file with the same arguments continues it: finished steps are not run again.

Where there is a state folder, the compiled script is kept in its folder 'cache' and used as long as the script and its imports are
unchanged; the folder can be deleted at any time.

Environment: HARN_STATE_DIR is the state folder, HARN_EVENT_LOG_SQLITE_PATH the journal's file, HARN_EVENT_LOG_BACKEND=memory keeps no
journal, HARN_FAILPOINTS=<name>#<n>=abort|error|torn injects a crash (HARN_FAILPOINTS_TRACE=<file> lists the points that a run passes).

Exit codes: 0 done · 1 an error, or a returned Result.Err · 2 a mistake on the command line · 124 cancelled by a signal, or nobody reads the
output any more · n the int that the script returned or gave to exit(n).

Examples:
  harn run report.harn
  harn run import.harn -- customers.csv
  harn run import.harn --fresh`,
  run: runScript,
};

async function runScript(line: CommandLine, terminal: Terminal): Promise<number> {
  const path = fileArgument(command, line);
  const run = line.text("run");
  if (run !== undefined && line.flag("fresh")) throw new UsageError("--run and --fresh exclude each other: --run names the run to use");
  const wrongId = run === undefined ? null : problemOfRunId(run);
  if (wrongId !== null) throw new UsageError(`--run: ${wrongId}`);
  const state = line.text("state");
  if (state?.trim() === "") throw new UsageError("--state: which folder?");
  readScript(path);
  const cancel = new AbortController();
  // They stay while the script ends: a library that finds no other listener would end the process before its run is closed.
  const stop = (signal: NodeJS.Signals): void => (cancel.signal.aborted ? dieOf(signal) : cancel.abort(signal));
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  terminal.onOutputEnd(() => cancel.abort());
  try {
    return await runFile(path, {
      argv: line.rest,
      ...(state === undefined ? {} : { state }),
      ...(run === undefined ? {} : { run }),
      fresh: line.flag("fresh"),
      allowChanged: line.flag("allow-changed"),
      takeOver: line.flag("take-over"),
      wait: line.flag("wait"),
      cacheStamp: line.flag("no-cache") ? null : buildStamp(),
      stdout: (text) => terminal.stdout(text),
      stderr: (text) => terminal.stderr(text),
      finishOutput() {
        terminal.flush();
        return terminal.problem === null;
      },
      signal: cancel.signal,
      interrupted: (runId) => sayInterrupted(path, runId, cancel.signal, terminal),
      get color() {
        return terminal.color;
      },
      debug: process.env.HARN_DEBUG === "1",
    });
  } finally {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
}

/** Whoever asks twice does not want to wait. */
function dieOf(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

/** Says what stopped the script, and how it goes on; nothing when its reader went away, who knows. */
function sayInterrupted(path: string, runId: string | null, { reason }: AbortSignal, terminal: Terminal): void {
  const resume = runId === null ? "" : `; run ${runId} goes on with the next harn run of this file with the same arguments`;
  if (terminal.problem !== null) throw new CliError(`${terminal.problem.message}${resume}`);
  if (typeof reason === "string") terminal.stderr(`error: ${path} was interrupted by ${reason}${resume}\n`);
}
