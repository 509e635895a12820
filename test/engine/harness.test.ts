/** The global `harness`: which builtins its handles hold, and that what is missing says so. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { World } from "../vm/world.ts";

test("each handle holds the builtins that touch its part of the world", async () => {
  const world = new World();
  const { error } = await world.run(`
for { key, value } in harness { if type_of(value) == "dict" { println("\${key}: \${value.count() > 1}") } }
println(harness.fs.has("read_file") && harness.process.has("exec") && harness.random.has("random_int") && harness.runtime.has("send"))
println(harness.fs.read_file == read_file)
println(harness.fs.has("exec") || harness.clock.has("print"))`);
  assert.is(error, null);
  const handles = ["clock", "env", "fs", "net", "obs", "process", "random", "runtime", "stdio"];
  const empty = new Set(["net", "obs"]);
  assert.equal(world.out.trimEnd().split("\n"), [...handles.map((name) => `${name}: ${!empty.has(name)}`), "true", "true", "false"]);
});

test("what the harness lacks says that it is not supported yet", async () => {
  for (const call of ["harness.finalize()", 'harness.net.http_get("http://a")', "harness.obs.event_log_latest()"]) {
    const { error } = await new World().run(call);
    assert.match(String(error), `${call.slice(0, call.indexOf("("))} is not supported yet`);
  }
});

test.run();
