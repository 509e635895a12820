/** Calls that keep to a number a minute, and are tried again when they fail for a passing reason. */
import { display } from "../vm/display.ts";
import { raise } from "../vm/errors.ts";
import type { Builtin, FrameBody, NativeCall, NativeContext, Signal } from "../vm/native.ts";
import { caughtValue } from "../vm/report.ts";
import { Closure, Dict, isInt, type Value } from "../vm/values.ts";
import { countOr, textArg } from "./args.ts";
import { frame, perInstance, plain } from "./define.ts";
import { categoryOf } from "./results.ts";

/** The limit of one key, and when its calls of the last minute were made, in ms of script time. */
interface Limit {
  readonly perMinute: number;
  made: number[];
}

type States = (ctx: NativeContext) => Map<string, Limit>;

const WINDOW_MS = 60_000;
const RETRIES = 5;
const BACKOFF_MS = 1000;
const MAX_BACKOFF_MS = 30_000;
const PASSING = ["rate_limit", "overloaded", "transient_network", "timeout"];

export function rateLimitFunctions(): Builtin[] {
  const states = perInstance((): Map<string, Limit> => new Map());
  return [setting(states), calling(states)];
}

function setting(states: States): Builtin {
  return plain(
    {
      name: "llm_rate_limit",
      signature: "(key?, options?)",
      effect: "task",
      doc: "Sets how many calls a minute `with_rate_limit` makes for a key (0: any number), or tells it.",
      example: 'println(llm_rate_limit("api", {rpm: 30})) // -> true\nprintln(llm_rate_limit("api")) // -> 30',
    },
    (ctx, key, options) => {
      const limits = states(ctx);
      const name = textArg(ctx, key as Value, 0);
      if (ctx.argc < 2) return limits.get(name)?.perMinute ?? null;
      const perMinute = options instanceof Dict ? (options.get("rpm") ?? null) : null;
      if (!isInt(perMinute)) throw raise.runtime("llm_rate_limit: options must include 'rpm' (integer)");
      const made = limits.get(name)?.made ?? [];
      if (perMinute > 0) limits.set(name, { perMinute: countOr(perMinute, 0), made });
      else limits.delete(name);
      return true;
    },
  );
}

interface Attempt {
  readonly key: string;
  retriesLeft: number;
  backoffMs: number;
  phase: "slot" | "call" | "backoff";
}

/** Takes a slot. @returns 0, or how long to wait until there may be one, in ms */
function takeSlot(limit: Limit | undefined, nowMs: number): number {
  if (limit === undefined) return 0;
  limit.made = limit.made.filter((atMs) => atMs > nowMs - WINDOW_MS);
  const oldest = limit.made[limit.made.length - limit.perMinute];
  if (oldest !== undefined) return oldest + WINDOW_MS - nowMs;
  limit.made.push(nowMs);
  return 0;
}

function calling(states: States): Builtin {
  const begin = (call: NativeCall): Signal => {
    const attempt = call.state as Attempt;
    const { ctx } = call;
    const waitMs = takeSlot(states(ctx).get(attempt.key), ctx.nowMs());
    attempt.phase = waitMs > 0 ? "slot" : "call";
    if (waitMs > 0) return call.parkFor(waitMs);
    ctx.tasks.mute(1);
    return call.call(call.args[1] as Value, []);
  };
  const body: FrameBody = {
    start(call) {
      const [key = null, callee = null, options = null] = call.args;
      if (call.args.length === 0 || key === "" || key === null) throw raise.runtime("with_rate_limit: provider name is required");
      if (!(callee instanceof Closure)) throw raise.runtime("with_rate_limit: second argument must be a closure");
      const option = (name: string, fallback: number): number =>
        Math.max(0, countOr(options instanceof Dict ? (options.get(name) ?? null) : null, fallback));
      call.state = {
        key: display(key),
        retriesLeft: option("max_retries", RETRIES),
        backoffMs: option("backoff_ms", BACKOFF_MS),
        phase: "slot",
      } satisfies Attempt;
      return begin(call);
    },
    resume(call, value) {
      if ((call.state as Attempt).phase !== "call") return begin(call);
      call.ctx.tasks.mute(-1);
      return call.done(value);
    },
    fail(call, error) {
      const attempt = call.state as Attempt;
      if (attempt.phase !== "call") throw error;
      call.ctx.tasks.mute(-1);
      if (attempt.retriesLeft <= 0 || !PASSING.includes(categoryOf(caughtValue(error)))) throw error;
      attempt.retriesLeft--;
      attempt.phase = "backoff";
      const waitMs = Math.min(attempt.backoffMs, MAX_BACKOFF_MS);
      attempt.backoffMs = Math.min(attempt.backoffMs * 2, MAX_BACKOFF_MS);
      return call.parkFor(waitMs);
    },
  };
  return frame(
    {
      name: "with_rate_limit",
      signature: "(key?, call?, options?)",
      effect: "task",
      doc: "Calls a closure when the key's limit allows it, and again after failures of the network or of a limit. What it prints is dropped.",
      example: 'println(with_rate_limit("api", { -> 6 * 7 })) // -> 42',
    },
    body,
  );
}
