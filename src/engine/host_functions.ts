/** Host functions as builtins: their signature is checked before the run and again at the call, their promises park the fiber. */
import type { Guard } from "../bytecode/chunk.ts";
import { parseSignature } from "../check/signature.ts";
import { guardOf } from "../compile/guards.ts";
import { raise, ScriptError } from "../vm/errors.ts";
import { checkGuard } from "../vm/guards.ts";
import type { Builtin, NativeContext, Parked, PlainBody } from "../vm/native.ts";
import type { Value } from "../vm/values.ts";
import { fromHost, type HostValue, toHost } from "./convert.ts";

/** Gets the arguments converted, and answers with a value or a promise of one. What it throws becomes a run-time error with its message. */
// biome-ignore lint/suspicious/noExplicitAny: a host declares the parameter types that its signature promises
export type HostFunction = (...args: any[]) => unknown;

/**
 * @param signature in the language's notation; checked here
 * @throws SignatureError when it does not follow the notation
 */
export function hostFunction(name: string, signature: string, body: HostFunction): Builtin {
  const { params, minArgs, maxArgs } = parseSignature(signature);
  const guards = params.map((param): Guard | null => guardOf(param.type, new Set()));
  const plain = (ctx: NativeContext, args: readonly Value[]): Value | Parked => {
    if (args.length < minArgs || args.length > maxArgs) throw raise.type(arityText(name, minArgs, maxArgs, args.length));
    args.forEach((arg, i) => {
      const at = Math.min(i, params.length - 1);
      const guard = guards[at];
      const isLeftOut = params[at]?.optional && arg === null;
      if (guard != null && !isLeftOut) checkGuard(arg, params[at]?.name ?? "", guard);
    });
    return answer(ctx, name, () => body(...args.map((arg): HostValue => toHost(arg))));
  };
  return {
    name,
    signature,
    effect: "net",
    doc: "A function of the host.",
    example: "",
    arity: -1,
    plain: plain as unknown as PlainBody,
    frame: null,
  };
}

function arityText(name: string, min: number, max: number, given: number): string {
  const expected = min === max ? `${min}` : max === Number.POSITIVE_INFINITY ? `at least ${min}` : `${min} to ${max}`;
  const isOne = min === 1 && (max === 1 || max === Number.POSITIVE_INFINITY);
  return `${name}: expected ${expected} argument${isOne ? "" : "s"}, got ${given}`;
}

function answer(ctx: NativeContext, name: string, call: () => unknown): Value | Parked {
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw asFailure(name, error);
    }
  };
  const result = guarded(call);
  if (!isPromise(result)) return guarded(() => fromHost(result));
  return ctx.parkOn(async () => {
    try {
      return fromHost(await result);
    } catch (error) {
      throw asFailure(name, error);
    }
  });
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}

function asFailure(name: string, error: unknown): ScriptError {
  if (error instanceof ScriptError) return error;
  const failure = raise.runtime(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  failure.cause = error;
  return failure;
}
