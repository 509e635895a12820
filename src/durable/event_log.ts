/**
 * The event log as hosts see it: asynchronous, so that a remote backend fits behind it too, and with subscriptions.
 *
 * A subscription reads the log itself and uses the watcher only as a signal that there may be more, so it has neither a gap between
 * history and live events nor a duplicate, whoever appended.
 */
import { type Appended, type Compaction, type InlineLog, type LogDescription, type LogEvent, LogFailure, type StoredEvent } from "./log.ts";

export class EventLog {
  constructor(
    private readonly inline: InlineLog,
    /** Events that a subscriber may fall behind. */
    private readonly queueDepth = 128,
  ) {}

  /**
   * Appends one event; it is on the disk when the promise resolves.
   *
   * @returns its id: 1 for the first of a topic, then one more each
   * @throws LogFailure
   * @example await log.append("orders", { kind: "paid", payload: '{"n":1}', headers: {}, occurredAtMs: 0 })
   */
  async append(topic: string, event: LogEvent): Promise<number> {
    return (this.inline.append([{ topic, event, step: null }], null)[0] as Appended).id;
  }

  /** Appends unless an event of the topic carries the header; then that event comes back with `inserted: false`. */
  async appendIdempotentByHeader(topic: string, name: string, value: string, event: LogEvent): Promise<Appended> {
    return this.inline.appendOnce(topic, name, value, event);
  }

  /** Events with ids above `after`, ascending. */
  async readRange(topic: string, after: number, limit: number): Promise<StoredEvent[]> {
    return this.inline.readRange(topic, after, limit);
  }

  async latest(topic: string): Promise<number | null> {
    return this.inline.latest(topic);
  }

  async topics(): Promise<string[]> {
    return this.inline.topics();
  }

  async ack(topic: string, consumer: string, upTo: number, nowMs: number): Promise<void> {
    this.inline.ack(topic, consumer, upTo, nowMs);
  }

  async consumerCursor(topic: string, consumer: string): Promise<number | null> {
    return this.inline.cursor(topic, consumer);
  }

  /** Drops events with ids below `before`; no id is ever given again. */
  async compact(topic: string, before: number): Promise<Compaction> {
    return this.inline.compact(topic, before);
  }

  /** What was appended is durable already; this is for backends that buffer. */
  async flush(): Promise<void> {}

  async describe(): Promise<LogDescription> {
    return this.inline.describe();
  }

  /**
   * History after an id, then live events of this process, ascending.
   *
   * @param after the last id that the subscriber has
   * @param signal ends the subscription
   * @throws LogFailure `subscriber lagged behind after event <id>` when it falls behind further than the queue depth
   */
  async *subscribe(topic: string, after: number, signal?: AbortSignal): AsyncGenerator<StoredEvent, void, void> {
    let last = after;
    let wake: () => void = () => {};
    const leave = this.inline.watch(topic, () => wake());
    const stop = (): void => wake();
    signal?.addEventListener("abort", stop);
    const history = this.inline.latest(topic) ?? 0;
    try {
      while (signal?.aborted !== true) {
        const more = new Promise<void>((resolve) => {
          wake = resolve;
        });
        const event = this.next(topic, last, history);
        if (event === null) {
          await more;
          continue;
        }
        last = event.id;
        yield event;
      }
    } finally {
      leave();
      signal?.removeEventListener("abort", stop);
    }
  }

  private next(topic: string, last: number, history: number): StoredEvent | null {
    const event = this.inline.readRange(topic, last, 1)[0];
    if (event === undefined) return null;
    if ((this.inline.latest(topic) ?? 0) - Math.max(last, history) > this.queueDepth) {
      throw new LogFailure(`subscriber lagged behind after event ${last}`);
    }
    return event;
  }
}
