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
  return made(row, body.length - 1, body, null);
}

/** A builtin whose body takes all arguments in one array. */
export function variadic(row: Row, body: (ctx: NativeContext, args: readonly Value[]) => Answer): Builtin {
  return made(row, -1, body as unknown as PlainBody, null);
}

/** A builtin that calls back into the script. */
export function frame(row: Row, body: FrameBody): Builtin {
  return made(row, -1, null, body);
}

/** Written out field by field: hundreds of rows are made at every start, before anything is compiled. */
function made(
  { name, signature, effect = "pure", doc, example }: Row,
  arity: number,
  plain: PlainBody | null,
  frame: FrameBody | null,
): Builtin {
  return { name, signature, effect, doc, example, arity, borrows: false, plain, frame };
}

/** The same builtin under further names. A name that no call can spell keeps the example of the first. */
export function withAliases(builtin: Builtin, ...names: string[]): Builtin[] {
  return [builtin, ...names.map((name) => alias(builtin, name))];
}

/** Examples are read by tools only, so an alias's is made when it is asked for. */
function alias(builtin: Builtin, name: string): Builtin {
  const { signature, effect, doc, arity, plain, frame } = builtin;
  return {
    name,
    signature,
    effect,
    doc,
    get example() {
      return name.endsWith("?") ? builtin.example : builtin.example.replaceAll(call(builtin.name), `$1${name}(`);
    },
    arity,
    borrows: false,
    plain,
    frame,
  };
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
