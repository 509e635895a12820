/** A running frame body: the `NativeCall` that builtins see, and what it asked for last. */
import type { Fiber } from "./frame.ts";
import type { Machine } from "./machine.ts";
import type { FrameBody, NativeCall, NativeContext, Signal, Source, Wake } from "./native.ts";
import type { Value } from "./values.ts";

export class NativeState implements NativeCall {
  pc = 0;
  state: unknown = null;
  scope: string | null = null;
  /** After "done". */
  result: Value = null;
  /** After "call": what to call, and with what. */
  callee: Value | Source = null;
  calleeArgs: Value[] = [];

  constructor(
    private readonly machine: Machine,
    private readonly fiber: Fiber,
    readonly body: FrameBody,
    readonly args: readonly Value[],
  ) {}

  get ctx(): NativeContext {
    return this.machine.context;
  }

  enclosingScope(): string {
    return scopeOf(this.fiber, this);
  }

  done(value: Value): Signal {
    this.result = value;
    return "done";
  }

  call(callee: Value, args: Value[]): Signal {
    this.callee = callee;
    this.calleeArgs = args;
    return "call";
  }

  pull(source: Source): Signal {
    return this.call(source, [source]);
  }

  park(begin: (wake: Wake) => void, isPrompt = false): Signal {
    this.machine.park(this.fiber, begin, isPrompt);
    return "parked";
  }

  parkFor(ms: number): Signal {
    this.machine.parkFor(this.fiber, ms);
    return "parked";
  }
}

/** A fiber's path, and behind it the scopes of the steps in whose handlers it is. @param except whose own scope does not count */
export function scopeOf(fiber: Fiber, except: NativeState | null = null): string {
  let scope = "";
  for (const native of scopes(fiber)) if (native !== except) scope = scope === "" ? `${native.scope}` : `${native.scope}/${scope}`;
  const { path } = fiber;
  return path === "" || scope === "" ? path + scope : `${path}/${scope}`;
}

/** The step in whose handler a fiber is, the innermost one; null: it is in none. */
export function innermostScope(fiber: Fiber): NativeState | null {
  for (const native of scopes(fiber)) return native;
  return null;
}

/** Native frames that open a scope, inner to outer. */
function* scopes(fiber: Fiber): Generator<NativeState> {
  for (let stack: Fiber["stack"] | null = fiber.stack; stack !== null; stack = stack.parent) {
    for (let i = stack.top; i >= 0; i--) {
      const native = stack.frames[i]?.native;
      if (native && native.scope !== null) yield native;
    }
  }
}
