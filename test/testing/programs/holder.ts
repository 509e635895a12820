/** A run whose only step hangs in the first attempt: a second process meets it alive, a third finds it dead. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isAlive, thisProcess } from "../../../src/durable/backends/host.ts";
import { SqliteLog } from "../../../src/durable/backends/sqlite.ts";
import { handler, step, World } from "../../durable/harness.ts";

const path = join(process.argv[2] as string, "events.sqlite");
const world = new World({
  openLog: () => new SqliteLog({ path }),
  mayExist: () => existsSync(path),
  process: { owner: thisProcess(), isAlive },
  wish: { id: "only" },
});
try {
  world.run(function* () {
    const wait = handler("wait", () => {
      process.stdout.write("holding\n");
      const isFirst = world.session.run()?.attempts === 1;
      return isFirst ? Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000) : "went on";
    });
    return yield* step("wait", wait);
  });
  world.session.end({ status: "completed" });
  process.stdout.write(`done in attempt ${world.session.run()?.attempts}\n`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
