/**
 * Reading TOML with the library, whose values become the language's. Loaded when the first document is read.
 *
 * The library's datetimes end at the millisecond, and the language shows the text. A time with more digits is therefore put away before
 * the library reads the document: a string that nothing else in the text looks like stands in its place.
 */
import { parse, TomlDate, TomlError } from "smol-toml";
import { raise } from "../vm/errors.ts";
import { INT_MAX, INT_MIN, wrap } from "../vm/numbers.ts";
import { dict, dictOf, Float, list, type Value } from "../vm/values.ts";

/** Nesting that is still read. */
const MAX_DEPTH = 128;

/**
 * The dict that a document stands for.
 *
 * @throws ScriptError thrown texts that say what is wrong
 */
export function readToml(text: string): Value {
  const mark = markFor(text);
  const times: string[] = [];
  try {
    const marked = text.replace(TOKEN, (token, time?: string) => (time === undefined ? token : `"${mark}${times.push(time) - 1}"`));
    for (const time of times) if (!new TomlDate(time.replace(/(\.\d{3})\d+/, "$1")).isValid()) throw new Fault("invalid datetime");
    const table = parse(marked, { integersAsBigInt: true, maxDepth: MAX_DEPTH });
    return converted(table, (found) => (found.startsWith(mark) ? times[Number(found.slice(mark.length))] : undefined), 0);
  } catch (error) {
    if (error instanceof TomlError) {
      const [headline = ""] = error.message.split("\n");
      throw raise.thrown(`TOML parse error: ${headline.replace(/^Invalid TOML document: /, "")} at ${error.line}:${error.column}`);
    }
    if (error instanceof Fault) throw raise.thrown(`TOML parse error: ${error.message}`);
    throw error;
  }
}

class Fault extends Error {
  override readonly name = "Fault";
}

/** Strings and comments, which are passed over, and as a group the times with more than three digits behind the second. */
const TOKEN =
  /"""(?:\\[\s\S]|[^\\])*?"{3,5}|'''[\s\S]*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|#[^\n]*|((?:\d{4}-\d\d-\d\d[Tt ])?\d\d:\d\d:\d\d\.\d{4,}(?:[Zz]|[-+]\d\d:\d\d)?)/g;

/** A prefix that does not occur in the text. */
function markFor(text: string): string {
  let mark = "time ";
  while (text.includes(mark)) mark = `${mark}${mark.length} `;
  return mark;
}

function converted(value: unknown, timeOf: (text: string) => string | undefined, depth: number): Value {
  if (depth > MAX_DEPTH) throw new Fault("recursion limit exceeded");
  switch (typeof value) {
    case "string": {
      const time = timeOf(value);
      return time === undefined ? value : datetime(time);
    }
    case "bigint":
      if (value < INT_MIN || value > INT_MAX) throw new Fault("number too large to fit in target type");
      return wrap(value);
    case "number":
      return Number.isFinite(value) ? new Float(value) : null;
    case "boolean":
      return value;
    default:
      break;
  }
  if (value instanceof TomlDate) return datetime(value.toISOString());
  if (Array.isArray(value)) return list(value.map((item) => converted(item, timeOf, depth + 1)));
  return dict(new Map(Object.entries(value as object).map(([key, item]) => [key, converted(item, timeOf, depth + 1)])));
}

/** As the reference shows it: capital letters, at most nine digits behind the second, no zeros at their end. */
function datetime(text: string): Value {
  const shown = text
    .replace(/[t ]/, "T")
    .replace("z", "Z")
    .replace(/\.(\d+)/, (_, digits: string) => {
      const fraction = digits.slice(0, 9).replace(/0+$/, "");
      return fraction === "" ? "" : `.${fraction}`;
    });
  return dictOf({ $__toml_private_datetime: shown });
}
