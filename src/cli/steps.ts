/** `harn steps`: lists the journalled steps of a run. */
import type { InlineLog, StepRow } from "../durable/log.ts";
import type { RunRow } from "../durable/runs.ts";
import { readRecord, type StepRecord } from "../durable/steps.ts";
import { display } from "../vm/display.ts";
import type { ScriptError } from "../vm/errors.ts";
import { CliError, type Command, type CommandLine, UsageError } from "./command.ts";
import { columns, findRun, STATE_OPTIONS, scriptPath, withLog } from "./state.ts";
import type { Terminal } from "./terminal.ts";

export const command: Command = {
  name: "steps",
  arguments: "<run or file.harn>",
  summary: "List the journalled steps of a run.",
  options: STATE_OPTIONS,
  details: `
The run is named by its id, by the beginning of its id, or by its script (the latest run is meant). Each finished step has a line: when it was
journalled, its key, how many-th call with this key it was, and its result; a failed one shows its error.

Exit codes: 0 done · 1 no such run, or the log cannot be read · 2 a mistake on the command line.

Examples:
  harn steps import.harn
  harn steps 0198c2 --json`,
  async run(line, terminal) {
    return listSteps(line, terminal);
  },
};

interface Step {
  readonly row: StepRow;
  readonly record: StepRecord;
}

function listSteps(line: CommandLine, terminal: Terminal): number {
  const [word, ...more] = line.positionals;
  if (word === undefined || more.length > 0) throw new UsageError(`one run, please: harn steps ${command.arguments}`);
  const found = withLog(scriptPath(word), line, (log) => {
    const run = findRun(log, word);
    return { run, steps: stepsOf(log, run) };
  });
  if (found === null) throw new CliError(`no run '${word}': there are no durable runs here`);
  const { run, steps } = found;
  if (line.flag("json")) terminal.stdout(`${JSON.stringify({ run: run.runId, status: run.status, steps: steps.map(toJson) }, null, 2)}\n`);
  else terminal.stdout(`run ${run.runId}: ${run.status}, ${steps.length} steps\n${steps.length === 0 ? "" : table(steps)}`);
  return 0;
}

/** A run's own records have topics that end with its id. */
function stepsOf(log: InlineLog, run: RunRow): Step[] {
  const topics = log.topics().filter((topic) => topic.startsWith("step.run.") && topic.endsWith(`.${run.runId}`));
  return topics.flatMap((topic) =>
    log.readSteps(topic).flatMap((row) => {
      const record = readRecord(row.kind, row.payload);
      return record === null ? [] : [{ row, record }];
    }),
  );
}

const time = (ms: number): string => new Date(ms).toISOString();

function table(steps: readonly Step[]): string {
  const rows = steps.map(({ row, record }) => [time(row.occurredAtMs), `${record.scope}${record.key}`, `#${record.seq}`, outcome(record)]);
  return columns([["JOURNALLED", "KEY", "CALL", "RESULT"], ...rows]);
}

function outcome(record: StepRecord): string {
  const text = record.failure === null ? display(record.result) : `failed: ${errorText(record.failure.error)}`;
  const line = text.replaceAll("\n", "\\n");
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}

const PREFIX = { thrown: "Thrown: ", type: "Type error: ", runtime: "Runtime error: ", plain: "", category: "" };

function errorText(error: ScriptError): string {
  if (error.kind === "category") return `Error [${error.category}]: ${error.text}`;
  return PREFIX[error.kind] + (error.kind === "thrown" ? display(error.value) : error.text);
}

function toJson({ row, record }: Step): Record<string, unknown> {
  return {
    eventId: row.id,
    namespace: record.namespace,
    scope: record.scope,
    key: record.key,
    sequence: record.seq,
    at: time(row.occurredAtMs),
    ...(record.failure === null
      ? { result: JSON.parse(row.payload).result ?? null }
      : { error: errorText(record.failure.error), final: record.failure.final }),
  };
}
