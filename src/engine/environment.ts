/** The builtins of a program, and what the front end gets to know of them. */
import { stepBuiltins } from "../builtins/step.ts";
import { BUILTINS } from "../builtins/table.ts";
import type { Builtin, BuiltinTable } from "../vm/native.ts";
import { BuiltinRef, Dict, list, share, type Value } from "../vm/values.ts";
import type { Environment } from "./pipeline.ts";

/** Namespaces whose entries are called as `name.entry`. */
const NAMESPACES: Readonly<Record<string, readonly Builtin[]>> = { step: stepBuiltins };

const GLOBAL_NAMES: ReadonlySet<string> = new Set([
  ...BUILTINS.globals.keys(),
  ...BUILTINS.constants.keys(),
  ...BUILTINS.unsupported,
  ...Object.keys(NAMESPACES),
  "argv",
]);

/** The language's own functions and those of the host, for any number of programs. */
export interface Granted {
  readonly globals: ReadonlyMap<string, Builtin>;
  readonly environment: Environment;
}

/** What programs may call that are granted nothing by a host. */
export const LANGUAGE_ONLY: Granted = { globals: BUILTINS.globals, environment: { globals: GLOBAL_NAMES, hostSignatures: new Map() } };

/** @param host functions by name; one of the language's own is replaced */
export function grantedBy(host: ReadonlyMap<string, Builtin>): Granted {
  if (host.size === 0) return LANGUAGE_ONLY;
  return {
    globals: new Map([...BUILTINS.globals, ...host]),
    environment: {
      globals: new Set([...GLOBAL_NAMES, ...host.keys()]),
      hostSignatures: new Map([...host].map(([name, builtin]) => [name, builtin.signature])),
    },
  };
}

/** The table of one run: what it reads of the outside is its own, the rest is shared. */
export function builtinsOfRun(granted: Granted, argv: readonly string[]): BuiltinTable {
  const constants = new Map<string, Value>(BUILTINS.constants);
  for (const [name, rows] of Object.entries(NAMESPACES)) constants.set(name, share(namespace(name, rows)));
  constants.set("argv", share(list([...argv])));
  return { ...BUILTINS, globals: granted.globals, constants };
}

/** A namespace is a dict that says so; its entries are called without it. */
function namespace(name: string, rows: readonly Builtin[]): Dict {
  const entries = rows.map((row): [string, Value] => [row.name.slice(name.length + 1), new BuiltinRef(row)]);
  return new Dict(new Map<string, Value>([["_namespace", name], ...entries]));
}
