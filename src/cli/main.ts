/**
 * The `harn` command: finds the command, reads its arguments, runs it, and turns every failure into one clear line and an exit code.
 * A command's code is loaded only when it is asked for, so that a short script starts fast.
 */
import { type Command, CliError, helpText, readCommandLine, UsageError } from "./command.ts";
import { openTerminal, type Terminal } from "./terminal.ts";
import { version } from "./version.ts";

const COMMANDS: Readonly<Record<string, { summary: string; load(): Promise<{ command: Command }> }>> = {
  run: { summary: "run a script, or continue its interrupted run", load: () => import("./run.ts") },
  check: { summary: "report the problems of scripts without running them", load: () => import("./check.ts") },
  disasm: { summary: "show the bytecode of a script", load: () => import("./disasm.ts") },
  runs: { summary: "list the durable runs", load: () => import("./runs.ts") },
  steps: { summary: "list the journalled steps of a run", load: () => import("./steps.ts") },
  conformance: { summary: "run a folder of fixtures against the interpreter", load: () => import("./conformance.ts") },
};

function overview(): string {
  const rows = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(12)} ${summary}`);
  return `harn ${version()}: runs Harn scripts that survive a crash.

Usage: harn <command> [options] [arguments]

Commands:
${rows.join("\n")}

'harn <command> --help' explains a command. HARN_DEBUG=1 adds the host's stack to unexpected errors.
`;
}

async function dispatch(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args;
  if (name === "--version" || name === "-V") return show(terminal, `harn ${version()}\n`);
  if (name === "--help" || name === "-h" || name === "help") {
    const topic = rest[0];
    return show(terminal, topic === undefined ? overview() : helpText(await loadCommand(topic)));
  }
  if (name === undefined) {
    terminal.stderr(overview());
    return 2;
  }
  const command = await loadCommand(name);
  const dashes = rest.indexOf("--");
  const own = dashes < 0 ? rest : rest.slice(0, dashes);
  if (own.includes("--help") || own.includes("-h")) return show(terminal, helpText(command));
  return command.run(readCommandLine(command, rest), terminal);
}

function show(terminal: Terminal, text: string): number {
  terminal.stdout(text);
  return 0;
}

async function loadCommand(name: string): Promise<Command> {
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (entry !== undefined) return (await entry.load()).command;
  const hint = name.endsWith(".harn") ? `to run a script: harn run ${name}` : "harn --help lists the commands";
  throw new UsageError(`unknown command '${name}'; ${hint}`);
}

/** What users see of a failure: one line. The host's stack only helps those who work on the interpreter. */
function explain(error: unknown): string {
  const debug = process.env.HARN_DEBUG === "1";
  const stack = error instanceof Error && debug ? `${error.stack}\n` : "";
  if (error instanceof CliError) return `error: ${error.message}\n${stack}`;
  const message = error instanceof Error ? error.message : String(error);
  if (message.includes("uv_cwd")) return `error: the current folder no longer exists; change to one that does\n${stack}`;
  const hint = debug ? "" : " (HARN_DEBUG=1 shows where; please report it)";
  return `error: internal error: ${message.split("\n")[0]}${hint}\n${stack}`;
}

async function main(): Promise<void> {
  const terminal = openTerminal();
  let code: number;
  try {
    code = await dispatch(process.argv.slice(2), terminal);
    terminal.flush();
    if (terminal.problem !== null) throw terminal.problem;
  } catch (error) {
    terminal.stderr(explain(error));
    code = error instanceof CliError ? error.exitCode : 1;
  }
  process.exit(code);
}

void main();
