/** A program on the bare log for the crash runner: it consumes a topic with a durable cursor, and compacts what it has consumed. */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { failpointsFromEnv } from "../../../src/durable/backends/host.ts";
import { SqliteLog } from "../../../src/durable/backends/sqlite.ts";

const folder = process.argv[2] as string;
const log = new SqliteLog({ path: join(folder, "events.sqlite"), failpoints: failpointsFromEnv((name) => process.env[name]) });
for (let n = (log.latest("jobs") ?? 0) + 1; n <= 3; n++) {
  log.appendOnce("jobs", "id", String(n), { kind: "job", payload: String(n), headers: { id: String(n) }, occurredAtMs: n });
}
for (const job of log.readRange("jobs", log.cursor("jobs", "worker") ?? 0, 10)) {
  appendFileSync(join(folder, "ledger"), `job ${job.payload}\n`);
  log.ack("jobs", "worker", job.id, job.id);
}
log.compact("jobs", 3);
process.stdout.write(`${log.cursor("jobs", "worker")} ${log.latest("jobs")}\n`);
log.close();
