/**
 * Starting, watching and ending tasks.
 *
 * A task is a fiber with a parent. Who ends takes along what it started and nobody awaited; an error that ends the execution (a limit,
 * `exit`) reaches the fiber that the host waits for. What comes next is the scheduler's business alone.
 */
import { checkUnits } from "./arith.ts";
import { finish } from "./drive.ts";
import { raise, ScriptError } from "./errors.ts";
import type { Fiber } from "./frame.ts";
import type { Machine } from "./machine.ts";
import { visibleNames } from "./names.ts";
import type { Timer } from "./scheduler.ts";
import { type CancelFlag, Task, type TaskIdentity } from "./task.ts";
import type { BuiltinRef, Closure, Value } from "./values.ts";

/** How long a wait that cannot be cancelled at once goes on after the flag was set, in ms. */
const GRACE_MS = 250;

export interface TaskForm {
  readonly identity: TaskIdentity;
  readonly cancel: CancelFlag;
  /** Its scope in a durable run. */
  readonly path: string;
}

export class Tasks {
  constructor(private readonly machine: Machine) {}

  /** The fiber whose code runs. */
  get current(): Fiber {
    return this.machine.fiber;
  }

  /**
   * Starts a task: it is queued, and runs when the scheduler gets to it.
   *
   * @param visible late-bound functions that its parent sees, from `visible`
   * @param owner whose end ends it too
   */
  start(
    parent: Fiber,
    callee: Closure | BuiltinRef,
    args: readonly Value[],
    form: TaskForm,
    visible: ReadonlyMap<string, Closure> | null,
    owner = parent,
  ): Fiber {
    const task = new Task(parent, form.identity, form.cancel, parent.task.groups, owner);
    const fiber = this.machine.spawn(callee, args, form.path, task);
    if (visible !== null) fiber.stack.frame.inherited = new Map(visible);
    owner.task.children.add(fiber);
    return fiber;
  }

  /** Functions that a closure may call by names which only its callers know. */
  visible(fiber: Fiber, closure: Closure): ReadonlyMap<string, Closure> | null {
    return visibleNames(fiber, closure.fn.module.chunk.dynamic);
  }

  /** Ends a task at once, with all that it started: nothing of it runs any more, and nobody is told. */
  abort(fiber: Fiber): void {
    fiber.task.owner?.task.children.delete(fiber);
    const doomed = [fiber];
    // The list grows while it is gone through.
    for (const { task } of doomed) for (const child of task.children) doomed.push(child);
    // From the leaves: whoever gives up waiting for a task finds it ended, so that depth costs no host stack.
    for (const next of doomed.reverse()) {
      next.task.children.clear();
      if (next.state === "done") continue;
      const { abandon } = next;
      this.machine.forget(next);
      endGenerators(next);
      abandon?.();
      this.settle(next);
    }
  }

  /** Calls back after so many ms of script time. */
  after(ms: number, fire: () => void): Timer {
    const { scheduler } = this.machine;
    return scheduler.at(scheduler.nowMs() + ms, fire);
  }

  abortChildren(fiber: Fiber): void {
    for (const child of [...fiber.task.children]) this.abort(child);
  }

  /** Called by the machine when a fiber has returned or failed. */
  ended(fiber: Fiber): void {
    this.settle(fiber);
    const { task, outcome } = fiber;
    const error = outcome?.error ?? null;
    if (task.parent !== null && error?.fatal && error !== task.cancellation) this.fail(rootOf(fiber), error);
    else task.onEnd?.(fiber);
  }

  /** Ends a fiber from outside with an error that it cannot catch. */
  fail(fiber: Fiber, error: ScriptError): void {
    if (fiber.state === "done") return;
    const { abandon } = fiber;
    endGenerators(fiber);
    abandon?.();
    finish(fiber, null, error);
  }

  private settle(fiber: Fiber): void {
    this.abortChildren(fiber);
    const { held } = fiber.task;
    for (const thing of [...held]) thing.release();
    held.clear();
    fiber.stack.clear();
  }

  // --- Cancellation ----------------------------------------------------------------------------------------------------------------

  /** Sets a flag. Sleepers and those who wait for a lock or a mailbox hear of it at once, other waits go on for a while. */
  requestCancel(flag: CancelFlag): void {
    if (flag.isSet) return;
    flag.isSet = true;
    const { machine } = this;
    for (const fiber of machine.liveFibers()) {
      if (fiber.task.cancel !== flag || fiber.state !== "parked") continue;
      if (fiber.isPrompt) machine.interrupt(fiber, cancelled());
      else {
        const number = fiber.waitNumber;
        const end = (): void => {
          if (fiber.waitNumber === number) machine.interrupt(fiber, cancelled());
        };
        fiber.waitTimers.push(this.after(GRACE_MS, end));
      }
    }
  }

  /** The error of a task that has used up its grace. */
  endOfGrace(fiber: Fiber): ScriptError {
    const error = cancelled();
    error.fatal = true;
    fiber.task.cancellation = error;
    return error;
  }

  // --- Output ----------------------------------------------------------------------------------------------------------------------

  /** Writes for a fiber: out, to the task's own output, or nowhere: from the body of a generator, or while muted. */
  write(fiber: Fiber, text: string): void {
    if (fiber.stack.parent !== null || fiber.task.muted > 0) return;
    const { task } = fiber;
    if (task.output === null) return this.machine.door.output.stdout(text);
    task.outputUnits += text.length;
    checkUnits(task.outputUnits, this.machine.limits);
    task.output.push(text);
  }

  /** Begins (1) or ends (-1) a call of the running task whose output is dropped. */
  mute(change: 1 | -1): void {
    this.current.task.muted += change;
  }

  /** Hands a task's output on to another fiber. */
  passOutput(from: Fiber, to: Fiber): void {
    const output = from.task.output ?? [];
    if (output.length > 0) this.write(to, output.join(""));
    output.length = 0;
    from.task.outputUnits = 0;
  }
}

/** What a cancelled task meets. */
export function cancelled(): ScriptError {
  return raise.thrown("kind:cancelled:VM cancelled by host");
}

/** A task's error as its parent meets it: raised anew, at the place where the parent waits. */
export function crossed(error: ScriptError): ScriptError {
  const copy = new ScriptError(error.kind, error.text, error.value, error.category);
  copy.suffix = error.suffix;
  copy.record = error.record;
  return copy;
}

/** The generators whose bodies the fiber is in have nobody to run them any more. */
function endGenerators(fiber: Fiber): void {
  for (let { stack } = fiber; stack.parent !== null; stack = stack.parent) stack.onEnd?.(stack);
}

/** The fiber that the host waits for. */
export function rootOf(fiber: Fiber): Fiber {
  let root = fiber;
  while (root.task.parent !== null) root = root.task.parent;
  return root;
}
