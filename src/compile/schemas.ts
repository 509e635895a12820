/**
 * Types as schemas: what a type alias stands for where a schema is expected, and what a tool says of its parameters.
 *
 * A type is lowered as for the guard of a parameter (`guards.ts`), after its aliases have been replaced by their bodies, and then
 * written as the dict that a script sees: under the language's own names, or under those of JSON Schema. The result is a constant.
 */
import type { Constant, Guard } from "../bytecode/chunk.ts";
import { Op } from "../bytecode/op.ts";
import type { Span } from "../source/text.ts";
import type { Identifier, Node, TypeExpr } from "../syntax/ast.ts";
import type { Fn, Unit } from "./fn.ts";
import { guardOf } from "./guards.ts";

/** Where a call takes a schema: there the name of a type alias stands for its schema. */
const SCHEMA_ARGUMENT: ReadonlyMap<string, number> = new Map([
  ["schema_of", 0],
  ["schema_is", 1],
  ["schema_expect", 1],
  ["schema_parse", 1],
  ["schema_check", 1],
  ["is_type", 1],
  ["json_validate", 1],
]);

/** Parts of types that may be lowered for one file; its message below says the number too. */
export const SCHEMA_PARTS = 200_000;

/** Notes which argument of a call means a schema; it is asked about when the argument itself is compiled. */
export function noteSchemaArgument(f: Fn, name: string, args: readonly Node[]): void {
  const position = SCHEMA_ARGUMENT.get(name);
  const node = position === undefined ? undefined : args[position];
  if (node?.kind === "Identifier" && f.unit.names.aliases.has(node.name)) f.unit.schemaArguments.add(node);
}

/** Loads the schema that a name stands for. False: it is a name like any other, because a variable hides the alias or it has no schema. */
export function schemaArgument(f: Fn, node: Identifier, dst: number): boolean {
  if (!f.unit.schemaArguments.has(node) || f.resolve(node.name).kind !== "unbound") return false;
  const schema = lowered(f, { kind: "Named", name: node.name }, node.span, OWN);
  if (schema === null) return false;
  f.code.ad(Op.LOADK, dst, f.code.constant(schema));
  return true;
}

/** The JSON Schema of a type; null: it has none. `span`: who asks. */
export function jsonSchemaOf(f: Fn, type: TypeExpr, span: Span): Constant | null {
  return lowered(f, type, span, JSON_SCHEMA);
}

function lowered({ unit }: Fn, type: TypeExpr, span: Span, dialect: Dialect): Constant | null {
  if (unit.schemaParts.left < 0) return null;
  const guard = guardOf(expanded(unit, type, new Set()), NO_INTERFACES);
  if (unit.schemaParts.left >= 0) return guard === null ? null : written(guard, dialect);
  unit.diagnostics.push({
    severity: "error",
    code: "limit/schema-size",
    message: "the schemas of this file's types are too large: more than 200,000 parts; write fewer or smaller ones",
    source: unit.source,
    span,
  });
  return null;
}

const NO_INTERFACES: ReadonlySet<string> = new Set();

// --- Aliases -----------------------------------------------------------------------------------------------------------------------

/** Stands for a type that no schema can express. */
const OPAQUE: TypeExpr = { kind: "Never" };

/** The type with the names of aliases replaced by their bodies; one that contains itself is opaque where it does. */
function expanded(unit: Unit, type: TypeExpr, open: Set<string>): TypeExpr {
  // Aliases that use others twice double with every step, so what they come to is bounded for a file as a whole.
  if (--unit.schemaParts.left < 0) return OPAQUE;
  const inner = (part: TypeExpr): TypeExpr => expanded(unit, part, open);
  switch (type.kind) {
    case "Named": {
      const alias = unit.names.aliases.get(type.name);
      if (alias === undefined) return type;
      if (open.has(type.name)) return OPAQUE;
      open.add(type.name);
      const body = inner(alias);
      open.delete(type.name);
      return body;
    }
    case "Union":
      return { kind: "Union", members: type.members.map(inner) };
    case "ListType":
      return { kind: "ListType", item: inner(type.item) };
    case "DictType":
      return { ...type, value: inner(type.value) };
    case "Shape":
      return { kind: "Shape", fields: type.fields.map((field) => ({ ...field, type: inner(field.type) })) };
    default:
      return type;
  }
}

// --- Spellings ---------------------------------------------------------------------------------------------------------------------

/** The names that schemas and their types go by. */
interface Dialect {
  readonly types: Readonly<Record<string, string>>;
  readonly union: string;
  readonly additional: string;
}

const OWN: Dialect = { types: {}, union: "union", additional: "additional_properties" };

const JSON_SCHEMA: Dialect = {
  types: {
    int: "integer",
    float: "number",
    bool: "boolean",
    nil: "null",
    list: "array",
    set: "array",
    dict: "object",
    closure: "string",
  },
  union: "oneOf",
  additional: "additionalProperties",
};

type Entries = [string, Constant][];

function written(guard: Guard, dialect: Dialect): Constant {
  const inner = (part: Guard): Constant => written(part, dialect);
  switch (guard.kind) {
    case "name":
      return dict(...typeEntries(guard.name, dialect));
    case "interface":
      return dict();
    case "literal":
      return dict(...typeEntries(kindOf(guard.value), dialect), ["const", guard.value]);
    case "union": {
      const values = guard.members.flatMap((member) => (member.kind === "literal" ? [member.value] : []));
      const kinds = new Set(values.map(kindOf));
      const isEnum = values.length === guard.members.length && kinds.size === 1;
      if (!isEnum) return dict([dialect.union, list(guard.members.map(inner))]);
      return dict(...typeEntries([...kinds][0] as string, dialect), ["enum", list(values)]);
    }
    case "list": {
      const items: Entries = guard.item === null ? [] : [["items", inner(guard.item)]];
      return dict(...typeEntries("list", dialect), ...items);
    }
    case "dict": {
      const values: Entries = guard.value === null ? [] : [[dialect.additional, inner(guard.value)]];
      return dict(...typeEntries("dict", dialect), ...values);
    }
    case "shape": {
      const required = guard.fields.filter((field) => !field.optional).map((field) => field.name);
      const properties = dict(...guard.fields.map((field): [string, Constant] => [field.name, inner(field.type)]));
      const needs: Entries = required.length === 0 ? [] : [["required", list(required)]];
      return dict(...typeEntries("dict", dialect), ["properties", properties], ...needs);
    }
  }
}

/** The type itself, and what JSON Schema must add where it has no name of its own for it. */
function typeEntries(name: string, dialect: Dialect): Entries {
  const entries: Entries = [["type", dialect.types[name] ?? name]];
  if (dialect === JSON_SCHEMA && name === "set") entries.push(["uniqueItems", true]);
  if (dialect === JSON_SCHEMA && name === "closure") entries.push(["x-harn-type", name]);
  return entries;
}

function kindOf(value: string | number | bigint): string {
  return typeof value === "string" ? "string" : "int";
}

function dict(...entries: Entries): Constant {
  return { kind: "dict", entries };
}

function list(items: readonly Constant[]): Constant {
  return { kind: "list", items };
}
