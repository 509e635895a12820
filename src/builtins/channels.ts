/** Channels between tasks, and waiting for several of them at once. */
import { raise } from "../vm/errors.ts";
import type { Builtin, FrameBody, NativeCall, NativeContext, Parked, Signal } from "../vm/native.ts";
import { Dict, dictOf, Duration, isInt, List, list, type Value } from "../vm/values.ts";
import { countOr, millisecondsOr, textOr } from "./args.ts";
import { Channel } from "./channel.ts";
import { frame, plain } from "./define.ts";

const CAPACITY = 256;

// --- One channel ---------------------------------------------------------------------------------------------------------------------

/** The channel that a builtin was given. */
function channelArg(ctx: NativeContext, name: string, value: Value, required = 1): Channel {
  if (ctx.argc < required) throw raise.thrown(`${name}: requires ${required === 1 ? "a channel" : "channel and value"}`);
  if (!(value instanceof Channel)) throw raise.thrown(`${name}: first argument must be a channel`);
  return value;
}

function send(ctx: NativeContext, target: Value, value: Value): Value | Parked {
  const channel = channelArg(ctx, "send", target, 2);
  if (channel.isClosed) return false;
  if (channel.put(value)) return true;
  const { current } = ctx.tasks;
  return ctx.park((wake) => {
    current.abandon = channel.awaitRoom(wake, value);
  });
}

function receive(ctx: NativeContext, from: Value): Value | Parked {
  const channel = channelArg(ctx, "receive", from);
  const value = channel.take();
  if (value !== undefined) return value;
  if (channel.isClosed) return null;
  const { current } = ctx.tasks;
  return ctx.park((wake) => {
    current.abandon = channel.await(wake, null);
  });
}

export function channelFunctions(): Builtin[] {
  const example = 'let c = channel("jobs")\nsend(c, 1)\nclose_channel(c)\nprintln(receive(c)) // -> 1\nprintln(receive(c)) // -> nil';
  return [
    plain(
      {
        name: "channel",
        signature: "(name?, capacity?)",
        effect: "task",
        doc: "A queue between tasks. The name is for people; at most `capacity` values (256) wait in it.",
        example: 'println(channel("jobs")) // -> <channel:jobs>',
      },
      (ctx, name, capacity) => new Channel(textOr(ctx, name as Value, 0, "default"), Math.max(1, countOr(capacity as Value, CAPACITY))),
    ),
    plain(
      {
        name: "send",
        signature: "(channel, value)",
        effect: "task",
        doc: "Puts a value into a channel, waiting while it is full; false when it is closed.",
        example: 'println(send(channel("jobs"), 1)) // -> true',
      },
      (ctx, target, value) => send(ctx, target as Value, value as Value),
    ),
    plain(
      {
        name: "receive",
        signature: "(channel)",
        effect: "task",
        doc: "The next value of a channel, waiting for one; nil once it is closed and empty.",
        example,
      },
      (ctx, from) => receive(ctx, from as Value),
    ),
    plain(
      {
        name: "try_receive",
        signature: "(channel)",
        effect: "task",
        doc: "The next value of a channel, or nil when there is none now.",
        example: 'println(try_receive(channel("jobs"))) // -> nil',
      },
      (ctx, from) => channelArg(ctx, "try_receive", from as Value).take() ?? null,
    ),
    plain(
      { name: "close_channel", signature: "(channel)", effect: "task", doc: "Ends a channel; what it holds can still be read.", example },
      (ctx, target) => {
        channelArg(ctx, "close_channel", target as Value).close();
        return null;
      },
    ),
    channelSelect(),
  ];
}

// --- Several channels ----------------------------------------------------------------------------------------------------------------

interface Choice {
  /** In the order in which they are asked; null: no channel, never ready. */
  readonly channels: readonly (Channel | null)[];
  /** Script time at which the waiting ends, in ms; null: never. */
  readonly endMs: number | null;
}

/** The first channel with a value. */
function poll({ channels }: Choice): { readonly index: number; readonly value: Value } | null {
  for (let index = 0; index < channels.length; index++) {
    const value = channels[index]?.take();
    if (value !== undefined) return { index, value };
  }
  return null;
}

/** Parks until something arrives in one of the channels (true) or the time is over (false). */
function parkOn(call: NativeCall, { channels, endMs }: Choice): Signal {
  const { tasks } = call.ctx;
  const { current } = tasks;
  return call.park((wake) => {
    const timer = endMs === null ? null : tasks.after(endMs - call.ctx.nowMs(), () => end(false));
    const stop = (): void => {
      if (timer !== null) timer.cancelled = true;
      for (const channel of channels) channel?.unwatch(arrived);
    };
    const end = (value: Value): void => {
      stop();
      wake.done(value);
    };
    const arrived = (): void => end(true);
    for (const channel of channels) channel?.watch(arrived);
    current.abandon = stop;
  });
}

/** Waits for the first of several channels. `begin` reads the arguments; a wait of 0 ms asks once. */
function choosing(
  begin: (call: NativeCall) => { readonly channels: readonly (Channel | null)[]; readonly ms: number | null },
  answer: (call: NativeCall, choice: Choice, found: { readonly index: number; readonly value: Value } | null) => Value,
): FrameBody {
  const proceed = (call: NativeCall, isLast: boolean): Signal => {
    const choice = call.state as Choice;
    const found = poll(choice);
    return found !== null || isLast ? call.done(answer(call, choice, found)) : parkOn(call, choice);
  };
  return {
    start(call) {
      const { channels, ms } = begin(call);
      call.ctx.burn(channels.length);
      call.state = { channels, endMs: ms === null ? null : call.ctx.nowMs() + ms } satisfies Choice;
      return proceed(call, ms === 0 || channels.every((channel) => channel === null));
    },
    resume: (call, arrived) => proceed(call, arrived === false),
  };
}

/** Takes the channels of the arms, how long to wait (nil: for ever); answers the arm's index (behind the last: none) and the value. */
export function selectFunction(): Builtin {
  const channelsOf = (value: Value): (Channel | null)[] => {
    const { items, length } = value as List;
    return items.slice(0, length).map((item) => (item instanceof Channel ? item : null));
  };
  return frame(
    {
      name: "select arm",
      signature: "(channels, waits, time)",
      effect: "task",
      doc: "Chooses an arm.",
      example: "select {\n  default { println(1) }\n} // -> 1",
    },
    choosing(
      ({ args: [channels, waits, time] }) => ({
        channels: channelsOf(channels as Value),
        ms: waits === true ? millisecondsOr(time as Value, 5000) : null,
      }),
      (_call, { channels }, found) => list([found?.index ?? channels.length, found?.value ?? null]),
    ),
  );
}

function channelSelect(): Builtin {
  return frame(
    {
      name: "channel_select",
      signature: "(channels, timeout?)",
      effect: "task",
      doc: "Waits for the first of several channels that has a value; nil when the timeout, in ms or as a duration, is over.",
      example: 'let c = channel("jobs")\nsend(c, 7)\nprintln(channel_select([c], 0).value) // -> 7',
    },
    choosing(
      ({ args: [channels = null, timeout = null] }) => {
        if (!(channels instanceof List)) throw raise.thrown("channel_select: first argument must be a list of channels");
        const items = channels.items.slice(0, channels.length);
        if (!items.every((item): item is Channel => item instanceof Channel)) {
          throw raise.thrown("channel_select: channel list must contain only channels");
        }
        return { channels: items, ms: timeoutOf(timeout) };
      },
      (_call, { channels }, found) => {
        if (found === null) return null;
        return dictOf({ channel: (channels[found.index] as Channel).name, index: found.index, value: found.value });
      },
    ),
  );
}

/** A timeout in ms, as such or in options; null: none. */
export function timeoutOf(value: Value): number | null {
  const time = value instanceof Dict ? (value.get("timeout_ms") ?? value.get("max_wait_ms") ?? null) : value;
  return isInt(time) || time instanceof Duration ? millisecondsOr(time, 0) : null;
}
