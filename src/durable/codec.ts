/**
 * The journal codec, writing half: a value of the language as JSON text that gives an equal value back (`codec_read.ts`).
 *
 * nil, bool, string, list and dict are JSON. A float always carries `.` or `e`, an int never does and is exact to 64 bits. Bytes, enums
 * (Result among them), durations, pairs and ranges are objects tagged `$harn`; a dict that has such a key itself is wrapped in a tag.
 * A set becomes a list and a struct a dict. Keys stand in code-point order, so equal values have one text.
 */
import { keysInOrder } from "../vm/dict.ts";
import { display, MAX_VALUE_DEPTH } from "../vm/display.ts";
import { raise } from "../vm/errors.ts";
import {
  Bytes,
  Dict,
  Duration,
  EnumValue,
  Float,
  HarnSet,
  type HeapValue,
  List,
  Pair,
  Range,
  Struct,
  typeName,
  type Value,
} from "../vm/values.ts";
import { toBase64 } from "./base64.ts";

/** The key that marks an object as more than a dict. */
export const TAG = "$harn";

/** A value that no text can stand for: a closure, a handle, NaN, an infinity. */
export class NotStorable extends Error {
  override readonly name = "NotStorable";
  constructor(
    /** What `type_of` answers for it. */
    readonly type: string,
    /** Where it is, as the script would reach it: `result.items[2]`. */
    readonly path: string,
  ) {
    super(`${type} at ${path}`);
  }
}

/**
 * `results`: what cannot be stored is an error. `inputs`: it is noted by its display form, which is enough to look at. `errors`: as
 * inputs, and structs keep their name, because a thrown struct is told apart by it.
 */
export type CodecMode = "results" | "inputs" | "errors";

/**
 * Writes a value.
 *
 * @param root how a path in an error starts
 * @returns JSON text
 * @throws NotStorable in mode `results`; ScriptError when the value is nested too deeply
 * @example encode(new Float(4)) // "4.0"
 */
export function encode(value: Value, root = "result", mode: CodecMode = "results"): string {
  return new Writer(mode).write(value, root, 0);
}

class Writer {
  constructor(private readonly mode: CodecMode) {}

  write(value: Value, path: string, depth: number): string {
    switch (typeof value) {
      case "string":
        return JSON.stringify(value);
      case "number":
      case "bigint":
      case "boolean":
        return String(value);
      default:
        return value === null ? "null" : this.object(value, path, depth);
    }
  }

  private object(value: HeapValue, path: string, depth: number): string {
    if (depth > MAX_VALUE_DEPTH) throw raise.runtime(`value is nested deeper than ${MAX_VALUE_DEPTH} levels`);
    if (value instanceof Float) return Number.isFinite(value.value) ? floatText(value.value) : this.unstorable(value, path);
    if (value instanceof List) return this.items(value.items, value.length, path, depth);
    if (value instanceof Dict) return this.dict(value, path, depth);
    if (value instanceof HarnSet) return this.items(value.items, value.items.length, path, depth);
    if (value instanceof Struct) return this.struct(value, path, depth);
    if (value instanceof Bytes) return `{"${TAG}":"bytes","base64":"${toBase64(value.data)}"}`;
    if (value instanceof EnumValue) {
      const fields = this.items(value.fields, value.fields.length, `${path}.fields`, depth);
      return `{"${TAG}":"enum","enum":${JSON.stringify(value.enumName)},"fields":${fields},"variant":${JSON.stringify(value.variant)}}`;
    }
    if (value instanceof Duration) return `{"${TAG}":"duration","ms":${value.ms}}`;
    if (value instanceof Pair) {
      const first = this.write(value.first, `${path}.first`, depth + 1);
      return `{"${TAG}":"pair","first":${first},"second":${this.write(value.second, `${path}.second`, depth + 1)}}`;
    }
    if (value instanceof Range) return `{"${TAG}":"range","end":${value.end},"inclusive":${value.inclusive},"start":${value.start}}`;
    return this.unstorable(value, path);
  }

  private items(items: readonly Value[], length: number, path: string, depth: number): string {
    let out = "[";
    for (let i = 0; i < length; i++) out += `${i === 0 ? "" : ","}${this.write(items[i] as Value, `${path}[${i}]`, depth + 1)}`;
    return `${out}]`;
  }

  private dict(dict: Dict, path: string, depth: number): string {
    let out = "";
    for (const key of keysInOrder(dict)) {
      const value = this.write(dict.map.get(key) as Value, `${path}.${key}`, depth + 1);
      out += `${out === "" ? "" : ","}${JSON.stringify(key)}:${value}`;
    }
    return dict.map.has(TAG) ? `{"${TAG}":"dict","entries":{${out}}}` : `{${out}}`;
  }

  private struct(value: Struct, path: string, depth: number): string {
    const fields = new Map<string, Value>();
    value.shape.fields.forEach((field, slot) => {
      const content = value.slots[slot];
      if (content !== undefined) fields.set(field, content);
    });
    const text = this.dict(new Dict(fields), path, depth);
    return this.mode === "errors" ? `{"${TAG}":"struct","fields":${text},"name":${JSON.stringify(value.shape.name)}}` : text;
  }

  private unstorable(value: HeapValue, path: string): string {
    if (this.mode === "results") throw new NotStorable(typeName(value), path);
    return `{"${TAG}":"opaque","display":${JSON.stringify(display(value))},"type":${JSON.stringify(typeName(value))}}`;
  }
}

/** Shortest digits that read back as the same double, never without `.` or `e`. */
function floatText(x: number): string {
  const text = Object.is(x, -0) ? "-0" : String(x);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
