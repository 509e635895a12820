/**
 * How a builtin is written down: name, signature, doc, example and body in one place.
 *
 * All engines of a process share the rows, so a row holds no state: what a builtin must remember between calls (a mocked clock, a log
 * level) is kept per VM instance with `perInstance`.
 */
import type { Builtin, Effect, FrameBody, NativeContext, Parked, PlainBody } from "../vm/native.ts";
import type { Value } from "../vm/values.ts";

/** What a row says besides its body. */
export interface Row {
  readonly name: string;
  readonly signature: string;
  readonly doc: string;
  readonly example: string;
  /** `pure` when left out. */
  readonly effect?: Effect;
}

type Answer = Value | Parked;

/** A builtin whose body takes its arguments one by one; the number of them is the body's own. */
export function plain(row: Row, body: PlainBody): Builtin {
  return { ...base(row), arity: body.length - 1, plain: body, frame: null };
}

/** A builtin whose body takes all arguments in one array. */
export function variadic(row: Row, body: (ctx: NativeContext, args: readonly Value[]) => Answer): Builtin {
  return { ...base(row), arity: -1, plain: body as unknown as PlainBody, frame: null };
}

/** A builtin that calls back into the script. */
export function frame(row: Row, body: FrameBody): Builtin {
  return { ...base(row), arity: -1, plain: null, frame: body };
}

function base(row: Row): Pick<Builtin, "name" | "signature" | "effect" | "doc" | "example"> {
  return { name: row.name, signature: row.signature, effect: row.effect ?? "pure", doc: row.doc, example: row.example };
}

/** The same builtin under further names. A name that no call can spell keeps the example of the first. */
export function withAliases(builtin: Builtin, ...names: string[]): Builtin[] {
  const example = (name: string) => (name.endsWith("?") ? builtin.example : builtin.example.replaceAll(call(builtin.name), `$1${name}(`));
  return [builtin, ...names.map((name) => ({ ...builtin, name, example: example(name) }))];
}

/** Finds calls of a name, so that an alias's example shows the alias. */
function call(name: string): RegExp {
  return new RegExp(`(^|[^A-Za-z0-9_])${name}\\(`, "g");
}

/**
 * State of one VM instance for the builtins that share it.
 *
 * @param make builds the state when an instance first asks
 * @returns the state of the instance that a context belongs to
 * @example const level = perInstance(() => ({ level: "debug" })); level(ctx).level = "warn";
 */
export function perInstance<T>(make: () => T): (ctx: NativeContext) => T {
  const states = new WeakMap<NativeContext, T>();
  return (ctx) => {
    let state = states.get(ctx);
    if (state === undefined) {
      state = make();
      states.set(ctx, state);
    }
    return state;
  };
}
