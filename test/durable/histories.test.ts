/** Logs of every schema that was ever released still open, and their records still answer. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SqliteLog } from "../../src/durable/backends/sqlite.ts";
import { MIGRATIONS } from "../../src/durable/backends/sqlite_schema.ts";
import { display } from "../../src/vm/display.ts";
import { dictOf } from "../../src/vm/values.ts";
import { type FiberBody, handler, step, World } from "./harness.ts";

const HISTORIES = fileURLToPath(new URL("../../conformance/histories/", import.meta.url));
const never = handler("never", () => {
  throw new Error("a handler was called");
});

/** A run of one program, and a shared namespace. */
const WITH_RUN: { program: FiberBody; out: string[] } = {
  program: function* (world) {
    world.say(display(yield* step("numbers", dictOf({ a: 1 }), never)));
    world.say(display(yield* step("outer", never)));
    try {
      yield* step("failing", never);
    } catch (error) {
      world.say(`caught ${(error as { text: string }).text}`);
    }
    world.say(display(yield* step("shared", never, dictOf({ namespace: "team/a" }))));
    return null;
  },
  out: ["[1, 2.0, 9007199254740993, 5s]", "done", "caught broken", "memo"],
};

/** What a program must get out of each history without calling a handler. */
const PROGRAMS: Record<string, { program: FiberBody; out: string[] }> = {
  "schema-1.sql": {
    program: function* (world) {
      for (let i = 0; i < 2; i++) world.say(display(yield* step("first", never, dictOf({ namespace: "team/a" }))));
      return null;
    },
    out: ["{ratio: 4.0, total: 9007199254740993}", "nil"],
  },
  "schema-2.sql": WITH_RUN,
  "schema-3.sql": WITH_RUN,
};

function open(name: string): { log: SqliteLog; close(): void } {
  const folder = mkdtempSync(join(tmpdir(), "history-"));
  const path = join(folder, "events.sqlite");
  const db = new Database(path);
  db.exec(readFileSync(join(HISTORIES, name), "utf8"));
  db.close();
  const log = new SqliteLog({ path });
  const close = (): void => {
    log.close();
    rmSync(folder, { recursive: true });
  };
  return { log, close };
}

for (const name of readdirSync(HISTORIES).sort()) {
  test(`the records of ${name} answer`, () => {
    const { program, out } = PROGRAMS[name] as { program: FiberBody; out: string[] };
    const { log, close } = open(name);
    assert.is(log.describe().schemaVersion, MIGRATIONS.length);
    assert.equal(new World({ log }).run(program), out);
    close();
  });
}

test("there is a history for every schema", () => {
  const files = readdirSync(HISTORIES).sort();
  assert.equal(
    files,
    MIGRATIONS.map((_, i) => `schema-${i + 1}.sql`),
  );
});

test.run();
