/**
 * Schemas in their canonical form: one name for each rule, whatever spelling it came in. Everything else works on that form.
 *
 * Canonical schemas are plain dicts, since scripts get to see them.
 */
import { keysInOrder } from "../vm/dict.ts";
import { display } from "../vm/display.ts";
import { raise } from "../vm/errors.ts";
import { Dict, dict, List, list, share, shareItems, type Value } from "../vm/values.ts";

/** A schema that is none; the message is the whole text. */
export class SchemaFault extends Error {
  override readonly name = "SchemaFault";
}

const TYPES: Readonly<Record<string, string>> = {
  object: "dict",
  array: "list",
  integer: "int",
  number: "float",
  boolean: "bool",
  null: "nil",
};

/** Canonical names of rules that hold a plain value, by every name they come under. */
const PLAIN: readonly (readonly [string, string])[] = [
  ["min_items", "minItems"],
  ["max_items", "maxItems"],
  ["min", "minimum"],
  ["max", "maximum"],
  ["min_length", "minLength"],
  ["max_length", "maxLength"],
  ["pattern", "pattern"],
  ["enum", "enum"],
  ["const", "const"],
  ["default", "default"],
  ["$ref", "$ref"],
  ...["title", "description", "format", "deprecated", "readOnly", "writeOnly", "example", "examples", "x-harn-type"].map(
    (name): [string, string] => [name, name],
  ),
];

const MAX_SCHEMA_DEPTH = 256;

/**
 * The canonical form of a schema.
 *
 * @throws SchemaFault when it, or a schema within it, is no dict, or a union is no list
 */
export function canonicalSchema(schema: Value, depth = 0): Dict {
  if (!(schema instanceof Dict)) throw new SchemaFault("schema must be a dict");
  if (depth > MAX_SCHEMA_DEPTH) throw raise.runtime(`schema is nested deeper than ${MAX_SCHEMA_DEPTH} levels`);
  const source = schema.map;
  const out = new Map<string, Value>();
  const first = (...names: string[]): Value | undefined => {
    for (const name of names) if (source.has(name)) return source.get(name);
    return undefined;
  };
  const inner = (value: Value) => canonicalSchema(value, depth + 1);
  for (const [name, other] of PLAIN) {
    const value = first(name, other);
    if (value !== undefined) out.set(name, share(value));
  }
  if (source.get("nullable") === true) out.set("nullable", true);
  const union = first("union", "oneOf", "anyOf");
  if (union !== undefined) out.set("union", schemaList(union, inner));
  const allOf = first("all_of", "allOf");
  if (allOf !== undefined) out.set("all_of", schemaList(allOf, inner));
  setType(out, source, inner);
  const properties = source.get("properties");
  if (properties instanceof Dict) out.set("properties", schemaDict(properties, inner));
  const required = source.get("required");
  if (required !== undefined) out.set("required", required instanceof List ? share(required) : list([]));
  const additional = first("additional_properties", "additionalProperties");
  if (additional !== undefined) out.set("additional_properties", typeof additional === "boolean" ? additional : inner(additional));
  if (source.has("items")) out.set("items", inner(source.get("items") as Value));
  const definitions = source.get("definitions");
  if (definitions instanceof Dict) out.set("definitions", schemaDict(definitions, inner));
  const components = source.get("components");
  const schemas = components instanceof Dict ? components.map.get("schemas") : undefined;
  if (schemas instanceof Dict) out.set("components", dict(new Map([["schemas", schemaDict(schemas, inner)]])));
  return dict(out);
}

function setType(out: Map<string, Value>, source: ReadonlyMap<string, Value>, inner: (schema: Value) => Dict): void {
  const type = source.get("type");
  if (type instanceof List) {
    const names = shareItems(type.items, 0, type.length);
    out.set("union", list(names.map((name) => inner(dict(new Map([["type", name]]))))));
  } else if (type !== undefined) {
    const name = display(type);
    out.set("type", TYPES[name] ?? name);
  }
  const isSet = source.get("x-harn-type") === "set" || (out.get("type") === "list" && source.get("uniqueItems") === true);
  if (isSet) {
    out.set("type", "set");
    out.set("x-harn-type", "set");
  }
}

function schemaList(value: Value, inner: (schema: Value) => Dict): List {
  if (!(value instanceof List)) throw new SchemaFault("schema union/all_of must be a list");
  return list(value.items.slice(0, value.length).map(inner));
}

function schemaDict(value: Dict, inner: (schema: Value) => Dict): Dict {
  return dict(new Map(keysInOrder(value).map((key) => [key, inner(value.map.get(key) as Value)])));
}
