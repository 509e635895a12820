/**
 * Frames, stacks and fibers: where an execution stands, as plain data on the heap.
 *
 * A stack is one array of registers with frames on it; script calls never recurse on the host. A fiber runs on a stack, and a generator
 * has a stack of its own that the fiber steps onto while an item is asked for.
 */
import { LIMIT_FRAMES } from "./limits.ts";
import { raise } from "./errors.ts";
import type { LinkedFunction } from "./link.ts";
import type { NativeState } from "./native_state.ts";
import type { ScriptError } from "./errors.ts";
import type { Timer } from "./scheduler.ts";
import { Task } from "./task.ts";
import type { Closure, Value } from "./values.ts";

/** What happens when a frame returns. */
export const enum Kind {
  /** The value goes into a register of the frame below. */
  Call = 0,
  /** As Call, but errors cross a boundary and the count of nested calls starts anew: a struct's method. */
  Method = 1,
  /** The frame below is a native one, which is resumed. Also a boundary. */
  Callback = 2,
  /** The end of the stack. */
  Bottom = 3,
  /** A module has loaded: the importing instruction runs again. */
  Import = 4,
  /** The frame itself is a native one. */
  Native = 5,
}

export class Frame {
  /** The closure that runs; null in a native frame. */
  self: Closure | null = null;
  base = 0;
  /** The next instruction while another frame is on top. */
  pc = 0;
  /** Where the result goes, counted from the stack's first register. */
  result = 0;
  /** Arguments passed. */
  argc = 0;
  /** In a frame that begins a new count of nested calls: the stack's `floor` before it. */
  floorBefore = 0;
  kind: Kind = Kind.Call;
  native: NativeState | null = null;
  /** Late-bound functions that were visible to the frames which tail calls have replaced by this one. */
  inherited: Map<string, Closure> | null = null;
  /** A native frame started by a loop: where the loop goes when there is an item; otherwise -1. */
  jump = -1;

  get fn(): LinkedFunction | null {
    return this.self === null ? null : this.self.fn;
  }
}

export interface Deadline {
  /** When it expires, on the monotonic clock, in ms. */
  readonly atMs: number;
  /** Index of the frame that armed it. */
  readonly frame: number;
}

export class Stack {
  readonly registers: Value[] = [];
  /** Floats that are only computed with: a register that holds `RAW` has its value here. */
  floats = new Float64Array(0);
  readonly frames: Frame[] = [];
  /** Index of the frame with which the present count of nested calls began. */
  floor = 0;
  /** Index of the running frame; -1: none. */
  top = -1;
  /** Armed deadlines, innermost last. */
  readonly deadlines: Deadline[] = [];
  /** The stack that asked for an item, while this one is a generator's and runs. */
  parent: Stack | null = null;
  /** Called when the last frame returned or failed: a generator's own end. */
  onEnd: ((stack: Stack) => void) | null = null;

  /** @param smallest registers to begin with */
  constructor(
    readonly frameLimit = LIMIT_FRAMES,
    private readonly smallest = 256,
  ) {}

  /** Makes sure that registers up to `count` exist, without holes. */
  reserve(count: number): void {
    const { registers } = this;
    if (count <= registers.length) return;
    for (let i = Math.max(count, registers.length * 2, this.smallest) - registers.length; i > 0; i--) registers.push(null);
    const floats = new Float64Array(registers.length);
    floats.set(this.floats);
    this.floats = floats;
  }

  /** The next frame, on top; frames are used again. */
  push(): Frame {
    this.top++;
    return this.frames[this.top] ?? this.grow();
  }

  /** Makes the frame that `top` already names. */
  grow(): Frame {
    if (this.top >= this.frameLimit) {
      this.top--;
      throw raise.plain("Stack overflow: too many nested calls");
    }
    const frame = new Frame();
    this.frames.push(frame);
    return frame;
  }

  /** Takes the running frame off. */
  pop(): void {
    const frame = this.frames[this.top--] as Frame;
    if (frame.kind !== Kind.Call && frame.kind !== Kind.Native) this.floor = frame.floorBefore;
    frame.native = null;
    frame.jump = -1;
    frame.inherited = null;
  }

  /** Its fiber has ended, and may be kept for its outcome: nothing of it runs again. */
  clear(): void {
    this.registers.length = 0;
    this.frames.length = 0;
    this.floats = new Float64Array(0);
    this.top = -1;
  }

  get frame(): Frame {
    return this.frames[this.top] as Frame;
  }

  get below(): Frame | undefined {
    return this.frames[this.top - 1];
  }
}

export type FiberState = "ready" | "running" | "parked" | "done";

export class Fiber {
  stack: Stack;
  state: FiberState = "ready";
  /** What ended the wait; at most one of the two is set. */
  wakeValue: Value = null;
  wakeError: ScriptError | null = null;
  waking = false;
  /** It made way for the host's event loop just before a native frame's call, which is still to be made. */
  calling = false;
  /** The register that receives the result of the call that parked; -1: a native frame is on top and is resumed. */
  target = -1;
  /** Counts waits, so that a late wake of an abandoned wait is nobody's. */
  waitNumber = 0;
  /** Gives up the present wait: kills a timer, aborts host work. */
  abandon: (() => void) | null = null;
  /** Timers that may end the present wait. */
  readonly waitTimers: Timer[] = [];
  /** Whether the present wait ends at once when the task is cancelled. */
  isPrompt = false;
  outcome: { readonly value: Value; readonly error: ScriptError | null } | null = null;
  onDone: ((fiber: Fiber) => void) | null = null;

  constructor(
    readonly id: number,
    /** Empty on the main fiber; every task appends `/<n>` to its parent's scope, by order of creation. */
    readonly path: string,
    stack: Stack,
    readonly task = new Task(),
  ) {
    this.stack = stack;
  }

  /** The deadline that counts now: the innermost of the running stack, or of those that wait for it. */
  get deadline(): Deadline | null {
    for (let stack: Stack | null = this.stack; stack !== null; stack = stack.parent) {
      const armed = stack.deadlines.at(-1);
      if (armed !== undefined) return armed;
    }
    return null;
  }
}
