/** Mailboxes: bounded queues that tasks find by name. A channel does the work. */
import { raise } from "../vm/errors.ts";
import type { Builtin, NativeContext, Parked, Wake } from "../vm/native.ts";
import { Dict, dictOf, type Value } from "../vm/values.ts";
import { countOr } from "./args.ts";
import { Channel } from "./channel.ts";
import { variadic } from "./define.ts";
import { handle, nameOf, type Place, placeOf, placeToOpen } from "./shared_scopes.ts";

export interface Mailbox {
  readonly place: Place;
  readonly queue: Channel;
  sent: number;
  received: number;
  refused: number;
}

/** All mailboxes of one VM instance, by place. */
export type Mailboxes = Map<string, Mailbox>;

type States = (ctx: NativeContext) => Mailboxes;
type Args = readonly Value[];

const CAPACITY = 256;

/** The mailbox that the first argument means, or null. */
function find(states: States, ctx: NativeContext, name: string, args: Args, needs = "target is required", count = 1): Mailbox | null {
  if (args.length < count) throw raise.runtime(`${name}: ${needs}`);
  return states(ctx).get(nameOf(placeOf(ctx, name, "mailbox", args[0] as Value))) ?? null;
}

/** Counts when the wait ends with an answer. */
function counting(wake: Wake, count: (value: Value) => void): Wake {
  return {
    done: (value) => {
      count(value);
      wake.done(value);
    },
    fail: (error) => wake.fail(error),
  };
}

function open(states: States, ctx: NativeContext, args: Args): Value {
  const [given = null, second = null] = args;
  const place = placeToOpen(ctx, "mailbox_open", given);
  const capacity = countOr(given instanceof Dict ? (given.get("capacity") ?? null) : second, CAPACITY);
  const boxes = states(ctx);
  const name = nameOf(place);
  if (!boxes.has(name)) boxes.set(name, { place, queue: new Channel(place.key, Math.max(1, capacity)), sent: 0, received: 0, refused: 0 });
  return handle("mailbox", place);
}

function send(box: Mailbox | null, ctx: NativeContext, value: Value): Value | Parked {
  if (box === null) return false;
  if (box.queue.isClosed) {
    box.refused++;
    return false;
  }
  if (box.queue.put(value)) {
    box.sent++;
    return true;
  }
  const { current } = ctx.tasks;
  return ctx.park((wake) => {
    current.abandon = box.queue.awaitRoom(
      counting(wake, () => box.sent++),
      value,
    );
  });
}

function receive(box: Mailbox | null, ctx: NativeContext): Value | Parked {
  const value = tryReceive(box);
  if (value !== undefined || box === null || box.queue.isClosed) return value ?? null;
  const { current } = ctx.tasks;
  return ctx.park((wake) => {
    const counted = counting(wake, () => {
      if (!box.queue.isClosed) box.received++;
    });
    current.abandon = box.queue.await(counted, null);
  }, true);
}

function tryReceive(box: Mailbox | null): Value | undefined {
  const value = box?.queue.take();
  if (box !== null && value !== undefined) box.received++;
  return value;
}

function close(box: Mailbox | null): boolean {
  if (box === null || box.queue.isClosed) return false;
  box.queue.close();
  return true;
}

export function mailboxMetrics(box: Mailbox | null): Record<string, Value> {
  return {
    capacity: box?.queue.capacity ?? 0,
    depth: box?.queue.depth ?? 0,
    sent_count: box?.sent ?? 0,
    received_count: box?.received ?? 0,
    failed_send_count: box?.refused ?? 0,
    closed: box?.queue.isClosed ?? false,
  };
}

export function mailboxFunctions(states: States): Builtin[] {
  const usual = 'let box = mailbox_open("inbox")\nmailbox_send(box, 1)\nprintln(mailbox_receive("inbox")) // -> 1';
  const made = (
    name: string,
    signature: string,
    doc: string,
    body: (ctx: NativeContext, args: Args) => Value | Parked,
    example = usual,
  ): Builtin => variadic({ name, signature, effect: "task", doc, example }, body);
  return [
    made(
      "mailbox_open",
      "(name_or_options?, capacity?) -> dict",
      "Opens a mailbox, or finds the one of that name; at most `capacity` values (256) wait in it.",
      (ctx, args) => open(states, ctx, args),
    ),
    made(
      "mailbox_lookup",
      "(target?)",
      "The handle of a mailbox, or nil when nobody opened it.",
      (ctx, args) => {
        const box = find(states, ctx, "mailbox_lookup", args, "name or handle is required");
        return box === null ? null : handle("mailbox", box.place);
      },
      'println(mailbox_lookup("inbox")) // -> nil',
    ),
    made(
      "mailbox_send",
      "(target?, value?) -> bool",
      "Puts a value into a mailbox, waiting while it is full; false when there is none or it is closed.",
      (ctx, args) => send(find(states, ctx, "mailbox_send", args, "requires target and value", 2), ctx, args[1] as Value),
    ),
    made(
      "mailbox_receive",
      "(target?)",
      "The next value of a mailbox, waiting for one; nil when there is no mailbox, or it is closed and empty.",
      (ctx, args) => receive(find(states, ctx, "mailbox_receive", args), ctx),
    ),
    made(
      "mailbox_try_receive",
      "(target?)",
      "The next value of a mailbox, or nil when there is none now.",
      (ctx, args) => tryReceive(find(states, ctx, "mailbox_try_receive", args)) ?? null,
      'println(mailbox_try_receive("inbox")) // -> nil',
    ),
    made(
      "mailbox_close",
      "(target?) -> bool",
      "Closes a mailbox; false when it was closed before.",
      (ctx, args) => close(find(states, ctx, "mailbox_close", args)),
      'println(mailbox_close(mailbox_open("inbox"))) // -> true',
    ),
    made(
      "mailbox_metrics",
      "(target?) -> dict",
      "What went through a mailbox.",
      (ctx, args) => dictOf(mailboxMetrics(find(states, ctx, "mailbox_metrics", args))),
      'println(mailbox_metrics("inbox").capacity) // -> 0',
    ),
  ];
}
