/**
 * Schema forms: expressions whose value is a schema that the checker can read as a type.
 *
 * They are the name of an alias, a variable bound to a schema dict, such a dict itself, and `schema_of(Alias)`. A dict that says
 * something the checker cannot express gives no type, which switches checks off rather than on.
 */
import type { DictLiteral, Node } from "../syntax/ast.ts";
import { expandAlias } from "./aliases.ts";
import type { Scope } from "./scope.ts";
import type { InferredType, Type } from "./types.ts";
import { ANY, dictOf, isNamed, listOf, NIL, named, STRING, unionOf } from "./types.ts";

const SCHEMA_NAMES: Readonly<Record<string, string>> = {
  object: "dict",
  array: "list",
  integer: "int",
  number: "float",
  boolean: "bool",
  null: "nil",
};

/** The type that a schema form describes; null when the expression is none. */
export function schemaFormType(node: Node, scope: Scope): InferredType {
  switch (node.kind) {
    case "Identifier": {
      const variable = scope.variable(node.name);
      if (variable?.schema) return variable.schema;
      return scope.isHidden(node.name) ? null : aliasBody(node.name, scope);
    }
    case "DictLiteral":
      return schemaDictType(node);
    case "FunctionCall": {
      const arg = node.args[0];
      if (node.name !== "schema_of" || node.args.length !== 1 || arg?.kind !== "Identifier") return null;
      return aliasBody(arg.name, scope);
    }
    default:
      return null;
  }
}

/** The expanded body of an alias without parameters. */
export function aliasBody(name: string, scope: Scope): InferredType {
  const alias = scope.alias(name);
  return alias === null || alias.typeParams.length > 0 ? null : expandAlias(alias.typeExpr, scope);
}

/** Reads a schema dict written in the source. */
function schemaDictType(dict: DictLiteral): InferredType {
  const base = alternatives(dict) ?? plainSchema(dict);
  if (base === null) return null;
  const nullable = entry(dict, "nullable");
  return nullable?.kind === "BoolLiteral" && nullable.value ? unionOf([base, NIL]) : base;
}

function alternatives(dict: DictLiteral): InferredType {
  const list = entry(dict, "union") ?? entry(dict, "oneOf") ?? entry(dict, "anyOf");
  if (list?.kind !== "ListLiteral") return null;
  const members = list.items.map((item) => (item.kind === "DictLiteral" ? schemaDictType(item) : null));
  return members.length === 0 || members.includes(null) ? null : unionOf(members as Type[]);
}

function plainSchema(dict: DictLiteral): InferredType {
  const base = namedType(entry(dict, "type"));
  const properties = entry(dict, "properties");
  if (properties?.kind === "DictLiteral" && (base === null || isNamed(base, "dict"))) return shapeType(dict, properties);
  const items = entry(dict, "items");
  if (items?.kind === "DictLiteral" && (base === null || isNamed(base, "list"))) {
    const item = schemaDictType(items);
    return item === null ? base : listOf(item);
  }
  const values = entry(dict, "additional_properties") ?? entry(dict, "additionalProperties");
  if (values?.kind === "DictLiteral" && isNamed(base, "dict")) {
    const value = schemaDictType(values);
    return value === null ? base : dictOf(STRING, value);
  }
  return base;
}

function namedType(node: Node | null): InferredType {
  if (node?.kind === "StringLiteral") return named(SCHEMA_NAMES[node.value] ?? node.value);
  if (node?.kind !== "ListLiteral" || node.items.length === 0) return null;
  const members = node.items.map((item) => (item.kind === "StringLiteral" ? namedType(item) : null));
  return members.includes(null) ? null : unionOf(members as Type[]);
}

function shapeType(dict: DictLiteral, properties: DictLiteral): Type {
  const list = entry(dict, "required");
  const required = new Set<string>();
  if (list?.kind === "ListLiteral") for (const item of list.items) if (item.kind === "StringLiteral") required.add(item.value);
  const fields = properties.entries.flatMap(({ key, value }) => {
    if (key?.kind !== "StringLiteral") return [];
    const type = value.kind === "DictLiteral" ? schemaDictType(value) : null;
    return [{ name: key.value, type: type ?? ANY, optional: !required.has(key.value) }];
  });
  return { kind: "Shape", fields };
}

function entry(dict: DictLiteral, name: string): Node | null {
  return dict.entries.find(({ key }) => key?.kind === "StringLiteral" && key.value === name)?.value ?? null;
}
