/**
 * How big an inferred type is. Variables let types grow without the text growing: `let b = [a, a]`, again and again, doubles one each
 * time. Inference leaves types beyond a limit open, which bounds every later comparison and display.
 */
import type { Type } from "./types.ts";

/** Parts of an inferred type, each counted as often as it is displayed. */
const MAX_WEIGHT = 2_000;

/** Remembers the weights of types with parts, so that a shared part is measured once. */
export type Weights = WeakMap<Type, number>;

/** Whether inference goes on with the type. */
export function isLight(type: Type, weights: Weights): boolean {
  return weigh(type, weights) <= MAX_WEIGHT;
}

function weigh(type: Type, weights: Weights): number {
  if (type.kind === "Named" || type.kind === "Never" || type.kind === "LitString" || type.kind === "LitInt") return 1;
  const known = weights.get(type);
  if (known !== undefined) return known;
  let weight = 1;
  for (const part of partsOf(type)) {
    weight += weigh(part, weights);
    if (weight > MAX_WEIGHT) break;
  }
  weights.set(type, weight);
  return weight;
}

function partsOf(type: Type): readonly Type[] {
  switch (type.kind) {
    case "Union":
      return type.members;
    case "Shape":
      return type.fields.map((field) => field.type);
    case "ListType":
    case "IterType":
    case "GeneratorType":
    case "StreamType":
      return [type.item];
    case "DictType":
      return [type.key, type.value];
    case "Applied":
      return type.args;
    case "FnType":
      return [...type.params, type.result];
    default:
      return [];
  }
}
