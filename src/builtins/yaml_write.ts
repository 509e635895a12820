/** Writing YAML: block style, keys in order, strings plain unless they would read back as something else. */
import { keysInOrder } from "../vm/dict.ts";
import { display, MAX_VALUE_DEPTH, positional } from "../vm/display.ts";
import { raise } from "../vm/errors.ts";
import { utf8Length } from "../vm/structural.ts";
import { Dict, Float, HarnSet, isInt, List, Struct, type Value } from "../vm/values.ts";
import { presentFields } from "./json_write.ts";

/**
 * The document, ending in a line break.
 *
 * @param mostLines a value that holds another one many times is small until it is written
 */
export function writeYaml(value: Value, mostLines: number): string {
  const lines = block(value, 0, mostLines);
  return `${lines.join("\n")}\n`;
}

/** The lines of a value that stands by itself. */
function block(value: Value, depth: number, mostLines: number): string[] {
  const lines = blockLines(value, depth, mostLines);
  if (lines.length > mostLines) throw raise.fatal(`string limit of ${mostLines} UTF-16 units exceeded`);
  return lines;
}

function blockLines(value: Value, depth: number, mostLines: number): string[] {
  if (depth > MAX_VALUE_DEPTH) throw raise.runtime(`value is nested deeper than ${MAX_VALUE_DEPTH} levels`);
  const items = itemsOf(value);
  if (items !== null) return items.length === 0 ? ["[]"] : items.flatMap((item) => sequenceItem(item, depth, mostLines));
  const entries = entriesOf(value);
  if (entries !== null) return entries.length === 0 ? ["{}"] : entries.flatMap(([key, item]) => mappingEntry(key, item, depth, mostLines));
  return scalarLines(value);
}

/** A dash, and the item's lines behind it. */
function sequenceItem(item: Value, depth: number, mostLines: number): string[] {
  return behind("-", item, block(item, depth + 1, mostLines));
}

/** A value behind a sign; the lines of a text block already stand to the right of it. */
function behind(sign: string, value: Value, [first = "", ...rest]: string[]): string[] {
  const isScalar = itemsOf(value) === null && entriesOf(value) === null;
  return [`${sign} ${first}`, ...(isScalar ? rest : indented(rest))];
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => (line === "" ? "" : `  ${line}`));
}

/** UTF-8 bytes that a key may have before its colon; a longer one stands behind a `?`. */
const MAX_KEY_BYTES = 128;

/** A key, and its value behind it or below; sequences are not indented under their key. */
function mappingEntry(key: string, value: Value, depth: number, mostLines: number): string[] {
  const name = scalarLines(key);
  const lines = block(value, depth + 1, mostLines);
  if (name.length > 1 || utf8Length(key) > MAX_KEY_BYTES) return [...behind("?", key, name), ...behind(":", value, lines)];
  const isSequence = (itemsOf(value)?.length ?? 0) > 0;
  if (isSequence) return [`${name}:`, ...lines];
  if ((entriesOf(value)?.length ?? 0) > 0) return [`${name}:`, ...indented(lines)];
  const [first = "", ...rest] = lines;
  return [`${name}: ${first}`, ...rest];
}

function itemsOf(value: Value): readonly Value[] | null {
  if (value instanceof List) return value.items.slice(0, value.length);
  return value instanceof HarnSet ? value.items : null;
}

function entriesOf(value: Value): readonly (readonly [string, Value])[] | null {
  if (value instanceof Dict) return keysInOrder(value).map((key) => [key, value.map.get(key) as Value]);
  return value instanceof Struct ? presentFields(value) : null;
}

function scalarLines(value: Value): string[] {
  if (value === null) return ["null"];
  if (typeof value === "boolean" || isInt(value)) return [String(value)];
  if (value instanceof Float) return [floatText(value.value)];
  return stringLines(display(value));
}

/** With a fraction, and with an exponent from 1e16 on and below 1e-5. */
function floatText(x: number): string {
  if (!Number.isFinite(x)) return "null";
  const size = Math.abs(x);
  if (size !== 0 && (size >= 1e16 || size < 1e-5)) return x.toExponential().replace("e+", "e");
  const digits = Object.is(x, -0) ? "-0" : positional(x);
  return digits.includes(".") ? digits : `${digits}.0`;
}

/** What only a double-quoted string can hold: the tab is among it, the line feed is not. */
const UNPRINTABLE = /[^\n\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;

function stringLines(text: string): string[] {
  // A space at the end of a line would be lost in a block.
  if (UNPRINTABLE.test(text) || / \n/.test(text) || (text.includes("\n") && text.endsWith(" "))) return [doubleQuoted(text)];
  if (text.includes("\n")) return literalBlock(text);
  return [needsQuotes(text) ? `'${text.replaceAll("'", "''")}'` : text];
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["\0", "\\0"],
  ["\u0007", "\\a"],
  ["\b", "\\b"],
  ["\t", "\\t"],
  ["\n", "\\n"],
  ["\v", "\\v"],
  ["\f", "\\f"],
  ["\r", "\\r"],
  ["\u001b", "\\e"],
  ["\u0085", "\\N"],
  ["\u2028", "\\L"],
  ["\u2029", "\\P"],
]);

function doubleQuoted(text: string): string {
  return `"${Array.from(text, escaped).join("")}"`;
}

function escaped(char: string): string {
  const short = ESCAPES.get(char);
  if (short !== undefined) return short;
  if (!UNPRINTABLE.test(char)) return char;
  const code = char.codePointAt(0) as number;
  const digits = code.toString(16).toUpperCase();
  return code <= 0xff ? `\\x${digits.padStart(2, "0")}` : `\\u${digits.padStart(4, "0")}`;
}

/** The lines of a `|` block; the sign behind it says what becomes of line breaks at the end. */
function literalBlock(text: string): string[] {
  const ends = /\n*$/.exec(text)?.[0].length ?? 0;
  const lines = text.split("\n");
  if (ends > 0) lines.pop();
  const indicator = /^[ \n]/.test(text) ? "2" : "";
  const chomping = ends === 0 ? "-" : ends === 1 && text !== "\n" ? "" : "+";
  return [`|${indicator}${chomping}`, ...indented(lines)];
}

/** Plain texts that are read as something else than a string, in exactly these spellings. */
const WORD = /^(|~|null|Null|NULL|true|True|TRUE|false|False|FALSE|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$/;
const PREFIXED = /^[-+]?(0x[0-9a-fA-F]+|0o[0-7]+|0b[01]+)$/;
const DECIMAL = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;

/** Whether a plain scalar of this text would be read as something else. */
function needsQuotes(text: string): boolean {
  if (WORD.test(text) || PREFIXED.test(text)) return true;
  // A float beyond the largest one is a string to its reader as well.
  if (DECIMAL.test(text) && Number.isFinite(Number(text))) return true;
  if (/^[ ,[\]{}#&*!|>'"%@`]/.test(text) || /^[-?:]( |$)/.test(text) || /^(---|\.\.\.)/.test(text)) return true;
  return /: |[: ]$| #/.test(text);
}
