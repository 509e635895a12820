/**
 * Clocks, waiting, timers, and the clock that scripts can mock.
 *
 * The mock pins `now_ms`, `timestamp`, `monotonic_ms` and `sleep_ms`; dates, timers, `sleep` and deadlines stay on the real clock.
 */
import { display } from "../vm/display.ts";
import { raise } from "../vm/errors.ts";
import type { Builtin, NativeContext } from "../vm/native.ts";
import { addInts, subtractInts } from "../vm/numbers.ts";
import { Dict, dictOf, Duration, Float, type Int, isInt, type Value } from "../vm/values.ts";
import { countOr, textOr } from "./args.ts";
import { perInstance, plain, withAliases } from "./define.ts";

interface ClockState {
  /** The mocked clock: wall time, and what monotonic time has gone since it was set. */
  mock: { wall: Int; gone: Int } | null;
  /** Real monotonic time of the first question, from which it counts. */
  origin: number | null;
}

type States = (ctx: NativeContext) => ClockState;

export function clockFunctions(): Builtin[] {
  const states = perInstance((): ClockState => ({ mock: null, origin: null }));
  return [...reading(states), ...waiting(states), ...mocking(states), ...timers()];
}

function reading(states: States): Builtin[] {
  const wall = (ctx: NativeContext): Int => states(ctx).mock?.wall ?? Math.floor(ctx.nowMs());
  const monotonic = plain(
    {
      name: "monotonic_ms",
      signature: "() -> int",
      doc: "Milliseconds since this was first asked.",
      example: "println(monotonic_ms() >= 0)  // -> true",
      effect: "clock",
    },
    (ctx) => {
      const state = states(ctx);
      if (state.mock !== null) return state.mock.gone;
      const now = ctx.door.clock.monotonicMs();
      state.origin ??= now;
      return Math.floor(now - state.origin);
    },
  );
  return [
    plain(
      {
        name: "now_ms",
        signature: "() -> int",
        doc: "Milliseconds since 1970.",
        example: "mock_time(1500)\nprintln(now_ms())  // -> 1500",
        effect: "clock",
      },
      wall,
    ),
    plain(
      {
        name: "timestamp",
        signature: "() -> float",
        doc: "Seconds since 1970.",
        example: "mock_time(1500)\nprintln(timestamp())  // -> 1.5",
        effect: "clock",
      },
      (ctx) => new Float(Number(wall(ctx)) / 1000),
    ),
    ...withAliases(monotonic, "elapsed"),
  ];
}

function waiting(states: States): Builtin[] {
  return [
    plain(
      {
        name: "sleep",
        signature: "(time: duration | int) -> nil",
        doc: "Waits for a duration or so many milliseconds.",
        example: "println(sleep(1ms))  // -> nil",
        effect: "clock",
      },
      (ctx, time) => {
        const ms = time instanceof Duration ? countOr(time.ms, 0) : isInt(time) ? countOr(time, 0) : null;
        return ms === null ? null : ctx.parkFor(Math.max(0, ms));
      },
    ),
    plain(
      {
        name: "sleep_ms",
        signature: "(ms: int) -> nil",
        doc: "Waits for so many milliseconds; a mocked clock is moved on instead.",
        example: "mock_time(0)\nsleep_ms(250)\nprintln(now_ms())  // -> 250",
        effect: "clock",
      },
      (ctx, ms) => {
        if (!isInt(ms) || ms <= 0) return null;
        const { mock } = states(ctx);
        if (mock === null) return ctx.parkFor(countOr(ms, 0));
        advance(mock, ms);
        return null;
      },
    ),
  ];
}

function advance(mock: { wall: Int; gone: Int }, ms: Int): Int {
  mock.wall = addInts(mock.wall, ms);
  mock.gone = addInts(mock.gone, ms);
  return mock.wall;
}

function mocking(states: States): Builtin[] {
  return [
    plain(
      {
        name: "mock_time",
        signature: "(ms: int) -> nil",
        doc: "Pins the clock to a time in milliseconds since 1970, and monotonic time to 0.",
        example: "mock_time(1500)\nprintln(now_ms())  // -> 1500",
        effect: "clock",
      },
      (ctx, ms) => {
        if (!isInt(ms)) throw raise.thrown("mock_time(ms): expected an integer millisecond timestamp");
        states(ctx).mock = { wall: ms, gone: 0 };
        return null;
      },
    ),
    plain(
      {
        name: "advance_time",
        signature: "(ms?: int) -> int",
        doc: "Moves the mocked clock on, and gives its new time.",
        example: "mock_time(1500)\nprintln(advance_time(500))  // -> 2000",
        effect: "clock",
      },
      (ctx, ms) => {
        const { mock } = states(ctx);
        if (mock === null) throw raise.thrown("advance_time: no mock active. Call mock_time(ms) first.");
        return advance(mock, isInt(ms) ? ms : 0);
      },
    ),
    plain(
      {
        name: "unmock_time",
        signature: "() -> nil",
        doc: "Goes back to the real clock.",
        example: "mock_time(1500)\nunmock_time()\nprintln(now_ms() > 1500)  // -> true",
        effect: "clock",
      },
      (ctx) => {
        states(ctx).mock = null;
        return null;
      },
    ),
  ];
}

function timers(): Builtin[] {
  const example = 'let t = timer_start("load")\nprintln(t.name)  // -> load';
  return [
    plain(
      { name: "timer_start", signature: "(name?: string) -> dict", doc: "A timer that runs from now.", example, effect: "clock" },
      (ctx, name) => dictOf({ name: textOr(ctx, name as Value, 0, "default"), start_ms: Math.floor(ctx.nowMs()) }),
    ),
    plain(
      {
        name: "timer_end",
        signature: "(timer: dict)",
        doc: "Writes how long the timer ran, and gives the milliseconds.",
        example: "println(type_of(timer_end))  // -> builtin",
        effect: "clock",
      },
      (ctx, timer) => {
        if (!(timer instanceof Dict)) throw raise.thrown("timer_end: argument must be a timer dict from timer_start");
        const start = timer.map.get("start_ms");
        const gone = isInt(start) ? subtractInts(Math.floor(ctx.nowMs()), start) : 0;
        const name = timer.map.get("name");
        ctx.print(`[timer] ${name === undefined ? "" : display(name)}: ${gone}ms\n`);
        return gone;
      },
    ),
  ];
}
