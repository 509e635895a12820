/** The builtins of a program, and what the front end gets to know of them. */
import { stepBuiltins } from "../builtins/step.ts";
import { streamBuiltins } from "../builtins/streams.ts";
import { BUILTINS } from "../builtins/table.ts";
import type { Builtin, BuiltinTable } from "../vm/native.ts";
import { BuiltinRef, Dict, list, share, type Value } from "../vm/values.ts";
import { harnessOf } from "./harness.ts";
import type { Environment } from "./pipeline.ts";

/** Namespaces whose entries are called as `name.entry`. */
const NAMESPACES: Readonly<Record<string, readonly Builtin[]>> = { step: stepBuiltins, stream: streamBuiltins };

const GLOBAL_NAMES: ReadonlySet<string> = new Set([
  ...BUILTINS.globals.keys(),
  ...BUILTINS.constants.keys(),
  ...BUILTINS.unsupported,
  ...Object.keys(NAMESPACES),
  "argv",
  "harness",
]);

/** The language's own functions and those of the host, for any number of programs. */
export interface Granted {
  readonly globals: ReadonlyMap<string, Builtin>;
  /** Functions of the host that are called as `namespace.name`, by namespace. */
  readonly namespaces: ReadonlyMap<string, readonly Builtin[]>;
  readonly environment: Environment;
}

/** What programs may call that are granted nothing by a host. */
export const LANGUAGE_ONLY: Granted = {
  globals: BUILTINS.globals,
  namespaces: new Map(),
  environment: { globals: GLOBAL_NAMES, hostSignatures: new Map() },
};

/** @param host functions by name; one of the language's own is replaced */
export function grantedBy(host: ReadonlyMap<string, Builtin>): Granted {
  if (host.size === 0) return LANGUAGE_ONLY;
  const plain = new Map<string, Builtin>();
  const namespaces = new Map<string, Builtin[]>();
  for (const [name, builtin] of host) {
    const dot = name.indexOf(".");
    if (dot < 0) plain.set(name, builtin);
    else namespaces.set(name.slice(0, dot), [...(namespaces.get(name.slice(0, dot)) ?? []), builtin]);
  }
  return {
    globals: new Map([...BUILTINS.globals, ...plain]),
    namespaces,
    environment: {
      globals: new Set([...GLOBAL_NAMES, ...plain.keys(), ...namespaces.keys()]),
      hostSignatures: new Map([...plain].map(([name, builtin]) => [name, builtin.signature])),
    },
  };
}

/** The table of one run: what it reads of the outside is its own, the rest is shared. */
export function builtinsOfRun(granted: Granted, argv: readonly string[]): BuiltinTable {
  const constants = new Map<string, Value>(BUILTINS.constants);
  constants.set("harness", harnessOf(granted.globals));
  for (const [name, rows] of Object.entries(NAMESPACES)) constants.set(name, share(namespace(name, rows)));
  for (const [name, rows] of granted.namespaces) constants.set(name, share(namespace(name, rows, constants.get(name))));
  constants.set("argv", share(list([...argv])));
  return { ...BUILTINS, globals: granted.globals, constants };
}

/**
 * A namespace is a dict that says so; its entries are called without it.
 *
 * @param before one of the language's own, which the rows are added to
 */
function namespace(name: string, rows: readonly Builtin[], before?: Value): Dict {
  const entries = rows.map((row): [string, Value] => [row.name.slice(name.length + 1), new BuiltinRef(row)]);
  const own = before instanceof Dict ? before.map : new Map<string, Value>();
  return new Dict(new Map<string, Value>([...own, ["_namespace", name], ...entries]));
}
