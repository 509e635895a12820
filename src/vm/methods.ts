/** Method dispatch: by the receiver's kind into the table, by a struct's name into its `impl`, by key into a dict. */
import { raise } from "./errors.ts";
import type { Machine } from "./machine.ts";
import type { Builtin, ReceiverKind } from "./native.ts";
import { BuiltinRef, Closure, Dict, HarnSet, List, Range, Struct, type Value } from "./values.ts";

/**
 * What a method call calls, or null: then it evaluates to nil. `machine.isEntryCall` says afterwards whether it is an entry of a dict,
 * which is called without the receiver; an answer of two parts would cost an allocation for each call.
 */
export function findMethod(machine: Machine, receiver: Value, name: string): Builtin | Closure | null {
  machine.isEntryCall = false;
  if (receiver instanceof Struct) return machine.impls.get(receiver.shape.name)?.get(name) ?? null;
  if (receiver instanceof Dict) return findInDict(machine, receiver, name);
  return machine.builtins.methods[receiverKind(receiver)].get(name) ?? null;
}

/** A namespace's own entries come before the methods of dicts, those of another dict behind them. */
function findInDict(machine: Machine, receiver: Dict, name: string): Builtin | Closure | null {
  const { methods, unsupported } = machine.builtins;
  const namespace = receiver.get("_namespace");
  if (namespace !== undefined) {
    const own = entry(machine, receiver, name);
    if (own !== null) return own;
    if (typeof namespace === "string" && unsupported.has(`${namespace}.${name}`)) {
      throw raise.fatal(`${namespace}.${name} is not supported yet`);
    }
  }
  return methods.dict.get(name) ?? entry(machine, receiver, name);
}

function entry(machine: Machine, receiver: Dict, name: string): Builtin | Closure | null {
  const value = receiver.get(name);
  machine.isEntryCall = value instanceof Closure || value instanceof BuiltinRef;
  if (value instanceof Closure) return value;
  return value instanceof BuiltinRef ? value.builtin : null;
}

export function receiverKind(receiver: Value): ReceiverKind {
  if (typeof receiver === "string") return "string";
  if (typeof receiver !== "object" || receiver === null) return "other";
  if (receiver instanceof List) return "list";
  if (receiver instanceof Dict) return "dict";
  if (receiver instanceof HarnSet) return "set";
  if (receiver instanceof Range) return "range";
  const { typeName } = receiver;
  return typeName === "iter" || typeName === "generator" || typeName === "stream" ? typeName : "other";
}
