/**
 * Binding type parameters by matching a parameter's type against an argument's.
 *
 * Matching is structural and kind against kind: a name that is a parameter binds, lists, dicts, sequences, applications of the same
 * name, shapes and functions are gone through part by part, anything else binds nothing.
 */
import type { Type } from "./types.ts";
import { isNamed, sameType, showType } from "./types.ts";

/**
 * Adds to `bindings`; the first binding of a name wins.
 *
 * @param pattern the parameter's type
 * @param actual the argument's type
 * @param names the type parameters that may be bound
 * @returns null, or the message when a name would be bound to a second, different type
 */
export function bindType(pattern: Type, actual: Type, names: ReadonlySet<string>, bindings: Map<string, Type>): string | null {
  if (pattern.kind === "Named") return names.has(pattern.name) ? bindName(pattern.name, actual, bindings) : null;
  switch (pattern.kind) {
    case "ListType":
    case "IterType":
    case "GeneratorType":
    case "StreamType":
      return actual.kind === pattern.kind ? bindType(pattern.item, actual.item, names, bindings) : null;
    case "DictType":
      if (actual.kind !== "DictType") return null;
      return bindType(pattern.key, actual.key, names, bindings) ?? bindType(pattern.value, actual.value, names, bindings);
    case "Applied":
      if (actual.kind !== "Applied" || actual.name !== pattern.name || actual.args.length !== pattern.args.length) return null;
      return bindAll(pattern.args, actual.args, names, bindings);
    case "Shape":
      if (actual.kind !== "Shape") return null;
      for (const field of pattern.fields) {
        const given = actual.fields.find((candidate) => candidate.name === field.name);
        const conflict = given === undefined ? null : bindType(field.type, given.type, names, bindings);
        if (conflict !== null) return conflict;
      }
      return null;
    case "FnType":
      if (actual.kind !== "FnType" || actual.params.length !== pattern.params.length) return null;
      return bindAll(pattern.params, actual.params, names, bindings) ?? bindType(pattern.result, actual.result, names, bindings);
    default:
      return null;
  }
}

function bindAll(
  patterns: readonly Type[],
  actuals: readonly Type[],
  names: ReadonlySet<string>,
  bindings: Map<string, Type>,
): string | null {
  for (const [i, pattern] of patterns.entries()) {
    const conflict = bindType(pattern, actuals[i] as Type, names, bindings);
    if (conflict !== null) return conflict;
  }
  return null;
}

function bindName(name: string, actual: Type, bindings: Map<string, Type>): string | null {
  const before = bindings.get(name);
  if (before === undefined || isNamed(before, "_")) {
    bindings.set(name, actual);
    return null;
  }
  if (isNamed(actual, "_") || sameType(before, actual)) return null;
  return `type parameter '${name}' was inferred as both ${showType(before)} and ${showType(actual)}`;
}
