/** `harn steps`: lists the journalled steps of a run. */
import { BadRecord } from "../durable/codec_read.ts";
import { listNamespace, listSteps, type StepView } from "../durable/inspect.ts";
import type { InlineLog } from "../durable/log.ts";
import { readRecord } from "../durable/steps.ts";
import { display } from "../vm/display.ts";
import { errorText } from "../vm/report.ts";
import { CliError, type Command, type CommandLine, UsageError } from "./command.ts";
import { columns, findRun, STATE_OPTIONS, scriptPath, withLog } from "./state.ts";
import type { Terminal } from "./terminal.ts";

export const command: Command = {
  name: "steps",
  arguments: "[run or file.harn]",
  summary: "List the journalled steps of a run.",
  options: {
    ...STATE_OPTIONS,
    namespace: { value: "name", help: "instead of a run: the steps of a namespace that the script gave" },
  },
  details: `
The run is named by its id, by the beginning of its id, or by its script (the latest run is meant). Each finished step has a line: when it was
journalled, its key, how many-th call with this key it was, and its result; a failed one shows its error.

Exit codes: 0 done · 1 no such run, or the log cannot be read · 2 a mistake on the command line.

Examples:
  harn steps import.harn
  harn steps 0198c2 --json
  harn steps --namespace prices`,
  async run(line, terminal) {
    return listStepsOf(line, terminal);
  },
};

interface Found {
  /** Null for a namespace, which belongs to no run. */
  readonly run: { readonly runId: string; readonly status: string } | null;
  readonly steps: readonly StepView[];
}

function listStepsOf(line: CommandLine, terminal: Terminal): number {
  const [word, ...more] = line.positionals;
  const namespace = line.text("namespace");
  if (more.length > 0 || (word === undefined) === (namespace === undefined)) {
    throw new UsageError("name one run (harn steps <run or file.harn>) or one namespace (harn steps --namespace <name>)");
  }
  const script = word === undefined ? null : scriptPath(word);
  const found = withLog(script, line, (log) =>
    namespace === undefined ? stepsOfRun(log, word!) : { run: null, steps: listNamespace(log, namespace) },
  );
  if (found === null) throw new CliError(`no run '${word ?? namespace}': there are no durable runs here`);
  if (line.flag("json")) terminal.stdout(`${JSON.stringify({ run: found.run?.runId ?? null, steps: found.steps.map(toJson) }, null, 2)}\n`);
  else terminal.stdout(page(found, namespace ?? ""));
  return 0;
}

function stepsOfRun(log: InlineLog, word: string): Found {
  const run = findRun(log, word);
  try {
    return { run, steps: listSteps(log, run) };
  } catch (error) {
    if (error instanceof BadRecord) throw new CliError(`run ${run.runId}: ${error.message}; the journal was changed from outside`);
    throw error;
  }
}

function page({ run, steps }: Found, namespace: string): string {
  const count = `${steps.length} step${steps.length === 1 ? "" : "s"}`;
  const head = run === null ? `namespace ${namespace}: ${count}\n` : `run ${run.runId}: ${run.status}, ${count}\n`;
  if (steps.length === 0) return head;
  const rows = steps.map((step) => [
    step.recorded_at,
    step.scope === "" ? step.key : `${step.scope}/${step.key}`,
    `#${step.sequence}`,
    outcome(step),
  ]);
  return head + columns([["JOURNALLED", "KEY", "CALL", "RESULT"], ...rows]);
}

const KINDS = { completed: "step.run.completed", failed: "step.run.failed" };

function outcome(step: StepView): string {
  const record = readRecord(KINDS[step.status], step.payload);
  const text =
    record === null ? step.status : record.failure === null ? display(record.result) : `failed: ${errorText(record.failure.error)}`;
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}

function toJson({ payload, ...step }: StepView): Record<string, unknown> {
  const { result, error } = JSON.parse(payload) as { result?: unknown; error?: unknown };
  return { ...step, ...(step.status === "completed" ? { result: result ?? null } : { error }) };
}
