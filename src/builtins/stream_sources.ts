/** Sources behind the `stream` namespace that no plain iterator can be: they wait, take turns, or serve several readers. */
import { Iter } from "../vm/iter.ts";
import { END, type FrameBody, type NativeCall, type Signal, Source, type Wake } from "../vm/native.ts";
import { share, truthy, type Value } from "../vm/values.ts";

abstract class StreamSource extends Source {
  abstract override readonly next: FrameBody;
  get typeName(): string {
    return "stream";
  }
  display(): string {
    return "<stream>";
  }
  /** As scripts get it. */
  iter(): Iter {
    return new Iter({ kind: "foreign", source: this });
  }
}

/** Ends at the first item for which the callable is truthy, and swallows that one. */
export class TakeUntil extends StreamSource {
  private isOver = false;

  constructor(
    private readonly source: Iter,
    private readonly stops: Value,
  ) {
    super();
  }

  readonly next: FrameBody = {
    start: (call) => (this.isOver ? call.done(END) : call.pull(this.source)),
    resume: (call, value) => {
      const asked = call.state as { item: Value } | null;
      if (asked === null && value === END) return call.done(END);
      if (asked === null) {
        call.state = { item: share(value) };
        return call.call(this.stops, [value]);
      }
      this.isOver = truthy(value);
      return call.done(this.isOver ? END : asked.item);
    },
  };
}

/** One item of each source in turn; those that have ended drop out. */
export class Interleave extends StreamSource {
  private at = 0;

  constructor(private readonly sources: Iter[]) {
    super();
  }

  readonly next: FrameBody = {
    start: (call) => this.ask(call),
    resume: (call, value) => {
      const asked = this.sources.indexOf(call.state as Iter);
      if (value === END) {
        if (asked >= 0) this.sources.splice(asked, 1);
        this.at = Math.max(0, asked);
        return this.ask(call);
      }
      this.at = asked + 1;
      return call.done(value);
    },
  };

  private ask(call: NativeCall): Signal {
    const source = this.sources[this.at % Math.max(1, this.sources.length)];
    if (source === undefined) return call.done(END);
    call.state = source;
    return call.pull(source);
  }
}

/** Leaves so many ms between two items. */
export class Throttle extends StreamSource {
  private lastMs: number | null = null;

  constructor(
    private readonly source: Iter,
    private readonly gapMs: number,
  ) {
    super();
  }

  readonly next: FrameBody = {
    start: (call) => call.pull(this.source),
    resume: (call, value) => {
      if (call.pc === WAITED) return this.deliver(call, (call.state as { item: Value }).item);
      if (value === END) return call.done(END);
      const waitMs = this.lastMs === null ? 0 : this.lastMs + this.gapMs - call.ctx.nowMs();
      if (waitMs <= 0) return this.deliver(call, value);
      call.pc = WAITED;
      call.state = { item: value };
      return call.parkFor(waitMs);
    },
  };

  private deliver(call: NativeCall, item: Value): Signal {
    this.lastMs = call.ctx.nowMs();
    return call.done(item);
  }
}

const WAITED = 1;

/** What several readers of one source share: the items that not all of them have seen. */
class Shared {
  readonly items: Value[] = [];
  /** How many items were dropped at the front. */
  dropped = 0;
  isOver = false;
  isPulling = false;
  readonly waiting = new Set<Wake>();
  readonly readers: Reader[] = [];

  constructor(readonly source: Iter) {}

  /** Forgets what everybody has seen. */
  trim(): void {
    const seen = Math.min(...this.readers.map((reader) => reader.position));
    if (seen - this.dropped < 64) return;
    this.items.splice(0, seen - this.dropped);
    this.dropped = seen;
  }

  pulled(value: Value): void {
    this.isPulling = false;
    if (value === END) this.isOver = true;
    else this.items.push(share(value));
    this.wakeAll();
  }

  wakeAll(): void {
    const woken = [...this.waiting];
    this.waiting.clear();
    for (const wake of woken) wake.done(null);
  }
}

/** One of several independent readers of a source. */
class Reader extends StreamSource {
  position = 0;

  constructor(private readonly shared: Shared) {
    super();
  }

  readonly next: FrameBody = {
    start: (call) => this.read(call),
    resume: (call, value) => {
      if (call.pc === PULLING) this.shared.pulled(value);
      return this.read(call);
    },
    fail: (call, error) => {
      if (call.pc === PULLING) {
        this.shared.isPulling = false;
        this.shared.wakeAll();
      }
      throw error;
    },
  };

  private read(call: NativeCall): Signal {
    const { shared } = this;
    const item = shared.items[this.position - shared.dropped];
    if (item !== undefined) {
      this.position++;
      shared.trim();
      return call.done(share(item));
    }
    if (shared.isOver) return call.done(END);
    call.pc = shared.isPulling ? QUEUED : PULLING;
    if (!shared.isPulling) {
      shared.isPulling = true;
      return call.pull(shared.source);
    }
    const { current } = call.ctx.tasks;
    return call.park((wake) => {
      shared.waiting.add(wake);
      current.abandon = () => shared.waiting.delete(wake);
    });
  }
}

const PULLING = 1;
const QUEUED = 2;

/** So many independent readers of one source. */
export function broadcast(source: Iter, count: number): Iter[] {
  const shared = new Shared(source);
  for (let i = 0; i < count; i++) shared.readers.push(new Reader(shared));
  return shared.readers.map((reader) => reader.iter());
}
