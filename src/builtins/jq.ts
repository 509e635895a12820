/** `jq` and `jq_first`: queries over values, after the program of that name. */
import { keysInOrder } from "../vm/dict.ts";
import { compare, equals } from "../vm/equality.ts";
import { display, MAX_VALUE_DEPTH } from "../vm/display.ts";
import { raise } from "../vm/errors.ts";
import type { Builtin, NativeContext } from "../vm/native.ts";
import { codePointCount } from "../vm/strings.ts";
import { Bytes, Dict, dict, Float, HarnSet, isInt, List, list, share, shareItems, truthy, typeName, type Value } from "../vm/values.ts";
import { checkItems } from "./args.ts";
import { plain } from "./define.ts";
import { JqError, parseJq, type Query, type Step } from "./jq_parse.ts";

export function jqFunctions(): Builtin[] {
  return [
    plain(
      {
        name: "jq",
        signature: "(value, query: string) -> list",
        doc: "All results of a query on a value.",
        example: 'println(jq([{n: 1}, {n: 2}], ".[].n"))  // -> [1, 2]',
      },
      (ctx, value, query) => list(run(ctx, "jq", value as Value, query as Value)),
    ),
    plain(
      {
        name: "jq_first",
        signature: "(value, query: string)",
        doc: "The first result of a query on a value, nil if none.",
        example: 'println(jq_first([5, 6], ".[1]"))  // -> 6',
      },
      (ctx, value, query) => run(ctx, "jq_first", value as Value, query as Value)[0] ?? null,
    ),
  ];
}

function run(ctx: NativeContext, name: string, value: Value, query: Value): Value[] {
  if (ctx.argc < 2) throw raise.thrown(`${name} requires 2 arguments`);
  const results = evaluate(ctx, parse(display(query)), value);
  for (const result of results) share(result);
  return results;
}

function parse(text: string): Query {
  try {
    return parseJq(text);
  } catch (error) {
    if (error instanceof JqError) throw raise.thrown(`jq: ${error.message}`);
    throw error;
  }
}

function evaluate(ctx: NativeContext, query: Query, input: Value): Value[] {
  ctx.burn(1);
  switch (query.kind) {
    case "pipe":
      return limited(
        ctx,
        evaluate(ctx, query.left, input).flatMap((value) => evaluate(ctx, query.right, value)),
      );
    case "comma":
      return limited(ctx, [...evaluate(ctx, query.left, input), ...evaluate(ctx, query.right, input)]);
    case "and":
      return [holds(ctx, query.left, input) && holds(ctx, query.right, input)];
    case "or":
      return [holds(ctx, query.left, input) || holds(ctx, query.right, input)];
    case "not":
      return [!holds(ctx, query.body, input)];
    case "compare":
      return [compares(query.op, first(ctx, query.left, input), first(ctx, query.right, input))];
    case "literal":
      return [query.value];
    case "path":
      return limited(
        ctx,
        query.steps.reduce((values, step) => values.flatMap((value) => follow(ctx, value, step)), [input]),
      );
    case "descend":
      return limited(ctx, descendants(input, [], 0));
    case "object":
      return [dict(new Map(query.entries.map(([key, value]) => [key, share(first(ctx, value, input))])))];
    case "map":
      return input instanceof List
        ? [
            list(
              limited(
                ctx,
                itemsOf(input).flatMap((item) => evaluate(ctx, query.body, item)),
              ),
            ),
          ]
        : [list([])];
    case "select":
      return holds(ctx, query.body, input) ? [input] : [];
    default:
      return [property(query.kind, input)];
  }
}

function limited(ctx: NativeContext, values: Value[]): Value[] {
  checkItems(ctx, values.length);
  return values;
}

function first(ctx: NativeContext, query: Query, input: Value): Value {
  return evaluate(ctx, query, input)[0] ?? null;
}

function holds(ctx: NativeContext, query: Query, input: Value): boolean {
  return truthy(first(ctx, query, input));
}

function compares(op: "==" | "!=" | "<" | ">", a: Value, b: Value): boolean {
  if (op === "==") return equals(a, b);
  if (op === "!=") return !equals(a, b);
  const comparable = (isNumber(a) && isNumber(b)) || (typeof a === "string" && typeof b === "string");
  return comparable && (op === "<" ? compare(a, b) < 0 : compare(a, b) > 0);
}

function isNumber(value: Value): boolean {
  return isInt(value) || value instanceof Float;
}

function follow(ctx: NativeContext, value: Value, step: Step): Value[] {
  switch (step.kind) {
    case "field":
      return [value instanceof Dict ? (value.map.get(step.name) ?? null) : null];
    case "each":
      return children(value);
    case "index": {
      if (!(value instanceof List)) return [null];
      return [value.items[step.index < 0 ? step.index + value.length : step.index] ?? null];
    }
    case "slice": {
      if (!(value instanceof List)) return [list([])];
      const bound = (at: number | null, fallback: number) => {
        const from = at === null ? fallback : at < 0 ? at + value.length : at;
        return Math.min(Math.max(0, from), value.length);
      };
      const start = bound(step.start, 0);
      const end = Math.max(start, bound(step.end, value.length));
      checkItems(ctx, end - start);
      return [list(shareItems(value.items, start, end))];
    }
  }
}

function itemsOf(value: List): Value[] {
  return shareItems(value.items, 0, value.length);
}

function children(value: Value): Value[] {
  if (value instanceof List) return itemsOf(value);
  if (value instanceof HarnSet) return shareItems(value.items);
  if (value instanceof Dict) return keysInOrder(value).map((key) => share(value.map.get(key) as Value));
  return [];
}

/** The value itself, then what is in it, depth first. */
function descendants(value: Value, out: Value[], depth: number): Value[] {
  if (depth > MAX_VALUE_DEPTH) throw raise.runtime(`value is nested deeper than ${MAX_VALUE_DEPTH} levels`);
  out.push(value);
  for (const child of children(value)) descendants(child, out, depth + 1);
  return out;
}

function property(kind: "length" | "keys" | "values" | "type", value: Value): Value {
  switch (kind) {
    case "length":
      return sizeOf(value);
    case "keys":
      if (value instanceof Dict) return list([...keysInOrder(value)]);
      return list(value instanceof List ? Array.from({ length: value.length }, (_, i) => i) : []);
    case "values":
      return list(value instanceof HarnSet ? [] : children(value));
    case "type":
      return JSON_TYPES[typeName(value)] ?? typeName(value);
  }
}

const JSON_TYPES: Readonly<Record<string, string>> = {
  nil: "null",
  bool: "boolean",
  int: "number",
  float: "number",
  list: "array",
  set: "array",
  dict: "object",
};

function sizeOf(value: Value): number {
  if (value === null) return 0;
  if (typeof value === "string") return codePointCount(value);
  if (value instanceof Bytes) return value.data.length;
  if (value instanceof Dict) return value.map.size;
  if (value instanceof List) return value.length;
  return value instanceof HarnSet ? value.items.length : 1;
}
