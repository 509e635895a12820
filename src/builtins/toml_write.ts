/** Writing TOML: values first, then tables and arrays of tables, each with a header of its own. */
import { keysInOrder } from "../vm/dict.ts";
import { display, MAX_VALUE_DEPTH, positional } from "../vm/display.ts";
import { raise } from "../vm/errors.ts";
import { Dict, Float, HarnSet, isInt, List, type Value } from "../vm/values.ts";

/** A value that no TOML can hold; the message says which. */
export class TomlFault extends Error {
  override readonly name = "TomlFault";
}

/** @throws TomlFault for nil, for floats that are no numbers, and for a document that is no dict */
export function writeToml(value: Value): string {
  if (!(value instanceof Dict)) throw new TomlFault(`unsupported ${rustKind(value)} type`);
  const sections: string[] = [];
  table(value, [], sections, 0);
  return sections.join("\n");
}

/** The reference's word for a kind. */
function rustKind(value: Value): string {
  if (value === null) return "unit";
  if (typeof value === "boolean") return "bool";
  if (isInt(value)) return "i64";
  if (value instanceof Float) return Number.isFinite(value.value) ? "f64" : "unit";
  return value instanceof List || value instanceof HarnSet ? "array" : "str";
}

/** Adds a table's own lines as a section, then those of the tables in it. A table with tables only needs no header. */
function table(value: Dict, path: readonly string[], sections: string[], depth: number, header = `[${path.join(".")}]`): void {
  if (depth > MAX_VALUE_DEPTH) throw raise.runtime(`value is nested deeper than ${MAX_VALUE_DEPTH} levels`);
  const keys = keysInOrder(value);
  const plain = keys.filter((key) => !hasHeader(value.map.get(key) as Value));
  const lines = plain.map((key) => `${keyText(key)} = ${inline(value.map.get(key) as Value, depth + 1)}\n`);
  const isArrayItem = header.startsWith("[[");
  if (path.length > 0 && (lines.length > 0 || keys.length === 0 || isArrayItem)) lines.unshift(`${header}\n`);
  if (lines.length > 0) sections.push(lines.join(""));
  for (const key of keys) {
    const inner = value.map.get(key) as Value;
    const innerPath = [...path, keyText(key)];
    if (inner instanceof Dict) table(inner, innerPath, sections, depth + 1);
    else if (hasHeader(inner)) {
      for (const item of itemsOf(inner)) table(item as Dict, innerPath, sections, depth + 1, `[[${innerPath.join(".")}]]`);
    }
  }
}

function itemsOf(value: Value): readonly Value[] {
  return value instanceof List ? value.items.slice(0, value.length) : value instanceof HarnSet ? value.items : [];
}

/** Tables, and lists of nothing but tables. */
function hasHeader(value: Value): boolean {
  if (value instanceof Dict) return true;
  const items = itemsOf(value);
  return items.length > 0 && items.every((item) => item instanceof Dict);
}

function keyText(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : singleLine(key);
}

function inline(value: Value, depth: number): string {
  if (depth > MAX_VALUE_DEPTH) throw raise.runtime(`value is nested deeper than ${MAX_VALUE_DEPTH} levels`);
  if (value === null) throw new TomlFault("unsupported unit type");
  if (typeof value === "boolean" || isInt(value)) return String(value);
  if (value instanceof Float) {
    if (!Number.isFinite(value.value)) throw new TomlFault("unsupported unit type");
    const digits = Object.is(value.value, -0) ? "-0" : positional(value.value);
    return digits.includes(".") ? digits : `${digits}.0`;
  }
  if (value instanceof List || value instanceof HarnSet)
    return `[${itemsOf(value)
      .map((item) => inline(item, depth + 1))
      .join(", ")}]`;
  if (value instanceof Dict) {
    const entries = keysInOrder(value).map((key) => `${keyText(key)} = ${inline(value.map.get(key) as Value, depth + 1)}`);
    return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
  }
  return textValue(display(value));
}

function textValue(text: string): string {
  if (!text.includes("\n")) return singleLine(text);
  const escaped = text.replace(/"""|[\\\p{Cc}]/gu, (part) => (part === "\n" ? "\n" : part === '"""' ? '""\\"' : escapeOf(part)));
  return `"""\n${escaped}"""`;
}

/** In single quotes where that saves escapes, else in double quotes. */
function singleLine(text: string): string {
  const escapes = /["\\]/.test(text);
  if (escapes && !text.includes("'") && !/\p{Cc}/u.test(text)) return `'${text}'`;
  return `"${text.replace(/["\\\p{Cc}]/gu, escapeOf)}"`;
}

const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\f": "\\f",
  "\r": "\\r",
};

function escapeOf(char: string): string {
  return SHORT[char] ?? `\\u${(char.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0")}`;
}
