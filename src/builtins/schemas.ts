/** Functions on schemas: checking values, and making schemas from others. */
import { keysInOrder } from "../vm/dict.ts";
import { display } from "../vm/display.ts";
import { raise } from "../vm/errors.ts";
import type { Builtin, NativeContext } from "../vm/native.ts";
import { Dict, dict, err, List, list, ok, share, truthy, typeName, type Value } from "../vm/values.ts";
import { plain, withAliases } from "./define.ts";
import type { RegexCache } from "./regex.ts";
import { canonicalSchema, SchemaFault } from "./schema_canon.ts";
import { Validation } from "./schema_check.ts";
import { exportSchema } from "./schema_export.ts";

export function schemaFunctions(regexes: RegexCache): Builtin[] {
  return [...checking(regexes), ...deciding(regexes), ...changing(), ...converting()];
}

interface Report {
  readonly value: Value;
  readonly errors: readonly string[];
}

function validate(ctx: NativeContext, regexes: RegexCache, value: Value, schema: Value, fillDefaults: boolean): Report {
  const validation = new Validation(ctx, regexes, canonicalSchema(schema), fillDefaults);
  const result = validation.run(value);
  return { value: share(result), errors: validation.errors };
}

/** A malformed schema as the thrown text that most functions give. */
function orThrow<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof SchemaFault) throw raise.thrown(error.message);
    throw error;
  }
}

function need(ctx: NativeContext, name: string, count: number): void {
  if (ctx.argc < count) throw raise.thrown(`${name} requires ${count} arguments`);
}

function failureDict(errors: readonly string[], value: Value | undefined): Dict {
  const entries = new Map<string, Value>([
    ["errors", list([...errors])],
    ["message", errors[0] ?? ""],
  ]);
  if (value !== undefined) entries.set("value", value);
  return dict(entries);
}

function checking(regexes: RegexCache): Builtin[] {
  const row = (name: string, fillDefaults: boolean, doc: string, example: string) =>
    plain({ name, signature: "<T>(value: unknown, schema: Schema<T>) -> Result<T, string>", doc, example }, (ctx, value, schema) => {
      need(ctx, name, 2);
      try {
        const report = validate(ctx, regexes, value as Value, schema as Value, fillDefaults);
        return report.errors.length === 0 ? ok(report.value) : err(failureDict(report.errors, report.value));
      } catch (error) {
        if (!(error instanceof SchemaFault)) throw error;
        // A union that is no list is a fault of the program in every form; only "no dict at all" is reported as a result.
        return err(failureDict([error.message], undefined));
      }
    });
  return [
    row(
      "schema_check",
      false,
      "The value as an Ok, or an Err with all that is wrong with it.",
      'println(schema_check(1, {type: "int"}))  // -> Result.Ok(1)',
    ),
    row(
      "schema_parse",
      true,
      "As `schema_check`; absent properties get their defaults.",
      "println(schema_parse({}, {properties: {a: {default: 1}}}))  // -> Result.Ok({a: 1})",
    ),
  ];
}

function deciding(regexes: RegexCache): Builtin[] {
  const is = plain(
    {
      name: "schema_is",
      signature: "(value, schema) -> bool",
      doc: "Whether the value satisfies the schema.",
      example: 'println(schema_is("x", {type: "int"}))  // -> false',
    },
    (ctx, value, schema) => {
      need(ctx, "schema_is", 2);
      return orThrow(() => validate(ctx, regexes, value as Value, schema as Value, false)).errors.length === 0;
    },
  );
  return [
    ...withAliases(is, "is_type"),
    plain(
      {
        name: "schema_expect",
        signature: "<T>(value: unknown, schema: Schema<T>, apply_defaults?: bool) -> T",
        doc: "The value, completed by defaults on request; throws all that is wrong with it.",
        example: 'println(schema_expect(1, {type: "int"}))  // -> 1',
      },
      (ctx, value, schema, fillDefaults) => {
        need(ctx, "schema_expect", 2);
        const report = orThrow(() => validate(ctx, regexes, value as Value, schema as Value, truthy(fillDefaults as Value)));
        if (report.errors.length > 0) throw raise.thrown(report.errors.join("; "));
        return report.value;
      },
    ),
    plain(
      {
        name: "json_validate",
        signature: "(value, schema) -> bool",
        doc: "True when the value satisfies the schema; throws all that is wrong with it otherwise.",
        example: 'println(json_validate(1, {type: "int"}))  // -> true',
      },
      (ctx, value, schema) => {
        need(ctx, "json_validate", 2);
        const report = orThrow(() => validate(ctx, regexes, value as Value, schema as Value, false));
        if (report.errors.length > 0) throw raise.thrown(report.errors.join("; "));
        return true;
      },
    ),
    plain(
      {
        name: "schema_of",
        signature: "(schema) -> dict",
        doc: "The schema of a type alias; a schema as it is.",
        example: 'println(schema_of({type: "int"}))  // -> {type: int}',
      },
      (_ctx, schema) => {
        if (schema instanceof Dict) return share(schema);
        throw raise.thrown(`schema_of: expected a type alias or schema dict, got ${typeName(schema as Value)}`);
      },
    ),
  ];
}

function changing(): Builtin[] {
  const select = (name: string, doc: string, example: string, keep: (named: boolean) => boolean) =>
    plain({ name, signature: "(schema, keys: list) -> dict", doc, example }, (ctx, schema, keys) => {
      need(ctx, name, 2);
      if (!(keys instanceof List)) throw raise.thrown(`${name}: keys must be a list`);
      const names = new Set(keys.items.slice(0, keys.length).map(display));
      return orThrow(() => selected(canonicalSchema(schema as Value), (key) => keep(names.has(key))));
    });
  return [
    plain(
      {
        name: "schema_extend",
        signature: "(schema, more) -> dict",
        doc: "Both schemas' rules; those of the second win.",
        example: 'println(schema_extend({type: "int"}, {min: 1}))  // -> {min: 1, type: int}',
      },
      (ctx, schema, more) => {
        need(ctx, "schema_extend", 2);
        return orThrow(() => dict(new Map([...canonicalSchema(schema as Value).map, ...canonicalSchema(more as Value).map])));
      },
    ),
    plain(
      {
        name: "schema_partial",
        signature: "(schema) -> dict",
        doc: "The schema without required keys, at every level.",
        example: 'println(schema_partial({type: "dict", required: ["a"]}))  // -> {type: dict}',
      },
      (ctx, schema) => {
        need(ctx, "schema_partial", 1);
        return orThrow(() => partial(canonicalSchema(schema as Value)));
      },
    ),
    select(
      "schema_pick",
      "The schema with those properties only.",
      'println(schema_pick({properties: {a: {}, b: {}}}, ["a"]))  // -> {properties: {a: {}}}',
      (named) => named,
    ),
    select(
      "schema_omit",
      "The schema without those properties.",
      'println(schema_omit({properties: {a: {}, b: {}}}, ["a"]))  // -> {properties: {b: {}}}',
      (named) => !named,
    ),
  ];
}

function selected(schema: Dict, keep: (key: string) => boolean): Dict {
  const out = new Map(schema.map);
  const properties = out.get("properties");
  if (properties instanceof Dict) out.set("properties", dict(new Map([...properties.map].filter(([key]) => keep(key)))));
  const required = out.get("required");
  if (required instanceof List) out.set("required", list(required.items.slice(0, required.length).filter((key) => keep(display(key)))));
  return dict(out);
}

function partial(schema: Dict): Dict {
  const out = new Map<string, Value>();
  for (const [key, value] of schema.map) {
    if (key === "required") continue;
    const isSchema = key === "items" || key === "additional_properties";
    if (isSchema && value instanceof Dict) out.set(key, partial(value));
    else if ((key === "properties" || key === "definitions") && value instanceof Dict) {
      out.set(key, dict(new Map(keysInOrder(value).map((name) => [name, partial(value.map.get(name) as Dict)]))));
    } else if ((key === "union" || key === "all_of") && value instanceof List) {
      out.set(key, list(value.items.slice(0, value.length).map((branch) => partial(branch as Dict))));
    } else out.set(key, share(value));
  }
  return dict(out);
}

function converting(): Builtin[] {
  const row = (name: string, doc: string, example: string, convert: (schema: Dict) => Dict) =>
    plain({ name, signature: "(schema) -> dict", doc, example }, (ctx, schema) => {
      need(ctx, name, 1);
      return orThrow(() => convert(canonicalSchema(schema as Value)));
    });
  const fromJson = row(
    "schema_from_json_schema",
    "A JSON Schema under the language's own names.",
    'println(schema_from_json_schema({type: "integer"}))  // -> {type: int}',
    (s) => s,
  );
  return [
    ...withAliases(fromJson, "schema_from_openapi_schema"),
    row(
      "schema_to_json_schema",
      "The schema as a JSON Schema.",
      'println(schema_to_json_schema({type: "int"}))  // -> {type: integer}',
      (s) => exportSchema(s, false),
    ),
    row(
      "schema_to_openapi_schema",
      "The schema as OpenAPI writes it.",
      'println(schema_to_openapi_schema({type: "int"}))  // -> {type: integer}',
      (s) => exportSchema(s, true),
    ),
  ];
}
