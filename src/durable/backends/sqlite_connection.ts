/**
 * One SQLite file: opening it, writing to it in transactions that pass failpoints, and saying what went wrong in one sentence.
 *
 * The driver is loaded at the first opening, so that a program without durable calls runs where it is not installed.
 */
import { closeSync, existsSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import type Database from "better-sqlite3";
import { FailpointError, type Failpoints } from "../failpoints.ts";
import { FencedOff, LogFailure } from "../log.ts";
import { MIGRATIONS } from "./sqlite_schema.ts";

export class SqliteConnection {
  private readonly db: Database.Database;
  private readonly begin: Database.Statement;
  private readonly commit: Database.Statement;
  private readonly rollback: Database.Statement;

  /**
   * Opens the file, or makes it and its folder, and brings its schema up to date.
   *
   * @param busyMs how long a write waits for another process's transaction, in milliseconds
   * @throws LogFailure
   */
  constructor(
    readonly path: string,
    private readonly failpoints: Failpoints,
    busyMs: number,
  ) {
    const Driver = loadDriver();
    this.db = this.guard(() => {
      mkdirSync(dirname(path), { recursive: true });
      return new Driver(path, { timeout: busyMs });
    });
    try {
      this.guard(() => {
        this.db.pragma("journal_mode = WAL");
        this.db.pragma("synchronous = FULL");
      });
      this.begin = this.db.prepare("begin immediate");
      this.commit = this.db.prepare("commit");
      this.rollback = this.db.prepare("rollback");
      this.migrate();
    } catch (error) {
      this.db.close();
      throw error;
    }
  }

  /** @internal Users need not have the driver's declarations. */
  prepare(sql: string): Database.Statement<unknown[], unknown> {
    return this.guard(() => this.db.prepare<unknown[], unknown>(sql));
  }

  /** Runs a read and turns the driver's errors into one sentence. */
  guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw explain(error, this.path);
    }
  }

  /** One immediate transaction, committed to the disk when this returns; all or nothing. Passes `<failpoint>.before` and `.after`. */
  write<T>(failpoint: string, work: () => T): T {
    const result = this.guard(() => this.transact(`${failpoint}.before`, work));
    this.guard(() => this.failpoints.hit(`${failpoint}.after`));
    return result;
  }

  close(): void {
    this.db.close();
  }

  private transact<T>(before: string, work: () => T): T {
    this.begin.run();
    try {
      const result = work();
      if (this.failpoints.hit(before)) this.tear();
      this.commit.run();
      return result;
    } catch (error) {
      if (this.db.inTransaction) this.rollback.run();
      throw error;
    }
  }

  private migrate(): void {
    const version = (): number => this.guard(() => this.db.pragma("user_version", { simple: true }) as number);
    if (version() > MIGRATIONS.length) {
      throw new LogFailure(
        `event log ${this.path} was written by a newer version (schema ${version()}, this one knows ${MIGRATIONS.length}); update harnlet to use it`,
      );
    }
    while (version() < MIGRATIONS.length) {
      this.write("log.migrate", () => {
        const next = version(); // another process may have been faster
        if (next >= MIGRATIONS.length) return;
        this.db.exec(MIGRATIONS[next] as string);
        this.db.pragma(`user_version = ${next + 1}`);
      });
    }
  }

  /** Commits, takes back the second half of what that wrote to the write-ahead log, and dies: what a power cut in the middle leaves. */
  private tear(): never {
    const wal = `${this.path}-wal`;
    const read = (): Uint8Array => (existsSync(wal) ? readFileSync(wal) : new Uint8Array());
    this.db.pragma("wal_autocheckpoint = 0");
    const old = read();
    this.commit.run();
    const now = read();
    let first = 0;
    while (first < now.length && first < old.length && now[first] === old[first]) first++;
    const cut = first + Math.floor((now.length - first) / 2);
    const file = openSync(wal, "r+");
    if (old.length > cut) writeSync(file, old, cut, old.length - cut, cut);
    ftruncateSync(file, Math.max(cut, old.length));
    closeSync(file);
    return this.failpoints.die();
  }
}

function loadDriver(): typeof Database {
  try {
    return createRequire(import.meta.url)("better-sqlite3") as typeof Database;
  } catch (error) {
    const reason = (error as Error).message.split("\n")[0];
    throw new LogFailure(
      `the SQLite driver cannot be loaded (${reason}); install it with 'npm install better-sqlite3', or choose HARN_EVENT_LOG_BACKEND=memory`,
    );
  }
}

/** The driver's and the system's errors as one sentence that names the file and the way out; our own pass. */
export function explain(error: unknown, path: string): Error {
  if (error instanceof LogFailure || error instanceof FencedOff || !(error instanceof Error)) return error as Error;
  if (error instanceof FailpointError) return new LogFailure(`event log ${path}: ${error.message}`);
  const code = String((error as { code?: unknown }).code ?? "");
  const says = error.message;
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) {
    return new LogFailure(`event log ${path} is corrupt (${says}); move the file away, or put back a copy of it, and run again`);
  }
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) {
    return new LogFailure(`event log ${path} is locked by another program (${says}); close that program and run again`);
  }
  if (/^SQLITE_READONLY|^EACCES|^EPERM|^EROFS/.test(code)) {
    return new LogFailure(
      `event log ${path} cannot be written (${says}); make the file and its folder writable, or set HARN_STATE_DIR to another folder`,
    );
  }
  if (/^SQLITE_FULL|^ENOSPC|^EDQUOT/.test(code)) {
    return new LogFailure(`no space is left for event log ${path} (${says}); free some and run again: what was recorded is kept`);
  }
  if (/^SQLITE_TOOBIG/.test(code)) return new LogFailure(`a record is too large for event log ${path} (${says}); journal less at a time`);
  if (/^SQLITE_CANTOPEN|^E[A-Z]+$/.test(code)) {
    return new LogFailure(`event log ${path} cannot be opened (${says}); check the folder, or set HARN_STATE_DIR to another one`);
  }
  if (/^SQLITE_/.test(code))
    return new LogFailure(`event log ${path} failed (${code}: ${says}); run again when the cause is gone: what was recorded is kept`);
  return error;
}
