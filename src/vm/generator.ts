/** Generators and streams: a function whose body yields, on a stack of its own that its consumer steps onto. */
import { pushClosure } from "./drive.ts";
import { raise } from "./errors.ts";
import { type Fiber, Kind, Stack } from "./frame.ts";
import type { Machine } from "./machine.ts";
import { END, type FrameBody, type NativeCall, type Signal, Source, type Wake } from "./native.ts";
import type { Closure, Value } from "./values.ts";

/** Registers of a stack to begin with: a script may hold very many generators. */
const SMALLEST_STACK = 16;

export class Generator extends Source {
  readonly typeName: "generator" | "stream";
  /** Null once it has ended. */
  private stack: Stack | null;
  /** The task that is inside the body. */
  private runner: Fiber | null = null;
  /** Tasks that want an item while another one is inside. */
  private readonly waiting = new Set<Wake>();

  constructor(machine: Machine, closure: Closure, args: readonly Value[]) {
    super();
    this.typeName = closure.proto.stream ? "stream" : "generator";
    const stack = new Stack(machine.limits.frameDepth, SMALLEST_STACK);
    stack.reserve(args.length);
    args.forEach((arg, i) => {
      stack.registers[i] = arg;
    });
    pushClosure(machine, stack, closure, 0, args.length, Kind.Bottom);
    stack.onEnd = () => {
      this.stack = null;
      this.leave();
    };
    this.stack = stack;
  }

  display(): string {
    return this.stack === null ? `<${this.typeName} (done)>` : `<${this.typeName}>`;
  }

  readonly next: FrameBody = {
    start: (call) => this.enter(call),
    // The value arrives from `yield`, or END from the end of the body; after a wait it is the body's turn.
    resume: (call, value) => {
      if (call.pc === WAITING) return this.enter(call);
      this.leave();
      return call.done(value);
    },
  };

  private enter(call: NativeCall): Signal {
    const { stack } = this;
    const { current } = call.ctx.tasks;
    if (stack === null) return call.done(END);
    if (this.runner === current) throw raise.runtime(`${this.typeName} is already running`);
    if (this.runner !== null) return this.queue(call, current);
    call.pc = INSIDE;
    this.runner = current;
    stack.parent = current.stack;
    current.stack = stack;
    return "switch";
  }

  private queue(call: NativeCall, current: Fiber): Signal {
    call.pc = WAITING;
    return call.park((wake) => {
      this.waiting.add(wake);
      current.abandon = () => this.waiting.delete(wake);
    });
  }

  private leave(): void {
    this.runner = null;
    // All of them: the first one enters, the others queue again, and it does not matter if one is gone by then.
    const woken = [...this.waiting];
    this.waiting.clear();
    for (const wake of woken) wake.done(null);
  }
}

/** Where a pull stands. */
const INSIDE = 1;
const WAITING = 2;
