/**
 * One execution: the fibers of a program, what they may use, and what they have used up.
 *
 * The trap lives here: the run loop calls it every few thousand backward jumps and calls, and it serves fuel, wall time, deadlines,
 * cancellation and the host's event loop.
 */
import { Context } from "./context.ts";
import type { Door } from "./door.ts";
import { pushCall, pushClosure } from "./drive.ts";
import { raise, type ScriptError } from "./errors.ts";
import { Fiber, Kind, Stack } from "./frame.ts";
import type { JournalPort } from "./journal.ts";
import type { Budget, Limits } from "./limits.ts";
import type { LinkedModule } from "./link.ts";
import type { Builtin, BuiltinTable, Parked, PlainBody, Wake } from "./native.ts";
import { run } from "./run.ts";
import { endWait, Scheduler, wakeUp } from "./scheduler.ts";
import { StringIndex } from "./strings.ts";
import { Task } from "./task.ts";
import { cancelled, Tasks } from "./tasks.ts";
import { type BuiltinRef, Closure, type Value } from "./values.ts";

export interface MachineOptions {
  readonly builtins: BuiltinTable;
  readonly door: Door;
  readonly limits: Limits;
  readonly services: Readonly<Record<string, unknown>>;
  readonly journal: JournalPort | null;
  /** The module that an import of another one means; throws a ScriptError when there is none. */
  importModule(from: LinkedModule, index: number): LinkedModule;
}

/** How a fiber ended. */
export interface Outcome {
  readonly value: Value;
  readonly error: ScriptError | null;
}

/** Backward jumps and calls between two traps. */
const SLICE = 4096;
/** How long script code may keep the host's event loop waiting, in ms. */
const TURN_MS = 12;

export class Machine {
  readonly builtins: BuiltinTable;
  readonly door: Door;
  readonly limits: Budget;
  readonly services: Readonly<Record<string, unknown>>;
  readonly scheduler: Scheduler;
  readonly context: Context;
  readonly tasks = new Tasks(this);
  readonly strings = new StringIndex();
  /** Methods by struct name. */
  impls: ReadonlyMap<string, ReadonlyMap<string, Closure>> = new Map();
  /** The running fiber. */
  fiber: Fiber;
  /** The second half of what `findMethod` answered last. */
  isEntryCall = false;
  /** Set by the trap: the run loop leaves, so that the host's event loop gets a turn. */
  turnDue = false;
  /** Fuel that nobody holds; below zero when builtins used some that the run loop holds. */
  private fuelLeft: number;
  /** Fuel in the run loop's hands, of which it may have used some. */
  private held = 0;
  private burnt = 0;
  private cancelled = false;
  private lastTurnMs: number;
  private readonly endMs: number;
  private readonly fibers = new Set<Fiber>();
  private fiberCount = 0;
  /** Fibers whose end somebody waits for. */
  private readonly awaited = new Map<Fiber, (outcome: Outcome) => void>();
  private loop: Promise<void> | null = null;

  constructor(private readonly options: MachineOptions) {
    this.builtins = options.builtins;
    this.door = options.door;
    this.limits = { ...options.limits, burn: (steps) => this.burn(steps) };
    this.services = options.services;
    this.fuelLeft = options.limits.fuelSteps > 0 ? options.limits.fuelSteps : Number.POSITIVE_INFINITY;
    this.scheduler = new Scheduler(options.door, options.journal, {
      resume: (fiber) => this.resume(fiber),
      wantsTurn: () => this.takeTurn(),
      msLeft: () => this.msLeft(),
      expire: () => this.interruptAll(this.outOfTime()),
    });
    this.context = new Context(this);
    this.lastTurnMs = options.door.clock.monotonicMs();
    this.endMs = options.limits.wallMs > 0 ? this.lastTurnMs + options.limits.wallMs : Number.POSITIVE_INFINITY;
    this.fiber = new Fiber(-1, "", new Stack());
  }

  importModule(from: LinkedModule, index: number): LinkedModule {
    return this.options.importModule(from, index);
  }

  // --- Fibers ----------------------------------------------------------------------------------------------------------------------

  /** Starts a fiber that calls a closure or a builtin; it runs when the scheduler gets to it. */
  spawn(callee: Closure | BuiltinRef, args: readonly Value[], path = "", task = new Task()): Fiber {
    if (this.fibers.size >= this.limits.tasks) throw raise.fatal(`task limit reached: more than ${this.limits.tasks} tasks at once`);
    const stack = new Stack(this.limits.frameDepth, task.parent === null ? 256 : 32);
    stack.reserve(args.length);
    args.forEach((arg, i) => {
      stack.registers[i] = arg;
    });
    const fiber = new Fiber(this.fiberCount++, path, stack, task);
    const running = this.fiber;
    this.fiber = fiber; // whoever starts a task is not the one who pays for it
    try {
      if (callee instanceof Closure) pushClosure(this, stack, callee, 0, args.length, Kind.Bottom);
      else pushCall(this, fiber, callee, args);
    } finally {
      this.fiber = running;
    }
    fiber.onDone = (done) => this.ended(done);
    this.fibers.add(fiber);
    this.scheduler.live++;
    this.scheduler.makeReady(fiber);
    return fiber;
  }

  /** Runs until this fiber has ended. Several may be waited for at once; one loop serves them all. */
  finish(fiber: Fiber): Promise<Outcome> {
    if (this.cancelled) {
      this.forget(fiber);
      return Promise.resolve({ value: null, error: this.cancellation() });
    }
    return new Promise((resolve) => {
      this.awaited.set(fiber, resolve);
      this.loop ??= this.runAwaited();
    });
  }

  private async runAwaited(): Promise<void> {
    await Promise.resolve(); // whoever comes in the same turn of the host is there before anything runs
    try {
      // Whoever was told of an end may have started something before this goes on.
      while (this.awaited.size > 0) await this.scheduler.run(() => this.awaited.size === 0);
    } catch (error) {
      for (const fiber of [...this.awaited.keys()]) this.tasks.fail(fiber, error as ScriptError);
    } finally {
      this.loop = null;
    }
  }

  /** A fiber that has ended or is not to go on. */
  forget(fiber: Fiber): void {
    fiber.state = "done";
    fiber.waitNumber++;
    endWait(fiber);
    if (this.fibers.delete(fiber)) this.scheduler.live--;
  }

  liveFibers(): Fiber[] {
    return [...this.fibers];
  }

  private ended(fiber: Fiber): void {
    this.forget(fiber);
    this.tasks.ended(fiber);
    const resolve = this.awaited.get(fiber);
    if (resolve === undefined) return;
    this.awaited.delete(fiber);
    this.scheduler.hostHasNews = true;
    resolve(fiber.outcome as Outcome);
  }

  private resume(fiber: Fiber): void {
    this.fiber = fiber;
    fiber.state = "running";
    run(this, fiber);
  }

  // --- Waiting ---------------------------------------------------------------------------------------------------------------------

  /** @param isPrompt whether the wait ends at once when the task is cancelled: it does not even begin then */
  park(fiber: Fiber, begin: (wake: Wake) => void, isPrompt = false): void {
    if (isPrompt && fiber.task.cancel.isSet) throw cancelled();
    const number = ++fiber.waitNumber;
    fiber.state = "parked";
    fiber.isPrompt = isPrompt;
    this.watchDeadline(fiber, number);
    const end = (value: Value, error: ScriptError | null): void => wakeUp(this.scheduler, fiber, number, value, error);
    begin({ done: (value) => end(value, null), fail: (error) => end(null, error) });
    if (this.cancelled) this.interrupt(fiber, this.cancellation());
    else if (this.msLeft() <= 0) this.interrupt(fiber, this.outOfTime());
    else if (this.isPastDeadline(fiber)) this.expire(fiber);
  }

  parkFor(fiber: Fiber, ms: number): void {
    const begin = (wake: Wake): void => {
      const timer = this.scheduler.at(this.scheduler.nowMs() + Math.max(0, ms), () => wake.done(null));
      fiber.abandon = () => {
        timer.cancelled = true;
      };
    };
    this.park(fiber, begin, true);
  }

  /** One that never computes for long would otherwise outlive its deadline. */
  private isPastDeadline({ deadline }: Fiber): boolean {
    return deadline !== null && this.door.clock.monotonicMs() >= deadline.atMs;
  }

  private watchDeadline(fiber: Fiber, number: number): void {
    const armed = fiber.deadline;
    if (armed === null) return;
    const left = Math.max(0, armed.atMs - this.door.clock.monotonicMs());
    const expire = (): void => {
      if (fiber.waitNumber === number) this.expire(fiber);
    };
    fiber.waitTimers.push(this.scheduler.at(this.scheduler.nowMs() + left, expire));
  }

  /** A deadline has passed while the fiber waited: its tasks end with the wait. */
  private expire(fiber: Fiber): void {
    this.interrupt(fiber, raise.thrown("Deadline exceeded"));
    this.tasks.abortChildren(fiber);
  }

  /** Ends a wait with an error, giving up what was waited for. */
  interrupt(fiber: Fiber, error: ScriptError): void {
    if (fiber.state !== "parked") return;
    const { abandon, waitNumber } = fiber;
    wakeUp(this.scheduler, fiber, waitNumber, null, error);
    abandon?.();
  }

  // --- What an execution may use up --------------------------------------------------------------------------------------------------

  /** Ends the execution: every fiber gets an error that it cannot catch. */
  cancel(): void {
    if (this.cancelled) return;
    this.cancelled = true;
    this.interruptAll(this.cancellation());
    this.scheduler.nudge();
  }

  private interruptAll(error: ScriptError): void {
    for (const fiber of [...this.fibers]) this.interrupt(fiber, error);
  }

  get isCancelled(): boolean {
    return this.cancelled;
  }

  private cancellation(): ScriptError {
    const error = cancelled();
    error.fatal = true;
    return error;
  }

  private outOfTime(): ScriptError {
    return raise.fatal(`time limit reached: more than ${this.limits.wallMs} ms`);
  }

  private msLeft(): number {
    return this.endMs === Number.POSITIVE_INFINITY ? this.endMs : this.endMs - this.door.clock.monotonicMs();
  }

  /** Takes a slice of fuel for the run loop. */
  takeSlice(): number {
    const { task } = this.fiber;
    const most = task.cancel.isSet ? task.graceSteps : SLICE;
    this.held = Math.max(0, Math.min(most, this.fuelLeft));
    this.fuelLeft -= this.held;
    task.graceSteps -= task.cancel.isSet ? this.held : 0;
    return this.held;
  }

  /** What the run loop did not use. */
  giveBack(steps: number): void {
    const unused = Math.max(0, steps);
    this.fuelLeft += unused;
    const { task } = this.fiber;
    task.graceSteps += task.cancel.isSet ? unused : 0;
    this.held = 0;
  }

  /** The slice is used up. Returns the next one, or throws. */
  trap(): number {
    this.held = 0;
    this.check();
    return this.takeSlice();
  }

  /** Throws when the execution must end, or the running fiber's deadline has passed. */
  private check(): void {
    if (this.cancelled) throw this.cancellation();
    // What the run loop holds may still be unused: the limit is never said to be passed before it is.
    if (this.fuelLeft + this.held <= 0) throw raise.fatal(`fuel limit reached: more than ${this.limits.fuelSteps} steps`);
    const nowMs = this.door.clock.monotonicMs();
    if (nowMs >= this.endMs) throw this.outOfTime();
    const { task } = this.fiber;
    if (task.cancel.isSet && task.graceSteps <= 0) throw this.tasks.endOfGrace(this.fiber);
    if (this.isPastDeadline(this.fiber)) throw raise.thrown("Deadline exceeded");
    if (nowMs - this.lastTurnMs > TURN_MS) this.turnDue = true;
  }

  /** One call made by a native body. */
  spend(): void {
    this.burn(1);
  }

  burn(steps: number): void {
    this.fuelLeft -= steps;
    this.burnt += steps;
    if (this.burnt < SLICE && this.fuelLeft + this.held > 0) return;
    this.burnt = 0;
    this.check();
  }

  private takeTurn(): boolean {
    const nowMs = this.door.clock.monotonicMs();
    if (!this.turnDue && nowMs - this.lastTurnMs <= TURN_MS) return false;
    this.turnDue = false;
    this.lastTurnMs = nowMs;
    return true;
  }

  // --- Builtins --------------------------------------------------------------------------------------------------------------------

  /** Calls a plain body with `count` arguments from an array; missing ones are nil. */
  callPlain(builtin: Builtin, from: readonly Value[], first: number, count: number): Value | Parked {
    const body = builtin.plain as PlainBody;
    const { context } = this;
    context.argc = count;
    const a = count > 0 ? (from[first] as Value) : null;
    switch (builtin.arity) {
      case 0:
        return body(context);
      case 1:
        return body(context, a);
      case 2:
        return body(context, a, count > 1 ? (from[first + 1] as Value) : null);
      case 3:
        return body(context, a, count > 1 ? (from[first + 1] as Value) : null, count > 2 ? (from[first + 2] as Value) : null);
      case -1:
        return (body as unknown as (ctx: Context, args: Value[]) => Value | Parked)(context, from.slice(first, first + count) as Value[]);
      default: {
        const args = from.slice(first, first + count) as Value[];
        while (args.length < builtin.arity) args.push(null);
        return body(context, ...args);
      }
    }
  }
}
