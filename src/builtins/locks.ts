/** Mutexes, semaphores, gates and read-write locks, which all tasks of a program share; and what `mutex { … }` calls. */
import { compareStrings } from "../vm/dict.ts";
import { display } from "../vm/display.ts";
import { raise } from "../vm/errors.ts";
import type { Fiber } from "../vm/frame.ts";
import type { Builtin, NativeContext, Parked } from "../vm/native.ts";
import { dictOf, list, type Value } from "../vm/values.ts";
import { countOr, textOr } from "./args.ts";
import { timeoutOf } from "./channels.ts";
import { perInstance, plain } from "./define.ts";
import { Lock, type LockKind, type Locks, metricsOf, Permit } from "./lock.ts";

const DEFAULT_MUTEX = "__default__";
/** Permits of a read-write lock: a reader takes one, a writer all. */
const READERS = 1024;

type States = (ctx: NativeContext) => Locks;

export interface LockRows {
  readonly functions: readonly Builtin[];
  /** Called by the compiler's code for `mutex { … }`. */
  readonly internal: readonly Builtin[];
}

export function lockFunctions(): LockRows {
  const states = perInstance((): Locks => new Map());
  return {
    functions: [...acquiring(states), releasing(), metrics(states)],
    internal: [
      plain(
        { name: "mutex lock", signature: "()", effect: "task", doc: "Enters a mutex block.", example: "mutex { println(1) } // -> 1" },
        (ctx) => acquire(ctx, lockOf(ctx, states(ctx), "mutex", DEFAULT_MUTEX, 1), 1, null),
      ),
      plain(
        {
          name: "mutex unlock",
          signature: "(permit)",
          effect: "task",
          doc: "Leaves a mutex block.",
          example: "mutex { println(1) } // -> 1",
        },
        (_ctx, permit) => (permit as Permit).release(),
      ),
    ],
  };
}

// --- Acquiring and releasing ---------------------------------------------------------------------------------------------------------

function lockOf(ctx: NativeContext, locks: Locks, kind: LockKind, key: string, capacity: number): Lock {
  const name = `${kind}:${key}`;
  let lock = locks.get(name);
  if (lock === undefined) {
    lock = new Lock(kind, key, capacity, () => ctx.nowMs());
    locks.set(name, lock);
  }
  if (lock.capacity !== capacity) {
    throw raise.runtime(`sync ${kind} '${key}' already exists with capacity ${lock.capacity}, not ${capacity}`);
  }
  return lock;
}

/** @param timeoutMs 0: try once; null: for ever */
function acquire(ctx: NativeContext, lock: Lock, count: number, timeoutMs: number | null): Value | Parked {
  const { tasks } = ctx;
  const owner = tasks.current;
  const permit = lock.tryAcquire(count);
  if (permit !== null) {
    if (timeoutMs !== 0) lock.deepest = Math.max(lock.deepest, 1);
    hold(owner, permit);
    return permit;
  }
  if (timeoutMs === 0) {
    lock.timeouts++;
    return null;
  }
  if (owner.task.cancel.isSet) lock.cancellations++;
  return ctx.park((wake) => {
    const giveUp = lock.await(count, wake, (given) => {
      if (timer !== null) timer.cancelled = true;
      hold(owner, given);
    });
    const timer =
      timeoutMs === null
        ? null
        : tasks.after(timeoutMs, () => {
            lock.timeouts++;
            wake.done(null);
            giveUp();
          });
    owner.abandon = () => {
      if (timer !== null) timer.cancelled = true;
      if (owner.task.cancel.isSet) lock.cancellations++;
      giveUp();
    };
  }, true);
}

/** The task gives back what it still holds when it ends. */
function hold(owner: Fiber, permit: Permit): void {
  const { held } = owner.task;
  held.add(permit);
  permit.onRelease = () => held.delete(permit);
}

/** A count that must be positive; anything but an int is the default. */
function positive(name: string, value: Value, fallback: number): number {
  const count = countOr(value, fallback);
  if (count <= 0) throw raise.runtime(`${name}: value must be positive`);
  return count;
}

function acquiring(states: States): Builtin[] {
  const row = (name: string, signature: string, doc: string, example: string) =>
    ({ name, signature, effect: "task", doc, example }) as const;
  const waits = "waiting as long as the timeout says (0: not at all; none: for ever); nil when there was none in time.";
  const bounded = (ctx: NativeContext, kind: LockKind, key: string, capacity: number, count: number, timeout: Value) => {
    if (count > capacity) throw raise.runtime(`sync ${kind} '${key}' requested ${count} permits from capacity ${capacity}`);
    return acquire(ctx, lockOf(ctx, states(ctx), kind, key, capacity), count, timeoutOf(timeout));
  };
  return [
    plain(
      row(
        "sync_mutex_acquire",
        "(key?, timeout?)",
        `The permit of a mutex, ${waits}`,
        'println(sync_mutex_acquire("door")) // -> <sync_permit:mutex:door>\nprintln(sync_mutex_acquire("door", 0)) // -> nil',
      ),
      (ctx, key, timeout) => bounded(ctx, "mutex", textOr(ctx, key as Value, 0, DEFAULT_MUTEX), 1, 1, timeout as Value),
    ),
    plain(
      row(
        "sync_semaphore_acquire",
        "(key?, capacity?, permits?, timeout?)",
        `Some of a semaphore's permits, ${waits}`,
        'println(sync_semaphore_acquire("slots", 3, 2)) // -> <sync_permit:semaphore:slots>',
      ),
      (ctx, key, capacity, permits, timeout) => {
        const most = positive("sync_semaphore_acquire", capacity as Value, 1);
        const count = positive("sync_semaphore_acquire", permits as Value, 1);
        return bounded(ctx, "semaphore", textOr(ctx, key as Value, 0, "default"), most, count, timeout as Value);
      },
    ),
    plain(
      row(
        "sync_gate_acquire",
        "(key?, limit?, timeout?)",
        `A place behind a gate, ${waits}`,
        'println(sync_gate_acquire("entry", 2)) // -> <sync_permit:gate:entry>',
      ),
      (ctx, key, limit, timeout) => {
        const most = positive("sync_gate_acquire", limit as Value, 1);
        return bounded(ctx, "gate", textOr(ctx, key as Value, 0, "default"), most, 1, timeout as Value);
      },
    ),
    plain(
      row(
        "sync_rwlock_acquire",
        "(key?, mode?, timeout?)",
        `The right to read, shared with other readers, or alone to write, ${waits}`,
        'println(sync_rwlock_acquire("book", "write")) // -> <sync_permit:rwlock:book>',
      ),
      (ctx, key, mode, timeout) => {
        const text = textOr(ctx, mode as Value, 1, "read");
        if (text !== "read" && text !== "write") throw raise.runtime("sync_rwlock_acquire: mode must be read or write");
        const count = text === "read" ? 1 : READERS;
        return bounded(ctx, "rwlock", textOr(ctx, key as Value, 0, "default"), READERS, count, timeout as Value);
      },
    ),
  ];
}

function releasing(): Builtin {
  return plain(
    {
      name: "sync_release",
      signature: "(permit) -> bool",
      effect: "task",
      doc: "Gives a permit back; false when it was given back before.",
      example: "let p = sync_mutex_acquire()\nprintln(sync_release(p)) // -> true\nprintln(sync_release(p)) // -> false",
    },
    (_ctx, permit) => {
      if (!(permit instanceof Permit)) throw raise.runtime("sync_release: first argument must be a sync permit");
      return permit.release();
    },
  );
}

function metrics(states: States): Builtin {
  return plain(
    {
      name: "sync_metrics",
      signature: "(kind?, key?)",
      effect: "task",
      doc: "What happened to a lock, or to all locks (of one kind).",
      example: 'let p = sync_mutex_acquire("door")\nprintln(sync_metrics("mutex", "door").current_held) // -> 1',
    },
    (ctx, kind, key) => {
      const locks = states(ctx);
      if (ctx.argc >= 2) {
        const lock = locks.get(`${display(kind as Value)}:${display(key as Value)}`);
        return lock === undefined ? null : dictOf(metricsOf(lock));
      }
      const wanted = ctx.argc === 0 ? null : display(kind as Value);
      const names = [...locks.keys()].sort(compareStrings);
      const found = names.map((name) => locks.get(name) as Lock).filter((lock) => wanted === null || lock.kind === wanted);
      return list(found.map((lock) => dictOf(metricsOf(lock))));
    },
  );
}
