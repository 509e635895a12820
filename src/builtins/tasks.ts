/** `spawn`, `await`, and the two ways to cancel. */
import { ScriptError } from "../vm/errors.ts";
import type { Fiber } from "../vm/frame.ts";
import type { Builtin, FrameBody, NativeContext, Parked, Wake } from "../vm/native.ts";
import { errorText } from "../vm/report.ts";
import { crossed } from "../vm/tasks.ts";
import { type Closure, err, ok, type Value } from "../vm/values.ts";
import { millisecondsOr } from "./args.ts";
import { frame, plain } from "./define.ts";
import { TaskHandle } from "./task_handles.ts";

const GRACEFUL_MS = 5000;

// --- spawn ---------------------------------------------------------------------------------------------------------------------------

const spawnBody: FrameBody = {
  start(call) {
    const { tasks } = call.ctx;
    const closure = call.args[0] as Closure;
    const parent = tasks.current;
    const { task } = parent;
    const { id } = task.identity;
    const number = ++task.spawned;
    const scope = call.enclosingScope();
    const form = {
      identity: { id: `${id}:spawn:${number}`, parentId: id, name: "spawn", groupId: null },
      cancel: { isSet: false },
      path: `${scope}/${task.takePaths(scope, parent.path, 1)}`,
    };
    const fiber = tasks.start(parent, closure, [], form, tasks.visible(parent, closure));
    const handle = new TaskHandle(`vm_task_${number}`, fiber);
    fiber.task.handle = handle.id;
    return call.done(handle);
  },
  resume: (call, value) => call.done(value), // nothing is called
};

/** What the compiler's code for `spawn` calls. */
export function spawnFunction(): Builtin {
  return frame(
    {
      name: "spawn task",
      signature: "(body)",
      effect: "task",
      doc: "Starts a task.",
      example: "println(await(spawn { 1 })) // -> 1",
    },
    spawnBody,
  );
}

// --- await and cancel ----------------------------------------------------------------------------------------------------------------

/** The value of a task that has ended, or null of one that was aborted; its output goes to the owner. */
function valueOf(ctx: NativeContext, owner: Fiber, fiber: Fiber): Value {
  owner.task.children.delete(fiber);
  const { outcome } = fiber;
  if (outcome === null) return null;
  if (outcome.error !== null) throw crossed(outcome.error);
  ctx.tasks.passOutput(fiber, owner);
  return outcome.value;
}

/** The same as a Result. */
function resultOf(ctx: NativeContext, owner: Fiber, fiber: Fiber): Value {
  const error = fiber.outcome?.error ?? null;
  if (error === null) return ok(valueOf(ctx, owner, fiber));
  owner.task.children.delete(fiber);
  return err(errorText(error));
}

function awaitTask(ctx: NativeContext, handle: Value): Value | Parked {
  if (!(handle instanceof TaskHandle)) return handle;
  const { tasks } = ctx;
  const owner = tasks.current;
  if (!handle.isOf(owner)) return null;
  handle.isSpent = true;
  const { fiber } = handle;
  if (fiber.state === "done") return valueOf(ctx, owner, fiber);
  return ctx.park((wake) => {
    fiber.task.onEnd = () => settle(wake, () => valueOf(ctx, owner, fiber));
    owner.abandon = () => tasks.abort(fiber);
  });
}

function settle(wake: Wake, answer: () => Value): void {
  try {
    wake.done(answer());
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    wake.fail(error);
  }
}

function cancelTask(ctx: NativeContext, handle: Value): null {
  if (!(handle instanceof TaskHandle) || !handle.isOf(ctx.tasks.current)) return null;
  handle.isSpent = true;
  ctx.tasks.abort(handle.fiber);
  return null;
}

function cancelGracefully(ctx: NativeContext, handle: Value, time: Value): Value | Parked {
  if (!(handle instanceof TaskHandle)) return null;
  const { tasks } = ctx;
  const owner = tasks.current;
  if (!handle.isOf(owner)) return ok(null);
  handle.isSpent = true;
  const { fiber } = handle;
  if (fiber.state === "done") return resultOf(ctx, owner, fiber);
  const ms = millisecondsOr(time, GRACEFUL_MS);
  const answer: Parked = ctx.park((wake) => {
    const timer = tasks.after(ms, () => {
      tasks.abort(fiber);
      wake.done(err("cancel_graceful: timeout, task forcefully aborted"));
    });
    fiber.task.onEnd = () => {
      timer.cancelled = true;
      wake.done(resultOf(ctx, owner, fiber));
    };
    owner.abandon = () => {
      timer.cancelled = true;
      tasks.abort(fiber);
    };
  });
  tasks.requestCancel(fiber.task.cancel);
  return answer;
}

export function taskFunctions(): Builtin[] {
  return [
    plain(
      {
        name: "await",
        signature: "(task: any)",
        effect: "task",
        doc: "Waits for a task and gives its value, or raises its error. A handle can be awaited once.",
        example: "let task = spawn { 6 * 7 }\nprintln(await(task)) // -> 42\nprintln(await(task)) // -> nil",
      },
      (ctx, handle) => awaitTask(ctx, handle as Value),
    ),
    plain(
      {
        name: "cancel",
        signature: "(task: any) -> nil",
        effect: "task",
        doc: "Ends a task at once.",
        example: "let task = spawn { 1 }\ncancel(task)\nprintln(await(task)) // -> nil",
      },
      (ctx, handle) => cancelTask(ctx, handle as Value),
    ),
    plain(
      {
        name: "cancel_graceful",
        signature: "(task: any, timeout?: any)",
        effect: "task",
        doc: "Asks a task to end and waits until it has; a task that takes longer than the timeout (5 seconds) is aborted.",
        example: "println(cancel_graceful(spawn { 1 })) // -> Result.Ok(1)",
      },
      (ctx, handle, time) => cancelGracefully(ctx, handle as Value, time as Value),
    ),
    plain(
      {
        name: "is_cancelled",
        signature: "() -> bool",
        effect: "task",
        doc: "Whether somebody asked this task to end.",
        example: "println(is_cancelled()) // -> false",
      },
      (ctx) => ctx.tasks.current.task.cancel.isSet,
    ),
  ];
}
