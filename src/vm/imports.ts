/** Binding the functions of a loaded module to names of its importer. */
import { raise } from "./errors.ts";
import type { LinkedModule } from "./link.ts";
import type { Value } from "./values.ts";

/** Puts the named functions into registers from `first` on, or into the importer's slots. A module that is still loading brings nothing. */
export function bindImport(into: LinkedModule, index: number, module: LinkedModule, registers: Value[], first: number): void {
  const entry = into.chunk.imports[index];
  if (entry === undefined) return;
  entry.names.forEach((name, i) => {
    const value = exported(module, name);
    const slot = entry.slots?.[i];
    if (slot !== undefined) into.slots[slot] = value;
    else if (entry.slots === null) registers[first + i] = value ?? null;
  });
}

function exported(module: LinkedModule, name: string): Value | undefined {
  if (module.state === "loading") return undefined;
  if (!module.chunk.functions.includes(name)) {
    throw raise.runtime(`Import error: '${name}' is not defined in ${module.chunk.path}`);
  }
  return module.slots[module.chunk.slots.indexOf(name)];
}
