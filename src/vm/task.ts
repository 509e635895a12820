/** What a fiber is to the script: a task with a name, output, a cancel flag and values of its own. Plain data; `tasks.ts` acts on it. */
import type { Fiber } from "./frame.ts";
import type { Value } from "./values.ts";

/** Shared by a spawned task and the parallel bodies that it starts. */
export interface CancelFlag {
  isSet: boolean;
}

/** How `runtime_context()` calls a task. */
export interface TaskIdentity {
  readonly id: string;
  /** Null for the main program. */
  readonly parentId: string | null;
  readonly name: string;
  /** Of a parallel body: the id of its group. */
  readonly groupId: string | null;
}

export const ROOT_IDENTITY: TaskIdentity = { id: "task_root", parentId: null, name: "root", groupId: null };

/** Calls and backward jumps that a task may still make once its cancel flag is set. */
const GRACE_STEPS = 256;

export class Task {
  /** The tasks that end with this one: spawned ones that nobody awaits yet, ended or not, and the members of a running group. */
  readonly children = new Set<Fiber>();
  /** What it prints, until somebody takes it over; null: printed at once. */
  output: string[] | null = null;
  /** UTF-16 units in `output`. */
  outputUnits = 0;
  /** Calls in progress whose output is nobody's. */
  muted = 0;
  graceSteps = GRACE_STEPS;
  /** Its error once the flag has ended it: not one of the whole execution, although the task itself cannot catch it. */
  cancellation: object | null = null;
  /** Of a spawned task, until it is awaited: the id of its handle. */
  handle: string | null = null;
  /** Spawned tasks so far. */
  spawned = 0;
  /** Values of its own; replaced, never changed, so that children start from the same map. */
  values: ReadonlyMap<string, Value>;
  /** What must be given back when it ends, in whatever way. */
  readonly held = new Set<{ release(): void }>();
  /** Told when it has ended by itself: not when it is aborted. */
  onEnd: ((fiber: Fiber) => void) | null = null;
  /** How many tasks were started in each scope of a durable run; apart, because it is the usual one, in the task's own. */
  private readonly started = new Map<string, number>();
  private startedInOwn = 0;

  constructor(
    /** The task that started this one; null: the host did. */
    readonly parent: Fiber | null = null,
    readonly identity: TaskIdentity = ROOT_IDENTITY,
    readonly cancel: CancelFlag = { isSet: false },
    /** Evaluations of parallel forms so far, counted on from the parent. */
    public groups = 0,
    /** The task whose end ends this one. */
    readonly owner: Fiber | null = parent,
  ) {
    this.values = parent?.task.values ?? new Map();
    if (parent !== null) this.output = [];
  }

  /**
   * Numbers the next tasks that it starts in a scope: counted within each scope, because a replay may leave out the others.
   *
   * @param own the task's path: scopes grow with the depth of tasks, and to compare them costs less than to look them up
   * @returns the number of the first
   */
  takePaths(scope: string, own: string, count: number): number {
    if (scope === own) {
      this.startedInOwn += count;
      return this.startedInOwn - count;
    }
    const first = this.started.get(scope) ?? 0;
    this.started.set(scope, first + count);
    return first;
  }
}
