/**
 * Replacing names inside a type: type parameters by what they were bound to, and the like.
 *
 * Unbound names stay as they are, so a result may still show `list<U>`.
 */
import type { Type } from "./types.ts";

export type Bindings = ReadonlyMap<string, Type>;

/** Rebuilds the type with `change` applied to each part, or returns the same object when no part changed. */
export function mapParts(type: Type, change: (part: Type) => Type): Type {
  switch (type.kind) {
    case "Union": {
      const members = mapList(type.members, change);
      return members === type.members ? type : { kind: "Union", members };
    }
    case "Shape": {
      let changed = false;
      const fields = type.fields.map((field) => {
        const inner = change(field.type);
        if (inner === field.type) return field;
        changed = true;
        return { name: field.name, type: inner, optional: field.optional };
      });
      return changed ? { kind: "Shape", fields } : type;
    }
    case "ListType":
    case "IterType":
    case "GeneratorType":
    case "StreamType": {
      const item = change(type.item);
      return item === type.item ? type : { kind: type.kind, item };
    }
    case "DictType": {
      const key = change(type.key);
      const value = change(type.value);
      return key === type.key && value === type.value ? type : { kind: "DictType", key, value };
    }
    case "Applied": {
      const args = mapList(type.args, change);
      return args === type.args ? type : { kind: "Applied", name: type.name, args };
    }
    case "FnType": {
      const params = mapList(type.params, change);
      const result = change(type.result);
      return params === type.params && result === type.result ? type : { kind: "FnType", params, result };
    }
    default:
      return type;
  }
}

/** The type with every bound name replaced. */
export function substitute(type: Type, bindings: Bindings): Type {
  if (bindings.size === 0) return type;
  if (type.kind === "Named") return bindings.get(type.name) ?? type;
  return mapParts(type, (part) => substitute(part, bindings));
}

/** Pairs parameter names with arguments; used when both lists have the same length. */
export function bindingsOf(names: readonly string[], args: readonly Type[]): Map<string, Type> {
  const bindings = new Map<string, Type>();
  names.forEach((name, i) => {
    const arg = args[i];
    if (arg !== undefined) bindings.set(name, arg);
  });
  return bindings;
}

function mapList(types: readonly Type[], change: (part: Type) => Type): readonly Type[] {
  let changed = false;
  const mapped = types.map((type) => {
    const next = change(type);
    if (next !== type) changed = true;
    return next;
  });
  return changed ? mapped : types;
}
