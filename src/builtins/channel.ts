/**
 * A channel: a bounded queue with the tasks that wait at its two ends, both served in the order in which they came.
 *
 * Receivers wait only while nothing is buffered, senders only while the buffer is full. Whoever watches several channels at once
 * (`select`) is told that something arrived, and looks again when it runs: until then others may have taken it.
 */
import { END, type FrameBody, Source, type Wake } from "../vm/native.ts";
import type { Value } from "../vm/values.ts";

interface Receiver {
  readonly wake: Wake;
  /** What it gets when the channel is closed. */
  readonly atClose: Value;
}

interface Sender {
  readonly wake: Wake;
  readonly value: Value;
}

export class Channel extends Source {
  isClosed = false;
  private buffer: Value[] = [];
  private first = 0;
  private readonly receivers = new Set<Receiver>();
  private readonly senders = new Set<Sender>();
  private readonly watchers = new Set<() => void>();

  constructor(
    readonly name: string,
    readonly capacity: number,
  ) {
    super();
  }

  get typeName(): string {
    return "channel";
  }

  display(): string {
    return `<channel:${this.name}>`;
  }

  readonly next: FrameBody = {
    start: (call) => {
      const value = this.take();
      if (value !== undefined) return call.done(value);
      if (this.isClosed) return call.done(END);
      const { current } = call.ctx.tasks;
      return call.park((wake) => {
        current.abandon = this.await(wake, END);
      });
    },
    resume: (call, value) => call.done(value),
  };

  /** How many values are buffered. */
  get depth(): number {
    return this.buffer.length - this.first;
  }

  /** The first buffered value; undefined: there is none. */
  take(): Value | undefined {
    if (this.depth === 0) return undefined;
    const value = this.buffer[this.first] as Value;
    this.buffer[this.first++] = null;
    if (this.first > 64 && this.first * 2 > this.buffer.length) {
      this.buffer = this.buffer.slice(this.first);
      this.first = 0;
    }
    const [sender] = this.senders;
    if (sender !== undefined) {
      this.senders.delete(sender);
      this.buffer.push(sender.value);
      sender.wake.done(true);
    }
    return value;
  }

  /** Hands a value over or buffers it; false: the channel is full. */
  put(value: Value): boolean {
    const [receiver] = this.receivers;
    if (receiver !== undefined) {
      this.receivers.delete(receiver);
      receiver.wake.done(value);
      return true;
    }
    if (this.depth >= this.capacity) return false;
    this.buffer.push(value);
    for (const tell of [...this.watchers]) tell();
    return true;
  }

  /** Waits for a value. @returns gives the wait up */
  await(wake: Wake, atClose: Value): () => void {
    const receiver = { wake, atClose };
    this.receivers.add(receiver);
    return () => this.receivers.delete(receiver);
  }

  /** Waits for room; answers true. @returns gives the wait up */
  awaitRoom(wake: Wake, value: Value): () => void {
    const sender = { wake, value };
    this.senders.add(sender);
    return () => this.senders.delete(sender);
  }

  watch(tell: () => void): void {
    this.watchers.add(tell);
  }

  unwatch(tell: () => void): void {
    this.watchers.delete(tell);
  }

  /** Buffered values, and those of senders that wait already, can still be read. */
  close(): void {
    this.isClosed = true;
    for (const { wake, atClose } of this.receivers) wake.done(atClose);
    this.receivers.clear();
  }
}
