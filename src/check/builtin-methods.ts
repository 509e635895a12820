/**
 * Result types of methods. The receiver is mostly ignored, as in the reference: the name alone tells. Receivers whose type is declared
 * in the file have methods of their own, so nothing is assumed about those.
 */
import type { InferredType, Type } from "./types.ts";
import { ANY, applied, BOOL, DICT, dictOf, FLOAT, INT, ITER, isNamed, iterOf, LIST, listOf, NIL, named, STRING, unionOf } from "./types.ts";

const BY_NAME: ReadonlyMap<string, Type> = new Map(
  (
    [
      [BOOL, "contains starts_with ends_with empty has any all"],
      [INT, "count index_of to_int"],
      [STRING, "trim lowercase uppercase reverse replace substring pad_left pad_right repeat join to_string"],
      [FLOAT, "to_float"],
      [LIST, "split chars map flat_map sort keys values entries"],
    ] as const
  ).flatMap(([type, names]) => names.split(" ").map((name) => [name, type] as const)),
);

/** The result of `receiver.method(…)`; null when nothing is assumed. */
export function methodResult(method: string, receiver: InferredType): InferredType {
  if (receiver !== null) {
    const item = sequenceItem(receiver);
    if (item !== null) return iterMethod(method, receiver, item);
  }
  switch (method) {
    case "filter":
      return isDictLike(receiver) ? DICT : LIST;
    case "window":
    case "each_cons":
    case "sliding_window":
      return receiver?.kind === "ListType" ? listOf(listOf(receiver.item)) : LIST;
    case "merge":
    case "map_values":
    case "rekey":
    case "map_keys":
      return receiver?.kind === "DictType" ? dictOf(STRING, receiver.value) : DICT;
    case "iter":
      return receiver === null ? null : iterOfReceiver(receiver);
    default:
      return BY_NAME.get(method) ?? null;
  }
}

/** The item type of an iterator; bare `iter` counts as an iterator of anything. */
function sequenceItem(type: Type): InferredType {
  if (type.kind === "IterType") return type.item;
  return isNamed(type, "iter") ? ANY : null;
}

function iterMethod(method: string, receiver: Type, item: Type): InferredType {
  switch (method) {
    case "iter":
    case "filter":
    case "take":
    case "skip":
    case "take_while":
    case "skip_while":
    case "chain":
      return receiver;
    case "map":
    case "flat_map":
      return ITER;
    case "zip":
      return iterOf(applied("Pair", [item, ANY]));
    case "enumerate":
      return iterOf(applied("Pair", [INT, item]));
    case "chunks":
    case "windows":
      return iterOf(listOf(item));
    case "to_list":
      return listOf(item);
    case "to_set":
      return applied("set", [item]);
    case "to_dict":
      return DICT;
    case "count":
      return INT;
    case "sum":
      return unionOf([INT, FLOAT]);
    case "min":
    case "max":
    case "first":
    case "last":
    case "find":
      return unionOf([item, NIL]);
    case "any":
    case "all":
      return BOOL;
    case "for_each":
      return NIL;
    default:
      return BY_NAME.get(method) ?? null;
  }
}

function iterOfReceiver(receiver: Type): InferredType {
  switch (receiver.kind) {
    case "ListType":
    case "GeneratorType":
    case "StreamType":
      return iterOf(receiver.item);
    case "DictType":
      return iterOf(applied("Pair", [receiver.key, receiver.value]));
    case "Named":
      return ["list", "dict", "set", "string", "range", "generator", "Generator", "stream", "Stream"].includes(receiver.name)
        ? named("iter")
        : null;
    default:
      return null;
  }
}

function isDictLike(type: InferredType): boolean {
  return type !== null && (type.kind === "DictType" || type.kind === "Shape" || isNamed(type, "dict"));
}
