/** Canonical schemas under the names of JSON Schema and OpenAPI. */
import { keysInOrder } from "../vm/dict.ts";
import { Dict, dict, Float, isInt, type List, list, share, type Value } from "../vm/values.ts";

const TYPES: Readonly<Record<string, string>> = {
  dict: "object",
  list: "array",
  set: "array",
  int: "integer",
  float: "number",
  bool: "boolean",
  nil: "null",
  closure: "string",
  builtin: "string",
};

const NAMES: Readonly<Record<string, string>> = {
  min: "minimum",
  max: "maximum",
  min_length: "minLength",
  max_length: "maxLength",
  min_items: "minItems",
  max_items: "maxItems",
  additional_properties: "additionalProperties",
  union: "oneOf",
  all_of: "allOf",
};

/** @param openApi whether a nullable type is said by `nullable`, not by a list of types */
export function exportSchema(schema: Dict, openApi: boolean): Dict {
  const out = new Map<string, Value>();
  for (const key of keysInOrder(schema)) {
    const value = schema.map.get(key) as Value;
    if (key === "x-harn-type" && value === "set") continue;
    if (key === "nullable") continue;
    out.set(NAMES[key] ?? key, exportRule(key, value, openApi));
  }
  const type = schema.map.get("type");
  if (typeof type === "string") {
    if (type === "any") out.delete("type");
    else out.set("type", TYPES[type] ?? type);
    if (type === "set") out.set("uniqueItems", true);
    if (type === "closure" || type === "builtin") out.set("x-harn-type", type);
  }
  if (schema.map.get("nullable") === true) {
    if (openApi) out.set("nullable", true);
    else if (out.has("type")) out.set("type", list([out.get("type") as Value, "null"]));
  }
  return dict(out);
}

function exportRule(key: string, value: Value, openApi: boolean): Value {
  switch (key) {
    case "min":
    case "max":
      return isInt(value) ? new Float(Number(value)) : value;
    case "items":
    case "additional_properties":
      return value instanceof Dict ? exportSchema(value, openApi) : value;
    case "properties":
    case "definitions":
      return value instanceof Dict ? exportAll(value, openApi) : value;
    case "components": {
      const schemas = (value as Dict).map.get("schemas");
      return dict(new Map([["schemas", exportAll(schemas as Dict, openApi)]]));
    }
    case "union":
    case "all_of":
      return list((value as List).items.slice(0, (value as List).length).map((branch) => exportSchema(branch as Dict, openApi)));
    default:
      return share(value);
  }
}

function exportAll(schemas: Dict, openApi: boolean): Dict {
  return dict(new Map(keysInOrder(schemas).map((key) => [key, exportSchema(schemas.map.get(key) as Dict, openApi)])));
}
