/** Circuit breakers: counters of failures that say when to stop trying. They change nothing by themselves. */
import type { Builtin, NativeContext } from "../vm/native.ts";
import type { Value } from "../vm/values.ts";
import { countOr, millisecondsOr, textOr } from "./args.ts";
import { perInstance, plain } from "./define.ts";

interface Breaker {
  readonly threshold: number;
  readonly resetMs: number;
  failures: number;
  /** Script time at which it opened, in ms; null: closed. */
  openedMs: number | null;
}

const NAME = "default";
const THRESHOLD = 5;
const RESET_MS = 30_000;

export function breakerFunctions(): Builtin[] {
  const states = perInstance((): Map<string, Breaker> => new Map());
  const named = (ctx: NativeContext, name: Value): Breaker | undefined => states(ctx).get(textOr(ctx, name, 0, NAME));
  const closing = (name: string, doc: string) =>
    plain({ name, signature: "(name?) -> nil", effect: "task", doc, example: `println(${name}("api")) // -> nil` }, (ctx, key) => {
      const breaker = named(ctx, key as Value);
      if (breaker !== undefined) {
        breaker.failures = 0;
        breaker.openedMs = null;
      }
      return null;
    });
  return [
    plain(
      {
        name: "circuit_breaker",
        signature: "(name?, threshold?, reset_ms?)",
        effect: "task",
        doc: "Makes a closed circuit breaker that opens after so many failures (5) and may be tried again after so many ms (30000).",
        example: 'circuit_breaker("api", 1)\nprintln(circuit_record_failure("api")) // -> true\nprintln(circuit_check("api")) // -> open',
      },
      (ctx, key, threshold, reset) => {
        const name = textOr(ctx, key as Value, 0, NAME);
        const breaker = { threshold: countOr(threshold as Value, THRESHOLD), resetMs: millisecondsOr(reset as Value, RESET_MS) };
        states(ctx).set(name, { ...breaker, failures: 0, openedMs: null });
        return name;
      },
    ),
    plain(
      {
        name: "circuit_check",
        signature: "(name?) -> string",
        effect: "task",
        doc: "`closed`, `open`, or `half_open` when it may be tried again.",
        example: 'println(circuit_check("api")) // -> closed',
      },
      (ctx, key) => {
        const breaker = named(ctx, key as Value);
        if (breaker === undefined || breaker.openedMs === null) return "closed";
        return ctx.nowMs() - breaker.openedMs >= breaker.resetMs ? "half_open" : "open";
      },
    ),
    plain(
      {
        name: "circuit_record_failure",
        signature: "(name?) -> bool",
        effect: "task",
        doc: "Counts a failure, and says whether it was the one that opened the breaker.",
        example: 'circuit_breaker("api", 2)\nprintln(circuit_record_failure("api")) // -> false',
      },
      (ctx, key) => {
        const breaker = named(ctx, key as Value);
        if (breaker === undefined || breaker.openedMs !== null) return false;
        breaker.failures++;
        if (breaker.failures < breaker.threshold) return false;
        breaker.openedMs = ctx.nowMs();
        return true;
      },
    ),
    closing("circuit_record_success", "Closes a breaker after a success."),
    closing("circuit_reset", "Closes a breaker."),
  ];
}
