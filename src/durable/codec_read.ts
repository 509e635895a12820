/**
 * The journal codec, reading half: JSON text back to the value that `codec.ts` wrote.
 *
 * The host's parser cannot tell `4.0` from `4` and rounds long ints, but it is many times faster than one written here. So it reads
 * every text in which no number looks like a float or a long int, which is nearly all of them, and `exact_json.ts` the others.
 */
import { Bytes, Dict, Duration, EnumValue, Float, type Int, isInt, List, Pair, Range, Struct, Shape, type Value } from "../vm/values.ts";
import { fromBase64 } from "./base64.ts";
import { TAG } from "./codec.ts";
import { parseExact } from "./exact_json.ts";

/** Parsed JSON in which floats are `Float` objects and ints beyond 2^53 bigints. */
export type Tree = null | boolean | Int | string | Float | readonly Tree[] | TreeObject;
export interface TreeObject {
  readonly [key: string]: Tree;
}

/** The text is not what the codec writes. */
export class BadRecord extends Error {
  override readonly name = "BadRecord";
}

/** A number that the host's parser might change; text inside strings may match too, which only costs time. */
const DELICATE = /(?:^|[:,[])\s*-?\d+[.eE]|\d{16}/g;

/**
 * Parses JSON text.
 *
 * @param plainUntil up to here the caller knows that no number stands
 * @throws BadRecord when the text is no JSON
 */
export function parseTree(text: string, plainUntil = 0): Tree {
  try {
    DELICATE.lastIndex = plainUntil;
    return DELICATE.test(text) ? parseExact(text) : (JSON.parse(text) as Tree);
  } catch (error) {
    throw new BadRecord((error as Error).message);
  }
}

/**
 * Reads a value.
 *
 * @throws BadRecord when the text is no JSON, or a tagged object lacks what its tag needs
 * @example decode('{"$harn":"duration","ms":1500}') // new Duration(1500)
 */
export function decode(text: string): Value {
  return toValue(parseTree(text));
}

/** The value of a parsed text; see `decode`. */
export function toValue(tree: Tree): Value {
  if (typeof tree !== "object" || tree === null || tree instanceof Float) return tree === 0 ? 0 : tree; // `-0` is no int
  if (Array.isArray(tree)) return new List((tree as readonly Tree[]).map(toValue));
  const object = tree as TreeObject;
  return Object.hasOwn(object, TAG) ? tagged(object) : toDict(object);
}

function toDict(object: TreeObject): Dict {
  const map = new Map<string, Value>();
  for (const key of Object.keys(object)) map.set(key, toValue(object[key] as Tree));
  return new Dict(map);
}

function tagged(object: TreeObject): Value {
  switch (object[TAG]) {
    case "dict":
      return toDict(field(object, "entries", isObject));
    case "bytes":
      return new Bytes(readBytes(field(object, "base64", isText)));
    case "enum":
      return new EnumValue(field(object, "enum", isText), field(object, "variant", isText), field(object, "fields", isArray).map(toValue));
    case "duration":
      return new Duration(field(object, "ms", isWhole));
    case "pair":
      return new Pair(toValue(field(object, "first", isPresent)), toValue(field(object, "second", isPresent)));
    case "range":
      return new Range(field(object, "start", isWhole), field(object, "end", isWhole), field(object, "inclusive", isBool));
    case "struct": {
      const fields = toDict(field(object, "fields", isObject));
      return new Struct(new Shape(field(object, "name", isText), [...fields.map.keys()]), [...fields.map.values()]);
    }
    case "opaque":
      return field(object, "display", isText);
    default:
      throw new BadRecord(`unknown kind ${JSON.stringify(object[TAG])} of a journalled value`);
  }
}

function readBytes(text: string): Uint8Array {
  const data = fromBase64(text);
  if (data === null) throw new BadRecord("journalled bytes are no base64");
  return data;
}

export const isObject = (tree: Tree | undefined): tree is TreeObject =>
  typeof tree === "object" && tree !== null && !Array.isArray(tree) && !(tree instanceof Float);
export const isText = (tree: Tree | undefined): tree is string => typeof tree === "string";
export const isWhole = (tree: Tree | undefined): tree is Int => isInt(tree as Value);
const isArray = (tree: Tree | undefined): tree is readonly Tree[] => Array.isArray(tree);
const isBool = (tree: Tree | undefined): tree is boolean => typeof tree === "boolean";
const isPresent = (tree: Tree | undefined): tree is Tree => tree !== undefined;

/** @throws BadRecord when the field is missing or of another kind */
export function field<T extends Tree>(object: TreeObject, name: string, is: (tree: Tree | undefined) => tree is T): T {
  const found = Object.hasOwn(object, name) ? object[name] : undefined;
  if (!is(found)) throw new BadRecord(`a journalled ${String(object[TAG] ?? "record")} has no proper '${name}'`);
  return found;
}
