/**
 * The `parallel` forms: a group of tasks that run the same body, one for each item, and whose ends are waited for together.
 *
 * All variables are copied once, when the form is evaluated; with a cap, each end starts the next task.
 */
import { raise, ScriptError } from "../vm/errors.ts";
import type { Fiber } from "../vm/frame.ts";
import type { Builtin, FrameBody, NativeCall, Wake } from "../vm/native.ts";
import { errorText } from "../vm/report.ts";
import { crossed } from "../vm/tasks.ts";
import { type Closure, dictOf, err, isInt, List, list, ok, share, typeName, type Value } from "../vm/values.ts";
import { checkItems, countOr } from "./args.ts";
import { frame } from "./define.ts";

export type Mode = "count" | "each" | "settle";

const NAMES: Readonly<Record<Mode, { readonly task: string; readonly id: string }>> = {
  count: { task: "parallel", id: "parallel" },
  each: { task: "parallel each", id: "parallel_each" },
  settle: { task: "parallel settle", id: "parallel_settle" },
};

/** How a member ended, and what it printed. */
interface End {
  readonly value: Value;
  readonly error: ScriptError | null;
  readonly output: readonly string[];
}

class Group {
  readonly ends: (End | undefined)[];
  /** The next item to be started, and how many members have not ended. */
  private next = 0;
  private left: number;
  private readonly running = new Set<Fiber>();
  private readonly id: string;
  private readonly visible;
  wake: Wake | null = null;

  constructor(
    private readonly call: NativeCall,
    private readonly owner: Fiber,
    private readonly mode: Mode,
    /** Null: the items are the numbers from 0. */
    private readonly items: readonly Value[] | null,
    private readonly size: number,
    private readonly closure: Closure,
    private readonly firstPath: number,
    private readonly scope: string,
  ) {
    const { tasks } = call.ctx;
    this.ends = new Array<End | undefined>(size);
    this.left = size;
    this.id = `${owner.task.identity.id}:${NAMES[mode].id}:${++owner.task.groups}`;
    this.visible = tasks.visible(owner, closure);
  }

  start(count: number): void {
    try {
      for (let i = Math.min(count, this.size); i > 0; i--) this.startNext();
    } catch (error) {
      this.abort();
      throw error;
    }
  }

  private startNext(): void {
    const { owner, closure, call } = this;
    const index = this.next++;
    const item = this.items === null ? index : share(this.items[index] as Value);
    const form = {
      identity: { id: `${this.id}:${index}`, parentId: owner.task.identity.id, name: NAMES[this.mode].task, groupId: this.id },
      cancel: owner.task.cancel,
      path: `${this.scope}/${this.firstPath + index}`,
    };
    const fiber = call.ctx.tasks.start(owner, closure, [item], form, this.visible);
    this.running.add(fiber);
    fiber.task.onEnd = () => this.ended(fiber, index);
  }

  private ended(fiber: Fiber, index: number): void {
    const { value, error } = fiber.outcome as { value: Value; error: ScriptError | null };
    this.ends[index] = { value, error, output: fiber.task.output ?? [] };
    this.running.delete(fiber);
    this.owner.task.children.delete(fiber);
    this.left--;
    try {
      if (this.next < this.size) this.startNext();
    } catch (failure) {
      if (!(failure instanceof ScriptError)) throw failure;
      this.abort();
      this.wake?.fail(failure);
      return;
    }
    if (this.left === 0) this.wake?.done(null);
  }

  abort(): void {
    for (const fiber of [...this.running]) this.call.ctx.tasks.abort(fiber);
  }
}

/** How many tasks run at once. */
function capOf(cap: Value, form: string): number {
  if (cap !== null && !isInt(cap)) throw raise.type(`${form} max_concurrent must be an int; got ${typeName(cap)}`);
  const count = countOr(cap, 0);
  return count > 0 ? count : Number.POSITIVE_INFINITY;
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

const body: FrameBody = {
  start(call) {
    const [mode, source, cap, closure] = call.args as [Mode, Value, Value, Closure];
    const most = capOf(cap, "parallel");
    if (mode !== "count" && !(source instanceof List)) return call.done(null);
    const size = source instanceof List ? source.length : Math.max(0, countOr(source, 0));
    checkItems(call.ctx, size);
    const { current } = call.ctx.tasks;
    const scope = call.enclosingScope();
    const items = source instanceof List ? share(source).items : null;
    const group = new Group(call, current, mode, items, size, closure, current.task.takePaths(scope, current.path, size), scope);
    if (size === 0) return call.done(answer(call, mode, []));
    group.start(most);
    call.state = group;
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
