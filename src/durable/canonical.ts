/**
 * Canonical JSON: one text for equal data, with keys in code-point order. For texts that are compared or hashed; values of scripts go
 * through `codec.ts` instead, because plain JSON cannot tell `4.0` from `4` or hold 64-bit ints.
 */
import stableStringify from "fast-json-stable-stringify";
import { compareStrings } from "../vm/dict.ts";

/** What has exactly one text. Numbers must be finite. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The package's own declaration lacks the comparison. */
const stringify = stableStringify as unknown as (value: Json, options: { cmp(a: { key: string }, b: { key: string }): number }) => string;

/** @example canonicalJson({ b: 1, a: [true] }) // '{"a":[true],"b":1}' */
export function canonicalJson(value: Json): string {
  return stringify(value, { cmp: (a, b) => compareStrings(a.key, b.key) });
}

/** Canonical JSON of a flat record of texts, which the host writes itself when its keys are in order already. */
export function canonicalTexts(texts: Readonly<Record<string, string>>): string {
  let last = "";
  for (const key in texts) {
    if (compareStrings(last, key) > 0) return canonicalJson(texts);
    last = key;
  }
  return JSON.stringify(texts);
}
