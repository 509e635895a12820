/**
 * Tagged unions of shapes: `{kind: "circle", r: float} | {kind: "square", side: float}`.
 *
 * The tag is the first field of the first member that is required and of a literal type in every member, with values that all differ.
 */
import type { Node, ShapeField } from "../syntax/ast.ts";
import { expandAlias } from "./aliases.ts";
import type { Scope } from "./scope.ts";
import type { Type } from "./types.ts";

export type Literal = Extract<Type, { kind: "LitString" | "LitInt" }>;
export type Shape = Extract<Type, { kind: "Shape" }>;

export interface TaggedUnion {
  readonly tag: string;
  readonly members: readonly { readonly value: Literal; readonly shape: Shape }[];
}

/** The literal type of a plain string or integer literal; null for every other expression. */
export function literalOf(node: Node): Literal | null {
  if (node.kind === "StringLiteral") return { kind: "LitString", value: node.value };
  return node.kind === "IntLiteral" ? { kind: "LitInt", value: node.value } : null;
}

/** Reads the type as a tagged union; aliases of the whole and of members are looked through. */
export function taggedUnion(type: Type, scope: Scope): TaggedUnion | null {
  const union = expandAlias(type, scope);
  if (union.kind !== "Union" || union.members.length < 2) return null;
  const shapes: Shape[] = [];
  for (const member of union.members) {
    const body = expandAlias(member, scope);
    if (body.kind !== "Shape") return null;
    shapes.push(body);
  }
  for (const field of (shapes[0] as Shape).fields) {
    const values = tagValues(shapes, field);
    if (values === null) continue;
    return { tag: field.name, members: shapes.map((shape, i) => ({ value: values[i] as Literal, shape })) };
  }
  return null;
}

function tagValues(shapes: readonly Shape[], field: ShapeField): Literal[] | null {
  const values: Literal[] = [];
  const seen = new Set<string | bigint>();
  for (const shape of shapes) {
    const found = shape.fields.find((candidate) => candidate.name === field.name);
    if (found === undefined || found.optional) return null;
    if (found.type.kind !== "LitString" && found.type.kind !== "LitInt") return null;
    if (seen.has(found.type.value)) return null;
    seen.add(found.type.value);
    values.push(found.type);
  }
  return values;
}
