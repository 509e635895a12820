/** The surroundings of a run: environment variables, folders, the computer, and ending the program. */
import type { SystemDoor } from "../vm/door.ts";
import { raise } from "../vm/errors.ts";
import type { Builtin, NativeContext } from "../vm/native.ts";
import { type Dict, dictOf, share, type Value } from "../vm/values.ts";
import { countOr, textArg } from "./args.ts";
import { plain, withAliases } from "./define.ts";
import { sourceDir } from "./files.ts";
import { dirname, joinPaths } from "./path_text.ts";

export function environmentFunctions(): Builtin[] {
  return [...variables(), ...folders(), ...computer(), ending()];
}

function variables(): Builtin[] {
  return [
    plain(
      {
        name: "env",
        signature: "(name: string) -> string | nil",
        doc: "An environment variable, nil if it is not set.",
        example: 'println(env("SURELY_NOT_SET"))  // -> nil',
        effect: "process",
      },
      (ctx, name) => ctx.door.env.get(textArg(ctx, name as Value, 0)) ?? null,
    ),
    plain(
      {
        name: "env_or",
        signature: "(name: string, default?)",
        doc: "An environment variable, or the default if it is not set.",
        example: 'println(env_or("SURELY_NOT_SET", 1))  // -> 1',
        effect: "process",
      },
      (ctx, name, fallback) => ctx.door.env.get(textArg(ctx, name as Value, 0)) ?? share(fallback as Value),
    ),
  ];
}

/** Where a run keeps and finds its files. */
export interface RuntimePaths {
  readonly executionRoot: string;
  readonly assetRoot: string;
  readonly stateRoot: string;
  readonly runRoot: string;
  readonly worktreeRoot: string;
}

/** The nearest folder from a start upward that has a `harn.toml`. */
export function projectRoot(ctx: NativeContext, start: string): string | null {
  for (let folder = start; ; folder = dirname(folder)) {
    if (folder === "") return null;
    if (ctx.door.files.exists(joinPaths([folder, "harn.toml"]))) return folder;
    if (folder === "/") return null;
  }
}

export function runtimePaths(ctx: NativeContext): RuntimePaths {
  const executionRoot = ctx.door.env.cwd();
  const assetRoot = sourceDir(ctx);
  const base = projectRoot(ctx, executionRoot) ?? projectRoot(ctx, assetRoot) ?? assetRoot;
  const stateRoot = joinPaths([base, ".harn"]);
  return {
    executionRoot,
    assetRoot,
    stateRoot,
    runRoot: joinPaths([base, ".harn-runs"]),
    worktreeRoot: joinPaths([stateRoot, "worktrees"]),
  };
}

function folders(): Builtin[] {
  const row = (name: string, result: string, doc: string, body: (ctx: NativeContext) => Value) =>
    plain({ name, signature: `() -> ${result}`, doc, example: `println(type_of(${name}()))  // -> ${result}`, effect: "fs" }, (ctx) =>
      body(ctx),
    );
  const execution = row("execution_root", "string", "The directory in which the program runs.", (ctx) => ctx.door.env.cwd());
  const source = row("source_dir", "string", "The folder of the file whose code runs.", sourceDir);
  return [
    ...withAliases(execution, "cwd"),
    ...withAliases(source, "asset_root"),
    plain(
      {
        name: "project_root",
        signature: "() -> string | nil",
        doc: "The nearest folder above the running file that has a `harn.toml`, nil if none has.",
        example: 'println(project_root() == nil || file_exists(path_join(project_root(), "harn.toml")))  // -> true',
        effect: "fs",
      },
      (ctx) => projectRoot(ctx, sourceDir(ctx)),
    ),
    row("runtime_paths", "dict", "A dict of the folders that a run uses.", (ctx): Dict => {
      const paths = runtimePaths(ctx);
      return dictOf({
        execution_root: paths.executionRoot,
        asset_root: paths.assetRoot,
        state_root: paths.stateRoot,
        run_root: paths.runRoot,
        worktree_root: paths.worktreeRoot,
      });
    }),
  ];
}

function computer(): Builtin[] {
  const row = (name: string, result: string, doc: string, ask: (system: SystemDoor) => Value) =>
    plain(
      { name, signature: `() -> ${result}`, doc, example: `println(type_of(${name}()))  // -> ${result}`, effect: "process" },
      (ctx) => {
        const { system } = ctx.door;
        if (system === undefined) throw raise.runtime(`${name} is not available here`);
        return ask(system);
      },
    );
  return [
    row("platform", "string", "The operating system: `darwin`, `linux` or `windows`.", (system) => system.platform()),
    row("arch", "string", "The processor's architecture.", (system) => system.arch()),
    row("hostname", "string", "The computer's name.", (system) => system.hostname()),
    row("username", "string", "The name of the user who runs the program.", (system) => system.username()),
    row("home_dir", "string", "The user's home folder.", (system) => system.homeDir()),
    row("temp_dir", "string", "The folder for temporary files.", (system) => system.tempDir()),
    row("pid", "int", "The number of the process.", (system) => system.pid()),
  ];
}

function ending(): Builtin {
  return plain(
    {
      name: "exit",
      signature: "(code?: int) -> nil",
      doc: "Ends the program at once with an exit code, 0 by default.",
      example: 'println("done")  // -> done\nexit()',
      effect: "process",
    },
    (_ctx, code) => {
      throw raise.exit(countOr(code as Value, 0));
    },
  );
}
