/** Names that are bound while the program runs: late functions, host globals, builtins. */
import type { LocalName } from "../bytecode/chunk.ts";
import { suggestAtRunTime } from "../diagnostics/suggest.ts";
import { raise, type ScriptError } from "./errors.ts";
import type { Fiber, Frame } from "./frame.ts";
import type { Machine } from "./machine.ts";
import type { Builtin } from "./native.ts";
import { BuiltinRef, Closure, type Value } from "./values.ts";

/**
 * The function of that name that a caller can see at its call: function names are late-bound, so a callee finds its siblings. The nearest
 * caller wins.
 *
 * @param from the frame to begin with: the running one for a name in a string, else its caller
 */
export function lateFunction(fiber: Fiber, name: string, from: number): Closure | null {
  const { frames, top, registers } = fiber.stack;
  const own = frames[top]?.fn?.module;
  const index = own === undefined ? -1 : own.chunk.late.indexOf(name);
  if (index >= 0 && own?.late[index] instanceof Closure) return own.late[index] as Closure;
  const passed = frames[top]?.inherited?.get(name);
  if (passed !== undefined) return passed;
  const isImported = own !== undefined && !own.isEntry;
  for (let i = from; i >= 0; i--) {
    const { fn } = frames[i] as Frame;
    // An imported module sees nothing of who calls it.
    if (isImported && fn !== null && fn.module !== own) break;
    const found = visibleIn(frames[i] as Frame, registers, name);
    if (found !== undefined) return found;
  }
  const slot = isImported ? own.slots[own.chunk.slots.indexOf(name)] : undefined;
  return slot instanceof Closure ? slot : null;
}

/** A tail call is about to replace the frame: what it could see goes on to be found by name. */
export function inherit(frame: Frame, registers: readonly Value[], pc: number): void {
  const names = frame.fn?.module.chunk.dynamic ?? [];
  frame.pc = pc + 1;
  for (const name of names) {
    const found = visibleIn(frame, registers, name);
    if (found === null || found === undefined) continue;
    frame.inherited ??= new Map();
    frame.inherited.set(name, found);
  }
}

/** The functions that a fiber's running code sees by those names, for a task that it starts; null: none. */
export function visibleNames(fiber: Fiber, names: readonly string[]): ReadonlyMap<string, Closure> | null {
  const { frames, top, registers } = fiber.stack;
  const visible = new Map<string, Closure>();
  for (const name of names) {
    for (let i = top; i >= 0; i--) {
      const found = visibleIn(frames[i] as Frame, registers, name);
      if (found === undefined) continue;
      if (found !== null) visible.set(name, found);
      break;
    }
  }
  return visible.size === 0 ? null : visible;
}

/** The function of that name that a frame sees; null: the name means something else there; undefined: the frame does not know it. */
function visibleIn(frame: Frame, registers: readonly Value[], name: string): Closure | null | undefined {
  const { fn } = frame;
  if (fn === null) return undefined;
  const at = frame.pc - 1;
  let innermost: LocalName | null = null;
  for (const local of fn.proto.locals) {
    if (local.name !== name || at < local.start || at >= local.end) continue;
    if (innermost === null || local.start >= innermost.start) innermost = local;
  }
  if (innermost === null) return frame.inherited?.get(name);
  const value = innermost.place === "register" ? registers[frame.base + innermost.index] : frame.self?.captures[innermost.index];
  return value instanceof Closure ? value : null;
}

/** A host global, or a builtin as a value. */
export function globalValue(machine: Machine, name: string, suggestion: string | null): Value {
  const { constants, globals } = machine.builtins;
  const constant = constants.get(name);
  if (constant !== undefined) return constant;
  const builtin = globals.get(name);
  if (builtin !== undefined) return new BuiltinRef(builtin);
  if (machine.builtins.unsupported.has(name)) throw raise.fatal(`${name} is not supported yet`);
  throw undefinedName("variable", name, suggestion);
}

/** @param suggestion the nearest name as far as the compiler knew; names that it could be beside the builtins, when nobody looked so far */
export function builtinNamed(machine: Machine, name: string, suggestion: string | readonly string[] | null = []): Builtin {
  const builtin = machine.builtins.globals.get(name) ?? machine.builtins.internal.get(name);
  if (builtin !== undefined) return builtin;
  if (machine.builtins.unsupported.has(name)) throw raise.fatal(`${name} is not supported yet`);
  if (suggestion === null || typeof suggestion === "string") throw undefinedName("builtin", name, suggestion);
  const { globals, constants, unsupported } = machine.builtins;
  throw undefinedName("builtin", name, suggestAtRunTime(name, [...suggestion, ...globals.keys(), ...constants.keys(), ...unsupported]));
}

function undefinedName(what: string, name: string, suggestion: string | null): ScriptError {
  if (suggestion === null) return raise.plain(`Undefined ${what}: ${name}`);
  return raise.runtime(`Undefined ${what}: ${name} (did you mean \`${suggestion}\`?)`);
}
