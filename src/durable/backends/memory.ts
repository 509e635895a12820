/** An event log in memory: the contract of the durable ones, for as long as the process lives. */
import { compareStrings } from "../../vm/dict.ts";
import { type Failpoints, NO_FAILPOINTS } from "../failpoints.ts";
import {
  type Append,
  type Appended,
  type Compaction,
  checkConsumer,
  checkTopic,
  type Fence,
  FencedOff,
  type InlineLog,
  type LogDescription,
  type LogEvent,
  type StepEntry,
  type StepKey,
  type StepRow,
  type StoredEvent,
} from "../log.ts";
import { Watchers } from "../watchers.ts";
import { MemoryRuns } from "./memory_runs.ts";

interface Topic {
  lastId: number;
  events: (StoredEvent & { readonly step: StepEntry | null })[];
  /** Those of which a topic has only one. */
  readonly bySteps: Map<string, StoredEvent>;
}

const stepText = (step: StepKey): string => JSON.stringify([step.scope, step.key, step.seq]);

export class MemoryLog implements InlineLog {
  readonly runs: MemoryRuns;
  private readonly byName = new Map<string, Topic>();
  private readonly cursors = new Map<string, number>();
  private readonly watchers = new Watchers();

  constructor(private readonly failpoints: Failpoints = NO_FAILPOINTS) {
    this.runs = new MemoryRuns(failpoints);
  }

  append(entries: readonly Append[], fence: Fence | null): Appended[] {
    for (const { topic } of entries) checkTopic(topic);
    if (fence !== null && !this.runs.holds(fence)) throw new FencedOff(fence.name);
    if (this.failpoints.hit("log.commit.before")) this.failpoints.die();
    const appended = entries.map((entry) => this.put(entry));
    this.failpoints.hit("log.commit.after");
    this.watchers.notify(entries.map((entry) => entry.topic));
    return appended;
  }

  appendOnce(topic: string, header: string, value: string, event: LogEvent): Appended {
    checkTopic(topic);
    const found = this.byName.get(topic)?.events.find((e) => e.headers[header] === value);
    if (found !== undefined) return { inserted: false, id: found.id, event: found };
    return this.append([{ topic, event, step: null }], null)[0] as Appended;
  }

  readRange(topic: string, after: number, limit: number): StoredEvent[] {
    return this.eventsAfter(topic, after, limit).map(withoutStep);
  }

  readSteps(topic: string, after: number, limit: number): StepRow[] {
    return this.eventsAfter(topic, after, limit).map(({ id, kind, payload, occurredAtMs, step }): StepRow => {
      return [id, kind, payload, occurredAtMs, step?.scope ?? null, step?.key ?? null, step?.seq ?? null];
    });
  }

  findStep(topic: string, step: StepKey): StoredEvent | null {
    checkTopic(topic);
    return this.byName.get(topic)?.bySteps.get(stepText(step)) ?? null;
  }

  latest(topic: string): number | null {
    checkTopic(topic);
    return this.byName.get(topic)?.lastId ?? null;
  }

  topics(): string[] {
    return [...this.byName.keys()].sort(compareStrings);
  }

  ack(topic: string, consumer: string, upTo: number, _nowMs: number): void {
    checkTopic(topic);
    checkConsumer(consumer);
    if (this.failpoints.hit("log.ack.before")) this.failpoints.die();
    const key = JSON.stringify([topic, consumer]);
    this.cursors.set(key, Math.max(upTo, this.cursors.get(key) ?? 0));
    this.failpoints.hit("log.ack.after");
  }

  cursor(topic: string, consumer: string): number | null {
    checkTopic(topic);
    checkConsumer(consumer);
    return this.cursors.get(JSON.stringify([topic, consumer])) ?? null;
  }

  compact(topic: string, before: number): Compaction {
    checkTopic(topic);
    if (this.failpoints.hit("log.compact.before")) this.failpoints.die();
    const found = this.byName.get(topic);
    const kept = found?.events.filter((e) => e.id >= before) ?? [];
    const removed = (found?.events.length ?? 0) - kept.length;
    if (found !== undefined) {
      for (const event of found.events) if (event.id < before && event.step?.once === true) found.bySteps.delete(stepText(event.step));
      found.events = kept;
    }
    this.failpoints.hit("log.compact.after");
    return { removed, remaining: kept.length, latest: found?.lastId ?? 0, checkpointed: false };
  }

  watch(topic: string, listener: () => void): () => void {
    return this.watchers.watch(topic, listener);
  }

  describe(): LogDescription {
    return { backend: "memory", path: null, durable: false, shared: false, schemaVersion: 0 };
  }

  close(): void {}

  private eventsAfter(topic: string, after: number, limit: number): Topic["events"] {
    checkTopic(topic);
    const events = this.byName.get(topic)?.events ?? [];
    let first = 0;
    for (let end = events.length; first < end; ) {
      const middle = (first + end) >> 1;
      if ((events[middle] as StoredEvent).id > after) end = middle;
      else first = middle + 1;
    }
    return events.slice(first, first + Math.max(0, limit));
  }

  private put(entry: Append): Appended {
    let topic = this.byName.get(entry.topic);
    if (topic === undefined) {
      topic = { lastId: 0, events: [], bySteps: new Map() };
      this.byName.set(entry.topic, topic);
    }
    const once = entry.step?.once === true ? stepText(entry.step) : null;
    const winner = once === null ? undefined : topic.bySteps.get(once);
    if (winner !== undefined) return { inserted: false, id: winner.id, event: winner };
    const stored = { ...entry.event, id: ++topic.lastId };
    topic.events.push({ ...stored, step: entry.step });
    if (once !== null) topic.bySteps.set(once, stored);
    return { inserted: true, id: stored.id, event: stored };
  }
}

function withoutStep(event: StoredEvent): StoredEvent {
  const { id, kind, payload, headers, occurredAtMs } = event;
  return { id, kind, payload, headers, occurredAtMs };
}
