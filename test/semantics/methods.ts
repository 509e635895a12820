/** Methods of strings, lists, dicts, sets and ranges in the plain evaluator, and the builtin functions that programs here call. */
import { runtimeError, thrown, typeError, Unspecified } from "./failure.ts";
import { bounded, int, rangeHolds, repeat } from "./operators.ts";
import {
  asNumber,
  Blt,
  compare,
  Dct,
  Enm,
  Flt,
  Fun,
  holds,
  isTrue,
  keyOf,
  Lst,
  Rng,
  same,
  show,
  sortedKeys,
  St,
  Two,
  typeOf,
  type Val,
} from "./values.ts";

/** Runs a closure or builtin as a callback. */
export type Call = (callee: Val, args: readonly Val[]) => Val;
type Args = readonly Val[];
type Method<V> = (self: V, args: Args, call: Call) => Val;
type Table<V> = Readonly<Record<string, Method<V>>>;

const isCallable = (v: Val | undefined): v is Fun | Blt => v instanceof Fun || v instanceof Blt;
const text = (args: Args, i: number, otherwise = ""): string => (i < args.length ? show(args[i] as Val) : otherwise);
const count = (args: Args, i: number, otherwise: number): number => (typeof args[i] === "bigint" ? Number(args[i]) : otherwise);
const size = (n: number): bigint => BigInt(n);
const dict = (fields: Record<string, Val>): Dct => new Dct(new Map(Object.entries(fields)));
const clamp = (n: number, length: number): number => Math.min(Math.max(n, 0), length);

/** `x.name(args)`; `undefined` when the kind has no such method. */
export function method(self: Val, name: string, args: Args, call: Call): Val | undefined {
  if (typeof self === "string") return named(STRING, name)?.(self, args, call);
  if (self instanceof Lst) return named(LIST, name)?.(self.items, args, call);
  if (self instanceof Dct) return named(DICT, name)?.(self, args, call);
  if (self instanceof St) return named(SET, name)?.(self.items, args, call);
  if (self instanceof Rng) {
    const found = named(RANGE, name);
    if (found === undefined) throw new Unspecified("lazy iterator");
    return found(self, args, call);
  }
  return undefined;
}

/** Only names that no kind knows are known to be unknown; the rest is for tests of their own. */
function named<V>(table: Table<V>, name: string): Method<V> | undefined {
  if (Object.hasOwn(table, name)) return table[name];
  if (ELSEWHERE.has(name)) throw new Unspecified("a method that is not known here");
  return undefined;
}

const ELSEWHERE = new Set(
  `lines iter to_list map filter all every is_subset is_superset is_disjoint union intersect intersection difference symmetric_difference
   none? all?`.split(/\s+/),
);

// --- Strings -------------------------------------------------------------------------------------------------------------------------

const lower = (s: string): Val => s.toLowerCase();
const upper = (s: string): Val => s.toUpperCase();
const STRING: Table<string> = {
  count: (s) => size([...s].length),
  len: (s) => size([...s].length),
  empty: (s) => s === "",
  contains: (s, a) => s.includes(text(a, 0)),
  starts_with: (s, a) => s.startsWith(text(a, 0)),
  ends_with: (s, a) => s.endsWith(text(a, 0)),
  index_of: (s, a) => points(s, s.indexOf(text(a, 0))),
  last_index_of: (s, a) => points(s, s.lastIndexOf(text(a, 0))),
  replace: (s, a) => (a.length < 2 ? null : bounded(replaced(s, show(a[0] as Val), show(a[1] as Val)))),
  split: (s, a) => {
    const separator = text(a, 0, ",");
    return new Lst(separator === "" ? ["", ...s, ""] : s.split(separator));
  },
  chars: (s) => new Lst([...s]),
  char_at: (s, a) => [...s][count(a, 0, 0)] ?? null,
  trim: (s) => s.trim(),
  trim_start: (s) => s.trimStart(),
  trim_end: (s) => s.trimEnd(),
  lower,
  to_lower: lower,
  lowercase: lower,
  upper,
  to_upper: upper,
  uppercase: upper,
  reverse: (s) => [...s].reverse().join(""),
  repeat: (s, a) => repeat(s, size(count(a, 0, 1))),
  pad_left: (s, a) => filler(s, a) + s,
  pad_right: (s, a) => s + filler(s, a),
  substring: (s, a) => {
    const end = count(a, 1, -1);
    return [...s].slice(clamp(count(a, 0, 0), s.length), end < 0 ? s.length : end).join("");
  },
};

/** Nothing is found at every border between characters. */
function replaced(s: string, old: string, by: string): string {
  return old === "" ? [by, ...[...s].flatMap((c) => [c, by])].join("") : s.split(old).join(by);
}

/** An offset of the host's string as a number of code points. */
function points(s: string, offset: number): bigint {
  return offset < 0 ? -1n : size([...s.slice(0, offset)].length);
}

function filler(s: string, args: Args): string {
  const missing = count(args, 0, 0) - [...s].length;
  return repeat([...text(args, 1, " ")][0] ?? " ", size(missing));
}

// --- Lists ---------------------------------------------------------------------------------------------------------------------------

/** What a method gives when its callback is missing or is none, else its body's value. */
function withCallback(otherwise: (xs: Args) => Val, body: (xs: Args, f: (x: Val) => Val) => Val): Method<Args> {
  return (xs, args, call) => (isCallable(args[0]) ? body(xs, (x) => call(args[0] as Val, [x])) : otherwise(xs));
}
const none = (): Val => null;
const all = withCallback(
  () => true,
  (xs, f) => xs.every((x) => isTrue(f(x))),
);
const chunk: Method<Args> = (xs, args) => windows(xs, Math.max(1, count(args, 0, 1)), Math.max(1, count(args, 0, 1)), true);
const window: Method<Args> = (xs, args) => windows(xs, Math.max(1, count(args, 0, 2)), Math.max(1, count(args, 1, 1)), false);

const LIST: Table<Args> = {
  count: (xs) => size(xs.length),
  empty: (xs) => xs.length === 0,
  contains: (xs, a) => holds(xs, a[0] ?? null),
  index_of: (xs, a) => size(xs.findIndex((x) => same(x, a[0] ?? null))),
  join: (xs, a) => bounded(xs.map(show).join(text(a, 0))),
  reverse: (xs) => new Lst([...xs].reverse()),
  sort: (xs) => new Lst(sorted(xs, xs)),
  sort_by: withCallback(none, (xs, f) => new Lst(sorted(xs, xs.map(f)))),
  sum,
  min: (xs) => extreme(xs, xs, -1),
  max: (xs) => extreme(xs, xs, 1),
  min_by: withCallback(none, (xs, f) => extreme(xs, xs.map(f), -1)),
  max_by: withCallback(none, (xs, f) => extreme(xs, xs.map(f), 1)),
  map: withCallback(none, (xs, f) => new Lst(xs.map(f))),
  filter: withCallback(none, (xs, f) => new Lst(xs.filter((x) => isTrue(f(x))))),
  flat_map: withCallback(none, (xs, f) => bounded(new Lst(flat(xs.map(f))))),
  reduce: (xs, a, call) => (isCallable(a[1]) ? xs.reduce((acc, x) => call(a[1] as Val, [acc, x]), a[0] as Val) : null),
  find: withCallback(none, (xs, f) => xs.find((x) => isTrue(f(x))) ?? null),
  find_index: withCallback(
    () => -1n,
    (xs, f) => size(xs.findIndex((x) => isTrue(f(x)))),
  ),
  any: withCallback(
    () => false,
    (xs, f) => xs.some((x) => isTrue(f(x))),
  ),
  all,
  every: all,
  none: withCallback(
    (xs) => xs.length === 0,
    (xs, f) => !xs.some((x) => isTrue(f(x))),
  ),
  flatten: (xs) => bounded(new Lst(flat(xs))),
  first: (xs, a) => (typeof a[0] === "bigint" ? new Lst(xs.slice(0, clamp(Number(a[0]), xs.length))) : (xs[0] ?? null)),
  last: (xs, a) => (typeof a[0] === "bigint" ? new Lst(xs.slice(xs.length - clamp(Number(a[0]), xs.length))) : (xs.at(-1) ?? null)),
  take: (xs, a) => new Lst(xs.slice(0, clamp(count(a, 0, 0), xs.length))),
  skip: (xs, a) => new Lst(xs.slice(clamp(count(a, 0, 0), xs.length))),
  slice: (xs, a) => new Lst(xs.slice(count(a, 0, 0), count(a, 1, xs.length))),
  push: (xs, a) => (a.length === 0 ? new Lst(xs) : bounded(new Lst([...xs, a[0] as Val]))),
  pop: (xs) => new Lst(xs.slice(0, -1)),
  unique: (xs) => new Lst(xs.filter((x, i) => xs.findIndex((y) => keyOf(y) === keyOf(x)) === i)),
  compact: (xs) => new Lst(xs.filter((x) => x !== null)),
  enumerate: (xs) => new Lst(xs.map((value, i) => dict({ index: size(i), value }))),
  zip: (xs, a) => {
    const other = a[0] instanceof Lst ? a[0].items : [];
    return new Lst(xs.slice(0, other.length).map((x, i) => new Lst([x, other[i] as Val])));
  },
  partition: withCallback(none, (xs, f) => {
    const held = xs.map((x) => isTrue(f(x)));
    return new Lst([new Lst(xs.filter((_, i) => held[i])), new Lst(xs.filter((_, i) => !held[i]))]);
  }),
  group_by: withCallback(none, (xs, f) => {
    const groups = new Map<string, Val[]>();
    for (const x of xs) {
      const key = show(f(x));
      groups.set(key, [...(groups.get(key) ?? []), x]);
    }
    return new Dct(new Map([...groups].map(([key, items]) => [key, new Lst(items)])));
  }),
  tally: (xs) => {
    const counts = new Map<string, Val>();
    for (const x of xs.map(show)) counts.set(x, ((counts.get(x) as bigint | undefined) ?? 0n) + 1n);
    return new Dct(counts);
  },
  chunk,
  each_slice: chunk,
  window,
  each_cons: window,
  sliding_window: window,
};

/** Sorting by a key. With keys of several kinds there is no order, and any result would do. */
function sorted(xs: Args, keys: Args): Val[] {
  const kinds = new Set(keys.map((key) => (asNumber(key) !== null ? "number" : typeOf(key))));
  if (kinds.size > 1 || kinds.has("pair") || keys.some((key) => key instanceof Flt && Number.isNaN(key.x)))
    throw new Unspecified("no order");
  return xs
    .map((_, i) => i)
    .sort((i, j) => compare(keys[i] as Val, keys[j] as Val))
    .map((i) => xs[i] as Val);
}

function extreme(xs: Args, keys: Args, sign: number): Val {
  let best = 0;
  for (let i = 1; i < xs.length; i++) if (Math.sign(compare(keys[i] as Val, keys[best] as Val)) === sign) best = i;
  return xs[best] ?? null;
}

function sum(xs: Args): Val {
  const numbers = xs.filter((x) => asNumber(x) !== null);
  if (numbers.every((x) => typeof x === "bigint")) return numbers.reduce((acc: bigint, x) => int(acc + (x as bigint)), 0n);
  if (numbers.some((x) => typeof x === "bigint" && x !== BigInt(Number(x)))) throw new Unspecified("rounding of a mixed sum");
  return new Flt(numbers.reduce((acc: number, x) => acc + (asNumber(x) as number), 0));
}

function flat(xs: Args): Val[] {
  return xs.flatMap((x) => (x instanceof Lst ? x.items : [x]));
}

function windows(xs: Args, width: number, step: number, partial: boolean): Val {
  const out: Val[] = [];
  for (let i = 0; i < xs.length && (partial || i + width <= xs.length); i += step) out.push(new Lst(xs.slice(i, i + width)));
  return new Lst(out);
}

// --- Dicts, sets, ranges ---------------------------------------------------------------------------------------------------------------

/** A dict's keys in order, each with its value. */
function fields(d: Dct): (readonly [string, Val])[] {
  return sortedKeys(d.map).map((key) => [key, d.map.get(key) as Val] as const);
}
const rekey: Method<Dct> = (d, a, call) =>
  isCallable(a[0]) ? new Dct(new Map(fields(d).map(([key, value]) => [show(call(a[0] as Val, [key])), value]))) : null;

const DICT: Table<Dct> = {
  keys: (d) => new Lst(sortedKeys(d.map)),
  values: (d) => new Lst(fields(d).map(([, value]) => value)),
  entries: (d) => new Lst(fields(d).map(([key, value]) => dict({ key, value }))),
  count: (d) => size(d.map.size),
  has: (d, a) => d.map.has(text(a, 0)),
  get: (d, a) => d.map.get(text(a, 0)) ?? a[1] ?? null,
  merge: (d, a) => (a[0] instanceof Dct ? bounded(new Dct(new Map([...d.map, ...a[0].map]))) : d),
  remove: (d, a) => new Dct(new Map([...d.map].filter(([key]) => key !== text(a, 0)))),
  filter: (d, a, call) => (isCallable(a[0]) ? new Dct(new Map(fields(d).filter(([, x]) => isTrue(call(a[0] as Val, [x]))))) : null),
  map_values: (d, a, call) => (isCallable(a[0]) ? new Dct(new Map(fields(d).map(([key, x]) => [key, call(a[0] as Val, [x])]))) : null),
  rekey,
  map_keys: rekey,
};

const remove: Method<Args> = (xs, a) => new St(xs.filter((x) => !same(x, a[0] ?? null)));
const SET: Table<Args> = {
  count: (xs) => size(xs.length),
  len: (xs) => size(xs.length),
  empty: (xs) => xs.length === 0,
  contains: (xs, a) => holds(xs, a[0] ?? null),
  add: (xs, a) => (holds(xs, a[0] ?? null) ? new St(xs) : new St([...xs, a[0] ?? null])),
  remove,
  delete: remove,
  to_list: (xs) => new Lst(xs),
  any: withCallback(
    () => false,
    (xs, f) => xs.some((x) => isTrue(f(x))),
  ),
};

const RANGE: Table<Rng> = {
  len: (r) => r.length,
  count: (r) => r.length,
  empty: (r) => r.length === 0n,
  contains: (r, a) => typeof a[0] === "bigint" && rangeHolds(r, a[0]),
  first: (r) => (r.length === 0n ? null : r.start),
  last: (r) => (r.length === 0n ? null : r.end - (r.inclusive ? 0n : 1n)),
};

// --- Builtin functions -----------------------------------------------------------------------------------------------------------------

const ok = (v: Val): Enm => new Enm("Result", "Ok", [v]);
const err = (v: Val): Enm => new Enm("Result", "Err", [v]);
const isResult = (v: Val | undefined, variant: string): v is Enm => v instanceof Enm && v.name === "Result" && v.variant === variant;

export const BUILTINS: Readonly<Record<string, (args: Args) => Val>> = {
  type_of: (a) => typeOf(a[0] ?? null),
  to_string: (a) => show(a[0] ?? null),
  len: ([v]) => {
    if (typeof v === "string") return size([...v].length);
    if (v instanceof Lst || v instanceof St) return size(v.items.length);
    if (v instanceof Dct) return size(v.map.size);
    return v instanceof Rng ? v.length : 0n;
  },
  to_list: ([v]) => (v instanceof Lst ? v : new Lst(v instanceof St ? v.items : [v ?? null])),
  keys: ([v]) => new Lst(v instanceof Dct ? sortedKeys(v.map) : []),
  pair: (a) => {
    if (a.length !== 2) throw typeError(`pair: expected 2 arguments, got ${a.length}`);
    return new Two(a[0] as Val, a[1] as Val);
  },
  set: (a) => {
    const items = a.flatMap((x) => (x instanceof Lst || x instanceof St ? x.items : [x]));
    return new St(items.filter((x, i) => items.findIndex((y) => keyOf(y) === keyOf(x)) === i));
  },
  range: (a) => {
    if (a.length < 1 || a.length > 2) throw typeError(`range expects 1 or 2 integer arguments, got ${a.length}`);
    const [start, end] = a.length === 1 ? [0n, a[0]] : a;
    if (typeof start === "bigint" && typeof end === "bigint") return new Rng(start, end, false);
    throw typeError(a.length === 1 ? "range(n): expected integer argument" : "range(a, b): expected integer arguments");
  },
  join: (a) => (a[0] instanceof Lst ? bounded(a[0].items.map(show).join(text(a, 1))) : ""),
  uppercase: (a) => text(a, 0).toUpperCase(),
  Ok: (a) => ok(a[0] ?? null),
  Err: (a) => err(a[0] ?? null),
  is_ok: (a) => isResult(a[0], "Ok"),
  is_err: (a) => isResult(a[0], "Err"),
  unwrap: ([v]) => {
    if (isResult(v, "Err")) throw runtimeError(`unwrap called on Err: ${show(v.fields[0] ?? null)}`);
    return isResult(v, "Ok") ? (v.fields[0] ?? null) : (v ?? null);
  },
  unwrap_or: ([v, otherwise]) => (isResult(v, "Err") ? (otherwise ?? null) : isResult(v, "Ok") ? (v.fields[0] ?? null) : (v ?? null)),
  assert: (a) => {
    if (!isTrue(a[0] ?? null)) throw thrown(text(a, 1, "Assertion failed"));
    return null;
  },
};

export { ok, err };
