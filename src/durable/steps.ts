/**
 * What a step's record looks like: topics, hashes, payloads. Pure functions; when a record is looked for, written and delivered is the
 * session's business.
 */
import type { ScriptError } from "../vm/errors.ts";
import { structuralKey } from "../vm/structural.ts";
import type { Value } from "../vm/values.ts";
import { encode } from "./codec.ts";
import { BadRecord, field, isObject, isText, isWhole, parseTree, type Tree, toValue } from "./codec_read.ts";
import { encodeError, toError } from "./error_codec.ts";
import { type Append, sanitize } from "./log.ts";
import type { Places } from "./places.ts";

export const STEP_SCHEMA = "harn.step.run.v0";
export const COMPLETED = "step.run.completed";
export const FAILED = "step.run.failed";

type Sha256 = (text: string) => string;

/** What a completed payload starts with; the 64 digits behind it look like a float now and then. */
const HASH_FIELD = '{"deterministic_inputs_hash":"sha256:';
const HASH_END = HASH_FIELD.length + 64;
const RESULT = ',"result":';

/** What a call of `step.run` asks for. */
export interface Asked {
  readonly namespace: string;
  /** The namespace was given by the script: its records outlive the run. */
  readonly shared: boolean;
  readonly scope: string;
  readonly key: string;
  /** Counted from 1 by namespace, scope and key within a run. */
  readonly seq: number;
  readonly input: Value;
}

/** One call that is answered by its handler: plain data, kept while that runs; the input is shared, so that nobody changes it meanwhile. */
export interface StepCall extends Asked {
  readonly inputHash: string;
}

/**
 * Where the records of a namespace are. Those of a run's own namespace have a topic for each run, so that a replay reads one range and
 * runs of one program do not slow each other down.
 */
export function topicOf(namespace: string, runId: string | null): string {
  const topic = `step.run.${sanitize(namespace)}`;
  return runId === null ? topic : `${topic}.${runComponent(runId)}`;
}

/** A run's part of its topic: two ids never have one. An id that a topic cannot hold as it is, or that has dots, is spelled out behind two. */
function runComponent(runId: string): string {
  if (/^[A-Za-z0-9_-]+$/.test(runId)) return runId;
  const units = Array.from({ length: runId.length }, (_, i) => runId.charCodeAt(i).toString(16).padStart(4, "0"));
  return `${sanitize(runId)}..${units.join("")}`;
}

/** The step index's scope: two shared namespaces may have one topic, so it starts with the namespace there. */
export function indexScope(call: Pick<StepCall, "namespace" | "shared" | "scope">): string {
  return call.shared ? JSON.stringify([call.namespace, call.scope]) : call.scope;
}

/** Equal for inputs of equal type and content, whatever the order of their dict keys. */
export function inputHash(input: Value, sha256: Sha256): string {
  return `sha256:${sha256(structuralKey(input))}`;
}

function headers(call: StepCall, sha256: Sha256): Record<string, string> {
  const scope = call.scope === "" ? "" : `\0${call.scope}`;
  return {
    step_deterministic_inputs_hash: call.inputHash,
    step_identity: `sha256:${sha256(`${call.namespace}\0${call.key}\0${call.seq}\0${call.inputHash}${scope}`)}`,
    step_key_hash: sha256(call.key),
  };
}

/** The record of a handler that returned; its time is set when it is committed. */
export function completedRecord(call: StepCall, result: string, topic: string, more: Record<string, string>, sha256: Sha256): Append {
  const payload = payloadOf(call, "", "", `${RESULT}${result}`);
  const step = { scope: indexScope(call), key: call.key, seq: call.seq, once: call.shared };
  return { topic, event: { kind: COMPLETED, payload, headers: { ...headers(call, sha256), ...more }, occurredAtMs: 0 }, step };
}

/**
 * The record of a handler that threw. It always belongs to the run, and it does not occupy the step's place in the index, because a
 * completed record may follow.
 *
 * @param causes ids of the failure records that this error came from
 */
export function failedRecord(
  call: StepCall,
  error: ScriptError,
  attempt: number,
  causes: readonly number[],
  topic: string,
  sha256: Sha256,
  places: Places,
): Append {
  const before = `"attempt":${attempt},"causes":${JSON.stringify(causes)},`;
  const payload = payloadOf(call, before, `,"error":${encodeError(error, places)},"final":true`, "");
  return { topic, event: { kind: FAILED, payload, headers: headers(call, sha256), occurredAtMs: 0 }, step: null };
}

/**
 * A payload: its fields in code-point order.
 *
 * @param before fields in front of the hash, each with a comma behind it
 * @param between fields between the hash and the input
 */
function payloadOf(call: StepCall, before: string, between: string, result: string): string {
  return `{${before}"deterministic_inputs_hash":"${call.inputHash}"${between}${inputToNamespace(call)}${result}${schemaToEnd(call)}`;
}

function inputToNamespace({ input, key, namespace }: Asked): string {
  return `,"input":${inputText(input)},"key":${JSON.stringify(key)},"namespace":${JSON.stringify(namespace)}`;
}

function schemaToEnd({ scope, seq }: Asked): string {
  return `,"schema":"${STEP_SCHEMA}"${scope === "" ? "" : `,"scope":${JSON.stringify(scope)}`},"sequence":${seq}}`;
}

/**
 * Finds results in completed records of one namespace without reading the records. What this process writes has one layout, and inside a
 * JSON text of a string or a number no field can begin, so a search finds the fields of the record itself.
 */
export class ResultFinder {
  private readonly middle: string;
  /** The last end of a record that was asked for, which most of them have in common. */
  private seq = 0;
  private scope = "";
  private end = "";

  constructor(namespace: string) {
    this.middle = `,"namespace":${JSON.stringify(namespace)}${RESULT}`;
  }

  /**
   * The result's text.
   *
   * @param asked a call with the record's own scope, key and sequence
   * @returns null for a record that must be read: its input is not a simple one, or another one
   */
  find(asked: Asked, payload: string): string | null {
    const { input } = asked;
    if (typeof input === "object" && input !== null) return null; // equal texts need not be equal inputs: a set, a struct
    if (!payload.startsWith(HASH_FIELD) || !payload.startsWith(`","input":${inputText(input)},"key":"`, HASH_END)) return null;
    const end = payload.length - this.endOf(asked).length;
    const start = payload.indexOf(this.middle, HASH_END) + this.middle.length;
    return start >= this.middle.length && start < end && payload.endsWith(this.end) ? payload.slice(start, end) : null;
  }

  private endOf(asked: Asked): string {
    if (asked.seq !== this.seq || asked.scope !== this.scope) {
      this.seq = asked.seq;
      this.scope = asked.scope;
      this.end = schemaToEnd(asked);
    }
    return this.end;
  }
}

/** The input as the record holds it, for people to look at: what cannot be stored is noted by its display form. */
export function inputText(input: Value): string {
  return encode(input, "input", "inputs");
}

/** A record's payload, read. */
export interface StepRecord {
  readonly namespace: string;
  readonly scope: string;
  readonly key: string;
  readonly seq: number;
  readonly inputHash: string;
  readonly input: Tree;
  /** Null for a failure. */
  readonly result: Value;
  /** Null for a completed step. */
  readonly failure: {
    readonly error: ScriptError;
    readonly attempt: number;
    readonly final: boolean;
    readonly causes: readonly number[];
  } | null;
}

/**
 * Reads a payload.
 *
 * @returns null for another schema, which is not ours to read
 * @throws BadRecord when the payload is broken
 */
export function readRecord(kind: string, payload: string): StepRecord | null {
  if (kind !== COMPLETED && kind !== FAILED) return null;
  const tree = parseTree(payload, payload.startsWith(HASH_FIELD) ? HASH_END : 0);
  if (!isObject(tree) || tree.schema !== STEP_SCHEMA) return null;
  return {
    namespace: field(tree, "namespace", isText),
    scope: isText(tree.scope) ? tree.scope : "",
    key: field(tree, "key", isText),
    seq: Number(field(tree, "sequence", isWhole)),
    inputHash: field(tree, "deterministic_inputs_hash", isText),
    input: tree.input ?? null,
    result: toValue(tree.result ?? null),
    failure: kind === FAILED ? readFailure(tree) : null,
  };
}

function readFailure(tree: { readonly [key: string]: Tree }): StepRecord["failure"] {
  const causes = tree.causes ?? [];
  if (!Array.isArray(causes)) throw new BadRecord("a failed step has no proper 'causes'");
  return {
    error: toError(tree.error),
    attempt: Number(field(tree, "attempt", isWhole)),
    final: tree.final === true,
    causes: causes.map(Number),
  };
}
