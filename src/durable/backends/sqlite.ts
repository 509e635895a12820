/**
 * The event log in a SQLite file, the default backend: WAL, fully synchronous, one immediate transaction for each batch.
 *
 * The next id of a topic is one more than the largest, or than the head that compaction left; both are read inside the transaction, so
 * processes that append at the same time never collide.
 */
import type Database from "better-sqlite3";
import { canonicalTexts } from "../canonical.ts";
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
  type StepKey,
  type StepRow,
  type StoredEvent,
} from "../log.ts";
import { Watchers } from "../watchers.ts";
import { SqliteConnection } from "./sqlite_connection.ts";
import { SqliteRuns } from "./sqlite_runs.ts";
import { MIGRATIONS } from "./sqlite_schema.ts";

export interface SqliteOptions {
  /** The database file; it and its folder are made when missing. */
  readonly path: string;
  readonly failpoints?: Failpoints;
  /** How long a write waits for another process, in milliseconds. */
  readonly busyMs?: number;
}

type EventRow = [id: number, kind: string, payload: string, headers: string, occurredAtMs: number];

const EVENT = "event_id, kind, payload, headers, occurred_at_ms";
const STEP_IS = "topic = ? and step_scope = ? and step_key = ? and step_seq = ? and step_once is not null";

export class SqliteLog implements InlineLog {
  readonly runs: SqliteRuns;
  private readonly connection: SqliteConnection;
  private readonly watchers = new Watchers();
  private readonly known = new Known();
  private readonly sql: ReturnType<typeof statements>;

  /** @throws LogFailure when the file cannot be opened, is corrupt, or was written by a newer version */
  constructor(options: SqliteOptions) {
    this.connection = new SqliteConnection(options.path, options.failpoints ?? NO_FAILPOINTS, options.busyMs ?? 5000);
    try {
      this.sql = statements(this.connection);
      this.runs = new SqliteRuns(this.connection);
    } catch (error) {
      this.connection.close(); // a table is missing
      throw error;
    }
  }

  append(entries: readonly Append[], fence: Fence | null): Appended[] {
    for (const { topic } of entries) this.checkTopic(topic);
    const appended = this.writing(() => {
      if (fence !== null && !this.known.holds(fence, this.runs)) throw new FencedOff(fence.name);
      return entries.map((entry) => this.put(entry));
    });
    this.watchers.notify(entries.map((entry) => entry.topic));
    return appended;
  }

  appendOnce(topic: string, header: string, value: string, event: LogEvent): Appended {
    checkTopic(topic);
    const appended = this.writing(() => {
      const found = this.sql.byHeader.get(topic, header, value) as EventRow | undefined;
      if (found !== undefined) return { inserted: false, id: found[0], event: toEvent(found) };
      return this.put({ topic, event, step: null });
    });
    if (appended.inserted) this.watchers.notify([topic]);
    return appended;
  }

  readRange(topic: string, after: number, limit: number): StoredEvent[] {
    checkTopic(topic);
    const most = Math.min(Math.max(0, limit), Number.MAX_SAFE_INTEGER);
    return this.connection.guard(() => (this.sql.range.all(topic, after, most) as EventRow[]).map(toEvent));
  }

  readSteps(topic: string, after: number, limit: number): StepRow[] {
    checkTopic(topic);
    return this.connection.guard(() => this.sql.steps.all(topic, after, Math.max(0, limit)) as StepRow[]);
  }

  findStep(topic: string, step: StepKey): StoredEvent | null {
    checkTopic(topic);
    return this.connection.guard(() => {
      const row = this.sql.step.get(topic, step.scope, step.key, step.seq) as EventRow | undefined;
      return row === undefined ? null : toEvent(row);
    });
  }

  latest(topic: string): number | null {
    checkTopic(topic);
    return this.connection.guard(() => this.lastId(topic)) || null;
  }

  topics(): string[] {
    return this.connection.guard(() => this.sql.topics.all() as string[]);
  }

  ack(topic: string, consumer: string, upTo: number, nowMs: number): void {
    checkTopic(topic);
    checkConsumer(consumer);
    this.connection.write("log.ack", () => this.sql.ack.run(topic, consumer, upTo, nowMs));
  }

  cursor(topic: string, consumer: string): number | null {
    checkTopic(topic);
    checkConsumer(consumer);
    return this.connection.guard(() => (this.sql.cursor.get(topic, consumer) as number | undefined) ?? null);
  }

  compact(topic: string, before: number): Compaction {
    checkTopic(topic);
    const done = this.connection.write("log.compact", () => {
      const latest = this.lastId(topic);
      if (latest > 0) this.sql.setHead.run(topic, latest);
      const removed = this.sql.drop.run(topic, before).changes;
      return { removed, remaining: this.sql.count.get(topic) as number, latest };
    });
    const checkpointed = this.connection.guard(() => (this.sql.checkpoint.get() as [busy: number])[0] === 0);
    return { ...done, checkpointed };
  }

  watch(topic: string, listener: () => void): () => void {
    return this.watchers.watch(topic, listener);
  }

  describe(): LogDescription {
    return { backend: "sqlite", path: this.connection.path, durable: true, shared: true, schemaVersion: MIGRATIONS.length };
  }

  close(): void {
    this.connection.close();
  }

  /** A transaction that appends; inside it, what another connection has changed since the last one is no longer taken for known. */
  private writing<T>(work: () => T): T {
    try {
      return this.connection.write("log.commit", () => {
        this.known.refresh(this.sql.version.get() as number, this.runs.changes);
        return work();
      });
    } catch (error) {
      this.known.forget(); // ids that were given in the transaction are free again
      throw error;
    }
  }

  /** A run writes one topic again and again. */
  private checkTopic(topic: string): void {
    if (!this.known.lastIds.has(topic)) checkTopic(topic);
  }

  private put(entry: Append): Appended {
    const { topic, event, step } = entry;
    const { lastIds } = this.known;
    const id = (lastIds.get(topic) ?? this.lastId(topic)) + 1;
    const { kind, payload, occurredAtMs } = event;
    const headers = canonicalTexts(event.headers);
    const result = this.sql.insert.run(
      topic,
      id,
      kind,
      payload,
      headers,
      occurredAtMs,
      step?.scope ?? null,
      step?.key ?? null,
      step?.seq ?? null,
      step?.once === true ? 1 : null,
    );
    if (result.changes === 1) {
      lastIds.set(topic, id);
      return { inserted: true, id, event };
    }
    const winner = this.sql.step.get(topic, step?.scope, step?.key, step?.seq) as EventRow;
    return { inserted: false, id: winner[0], event: toEvent(winner) };
  }

  private lastId(topic: string): number {
    return this.sql.lastId.get(topic, topic) as number;
  }
}

/**
 * What this connection has read and nobody can have changed since: last ids of topics, and a lease that it holds. The database counts
 * changes by other connections, so inside a transaction one question tells whether all of it still holds.
 */
class Known {
  readonly lastIds = new Map<string, number>();
  private fence: Fence | null = null;
  private version = -1;
  private changes = -1;

  /**
   * @param version rises with each commit of another connection
   * @param changes rises with each change of a lease through this one
   */
  refresh(version: number, changes: number): void {
    if (version === this.version && changes === this.changes) return;
    this.forget();
    this.version = version;
    this.changes = changes;
  }

  forget(): void {
    this.lastIds.clear();
    this.fence = null;
    this.version = -1;
  }

  holds(fence: Fence, runs: SqliteRuns): boolean {
    if (this.fence === fence) return true;
    if (!runs.holds(fence)) return false;
    this.fence = fence;
    return true;
  }
}

function statements(connection: SqliteConnection): Record<string, Database.Statement<unknown[], unknown>> & Statements {
  const prepare = (sql: string): Database.Statement<unknown[], unknown> => connection.prepare(sql);
  return {
    // `or ignore` leaves the step index's winner in place; the primary key cannot collide inside an immediate transaction.
    insert: prepare("insert or ignore into events values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
    lastId: prepare(
      "select max(coalesce((select max(event_id) from events where topic = ?), 0), coalesce((select last_id from topic_heads where topic = ?), 0))",
    ).pluck(),
    step: prepare(`select ${EVENT} from events where ${STEP_IS}`).raw(),
    range: prepare(`select ${EVENT} from events where topic = ? and event_id > ? order by event_id limit ?`).raw(),
    steps: prepare(
      "select event_id, kind, payload, occurred_at_ms, step_scope, step_key, step_seq from events where topic = ? and event_id > ? order by event_id limit ?",
    ).raw(),
    byHeader: prepare(
      `select ${EVENT} from events where topic = ? and exists (select 1 from json_each(headers) as h where h.key = ? and h.value = ?) order by event_id limit 1`,
    ).raw(),
    topics: prepare("select topic from events union select topic from topic_heads order by 1").pluck(),
    ack: prepare(
      `insert into consumers values (?, ?, ?, ?)
       on conflict do update set cursor = max(cursor, excluded.cursor), updated_at_ms = excluded.updated_at_ms`,
    ),
    cursor: prepare("select cursor from consumers where topic = ? and consumer_id = ?").pluck(),
    setHead: prepare("insert into topic_heads values (?, ?) on conflict do update set last_id = excluded.last_id"),
    drop: prepare("delete from events where topic = ? and event_id < ?"),
    count: prepare("select count(*) from events where topic = ?").pluck(),
    version: prepare("pragma data_version").pluck(),
    checkpoint: prepare("pragma wal_checkpoint(truncate)").raw(),
  };
}

type StatementName =
  | "insert"
  | "lastId"
  | "step"
  | "range"
  | "steps"
  | "byHeader"
  | "topics"
  | "ack"
  | "cursor"
  | "setHead"
  | "drop"
  | "count"
  | "checkpoint"
  | "version";
type Statements = Record<StatementName, Database.Statement<unknown[], unknown>>;

function toEvent(row: EventRow): StoredEvent {
  return { id: row[0], kind: row[1], payload: row[2], headers: JSON.parse(row[3]) as Record<string, string>, occurredAtMs: row[4] };
}
