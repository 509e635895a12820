/** The runs and leases of a log in SQLite. */
import type Database from "better-sqlite3";
import { type Fence, FencedOff, LogFailure } from "../log.ts";
import { type Holder, leaseName, type Owner, type RunEnd, type RunRow, type RunStatus, type RunTable, type Taken } from "../runs.ts";
import type { SqliteConnection } from "./sqlite_connection.ts";

interface Row {
  readonly run_id: string;
  readonly program: string;
  readonly program_hash: string;
  readonly args: string;
  readonly status: string;
  readonly started_at_ms: number;
  readonly ended_at_ms: number | null;
  readonly attempts: number;
  readonly seed: string;
  readonly unreached: number;
  readonly failed_records: string;
  readonly error: string | null;
}

type LeaseRow = [token: number, pid: number | null, host: string | null, processStart: string | null, sinceMs: number | null];

const SQL = {
  insert: "insert or ignore into runs values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
  get: "select * from runs where run_id = ?",
  latest: "select * from runs where program = ? and args = ? order by started_at_ms desc, run_id desc limit 1",
  list: "select * from runs where (? is null or program = ?) order by started_at_ms desc, run_id desc limit ?",
  resume: "update runs set status = 'running', ended_at_ms = null, attempts = attempts + 1, program_hash = ? where run_id = ?",
  end: "update runs set status = ?, ended_at_ms = ?, unreached = ?, failed_records = ?, error = ? where run_id = ?",
  cancel: "update runs set status = 'cancelled', ended_at_ms = ? where run_id = ? and status <> 'completed'",
  lease: "select token, pid, host, process_start, since_ms from leases where name = ?",
  token: "select token from leases where name = ? and pid is not null",
  acquire: `insert into leases values (?, 1, ?, ?, ?, ?) on conflict do update set
    token = token + 1, pid = excluded.pid, host = excluded.host, process_start = excluded.process_start, since_ms = excluded.since_ms`,
  free: "update leases set pid = null where name = ? and token = ?",
} as const;

export class SqliteRuns implements RunTable {
  /** Counts what this connection did to leases. */
  changes = 0;
  private readonly sql: Record<keyof typeof SQL, Database.Statement<unknown[], unknown>>;

  constructor(private readonly connection: SqliteConnection) {
    const prepared = Object.entries(SQL).map(([name, sql]) => [name, connection.prepare(sql)] as const);
    this.sql = Object.fromEntries(prepared) as typeof this.sql;
    this.sql.lease.raw();
    this.sql.token.pluck();
  }

  /** Part of the transaction of every fenced write. */
  holds(fence: Fence): boolean {
    return this.sql.token.get(fence.name) === fence.token;
  }

  start(run: RunRow, owner: Owner): Fence | null {
    return this.connection.write("run.start", () => {
      const { runId, program, programHash, args, status, startedAtMs, endedAtMs, attempts, seed, unreached, failedRecords, error } = run;
      const failed = JSON.stringify(failedRecords);
      const done = this.sql.insert.run(
        runId,
        program,
        programHash,
        args,
        status,
        startedAtMs,
        endedAtMs,
        attempts,
        seed,
        unreached,
        failed,
        error,
      );
      return done.changes === 0 ? null : this.acquire(runId, owner, startedAtMs);
    });
  }

  take(runId: string, programHash: string, owner: Owner, nowMs: number, isAlive: (holder: Holder) => boolean): Taken {
    return this.connection.write("run.resume", () => {
      const by = this.holder(runId);
      if (by !== null && isAlive(by)) return { kind: "held", by };
      this.sql.resume.run(programHash, runId);
      const fence = this.acquire(runId, owner, nowMs);
      return { kind: "taken", fence, run: this.get(runId) as RunRow };
    });
  }

  end(runId: string, fence: Fence, end: RunEnd): void {
    this.connection.write("run.end", () => {
      if (!this.holds(fence)) throw new FencedOff(fence.name);
      this.sql.end.run(end.status, end.endedAtMs, end.unreached, JSON.stringify(end.failedRecords), end.error, runId);
      this.sql.free.run(fence.name, fence.token);
      this.changes++;
    });
  }

  cancel(runId: string, nowMs: number, isAlive: (holder: Holder) => boolean): boolean {
    return this.connection.write("run.end", () => {
      const by = this.holder(runId);
      if (by !== null && isAlive(by)) return false;
      return this.sql.cancel.run(nowMs, runId).changes === 1;
    });
  }

  get(runId: string): RunRow | null {
    return this.connection.guard(() => this.toRun(this.sql.get.get(runId) as Row | undefined));
  }

  holder(runId: string): Holder | null {
    const row = this.connection.guard(() => this.sql.lease.get(leaseName(runId)) as LeaseRow | undefined);
    if (row === undefined || row[1] === null) return null;
    return { pid: row[1], host: row[2] ?? "", processStart: row[3] ?? "", sinceMs: row[4] ?? 0 };
  }

  latest(program: string, args: string): RunRow | null {
    return this.connection.guard(() => this.toRun(this.sql.latest.get(program, args) as Row | undefined));
  }

  list(program: string | null, limit: number): RunRow[] {
    const most = Math.min(limit, Number.MAX_SAFE_INTEGER);
    return this.connection.guard(() => (this.sql.list.all(program, program, most) as Row[]).map((row) => this.toRun(row) as RunRow));
  }

  private acquire(runId: string, owner: Owner, sinceMs: number): Fence {
    const name = leaseName(runId);
    this.changes++;
    this.sql.acquire.run(name, owner.pid, owner.host, owner.processStart, sinceMs);
    const [token] = this.sql.lease.get(name) as LeaseRow;
    return { name, token };
  }

  private toRun(row: Row | undefined): RunRow | null {
    if (row === undefined) return null;
    const failedRecords = parsed(row.failed_records);
    if (!isNumbers(failedRecords) || !Array.isArray(parsed(row.args))) {
      throw new LogFailure(`event log ${this.connection.path} is corrupt (run ${row.run_id} cannot be read); put back a copy of it`);
    }
    return {
      runId: row.run_id,
      program: row.program,
      programHash: row.program_hash,
      args: row.args,
      status: row.status as RunStatus,
      startedAtMs: row.started_at_ms,
      endedAtMs: row.ended_at_ms,
      attempts: row.attempts,
      seed: row.seed,
      unreached: row.unreached,
      failedRecords,
      error: row.error,
    };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const isNumbers = (value: unknown): value is number[] => Array.isArray(value) && value.every((item) => typeof item === "number");
