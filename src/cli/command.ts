/**
 * What a command of `harn` is, and how its command line is read.
 *
 * A command says its usage, its options and what it does; parsing and the help text are the same for all. Mistakes on the command
 * line are `UsageError`s (exit code 2); things that stand in the way of the work are `CliError`s (exit code 1).
 */
import { parseArgs } from "node:util";
import type { Terminal } from "./terminal.ts";

/** One line for the user that names what is wrong and the way out. */
export class CliError extends Error {
  constructor(
    message: string,
    readonly exitCode = 1,
  ) {
    super(message);
    this.name = "CliError";
  }
}

/** A mistake on the command line. */
export class UsageError extends CliError {
  constructor(message: string) {
    super(message, 2);
    this.name = "UsageError";
  }
}

export interface OptionSpec {
  /** Shown in the help in place of the value; an option without it is a switch. */
  readonly value?: string;
  readonly help: string;
}

export interface CommandLine {
  readonly positionals: readonly string[];
  /** What stands behind `--`. */
  readonly rest: readonly string[];
  text(option: string): string | undefined;
  flag(option: string): boolean;
}

export interface Command {
  readonly name: string;
  /** The arguments, for the usage line: `<file.harn> [-- argument…]`. */
  readonly arguments: string;
  /** One sentence. */
  readonly summary: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** Paragraphs below the options: what the command does, examples, exit codes. */
  readonly details: string;
  run(line: CommandLine, terminal: Terminal): Promise<number>;
}

/**
 * Reads the arguments of a command.
 * @throws UsageError for an unknown option, a missing value, or a value given to a switch
 */
export function readCommandLine(command: Command, args: readonly string[]): CommandLine {
  const dashes = args.indexOf("--");
  const own = dashes < 0 ? [...args] : args.slice(0, dashes);
  const rest = dashes < 0 ? [] : args.slice(dashes + 1);
  const options = Object.fromEntries(
    Object.entries(command.options).map(([name, spec]) => [
      name,
      { type: spec.value === undefined ? ("boolean" as const) : ("string" as const) },
    ]),
  );
  try {
    const { values, positionals } = parseArgs({ args: own, options, allowPositionals: true, strict: true });
    return {
      positionals,
      rest,
      text: (option) => (typeof values[option] === "string" ? values[option] : undefined),
      flag: (option) => values[option] === true,
    };
  } catch (error) {
    throw new UsageError(`${usageProblem(error as Error & { code?: string }, own)}; see harn ${command.name} --help`);
  }
}

function usageProblem(error: Error & { code?: string }, args: readonly string[]): string {
  const option = /'(-[^' =<]*)/.exec(error.message)?.[1] ?? args.find((arg) => arg.startsWith("-")) ?? "";
  if (error.code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") return `unknown option ${option}`;
  return error.message.includes("does not take an argument") ? `option ${option} takes no value` : `option ${option} needs a value`;
}

/** The single file argument most commands take. */
export function fileArgument(command: Command, line: CommandLine): string {
  const [file, ...more] = line.positionals;
  if (file === undefined) throw new UsageError(`which file? usage: harn ${command.name} ${command.arguments}`);
  if (more.length > 0) {
    throw new UsageError(`one file at a time: '${more[0]}' is too much (arguments for the script stand behind --)`);
  }
  return file;
}

/** The text of `harn <command> --help`. */
export function helpText(command: Command): string {
  const options = { ...command.options, help: { help: "show this text" } };
  const heads = Object.entries(options).map(([name, spec]: [string, OptionSpec]) => [
    spec.value === undefined ? `--${name}` : `--${name} <${spec.value}>`,
    spec.help,
  ]);
  const width = Math.max(...heads.map(([head]) => head!.length));
  const rows = heads.map(([head, help]) => `  ${head!.padEnd(width)}  ${help}`);
  const usage = `harn ${command.name} [options] ${command.arguments}`.trimEnd();
  return `${command.summary}\n\nUsage: ${usage}\n\nOptions:\n${rows.join("\n")}\n\n${command.details.trim()}\n`;
}
