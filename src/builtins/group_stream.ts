/**
 * `parallel each … as stream`: the results of a group in the order in which its members end.
 *
 * One result waits for the consumer at a time, and a member that waits for its turn starts only when a result was handed over.
 */
import { END, type FrameBody, type NativeCall, type Signal, Source, type Wake } from "../vm/native.ts";
import { crossed } from "../vm/tasks.ts";
import type { End, Members } from "./members.ts";

export class GroupStream extends Source {
  readonly typeName = "stream";
  private readonly ended: End[] = [];
  private offered: End | null = null;
  private left: number;
  private isDone = false;
  private readonly waiting = new Set<Wake>();

  constructor(
    private readonly members: Members,
    most: number,
  ) {
    super();
    this.left = members.size;
    members.onEnd = (end) => {
      this.ended.push(end);
      this.offer();
    };
    for (let i = Math.min(most, members.size); i > 0; i--) members.startNext();
  }

  display(): string {
    return this.isDone ? "<stream (done)>" : "<stream>";
  }

  readonly next: FrameBody = {
    start: (call) => this.pull(call),
    resume: (call) => this.pull(call),
  };

  private pull(call: NativeCall): Signal {
    const end = this.offered;
    if (end === null && this.left > 0 && !this.isDone) return this.queue(call);
    if (end === null) {
      this.isDone = true;
      return call.done(END);
    }
    this.offered = null;
    if (end.error === null) {
      this.offer();
      return call.done(end.value);
    }
    this.isDone = true;
    throw crossed(end.error);
  }

  private queue(call: NativeCall): Signal {
    const { current } = call.ctx.tasks;
    return call.park((wake) => {
      this.waiting.add(wake);
      current.abandon = () => this.waiting.delete(wake);
    });
  }

  /** Puts the next result where it can be pulled. After a failure nothing more happens. */
  private offer(): void {
    const end = this.offered === null ? this.ended.shift() : undefined;
    if (end === undefined) return;
    this.offered = end;
    this.left--;
    if (end.error === null) this.members.startNext();
    else {
      this.left = 0;
      this.ended.length = 0;
      this.members.abort();
    }
    const woken = [...this.waiting];
    this.waiting.clear();
    for (const wake of woken) wake.done(null);
  }
}
