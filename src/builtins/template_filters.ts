/** The filters of templates. Where a text is wanted, the input's display is taken, and nil is empty. */
import { keysInOrder } from "../vm/dict.ts";
import { display } from "../vm/display.ts";
import type { NativeContext } from "../vm/native.ts";
import { rangeLength } from "../vm/ranges.ts";
import { codePointCount, codePoints } from "../vm/strings.ts";
import { Dict, Float, HarnSet, isInt, List, list, Range, share, shareItems, truthy, typeName, type Value } from "../vm/values.ts";
import { jsonFloat, quoteJson } from "./json_write.ts";
import { TemplateFault } from "./template_expr.ts";
import { titleCase, upperFirst } from "./text.ts";
import { joinTexts, replaceText } from "./text_ops.ts";
import { trim } from "./whitespace.ts";

/** What templates take for false. */
export function templateTruthy(value: Value): boolean {
  if (typeof value === "string") return trim(value) !== "";
  if (value === null || value === false || value === 0) return false;
  if (value instanceof Float) return value.value !== 0;
  if (value instanceof List) return value.length > 0;
  return !(value instanceof Dict && value.map.size === 0);
}

export function templateText(value: Value): string {
  return value === null ? "" : display(value);
}

type Filter = (ctx: NativeContext, input: Value, args: readonly Value[]) => Value;

const text =
  (change: (input: string) => string): Filter =>
  (_ctx, input) =>
    change(templateText(input));

/** Filters with the least and most arguments they take. */
const FILTERS: Readonly<Record<string, readonly [least: number, most: number, filter: Filter]>> = {
  upper: [0, 0, text((s) => s.toUpperCase())],
  lower: [0, 0, text((s) => s.toLowerCase())],
  trim: [0, 0, text(trim)],
  capitalize: [0, 0, text((s) => upperFirst(s.toLowerCase()))],
  title: [0, 0, text(titleCase)],
  length: [0, 0, (_ctx, input) => lengthOf(input)],
  first: [0, 0, (_ctx, input) => itemAt(input, "first")],
  last: [0, 0, (_ctx, input) => itemAt(input, "last")],
  reverse: [0, 0, (_ctx, input) => reversed(input)],
  join: [1, 1, join],
  default: [1, 1, (_ctx, input, [fallback]) => (templateTruthy(input) ? input : (fallback as Value))],
  json: [0, 1, (_ctx, input, [pretty]) => templateJson(input, pretty !== undefined && truthy(pretty), "")],
  indent: [1, 2, (_ctx, input, [width, first]) => indented(templateText(input), width as Value, first !== undefined && truthy(first))],
  lines: [0, 0, (_ctx, input) => list(templateText(input).split("\n"))],
  escape_md: [0, 0, text((s) => s.replace(/[\\`*_{}[\]()#+\-.!|<>]/g, "\\$&"))],
  replace: [
    2,
    2,
    (ctx, input, [old, fresh]) => replaceText(ctx, templateText(input), templateText(old as Value), templateText(fresh as Value)),
  ],
};

/** @throws TemplateFault for an unknown filter, a wrong number of arguments, or an input that does not fit */
export function applyFilter(ctx: NativeContext, name: string, input: Value, args: readonly Value[]): Value {
  const entry = Object.hasOwn(FILTERS, name) ? FILTERS[name] : undefined;
  if (entry === undefined) throw new TemplateFault(`unknown filter \`${name}\``);
  const [least, most, filter] = entry;
  if (args.length < least || args.length > most) throw new TemplateFault(`filter \`${name}\` got wrong number of arguments`);
  return filter(ctx, input, args);
}

function lengthOf(input: Value): Value {
  if (input === null) return 0;
  if (typeof input === "string") return codePointCount(input);
  if (input instanceof List) return input.length;
  if (input instanceof HarnSet) return input.items.length;
  if (input instanceof Dict) return input.map.size;
  if (input instanceof Range) return rangeLength(input);
  throw new TemplateFault(`\`length\` not defined for ${typeName(input)}`);
}

function itemAt(input: Value, end: "first" | "last"): Value {
  const [items, length]: [readonly Value[], number] =
    typeof input === "string"
      ? [codePoints(input), codePointCount(input)]
      : input instanceof List
        ? [input.items, input.length]
        : input instanceof HarnSet
          ? [input.items, input.items.length]
          : [[], 0];
  return share(items[end === "first" ? 0 : length - 1] ?? null);
}

function reversed(input: Value): Value {
  if (typeof input === "string") return codePoints(input).reverse().join("");
  return input instanceof List ? list(shareItems(input.items, 0, input.length).reverse()) : input;
}

function join(ctx: NativeContext, input: Value, [separator]: readonly Value[]): Value {
  if (typeof input === "string") return input;
  if (!(input instanceof List) && !(input instanceof HarnSet)) throw new TemplateFault(`\`join\` requires a list (got ${typeName(input)})`);
  const length = input instanceof List ? input.length : input.items.length;
  return joinTexts(ctx, input.items.slice(0, length).map(templateText), templateText(separator as Value));
}

function indented(input: string, width: Value, first: boolean): string {
  if (!isInt(width)) throw new TemplateFault("`indent` requires an integer width");
  const margin = " ".repeat(Math.max(0, Math.min(Number(width), 10_000)));
  return input
    .split("\n")
    .map((line, i) => (line === "" || (i === 0 && !first) ? line : margin + line))
    .join("\n");
}

/** JSON in which floats keep their fraction, and what has no JSON form is its display as a string. */
function templateJson(value: Value, pretty: boolean, margin: string): string {
  if (value === null || typeof value === "boolean" || isInt(value)) return value === null ? "null" : String(value);
  if (value instanceof Float) {
    if (!Number.isFinite(value.value)) return "null";
    const digits = jsonFloat(value.value);
    return digits.includes(".") ? digits : `${digits}.0`;
  }
  const inner = `${margin}  `;
  const wrapped = (parts: readonly string[], open: string, close: string): string => {
    if (parts.length === 0) return open + close;
    if (!pretty) return open + parts.join(",") + close;
    return `${open}\n${parts.map((part) => inner + part).join(",\n")}\n${margin}${close}`;
  };
  if (value instanceof List) {
    const items = value.items.slice(0, value.length);
    return wrapped(
      items.map((item) => templateJson(item, pretty, inner)),
      "[",
      "]",
    );
  }
  if (value instanceof Dict) {
    const separator = pretty ? ": " : ":";
    const parts = keysInOrder(value).map((key) => quoteJson(key) + separator + templateJson(value.map.get(key) as Value, pretty, inner));
    return wrapped(parts, "{", "}");
  }
  return quoteJson(display(value));
}
