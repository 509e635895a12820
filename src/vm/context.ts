/** The `NativeContext` of a machine: what builtins may ask of the VM. */
import type { Door } from "./door.ts";
import { raise, ScriptError } from "./errors.ts";
import type { Fiber } from "./frame.ts";
import type { Limits } from "./limits.ts";
import type { Machine } from "./machine.ts";
import { type NativeContext, PARKED, type Parked, type Wake } from "./native.ts";
import { innermostScope, scopeOf } from "./native_state.ts";
import type { StringIndex } from "./strings.ts";
import type { Tasks } from "./tasks.ts";
import type { Value } from "./values.ts";

export class Context implements NativeContext {
  argc = 0;
  readonly door: Door;
  readonly limits: Limits;
  readonly services: Readonly<Record<string, unknown>>;
  readonly strings: StringIndex;

  constructor(private readonly machine: Machine) {
    this.door = machine.door;
    this.limits = machine.limits;
    this.services = machine.services;
    this.strings = machine.strings;
  }

  get tasks(): Tasks {
    return this.machine.tasks;
  }

  get fiber(): Fiber {
    return this.machine.fiber;
  }

  get callerPath(): string {
    const { stack } = this.fiber;
    for (let i = stack.top; i >= 0; i--) {
      const fn = stack.frames[i]?.fn;
      if (fn) return fn.module.chunk.path;
    }
    return "";
  }

  burn(steps: number): void {
    this.machine.burn(steps);
  }

  print(text: string): void {
    this.machine.tasks.write(this.fiber, text);
  }

  nowMs(): number {
    return this.machine.scheduler.nowMs();
  }

  randomBytes(count: number): Uint8Array {
    const { journal } = this.machine.scheduler;
    return journal === null ? this.door.randomBytes(count) : journal.randomBytes(scopeOf(this.fiber), count);
  }

  get drawer(): object {
    return this.machine.scheduler.journal === null ? this : (innermostScope(this.fiber) ?? this.fiber);
  }

  isAlone(): boolean {
    return this.machine.scheduler.isAlone();
  }

  park(begin: (wake: Wake) => void, isPrompt = false): Parked {
    this.machine.park(this.fiber, begin, isPrompt);
    return PARKED;
  }

  parkFor(ms: number): Parked {
    this.machine.parkFor(this.fiber, ms);
    return PARKED;
  }

  parkOn(work: (signal: AbortSignal) => Promise<Value>): Parked {
    const { machine, fiber } = this;
    const stop = new AbortController();
    const end = machine.scheduler.beginHostWork();
    machine.park(fiber, (wake) => {
      fiber.abandon = () => stop.abort();
      (async () => work(stop.signal))()
        .then(
          (value) => wake.done(value),
          (reason: unknown) => wake.fail(hostError(reason)),
        )
        .finally(end);
    });
    return PARKED;
  }
}

function hostError(reason: unknown): ScriptError {
  if (reason instanceof ScriptError) return reason;
  return raise.runtime(reason instanceof Error ? reason.message : String(reason));
}
