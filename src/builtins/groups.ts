/**
 * The `parallel` forms: a group of tasks that run the same body, one for each item, and whose ends are waited for together.
 *
 * All variables are copied once, when the form is evaluated; with a cap, each end starts the next task.
 */
import { raise, ScriptError } from "../vm/errors.ts";
import type { Builtin, FrameBody, NativeCall, Wake } from "../vm/native.ts";
import { errorText } from "../vm/report.ts";
import { crossed, rootOf } from "../vm/tasks.ts";
import { type Closure, dictOf, err, isInt, List, list, ok, share, typeName, type Value } from "../vm/values.ts";
import { checkItems, countOr } from "./args.ts";
import { frame } from "./define.ts";
import { GroupStream } from "./group_stream.ts";
import { type End, Members, unlimitedUnlessPositive } from "./members.ts";

export type Mode = "count" | "each" | "settle" | "stream";

const NAMES: Readonly<Record<Mode, { readonly task: string; readonly id: string }>> = {
  count: { task: "parallel", id: "parallel" },
  each: { task: "parallel each", id: "parallel_each" },
  settle: { task: "parallel settle", id: "parallel_settle" },
  stream: { task: "parallel each as stream", id: "parallel_each_stream" },
};

class Group {
  readonly ends: (End | undefined)[];
  private left: number;
  wake: Wake | null = null;

  constructor(private readonly members: Members) {
    this.ends = new Array<End | undefined>(members.size);
    this.left = members.size;
    members.onEnd = (end, index) => this.ended(end, index);
  }

  start(count: number): void {
    try {
      for (let i = Math.min(count, this.members.size); i > 0; i--) this.members.startNext();
    } catch (error) {
      this.abort();
      throw error;
    }
  }

  private ended(end: End, index: number): void {
    this.ends[index] = end;
    this.left--;
    try {
      this.members.startNext();
    } catch (failure) {
      if (!(failure instanceof ScriptError)) throw failure;
      this.abort();
      this.wake?.fail(failure);
      return;
    }
    if (this.left === 0) this.wake?.done(null);
  }

  abort(): void {
    this.members.abort();
  }
}

/** How many tasks run at once. */
function capOf(cap: Value): number {
  if (cap !== null && !isInt(cap)) throw raise.type(`parallel max_concurrent must be an int; got ${typeName(cap)}`);
  return unlimitedUnlessPositive(cap);
}

/** Prints what the first `count` members printed. */
function release(call: NativeCall, ends: readonly End[], count: number): void {
  const text = ends
    .slice(0, count)
    .map(({ output }) => output.join(""))
    .join("");
  if (text !== "") call.ctx.print(text);
}

function answer(call: NativeCall, mode: Mode, ends: readonly End[]): Value {
  if (mode === "settle") {
    release(call, ends, ends.length);
    const failed = ends.filter(({ error }) => error !== null).length;
    const results = ends.map(({ value, error }) => (error === null ? ok(value) : err(errorText(error))));
    return dictOf({ failed, results: list(results), succeeded: ends.length - failed });
  }
  const failing = ends.findIndex(({ error }) => error !== null);
  release(call, ends, failing < 0 ? ends.length : failing);
  if (failing >= 0) throw crossed((ends[failing] as End).error as ScriptError);
  return list(ends.map(({ value }) => value));
}

/** The tasks of a form, none of them started yet. */
function membersOf(call: NativeCall, mode: Mode, source: Value, size: number, closure: Closure): Members {
  const { current } = call.ctx.tasks;
  const { task, id } = NAMES[mode];
  const parent = current.task.identity.id;
  const group = `${parent}:${id}:${++current.task.groups}`;
  return new Members(call, {
    items: source instanceof List ? share(source).items : null,
    size,
    callee: closure,
    cancel: current.task.cancel,
    owner: mode === "stream" ? rootOf(current) : current,
    identity: (index) => ({ id: `${group}:${index}`, parentId: parent, name: task, groupId: group }),
  });
}

const body: FrameBody = {
  start(call) {
    const [mode, source, cap, closure] = call.args as [Mode, Value, Value, Closure];
    const most = capOf(cap);
    if (mode !== "count" && !(source instanceof List)) return call.done(null);
    const size = source instanceof List ? source.length : Math.max(0, countOr(source, 0));
    checkItems(call.ctx, size);
    const members = membersOf(call, mode, source, size, closure);
    if (mode === "stream") return call.done(new GroupStream(members, most));
    if (size === 0) return call.done(answer(call, mode, []));
    const group = new Group(members);
    group.start(most);
    call.state = group;
    const { current } = call.ctx.tasks;
    return call.park((wake) => {
      group.wake = wake;
      current.abandon = () => group.abort();
    });
  },
  resume: (call) => call.done(answer(call, call.args[0] as Mode, (call.state as Group).ends as readonly End[])),
};

/** What the compiler's code for the `parallel` forms calls. */
export function parallelFunction(): Builtin {
  return frame(
    {
      name: "parallel tasks",
      signature: "(mode, items, cap, body)",
      effect: "task",
      doc: "Runs a body for each item.",
      example: "println(parallel 2 { i -> i }) // -> [0, 1]",
    },
    body,
  );
}
