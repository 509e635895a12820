/** Inline caches of properties: a shape, and the slot that a name has in it. */
import { getProperty } from "./access.ts";
import { type Shape, Shaped, type Value } from "./values.ts";

export interface FieldCache {
  readonly shape: Shape;
  readonly slot: number;
}

/** A property that the cache does not know yet. */
export function property(caches: unknown[], at: number, of: Value, name: string): Value {
  if (of instanceof Shaped && of.shape !== null) remember(caches, at, of, name);
  return getProperty(of, name);
}

/** A path of properties that the cache does not know, or whose end is absent. The cache is kept when all of it could be known. */
export function walkPath(caches: unknown[], at: number, of: Value, names: readonly string[]): Value {
  const fields: FieldCache[] = [];
  let v = of;
  for (const name of names) {
    const shape = v instanceof Shaped ? v.shape : null;
    const slot = shape?.slotOf.get(name);
    if (shape !== null && slot !== undefined) fields.push({ shape, slot });
    v = getProperty(v, name);
  }
  if (fields.length === names.length) caches[at] = fields;
  return v;
}

export function remember(caches: unknown[], at: number, of: Shaped, name: string): void {
  const slot = of.shape?.slotOf.get(name);
  if (of.shape !== null && slot !== undefined) caches[at] = { shape: of.shape, slot };
}
