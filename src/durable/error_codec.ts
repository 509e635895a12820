/** A failed step's error as JSON text and back, so that the script meets the same error after a restart. */
import { SourceText } from "../source/text.ts";
import { type CallSite, type ErrorKind, ScriptError } from "../vm/errors.ts";
import { encode } from "./codec.ts";
import { BadRecord, field, isObject, isText, isWhole, type Tree, type TreeObject, toValue } from "./codec_read.ts";
import type { Places } from "./places.ts";

const KINDS: ReadonlySet<string> = new Set<ErrorKind>(["thrown", "type", "runtime", "plain", "category"]);

/**
 * Facts of the error: kind, text or thrown value, where it happened. What cannot be stored in a thrown value keeps its display form.
 *
 * @param places gives files the names under which they are journalled
 */
export function encodeError(error: ScriptError, places: Places): string {
  const { origin } = error;
  const place = origin && { end: origin.span.end, line: origin.line, path: places.stored(origin.path), start: origin.span.start };
  const trace = error.trace.map(({ line, name, path }) => ({ line, name, path: places.stored(path) }));
  const text = (value: unknown): string => JSON.stringify(value);
  const parts = [
    `"category":${text(error.category)}`,
    `"kind":${text(error.kind)}`,
    `"origin":${text(place)}`,
    `"suffix":${text(error.suffix)}`,
  ];
  parts.push(`"text":${text(error.text)}`, `"trace":${text(trace)}`, `"value":${encode(error.value, "error", "errors")}`);
  return `{${parts.join(",")}}`;
}

/**
 * The error again. Its place has an empty source text, because the journal does not hold programs: see `Places`.
 *
 * @throws BadRecord when the tree is not what `encodeError` wrote
 */
export function toError(tree: Tree | undefined): ScriptError {
  if (!isObject(tree)) throw new BadRecord("a failed step has no proper 'error'");
  const kind = field(tree, "kind", isText);
  if (!KINDS.has(kind)) throw new BadRecord(`unknown kind '${kind}' of an error`);
  const value = toValue(tree.value ?? null);
  const error = new ScriptError(kind as ErrorKind, field(tree, "text", isText), value, field(tree, "category", isText));
  error.suffix = field(tree, "suffix", isText);
  if (isObject(tree.origin)) {
    const span = { start: number(tree.origin, "start"), end: number(tree.origin, "end") };
    const path = field(tree.origin, "path", isText);
    error.origin = { path, source: new SourceText(path, ""), span, line: number(tree.origin, "line") };
  }
  const trace = Array.isArray(tree.trace) ? (tree.trace as readonly Tree[]) : [];
  error.trace = trace.filter(isObject).map(toCallSite);
  return error;
}

function toCallSite(tree: TreeObject): CallSite {
  return { name: field(tree, "name", isText), path: field(tree, "path", isText), line: number(tree, "line") };
}

const number = (object: TreeObject, name: string): number => Number(field(object, name, isWhole));
