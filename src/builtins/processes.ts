/** Running programs. A program that fails is an answer, not an error; only one that cannot be started throws. */
import { display } from "../vm/display.ts";
import { OsFailure } from "../vm/door.ts";
import { raise } from "../vm/errors.ts";
import type { Builtin, NativeContext, Parked } from "../vm/native.ts";
import { dictOf, type Value } from "../vm/values.ts";
import { variadic } from "./define.ts";
import { sourceDir } from "./files.ts";
import { resolvePath } from "./path_text.ts";

export function processFunctions(): Builtin[] {
  const row = (
    name: string,
    signature: string,
    doc: string,
    example: string,
    body: (ctx: NativeContext, args: readonly Value[]) => Parked,
  ) => variadic({ name, signature: `${signature} -> dict`, doc, example, effect: "process" }, body);
  return [
    row(
      "exec",
      "(command, ...args)",
      "Runs a program, without a shell, and gives its output and status.",
      'println(exec("printf", "a").stdout)  // -> a',
      (ctx, args) => {
        if (args.length === 0) throw raise.thrown("exec: command is required");
        return run(ctx, "exec", null, args.map(display));
      },
    ),
    row(
      "exec_at",
      "(dir, command, ...args)",
      "Runs a program in a folder, without a shell.",
      'println(exec_at("/", "pwd").stdout.trim())  // -> /',
      (ctx, args) => {
        if (args.length < 2) throw raise.thrown("exec_at: directory and command are required");
        return run(ctx, "exec", display(args[0] as Value), args.slice(1).map(display));
      },
    ),
    row(
      "shell",
      "(script)",
      "Runs a line in the shell, and gives its output and status.",
      'println(shell("exit 3").status)  // -> 3',
      (ctx, args) => {
        if (args.length === 0) throw raise.thrown("shell: command string is required");
        return run(ctx, "shell", null, shellCommand(ctx, args[0] as Value));
      },
    ),
    row(
      "shell_at",
      "(dir, script)",
      "Runs a line in the shell, in a folder.",
      'println(shell_at("/", "pwd").stdout.trim())  // -> /',
      (ctx, args) => {
        if (args.length < 2) throw raise.thrown("shell_at: directory and command string are required");
        return run(ctx, "shell", display(args[0] as Value), shellCommand(ctx, args[1] as Value));
      },
    ),
  ];
}

/** The shell that the user set, or the one that is always there. */
function shellCommand(ctx: NativeContext, script: Value): string[] {
  const shell = ctx.door.env.get("HARN_DEFAULT_SHELL") ?? ctx.door.env.get("SHELL");
  return [shell === undefined || shell.trim() === "" ? "/bin/sh" : shell, "-c", display(script)];
}

/** @param dir the folder to run in, relative to the running file's; null: the program's own directory */
function run(ctx: NativeContext, name: string, dir: string | null, argv: readonly string[]): Parked {
  const [command = "", ...args] = argv;
  const cwd = dir === null ? ctx.door.env.cwd() : resolvePath(sourceDir(ctx), dir);
  return ctx.parkOn(async (signal) => {
    try {
      const result = await ctx.door.processes.run({ command, args, cwd, env: null, stdin: null, timeoutMs: null }, signal);
      const status = result.signal !== null ? -1 : result.status;
      return dictOf({ stdout: result.stdout, stderr: result.stderr, status, success: status === 0 });
    } catch (error) {
      if (error instanceof OsFailure) throw raise.thrown(`${name} failed: process spawn failed: ${error.text}`);
      throw error;
    }
  });
}
