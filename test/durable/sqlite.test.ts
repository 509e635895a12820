/** What only the SQLite backend can do wrong: files that are broken, locked, full, read-only, too new, too old; writers side by side. */
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { explain } from "../../src/durable/backends/sqlite_connection.ts";
import { SqliteLog } from "../../src/durable/backends/sqlite.ts";
import { FailpointError, Failpoints } from "../../src/durable/failpoints.ts";
import { type Append, LogFailure } from "../../src/durable/log.ts";

interface Folder {
  folder: string;
  path: string;
}
const test = suite<Folder>("sqlite files", undefined as unknown as Folder);
test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), "sqlite-"));
  context.path = join(context.folder, "events.sqlite");
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true }));

const entry = (topic: string, payload: string): Append => ({
  topic,
  event: { kind: "k", payload, headers: {}, occurredAtMs: 1 },
  step: null,
});

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    assert.instance(error, LogFailure, String((error as Error).stack));
    return (error as Error).message;
  }
  return "no error";
}

test("events survive closing and opening, and the file can be read by other tools", ({ path }) => {
  const first = new SqliteLog({ path });
  first.append([entry("t", '{"a":1}'), entry("t", "2")], null);
  first.close();
  const second = new SqliteLog({ path });
  assert.is(second.latest("t"), 2);
  second.close();
  const db = new Database(path);
  assert.equal(db.prepare("select topic, event_id, kind, payload, headers, occurred_at_ms from events").raw().all(), [
    ["t", 1, "k", '{"a":1}', "{}", 1],
    ["t", 2, "k", "2", "{}", 1],
  ]);
  assert.is(db.pragma("journal_mode", { simple: true }), "wal");
  assert.equal(db.prepare("select * from topic_heads").all(), [], "heads are written by compaction only");
  db.close();
});

test("two connections take turns and never give an id twice", ({ path }) => {
  const a = new SqliteLog({ path });
  const b = new SqliteLog({ path });
  const ids = [a, b, b, a, b].map((log) => log.append([entry("t", "1")], null)[0]?.id);
  assert.equal(ids, [1, 2, 3, 4, 5]);
  a.close();
  b.close();
});

test("a missing folder is made", ({ folder }) => {
  const path = join(folder, "deep", "er", "events.sqlite");
  new SqliteLog({ path }).close();
  assert.ok(existsSync(path));
});

test("a file that is no database is named, with the way out", ({ path }) => {
  writeFileSync(path, "this is not a database, only some text that is long enough to be looked at".repeat(20));
  assert.match(
    refusal(() => new SqliteLog({ path })),
    /^event log .*events\.sqlite is corrupt \(file is not a database\); move the file away, or put back a copy of it, and run again$/,
  );
});

test("a damaged page is found out, and reading writes nothing over it", ({ path }) => {
  const log = new SqliteLog({ path });
  for (let i = 0; i < 200; i++) log.append([entry("t", JSON.stringify("x".repeat(500)))], null);
  log.close();
  const file = openSync(path, "r+");
  const noise = Buffer.alloc(4096 * 20, 0xaa);
  writeSync(file, noise, 0, noise.length, 4096 * 4);
  closeSync(file);
  const before = readFileSync(path);
  const again = new SqliteLog({ path });
  assert.match(
    refusal(() => again.readRange("t", 0, 1000)),
    /events\.sqlite is corrupt/,
  );
  again.close();
  assert.ok(readFileSync(path).equals(before));
});

test("a lock that does not go away is an error that names the file", ({ path }) => {
  const log = new SqliteLog({ path, busyMs: 20 });
  const other = new Database(path);
  other.exec("begin exclusive");
  assert.match(
    refusal(() => log.append([entry("t", "1")], null)),
    /^event log .*events\.sqlite is locked by another program \(database is locked\); close that program and run again$/,
  );
  other.exec("rollback");
  other.close();
  assert.is(log.append([entry("t", "1")], null)[0]?.id, 1);
  log.close();
});

test("a full disk loses nothing that was recorded and writes no half batch", ({ path }) => {
  const log = new SqliteLog({ path });
  log.append([entry("t", "1")], null);
  const { db } = (log as unknown as { connection: { db: Database.Database } }).connection;
  db.pragma(`max_page_count = ${db.pragma("page_count", { simple: true })}`);
  const big = JSON.stringify("x".repeat(50_000));
  assert.match(
    refusal(() => log.append([entry("t", "2"), entry("t", big)], null)),
    /^no space is left for event log .*events\.sqlite \(database or disk is full\); free some and run again: what was recorded is kept$/,
  );
  assert.is(log.latest("t"), 1);
  db.pragma("max_page_count = 1000000");
  assert.is(log.append([entry("t", "2")], null)[0]?.id, 2);
  log.close();
});

test("a folder in place of the file, and a file in place of the folder, are named", ({ folder, path }) => {
  mkdirSync(path);
  assert.match(
    refusal(() => new SqliteLog({ path })),
    /^event log .*events\.sqlite cannot be opened/,
  );
  const file = join(folder, "file");
  writeFileSync(file, "");
  assert.match(
    refusal(() => new SqliteLog({ path: join(file, "events.sqlite") })),
    /^event log .*file\/events\.sqlite cannot be opened \(.*\); check the folder, or set HARN_STATE_DIR to another one$/,
  );
});

test("a read-only place is named, whether the system or the database says so", () => {
  const text =
    /^event log \/s\/e\.sqlite cannot be written \(.*\); make the file and its folder writable, or set HARN_STATE_DIR to another folder$/;
  for (const code of ["SQLITE_READONLY", "SQLITE_READONLY_DIRECTORY", "EACCES", "EROFS"]) {
    const error = explain(Object.assign(new Error("no"), { code }), "/s/e.sqlite");
    assert.instance(error, LogFailure);
    assert.match(error.message, text);
  }
  assert.match(explain(Object.assign(new Error("bad"), { code: "SQLITE_IOERR_FSYNC" }), "/s/e.sqlite").message, /SQLITE_IOERR_FSYNC: bad/);
  const own = new TypeError("a defect");
  assert.is(explain(own, "/s/e.sqlite"), own);
});

test("a file of a newer version is refused and left alone", ({ path }) => {
  new SqliteLog({ path }).close();
  const db = new Database(path);
  db.pragma("user_version = 99");
  db.close();
  assert.match(
    refusal(() => new SqliteLog({ path })),
    /^event log .* was written by a newer version \(schema 99, this one knows 3\); update harnlet to use it$/,
  );
});

test("a file without our tables and a run that cannot be read are errors that name them", ({ path }) => {
  const log = new SqliteLog({ path });
  const run = { runId: "r", program: "p", programHash: "h", args: "[]", startedAtMs: 1, endedAtMs: null, attempts: 1, seed: "" } as const;
  log.runs.start({ ...run, status: "running", unreached: 0, failedRecords: [], error: null }, { pid: 1, host: "h", processStart: "" });
  log.close();
  const change = (sql: string): void => {
    const db = new Database(path);
    db.exec(sql);
    db.close();
  };
  for (const [column, text] of [
    ["args", "oops"],
    ["args", "{}"],
    ["failed_records", "["],
    ["failed_records", '["a"]'],
  ] as const) {
    change(`update runs set args = '[]', failed_records = '[]'; update runs set ${column} = '${text}'`);
    const broken = new SqliteLog({ path });
    assert.match(
      refusal(() => broken.runs.list(null, 9)),
      /events\.sqlite is corrupt \(run r cannot be read\)/,
    );
    assert.match(
      refusal(() => broken.runs.get("r")),
      /run r cannot be read/,
    );
    broken.close();
  }
  change("drop table runs");
  assert.match(
    refusal(() => new SqliteLog({ path })),
    /events\.sqlite failed .*no such table: runs/,
  );
});

test("a record that is too large for the database is no reason to run again", () => {
  const error = explain(Object.assign(new Error("string or blob too big"), { code: "SQLITE_TOOBIG" }), "/x/events.sqlite");
  assert.is(error.message, "a record is too large for event log /x/events.sqlite (string or blob too big); journal less at a time");
});

test("an armed error fails the write and leaves nothing", ({ path }) => {
  const host = { die: () => assert.unreachable() as never, trace: null };
  const failpoints = new Failpoints([{ name: "log.commit.before", hit: 2, action: "error" }], host);
  const log = new SqliteLog({ path, failpoints });
  log.append([entry("t", "1")], null);
  assert.match(
    refusal(() => log.append([entry("t", "2")], null)),
    /failpoint log\.commit\.before#2/,
  );
  assert.is(log.latest("t"), 1);
  assert.is(log.append([entry("t", "3")], null)[0]?.id, 2);
  log.close();
});

test("a torn write-ahead log is cut at the last whole commit", ({ path }) => {
  const died = (): never => {
    throw new FailpointError("died");
  };
  const failpoints = new Failpoints([{ name: "log.commit.before", hit: 3, action: "torn" }], { die: died, trace: null });
  const log = new SqliteLog({ path, failpoints });
  log.append([entry("t", "1")], null);
  log.append([entry("t", "2")], null);
  assert.throws(() => log.append([entry("t", JSON.stringify("x".repeat(9000)))], null));
  // The connection is left open, as a killed process leaves it; its files are copied as the disk holds them.
  const copy = `${path}.copy`;
  writeFileSync(copy, readFileSync(path));
  writeFileSync(`${copy}-wal`, readFileSync(`${path}-wal`));
  const again = new SqliteLog({ path: copy });
  assert.equal(
    again.readRange("t", 0, 10).map((e) => e.payload),
    ["1", "2"],
  );
  assert.is(again.append([entry("t", "3")], null)[0]?.id, 3);
  again.close();
  log.close();
});

test("garbage behind the write-ahead log does not matter", ({ path }) => {
  const log = new SqliteLog({ path });
  log.append([entry("t", "1")], null);
  const copy = `${path}.copy`;
  writeFileSync(copy, readFileSync(path));
  writeFileSync(`${copy}-wal`, readFileSync(`${path}-wal`));
  appendFileSync(`${copy}-wal`, Buffer.alloc(5000, 7));
  const again = new SqliteLog({ path: copy });
  assert.is(again.latest("t"), 1);
  again.close();
  log.close();
});

test.run();
