/** Method dispatch: by the receiver's kind into the table, by a struct's name into its `impl`, by key into a dict. */
import { raise } from "./errors.ts";
import type { Machine } from "./machine.ts";
import type { Builtin, ReceiverKind } from "./native.ts";
import { BuiltinRef, Closure, Dict, HarnSet, List, Range, Struct, type Value } from "./values.ts";

/** What a method call comes down to. `self`: the receiver is the first argument. */
export type Method =
  | { readonly kind: "builtin"; readonly builtin: Builtin; readonly self: boolean }
  | { readonly kind: "closure"; readonly closure: Closure; readonly self: boolean }
  | { readonly kind: "none" };

const NONE: Method = { kind: "none" };

export function findMethod(machine: Machine, receiver: Value, name: string): Method {
  if (receiver instanceof Struct) {
    const closure = machine.impls.get(receiver.shape.name)?.get(name);
    return closure === undefined ? NONE : { kind: "closure", closure, self: true };
  }
  const isDict = receiver instanceof Dict;
  if (isDict && receiver.map.has("_namespace")) {
    const own = entry(receiver, name);
    if (own !== NONE) return own;
  }
  const { methods, unsupported } = machine.builtins;
  const builtin = methods[receiverKind(receiver)].get(name);
  if (builtin !== undefined) return { kind: "builtin", builtin, self: true };
  if (isDict) {
    const namespace = receiver.map.get("_namespace");
    if (typeof namespace === "string" && unsupported.has(`${namespace}.${name}`)) {
      throw raise.fatal(`${namespace}.${name} is not supported yet`);
    }
    return entry(receiver, name);
  }
  return NONE;
}

/** A callable that a dict holds: called without the dict. */
function entry(receiver: Dict, name: string): Method {
  const value = receiver.map.get(name);
  if (value instanceof Closure) return { kind: "closure", closure: value, self: false };
  return value instanceof BuiltinRef ? { kind: "builtin", builtin: value.builtin, self: false } : NONE;
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
