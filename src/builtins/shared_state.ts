/** Cells and maps that all tasks of a program share, with versions for compare-and-set. */
import { compareStrings } from "../vm/dict.ts";
import { equals } from "../vm/equality.ts";
import { display } from "../vm/display.ts";
import { raise } from "../vm/errors.ts";
import type { Builtin, NativeContext } from "../vm/native.ts";
import { Dict, dict, dictOf, list, share, type Value } from "../vm/values.ts";
import { variadic } from "./define.ts";
import type { Mailboxes } from "./mailboxes.ts";
import { mailboxMetrics } from "./mailboxes.ts";
import { handle, nameOf, type Place, placeOf, placeToOpen, scopeId, type SharedKind } from "./shared_scopes.ts";

/** A cell holds one value, a map any number of them by key. */
interface Shared {
  readonly kind: "shared_cell" | "shared_map";
  readonly place: Place;
  value: Value;
  readonly entries: Map<string, Value>;
  version: number;
  reads: number;
  writes: number;
  successes: number;
  failures: number;
  stale: number;
}

/** By kind and place. */
type State = Map<string, Shared>;

interface World {
  readonly states: (ctx: NativeContext) => State;
  readonly mailboxes: (ctx: NativeContext) => Mailboxes;
}

type Args = readonly Value[];

export function sharedStateFunctions(world: World): Builtin[] {
  return [...opening(world), ...cells(world), ...maps(world), metrics(world), scopes()];
}

// --- Finding and opening -------------------------------------------------------------------------------------------------------------

function find({ states }: World, ctx: NativeContext, kind: Shared["kind"], place: Place, initial: Value = null): Shared {
  const state = states(ctx);
  const name = `${kind} ${nameOf(place)}`;
  let found = state.get(name);
  if (found === undefined) {
    const entries = kind === "shared_map" && initial instanceof Dict ? new Map(initial.map) : new Map<string, Value>();
    for (const value of entries.values()) share(value);
    const value = kind === "shared_cell" ? share(initial) : null;
    found = { kind, place, value, entries, version: 0, reads: 0, writes: 0, successes: 0, failures: 0, stale: 0 };
    state.set(name, found);
  }
  return found;
}

/** The cell or map that the first argument means. @param needs what the arguments are, when one of them is missing */
function target(world: World, ctx: NativeContext, name: string, kind: Shared["kind"], args: Args, count = 1, needs = ""): Shared {
  if (args.length < count) throw raise.runtime(count === 1 ? `${name}: handle is required` : `${name}: requires ${needs}`);
  return find(world, ctx, kind, placeOf(ctx, name, kind, args[0] as Value));
}

const row = (name: string, signature: string, doc: string, example: string) => ({ name, signature, effect: "task", doc, example }) as const;

function opening(world: World): Builtin[] {
  const open = (kind: Shared["kind"], doc: string, example: string): Builtin =>
    variadic(row(kind, "(key_or_options?, initial?)", doc, example), (ctx, args) => {
      const [given = null, initial = null] = args;
      const place = placeToOpen(ctx, kind, given);
      find(world, ctx, kind, place, given instanceof Dict ? (given.get("initial") ?? null) : initial);
      return handle(kind, place);
    });
  return [
    open(
      "shared_cell",
      "Opens a value that tasks share; the initial value counts when nobody opened it before.",
      'let c = shared_cell("total", 5)\nprintln(shared_get(c)) // -> 5',
    ),
    open(
      "shared_map",
      "Opens a dict that tasks share; the initial one counts when nobody opened it before.",
      'let m = shared_map("stock", {tea: 3})\nprintln(shared_map_get(m, "tea")) // -> 3',
    ),
  ];
}

function snapshot(value: Value, version: number): Value {
  return dictOf({ _type: "shared_snapshot", value: share(value), version });
}

/** Whether what is there is what the caller expects: a value, or what a snapshot saw. */
function expects(shared: Shared, expected: Value, value: Value): boolean {
  const isSnapshot = expected instanceof Dict && expected.get("_type") === "shared_snapshot";
  const isFresh = !isSnapshot || equals(expected.get("version") ?? null, shared.version);
  const holds = isFresh && equals(isSnapshot ? (expected.get("value") ?? null) : expected, value);
  if (!isFresh) shared.stale++;
  if (holds) shared.successes++;
  else shared.failures++;
  return holds;
}

function written(shared: Shared): void {
  shared.version++;
  shared.writes++;
}

// --- Cells ---------------------------------------------------------------------------------------------------------------------------

function cells(world: World): Builtin[] {
  const cell = (ctx: NativeContext, name: string, args: Args, count = 1, needs = ""): Shared =>
    target(world, ctx, name, "shared_cell", args, count, needs);
  const example = 'let c = shared_cell("total", 5)\nprintln(shared_set(c, 6)) // -> 5\nprintln(shared_get(c)) // -> 6';
  return [
    variadic(row("shared_get", "(cell?)", "The value of a shared cell.", example), (ctx, args) => {
      const shared = cell(ctx, "shared_get", args);
      shared.reads++;
      return share(shared.value);
    }),
    variadic(
      row("shared_set", "(cell?, value?)", "Replaces the value of a shared cell and gives the one before.", example),
      (ctx, args) => {
        const shared = cell(ctx, "shared_set", args);
        const before = shared.value;
        shared.value = args[1] ?? null;
        written(shared);
        return before;
      },
    ),
    variadic(
      row(
        "shared_snapshot",
        "(cell?)",
        "The value of a shared cell with its version, for `shared_cas`.",
        'println(shared_snapshot(shared_cell("total", 5)).version) // -> 0',
      ),
      (ctx, args) => {
        const shared = cell(ctx, "shared_snapshot", args);
        shared.reads++;
        return snapshot(shared.value, shared.version);
      },
    ),
    variadic(
      row(
        "shared_cas",
        "(cell?, expected?, value?)",
        "Replaces the value of a shared cell if it is the expected one, or unchanged since the expected snapshot.",
        'println(shared_cas(shared_cell("total", 5), 5, 6)) // -> true',
      ),
      (ctx, args) => {
        const shared = cell(ctx, "shared_cas", args, 3, "handle, expected, and new value");
        if (!expects(shared, args[1] as Value, shared.value)) return false;
        shared.value = args[2] as Value;
        written(shared);
        return true;
      },
    ),
  ];
}

// --- Maps ----------------------------------------------------------------------------------------------------------------------------

const MAP_EXAMPLE =
  'let m = shared_map("stock", {tea: 3})\nprintln(shared_map_set(m, "tea", 4)) // -> 3\nprintln(shared_map_get(m, "tea")) // -> 4';

type MapArg = (ctx: NativeContext, name: string, args: Args, count?: number, needs?: string) => Shared;

const keyOf = (args: Args): string => display(args[1] as Value);

function maps(world: World): Builtin[] {
  const map: MapArg = (ctx, name, args, count = 1, needs = "") => target(world, ctx, name, "shared_map", args, count, needs);
  return [...mapReads(map), ...mapWrites(map), mapCas(map)];
}

function mapReads(map: MapArg): Builtin[] {
  return [
    variadic(row("shared_map_get", "(map?, key?, default?)", "One value of a shared map, or the default.", MAP_EXAMPLE), (ctx, args) => {
      const shared = map(ctx, "shared_map_get", args, 2, "handle and key");
      shared.reads++;
      const value = shared.entries.get(keyOf(args));
      return value === undefined ? (args[2] ?? null) : share(value);
    }),
    variadic(
      row(
        "shared_map_entries",
        "(map?)",
        "A copy of a shared map.",
        'println(shared_map_entries(shared_map("stock", {tea: 3}))) // -> {tea: 3}',
      ),
      (ctx, args) => {
        const shared = map(ctx, "shared_map_entries", args);
        shared.reads++;
        ctx.burn(shared.entries.size);
        for (const value of shared.entries.values()) share(value);
        return dict(new Map(shared.entries));
      },
    ),
    variadic(
      row(
        "shared_map_snapshot",
        "(map?, key?)",
        "One value of a shared map with the map's version, for `shared_map_cas`.",
        'println(shared_map_snapshot(shared_map("stock"), "tea").value) // -> nil',
      ),
      (ctx, args) => {
        const shared = map(ctx, "shared_map_snapshot", args, 2, "handle and key");
        shared.reads++;
        return snapshot(shared.entries.get(keyOf(args)) ?? null, shared.version);
      },
    ),
  ];
}

function mapWrites(map: MapArg): Builtin[] {
  return [
    variadic(
      row("shared_map_set", "(map?, key?, value?)", "Sets a value of a shared map and gives the one before.", MAP_EXAMPLE),
      (ctx, args) => {
        const shared = map(ctx, "shared_map_set", args, 3, "handle, key, and value");
        const before = shared.entries.get(keyOf(args)) ?? null;
        shared.entries.set(keyOf(args), args[2] as Value);
        written(shared);
        return before;
      },
    ),
    variadic(
      row(
        "shared_map_delete",
        "(map?, key?)",
        "Removes a value of a shared map and gives it.",
        'println(shared_map_delete(shared_map("stock", {tea: 3}), "tea")) // -> 3',
      ),
      (ctx, args) => {
        const shared = map(ctx, "shared_map_delete", args, 2, "handle and key");
        const before = shared.entries.get(keyOf(args)) ?? null;
        shared.entries.delete(keyOf(args));
        if (before !== null) written(shared);
        return before;
      },
    ),
  ];
}

function mapCas(map: MapArg): Builtin {
  return variadic(
    row(
      "shared_map_cas",
      "(map?, key?, expected?, value?)",
      "Sets a value of a shared map if it is the expected one; nil stands for none, before and after.",
      'println(shared_map_cas(shared_map("stock"), "tea", nil, 1)) // -> true',
    ),
    (ctx, args) => {
      const shared = map(ctx, "shared_map_cas", args, 4, "handle, key, expected, and new value");
      if (!expects(shared, args[2] as Value, shared.entries.get(keyOf(args)) ?? null)) return false;
      if (args[3] === null) shared.entries.delete(keyOf(args));
      else shared.entries.set(keyOf(args), args[3] as Value);
      written(shared);
      return true;
    },
  );
}

// --- Metrics and scopes --------------------------------------------------------------------------------------------------------------

function metricsOf(shared: Shared): Record<string, Value> {
  return {
    version: shared.version,
    read_count: shared.reads,
    write_count: shared.writes,
    cas_success_count: shared.successes,
    cas_failure_count: shared.failures,
    stale_read_count: shared.stale,
  };
}

function metrics(world: World): Builtin {
  return variadic(
    row(
      "shared_metrics",
      "(handle?)",
      "How often a shared cell or map was read and changed; without a handle, of everything that is shared.",
      'let c = shared_cell("total", 5)\nshared_get(c)\nprintln(shared_metrics(c).read_count) // -> 1',
    ),
    (ctx, [of = null]) => {
      if (!(of instanceof Dict)) return everything(world, ctx);
      const kind: SharedKind = of.get("_type") === "shared_map" ? "shared_map" : "shared_cell";
      return dictOf(metricsOf(find(world, ctx, kind, placeOf(ctx, "shared_metrics", kind, of))));
    },
  );
}

function everything({ states, mailboxes }: World, ctx: NativeContext): Value {
  const described = (kind: SharedKind, { key, scope }: Place, own: Record<string, Value>) => ({
    name: `${kind} ${scope} ${key}`,
    row: dictOf({ _type: kind, key, scope, ...own }),
  });
  const all = [
    ...[...states(ctx).values()].map((shared) => described(shared.kind, shared.place, metricsOf(shared))),
    ...[...mailboxes(ctx).values()].map((box) => described("mailbox", box.place, mailboxMetrics(box))),
  ];
  return list(all.sort((a, b) => compareStrings(a.name, b.name)).map((entry) => entry.row));
}

function scopes(): Builtin {
  return variadic(
    row(
      "shared_scope_id",
      "(scope?, options?)",
      "The scope with its id for this task.",
      'println(shared_scope_id("process")) // -> process:process',
    ),
    (ctx, [scope = null, options = null]) => scopeId(ctx, "shared_scope_id", scope, options),
  );
}
