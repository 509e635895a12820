/** Reading what `supervisor_start` is given: which children, under which rules. Words may be written in several ways. */
import { display } from "../vm/display.ts";
import { raise } from "../vm/errors.ts";
import { Closure, Dict, Duration, Float, isInt, List, share, typeName, type Value } from "../vm/values.ts";
import { millisecondsOr } from "./args.ts";

export type Strategy = "one_for_one" | "one_for_all" | "rest_for_one" | "escalate_to_parent";
export type RestartMode = "never" | "on_failure" | "always";

/** When and how a child that ended starts again; times in ms. */
export interface Policy {
  readonly mode: RestartMode;
  readonly maxRestarts: number;
  /** Failures count so long; 0: all restarts count. */
  readonly windowMs: number;
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  readonly factor: number;
  readonly jitterMs: number;
  /** How long a child that failed too often is left alone before it may start anew; null: for ever. */
  readonly circuitOpenMs: number | null;
}

export interface ChildSpec {
  readonly name: string;
  readonly kind: string;
  readonly task: Closure;
  readonly policy: Policy;
  readonly lease: Value;
}

export interface SupervisorSpec {
  /** Null: a number is given. */
  readonly id: string | null;
  readonly name: string | null;
  readonly strategy: Strategy;
  readonly shutdownMs: number;
  readonly children: readonly ChildSpec[];
}

const CALLER = "supervisor_start";
const SHUTDOWN_MS = 5000;
const STRATEGIES: Readonly<Record<string, Strategy>> = {
  one_for_one: "one_for_one",
  one_for_all: "one_for_all",
  rest_for_one: "rest_for_one",
  escalate_to_parent: "escalate_to_parent",
  escalate: "escalate_to_parent",
};
const MODES: Readonly<Record<string, RestartMode>> = { never: "never", on_failure: "on_failure", failure: "on_failure", always: "always" };
const UNITS: Readonly<Record<string, number>> = { "": 1, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

const DEFAULT_POLICY: Policy = {
  mode: "on_failure",
  maxRestarts: Number.POSITIVE_INFINITY,
  windowMs: 60_000,
  backoffMs: 0,
  maxBackoffMs: 30_000,
  factor: 2,
  jitterMs: 0,
  circuitOpenMs: null,
};

/** @throws ScriptError that says what is wrong */
export function readSpec(args: readonly Value[]): SupervisorSpec {
  const [spec] = args;
  if (spec === undefined) throw raise.runtime(`${CALLER}: spec is required`);
  if (!(spec instanceof Dict)) throw raise.runtime(`${CALLER}: expected a dict`);
  const strategy = first(spec, "strategy");
  const policy = readPolicy(first(spec, "restart"), DEFAULT_POLICY);
  const children = first(spec, "children");
  if (!(children instanceof List)) throw raise.runtime(`${CALLER}: children must be a list`);
  if (children.length === 0) throw raise.runtime(`${CALLER}: children must include at least one child`);
  return {
    id: textOf(first(spec, "id")),
    name: textOf(first(spec, "name")),
    strategy: strategy === null ? "one_for_one" : known(STRATEGIES, strategy, "strategy"),
    shutdownMs: timeOf(first(spec, "shutdown_ms", "drain_ms")) ?? SHUTDOWN_MS,
    children: children.items.slice(0, children.length).map((child, index) => readChild(child, index, policy)),
  };
}

function readChild(value: Value, index: number, policy: Policy): ChildSpec {
  const child = value instanceof Dict ? value : new Dict(new Map());
  const name = textOf(first(child, "name")) ?? `child_${index}`;
  const task = first(child, "task", "handler");
  if (!(task instanceof Closure)) throw raise.runtime(`${CALLER}: child '${name}' requires a task closure`);
  return {
    name,
    kind: textOf(first(child, "kind")) ?? "task",
    task,
    policy: readPolicy(first(child, "restart"), policy),
    lease: share(first(child, "active_lease", "lease")),
  };
}

function readPolicy(value: Value, inherited: Policy): Policy {
  if (value === null) return inherited;
  if (typeof value === "string") return { ...DEFAULT_POLICY, mode: known(MODES, value, "restart mode") };
  if (!(value instanceof Dict)) throw raise.runtime(`${CALLER}: restart policy must be a string or dict, got ${typeName(value)}`);
  const mode = first(value, "mode", "policy");
  const most = first(value, "max_restarts", "max");
  const factor = first(value, "factor", "backoff_factor");
  const time = (fallback: number, ...keys: string[]): number => timeOf(first(value, ...keys)) ?? fallback;
  return {
    mode: mode === null ? DEFAULT_POLICY.mode : known(MODES, mode, "restart mode"),
    maxRestarts: isInt(most) ? Math.max(0, Number(most)) : DEFAULT_POLICY.maxRestarts,
    windowMs: time(DEFAULT_POLICY.windowMs, "window_ms", "window"),
    backoffMs: time(DEFAULT_POLICY.backoffMs, "backoff_ms", "backoff", "initial_backoff_ms"),
    maxBackoffMs: time(DEFAULT_POLICY.maxBackoffMs, "max_backoff_ms", "max_backoff"),
    factor: Math.max(1, isInt(factor) ? Number(factor) : factor instanceof Float ? factor.value : DEFAULT_POLICY.factor),
    jitterMs: time(DEFAULT_POLICY.jitterMs, "jitter_ms", "jitter"),
    circuitOpenMs: timeOf(first(value, "circuit_open_ms", "circuit_open")),
  };
}

/** The first of several keys that has a value. */
function first(dict: Dict, ...keys: string[]): Value {
  for (const key of keys) {
    const value = dict.get(key) ?? null;
    if (value !== null) return value;
  }
  return null;
}

function textOf(value: Value): string | null {
  return value === null ? null : display(value);
}

function known<T>(words: Readonly<Record<string, T>>, written: Value, what: string): T {
  const word = display(written).trim().toLowerCase().replaceAll(/[- ]/g, "_");
  const found = Object.hasOwn(words, word) ? words[word] : undefined;
  if (found === undefined) throw raise.runtime(`${CALLER}: unknown ${what} '${word}'`);
  return found;
}

/** A time in ms: a number, a duration, or a text such as `10ms`; null: none of these. */
function timeOf(value: Value): number | null {
  if (isInt(value) || value instanceof Duration) return millisecondsOr(value, 0);
  if (value instanceof Float) return Number.isFinite(value.value) ? Math.max(0, Math.trunc(value.value)) : null;
  const parts = typeof value === "string" ? /^\s*(\d+)\s*(ms|s|m|h|)\s*$/.exec(value) : null;
  return parts === null ? null : Number(parts[1]) * (UNITS[parts[2] as string] as number);
}
