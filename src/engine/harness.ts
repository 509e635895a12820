/**
 * The global `harness`: handles that hold builtins by what they touch (`harness.fs.read_file` is `read_file`). A pipeline's parameter of
 * that name reads the same value, because parameters of pipelines are not bound. Its methods about unsettled work are among the names that
 * say they are not supported yet (`builtins/unsupported.ts`).
 */
import type { Builtin, Effect } from "../vm/native.ts";
import { BuiltinRef, Dict, share, type Value } from "../vm/values.ts";

const STDIO = ["print", "println", "eprint", "eprintln", "log", "read_line"];

/** Handles that hold every builtin of one effect. */
const BY_EFFECT: readonly (readonly [string, Effect])[] = [
  ["clock", "clock"],
  ["fs", "fs"],
  ["random", "random"],
  ["process", "process"],
  ["net", "net"],
  ["runtime", "task"],
];

/**
 * The value of one run's `harness`.
 *
 * @param globals what the run may call; a host's own function takes the place of a builtin here too
 */
export function harnessOf(globals: ReadonlyMap<string, Builtin>): Value {
  const held = (names: readonly string[]) =>
    names.flatMap((name): [string, Builtin][] => {
      const builtin = globals.get(name);
      return builtin === undefined ? [] : [[name, builtin]];
    });
  const handles = new Map<string, [string, Builtin][]>(BY_EFFECT.map(([handle]) => [handle, []]));
  const handleOf = new Map<Effect, string>(BY_EFFECT.map(([handle, effect]) => [effect, handle]));
  for (const entry of globals) {
    const handle = handleOf.get(entry[1].effect);
    if (handle !== undefined) handles.get(handle)?.push(entry);
  }
  handles.set("stdio", held(STDIO));
  const [get, getOr] = [globals.get("env"), globals.get("env_or")];
  handles.set(
    "env",
    get !== undefined && getOr !== undefined
      ? [
          ["get", get],
          ["get_or", getOr],
        ]
      : [],
  );
  handles.set("obs", []);
  const entries = [...handles].map(([name, rows]): [string, Value] => [name, share(handleDict(`harness.${name}`, rows))]);
  return share(new Dict(new Map<string, Value>([["_namespace", "harness"], ...entries])));
}

function handleDict(name: string, rows: readonly (readonly [string, Builtin])[]): Dict {
  const entries = rows.map(([key, builtin]): [string, Value] => [key, new BuiltinRef(builtin)]);
  return new Dict(new Map<string, Value>([["_namespace", name], ...entries]));
}
