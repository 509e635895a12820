/**
 * A durable program for the crash runner: one argument, the folder of its database and ledger. Steps in a row, nested, in two fibers that
 * race, one that fails and is caught. It leaves marks where cleanup would run: an exit handler, a `finally`.
 */
import { appendFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { failpointsFromEnv, isAlive, thisProcess } from "../../../src/durable/backends/host.ts";
import { SqliteLog } from "../../../src/durable/backends/sqlite.ts";
import { display } from "../../../src/vm/display.ts";
import { raise, type ScriptError } from "../../../src/vm/errors.ts";
import { Float, type Value } from "../../../src/vm/values.ts";
import { type FiberBody, handler, step, World } from "../../durable/harness.ts";

const folder = process.argv[2] as string;
const path = join(folder, "events.sqlite");
const failpoints = failpointsFromEnv((name) => process.env[name]);
const note = (file: string, line: string): void => appendFileSync(join(folder, file), `${line}\n`);
process.on("exit", () => note("cleanup", "exit handler"));

const effect = (name: string, result: Value = name) =>
  handler(name, () => {
    note("ledger", name);
    return result;
  });

const racer = (name: string, ms: number): FiberBody =>
  function* (world) {
    const work = handler(name, function* () {
      yield { op: "host", ms };
      note("ledger", name);
      return name;
    });
    world.say(`finished ${display(yield* step(name, work))}`);
    return null;
  };

const main: FiberBody = function* (world) {
  try {
    world.say(display(yield* step("float", effect("float", new Float(4)))));
    const outer = handler("outer", function* () {
      yield* step("inner", effect("inner"));
      note("ledger", "outer");
      return "outer";
    });
    world.say(display(yield* step("outer", outer)));
    try {
      yield* step(
        "failing",
        handler("failing", () => {
          note("ledger", "failing");
          throw raise.thrown("no luck");
        }),
      );
    } catch (error) {
      world.say(`caught ${display((error as ScriptError).value)}`);
    }
    yield { op: "spawn", body: racer("slow", 20) };
    yield { op: "spawn", body: racer("fast", 10) };
    yield* step("last", effect("last"));
    return null;
  } finally {
    note("cleanup", "finally");
  }
};

const world = new World({
  openLog: () => new SqliteLog({ path, failpoints }),
  mayExist: () => existsSync(path),
  process: { owner: thisProcess(), isAlive },
  failpoints,
});
try {
  world.run(main);
  world.session.end({ status: "completed" });
  process.stdout.write(`${world.out.join("\n")}\n`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
