/** Generators: a function whose body yields, on a stack of its own that its consumer steps onto. */
import { raise } from "./errors.ts";
import { Kind, Stack } from "./frame.ts";
import { pushClosure } from "./drive.ts";
import type { Machine } from "./machine.ts";
import { END, type FrameBody, Source } from "./native.ts";
import type { Closure, Value } from "./values.ts";

export class Generator extends Source {
  /** Null once it has ended. */
  stack: Stack | null;
  private running = false;

  constructor(machine: Machine, closure: Closure, args: readonly Value[]) {
    super();
    const stack = new Stack(machine.limits.frameDepth);
    stack.reserve(args.length);
    args.forEach((arg, i) => {
      stack.registers[i] = arg;
    });
    pushClosure(machine, stack, closure, 0, args.length, Kind.Bottom);
    stack.onEnd = () => {
      this.stack = null;
      this.running = false;
    };
    this.stack = stack;
  }

  get typeName(): string {
    return "generator";
  }

  display(): string {
    return this.stack === null ? "<generator (done)>" : "<generator>";
  }

  readonly next: FrameBody = {
    start: (call) => {
      const { stack } = this;
      if (stack === null) return call.done(END);
      if (this.running) throw raise.runtime("generator is already running");
      this.running = true;
      const { fiber } = call.ctx as unknown as { fiber: { stack: Stack } };
      stack.parent = fiber.stack;
      fiber.stack = stack;
      return "switch";
    },
    // The value arrives from `yield`, or END from the end of the body.
    resume: (call, value) => {
      this.running = false;
      return call.done(value);
    },
  };
}
