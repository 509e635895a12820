/**
 * Types as the checker holds them: the syntax's own type expressions, so that what is displayed is what was written.
 *
 * `null` stands for "not known" and is written `InferredType`; every check is skipped as soon as one side is null. The name `_` is the
 * wildcard that inference leaves where an argument is open (`Result<int, _>`). Nothing here looks names up: aliases and declarations
 * are the business of scope.ts and aliases.ts.
 */
import type { ShapeField, TypeExpr } from "../syntax/ast.ts";

export type Type = TypeExpr;

/** A type, or null when it is not known. */
export type InferredType = Type | null;

export const NEVER: Type = { kind: "Never" };
export const INT = named("int");
export const FLOAT = named("float");
export const STRING = named("string");
export const BOOL = named("bool");
export const NIL = named("nil");
export const LIST = named("list");
export const DICT = named("dict");
export const ITER = named("iter");
export const ANY = named("any");
export const CLOSURE = named("closure");
/** Stands for an argument that inference leaves open; fits everything in both directions. */
export const WILDCARD = named("_");

export function named(name: string): Type {
  return { kind: "Named", name };
}

export function listOf(item: Type): Type {
  return { kind: "ListType", item };
}

export function dictOf(key: Type, value: Type): Type {
  return { kind: "DictType", key, value };
}

export function iterOf(item: Type): Type {
  return { kind: "IterType", item };
}

export function applied(name: string, args: readonly Type[]): Type {
  return { kind: "Applied", name, args };
}

/** Whether the type is the plain name `name`. */
export function isNamed(type: InferredType, name: string): boolean {
  return type !== null && type.kind === "Named" && type.name === name;
}

/** The name of a plain or applied name, which is what declarations are looked up by; null for every other form. */
export function baseName(type: Type): string | null {
  return type.kind === "Named" || type.kind === "Applied" ? type.name : null;
}

/** A union of the members without `never`, nested unions spread; one member stands alone, none is `never`. */
export function unionOf(members: readonly Type[]): Type {
  const flat: Type[] = [];
  for (const member of members) {
    if (member.kind === "Union") flat.push(...member.members);
    else if (member.kind !== "Never") flat.push(member);
  }
  if (flat.length === 0) return NEVER;
  return flat.length === 1 ? (flat[0] as Type) : { kind: "Union", members: flat };
}

/** As `unionOf`, each type once, in the order first seen. */
export function distinctUnion(types: readonly Type[]): Type {
  const members: Type[] = [];
  for (const type of types) if (!members.some((member) => sameType(member, type))) members.push(type);
  return unionOf(members);
}

/** The members of a union, or the type itself. */
export function membersOf(type: Type): readonly Type[] {
  return type.kind === "Union" ? type.members : [type];
}

/** The union without the plain name `name`; `never` when nothing else is in it. */
export function withoutName(members: readonly Type[], name: string): Type {
  return unionOf(members.filter((member) => !isNamed(member, name)));
}

/** Strict equality of structure: names, order and optional marks count. */
export function sameType(a: Type, b: Type): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case "Never":
      return true;
    case "Named":
      return a.name === (b as typeof a).name;
    case "LitString":
    case "LitInt":
      return a.value === (b as typeof a).value;
    case "Union":
      return sameList(a.members, (b as typeof a).members);
    case "Shape":
      return sameFields(a.fields, (b as typeof a).fields);
    case "ListType":
    case "IterType":
    case "GeneratorType":
    case "StreamType":
      return sameType(a.item, (b as typeof a).item);
    case "DictType":
      return sameType(a.key, (b as typeof a).key) && sameType(a.value, (b as typeof a).value);
    case "Applied":
      return a.name === (b as typeof a).name && sameList(a.args, (b as typeof a).args);
    case "FnType":
      return sameList(a.params, (b as typeof a).params) && sameType(a.result, (b as typeof a).result);
  }
}

function sameList(a: readonly Type[], b: readonly Type[]): boolean {
  return a.length === b.length && a.every((type, i) => sameType(type, b[i] as Type));
}

function sameFields(a: readonly ShapeField[], b: readonly ShapeField[]): boolean {
  return (
    a.length === b.length &&
    a.every((field, i) => {
      const other = b[i] as ShapeField;
      return field.name === other.name && field.optional === other.optional && sameType(field.type, other.type);
    })
  );
}

/** The type as messages show it. */
export function showType(type: Type): string {
  switch (type.kind) {
    case "Named":
      return type.name;
    case "Never":
      return "never";
    case "LitString":
      return `"${type.value.replace(/[\\"]/g, "\\$&")}"`;
    case "LitInt":
      return type.value.toString();
    case "Union":
      return type.members.map(showType).join(" | ");
    case "Shape":
      return `{${type.fields.map((field) => `${field.name}${field.optional ? "?" : ""}: ${showType(field.type)}`).join(", ")}}`;
    case "ListType":
      return `list<${showType(type.item)}>`;
    case "DictType":
      return `dict<${showType(type.key)}, ${showType(type.value)}>`;
    case "IterType":
      return `iter<${showType(type.item)}>`;
    case "GeneratorType":
      return `Generator<${showType(type.item)}>`;
    case "StreamType":
      return `Stream<${showType(type.item)}>`;
    case "Applied":
      return `${type.name}<${type.args.map(showType).join(", ")}>`;
    case "FnType":
      return `fn(${type.params.map(showType).join(", ")}) -> ${showType(type.result)}`;
  }
}

/** The type as the reference's internal form prints it; one message (`max_concurrent`) shows that form to people. */
export function dumpType(type: Type): string {
  switch (type.kind) {
    case "Named":
      return `Named(${JSON.stringify(type.name)})`;
    case "Never":
      return "Never";
    case "LitString":
      return `LitString(${JSON.stringify(type.value)})`;
    case "LitInt":
      return `LitInt(${type.value})`;
    case "Union":
      return `Union(${dumpList(type.members)})`;
    case "Shape":
      return `Shape([${type.fields.map(dumpField).join(", ")}])`;
    case "ListType":
      return `List(${dumpType(type.item)})`;
    case "DictType":
      return `DictType(${dumpType(type.key)}, ${dumpType(type.value)})`;
    case "IterType":
      return `Iter(${dumpType(type.item)})`;
    case "GeneratorType":
      return `Generator(${dumpType(type.item)})`;
    case "StreamType":
      return `Stream(${dumpType(type.item)})`;
    case "Applied":
      return `Applied { name: ${JSON.stringify(type.name)}, args: ${dumpList(type.args)} }`;
    case "FnType":
      return `FnType { params: ${dumpList(type.params)}, return_type: ${dumpType(type.result)} }`;
  }
}

function dumpList(types: readonly Type[]): string {
  return `[${types.map(dumpType).join(", ")}]`;
}

function dumpField(field: ShapeField): string {
  return `ShapeField { name: ${JSON.stringify(field.name)}, type_expr: ${dumpType(field.type)}, optional: ${field.optional} }`;
}
