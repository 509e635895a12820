/** Tasks that run the same body, one for each item: what the `parallel` forms and `parallel_race` have in common. */
import type { ScriptError } from "../vm/errors.ts";
import type { Fiber } from "../vm/frame.ts";
import type { NativeCall, NativeContext } from "../vm/native.ts";
import type { CancelFlag, TaskIdentity } from "../vm/task.ts";
import { type BuiltinRef, Closure, share, type Value } from "../vm/values.ts";
import { countOr } from "./args.ts";

/** How a member ended, and what it printed. */
export interface End {
  readonly value: Value;
  readonly error: ScriptError | null;
  readonly output: readonly string[];
}

export interface MembersOptions {
  /** Null: the items are the numbers from 0. */
  readonly items: readonly Value[] | null;
  readonly size: number;
  readonly callee: Closure | BuiltinRef;
  readonly cancel: CancelFlag;
  /** The task whose end ends the members. */
  readonly owner: Fiber;
  identity(index: number): TaskIdentity;
}

export class Members {
  onEnd: ((end: End, index: number) => void) | null = null;
  private next = 0;
  private readonly ctx: NativeContext;
  private readonly parent: Fiber;
  private readonly running = new Set<Fiber>();
  private readonly scope: string;
  private readonly firstPath: number;
  private readonly visible: ReadonlyMap<string, Closure> | null;

  constructor(
    call: NativeCall,
    private readonly options: MembersOptions,
  ) {
    const { callee, size } = options;
    this.ctx = call.ctx;
    const { tasks } = call.ctx;
    this.parent = tasks.current;
    this.scope = call.enclosingScope();
    this.firstPath = this.parent.task.takePaths(this.scope, this.parent.path, size);
    this.visible = callee instanceof Closure ? tasks.visible(this.parent, callee) : null;
  }

  get size(): number {
    return this.options.size;
  }

  /** Starts the next member, if there is one. */
  startNext(): void {
    const { items, size, callee, cancel, owner, identity } = this.options;
    if (this.next >= size) return;
    const index = this.next++;
    const item = items === null ? index : share(items[index] as Value);
    const form = { identity: identity(index), cancel, path: `${this.scope}/${this.firstPath + index}` };
    const fiber = this.ctx.tasks.start(this.parent, callee, [item], form, this.visible, owner);
    this.running.add(fiber);
    fiber.task.onEnd = () => {
      this.running.delete(fiber);
      owner.task.children.delete(fiber);
      const { value, error } = fiber.outcome as { value: Value; error: ScriptError | null };
      this.onEnd?.({ value, error, output: fiber.task.output ?? [] }, index);
    };
  }

  abort(): void {
    for (const fiber of [...this.running]) this.ctx.tasks.abort(fiber);
    this.running.clear();
  }
}

/** A cap on how many run at once. */
export function unlimitedUnlessPositive(cap: Value): number {
  const count = countOr(cap, 0);
  return count > 0 ? count : Number.POSITIVE_INFINITY;
}
