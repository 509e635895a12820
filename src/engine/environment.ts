/** The builtins of a program, and what the front end gets to know of them. */
import { stepBuiltins } from "../builtins/step.ts";
import { createBuiltinTable } from "../builtins/table.ts";
import type { Builtin, BuiltinTable } from "../vm/native.ts";
import { BuiltinRef, Dict, list, share, type Value } from "../vm/values.ts";
import type { Environment } from "./pipeline.ts";

/** The full table of one program: the language's own, durable steps, the program's arguments. */
export function programBuiltins(argv: readonly string[], host: readonly Builtin[] = []): BuiltinTable {
  const table = createBuiltinTable();
  const globals = new Map(table.globals);
  for (const builtin of host) globals.set(builtin.name, builtin);
  const constants = new Map<string, Value>(table.constants);
  constants.set("argv", share(list([...argv])));
  constants.set("step", share(namespace("step", stepBuiltins)));
  return { ...table, globals, constants };
}

export function environmentOf(table: BuiltinTable, host: readonly Builtin[] = []): Environment {
  return {
    globals: new Set([...table.globals.keys(), ...table.constants.keys(), ...table.unsupported]),
    hostSignatures: new Map(host.map((builtin) => [builtin.name, builtin.signature])),
  };
}

/** A namespace is a dict that says so; its entries are called without it. */
function namespace(name: string, rows: readonly Builtin[]): Dict {
  const entries = rows.map((row): [string, Value] => [row.name.slice(name.length + 1), new BuiltinRef(row)]);
  return new Dict(new Map<string, Value>([["_namespace", name], ...entries]));
}
