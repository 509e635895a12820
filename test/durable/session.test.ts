/** One run over several processes, which are worlds on one log here: what is skipped, what is tried again, in which order it comes. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { MemoryLog } from "../../src/durable/backends/memory.ts";
import { canonicalJson } from "../../src/durable/canonical.ts";
import { LogFailure } from "../../src/durable/log.ts";
import { display } from "../../src/vm/display.ts";
import { raise, type ScriptError } from "../../src/vm/errors.ts";
import { dictOf, Float, list, type Value } from "../../src/vm/values.ts";
import { type FiberBody, handler, step, Uncaught, World, type WorldOptions } from "./harness.ts";

const effects = (): { calls: string[]; effect: (name: string, result?: Value) => ReturnType<typeof handler> } => {
  const calls: string[] = [];
  return {
    calls,
    effect: (name, result = name) =>
      handler(name, () => {
        calls.push(name);
        return result;
      }),
  };
};

function thrown(work: () => unknown): ScriptError {
  try {
    work();
  } catch (error) {
    if (!(error instanceof Uncaught)) throw error;
    return error.script;
  }
  throw new Error("nothing was thrown");
}

/** Runs a program on a log as one process that ends well. */
function complete(main: FiberBody, options: WorldOptions): World {
  const world = new World(options);
  world.run(main);
  world.session.end({ status: "completed" });
  return world;
}

test("results come back whatever keys, inputs and results look like a record", () => {
  const field = ',"namespace":"/p/a.harn","result":1,"schema":"harn.step.run.v0","sequence":1}';
  const values: Value[] = [
    "",
    field,
    `"${field}`,
    "\\",
    "\ud800",
    0,
    -1,
    2n ** 60n,
    true,
    false,
    null,
    new Float(1),
    dictOf({ key: field }),
    list([field]),
  ];
  const log = new MemoryLog();
  const { calls, effect } = effects();
  const main: FiberBody = function* (world) {
    for (const [i, input] of values.entries()) {
      const result = values[values.length - 1 - i] as Value;
      for (const key of [`k${i}`, `"${i}${field}`]) world.say(display(yield* step(key, input, effect(key, result))));
      world.say(display(yield* step("again", input, effect("again", result))));
    }
    return null;
  };
  const first = new World({ log }).run(main);
  const done = calls.length;
  assert.is(done, values.length * 3);
  assert.equal(new World({ log }).run(main), first);
  assert.is(calls.length, done);
});

test("another simple input is a mismatch, also one with the same beginning", () => {
  for (const [before, now] of [
    ["a", "b"],
    [1, 12],
    [12, 1],
    [1, "1"],
    [null, false],
    ["", null],
  ] as [Value, Value][]) {
    const log = new MemoryLog();
    const main = (input: Value): FiberBody =>
      function* () {
        return yield* step("k", input, effects().effect("k"));
      };
    new World({ log }).run(main(before));
    assert.match(thrown(() => new World({ log }).run(main(now))).text, /deterministic input mismatch/);
  }
});

test("a step runs once; the next process gets its result from the journal", () => {
  const log = new MemoryLog();
  const { calls, effect } = effects();
  const main: FiberBody = function* (world) {
    world.say(display(yield* step("a", effect("a"))));
    world.say(display(yield* step("b", 1, effect("b", new Float(4)))));
    return null;
  };
  const first = new World({ log });
  assert.equal(first.run(main), ["a", "4.0"]);
  const second = new World({ log });
  assert.equal(second.run(main), ["a", "4.0"]);
  assert.equal(calls, ["a", "b"]);
  assert.match(second.notices[0]!, /^continuing run .* \(attempt 2, 2 journalled steps\)$/);
  second.session.end({ status: "completed" });
  const third = new World({ log });
  third.run(main);
  assert.equal(calls, ["a", "b", "a", "b"], "a completed run is not continued");
});

test("calls of one key are told apart by their occurrence", () => {
  const log = new MemoryLog();
  let n = 0;
  const main: FiberBody = function* (world) {
    for (let i = 0; i < 3; i++)
      world.say(
        display(
          yield* step(
            "k",
            handler("count", () => ++n),
          ),
        ),
      );
    return null;
  };
  assert.equal(new World({ log }).run(main), ["1", "2", "3"]);
  assert.equal(new World({ log }).run(main), ["1", "2", "3"]);
});

test("another input is an error that names key, occurrence, namespace and both hashes, and says where they differ", () => {
  const log = new MemoryLog();
  const { effect } = effects();
  const run = (input: Value): World => {
    const world = new World({ log });
    world.run(function* () {
      return yield* step("k", input, effect("x"));
    });
    return world;
  };
  run(dictOf({ a: 1, b: list([1, 2]) }));
  const world = new World({ log });
  const main: FiberBody = function* () {
    return yield* step("k", dictOf({ b: list([1, new Float(2)]), a: 1 }), effect("x"));
  };
  const error = thrown(() => world.run(main));
  assert.match(
    error.text,
    /^step\.run: deterministic input mismatch for key `k` occurrence 1 in namespace `\/p\/a\.harn` \(cached sha256:[0-9a-f]{64}, current sha256:[0-9a-f]{64}\)$/,
  );
  assert.equal(world.session.notesOn(error), [
    "the record was written at 1970-01-01T00:00:01.000Z",
    "input.b[1] was int 2, now it is float 2.0",
  ]);
});

test("nested steps are skipped with the step around them and are not missed at the end", () => {
  const log = new MemoryLog();
  const { calls, effect } = effects();
  const main: FiberBody = function* (world) {
    const outer = handler("outer", function* () {
      yield* step("inner", effect("inner"));
      return yield* step("inner", effect("inner again"));
    });
    world.say(display(yield* step("outer", outer)));
    world.say(display(yield* step("inner", effect("at the top"))));
    return null;
  };
  assert.equal(new World({ log }).run(main), ["inner again", "at the top"]);
  const second = complete(main, { log });
  assert.equal(second.out, ["inner again", "at the top"]);
  assert.equal(calls, ["inner", "inner again", "at the top"]);
  assert.is(second.notices.length, 1);
});

test("a crash inside a handler runs it again, but not the nested steps that are done", () => {
  const log = new MemoryLog();
  const calls: string[] = [];
  let crash = true;
  const main: FiberBody = function* () {
    const outer = handler("outer", function* () {
      calls.push("outer");
      yield* step(
        "inner",
        handler("inner", () => {
          calls.push("inner");
          return 1;
        }),
      );
      if (crash) throw new Error("the power fails");
      return 2;
    });
    return yield* step("outer", outer);
  };
  assert.throws(() => new World({ log }).run(main), "the power fails");
  crash = false;
  new World({ log }).run(main);
  assert.equal(calls, ["outer", "inner", "outer"]);
});

test("records are delivered in the order in which they were written, whoever asks first", () => {
  const log = new MemoryLog();
  const main = (slow: number, fast: number): FiberBody =>
    function* (world) {
      const racer = (name: string, ms: number): FiberBody =>
        function* () {
          const wait = handler(name, function* () {
            yield { op: "host", ms };
            return name;
          });
          world.say(display(yield* step(name, wait)));
          return null;
        };
      yield { op: "spawn", body: racer("slow", slow) };
      yield { op: "spawn", body: racer("fast", fast) };
      return null;
    };
  assert.equal(new World({ log }).run(main(50, 10)), ["fast", "slow"]);
  assert.equal(new World({ log }).run(main(10, 50)), ["fast", "slow"], "the journal decides, not the clock");
});

test("a first run and a replay interleave fibers alike, over batches", () => {
  const log = new MemoryLog();
  const main: FiberBody = function* (world) {
    for (let f = 0; f < 5; f++) {
      yield {
        op: "spawn",
        body: function* () {
          for (let i = 0; i < 4; i++) {
            const name = `${f}.${i}`;
            const work = handler(name, function* () {
              yield { op: "host", ms: ((f * 7 + i * 3) % 5) + 1 };
              return name;
            });
            world.say(display(yield* step(`s${f}`, i, work)));
            if (i % 2 === 0) {
              yield {
                op: "spawn",
                // biome-ignore lint/correctness/useYield: a fiber that asks for nothing
                body: function* () {
                  world.say(`child of ${name}`);
                  return null;
                },
              };
            }
          }
          return null;
        },
      };
    }
    return null;
  };
  const first = new World({ log }).run(main);
  assert.is(first.length, 30);
  assert.equal(new World({ log }).run(main), first);
  for (const stop of [20, 45, 70, 95]) {
    const broken = new MemoryLog();
    new World({ log: broken }).run(main, stop);
    assert.equal(
      new World({ log: broken })
        .run(main)
        .filter((line) => !line.startsWith("child"))
        .sort(),
      first.filter((line) => !line.startsWith("child")).sort(),
    );
  }
});

test("a timer that was due before a record fires before it on replay, and replayed sleeps take no time", () => {
  const log = new MemoryLog();
  const main: FiberBody = function* (world) {
    yield {
      op: "spawn",
      body: function* () {
        yield { op: "sleep", ms: 30 };
        world.say(`timer at ${world.now()}`);
        return null;
      },
    };
    const work = handler("work", function* () {
      yield { op: "host", ms: 50 };
      return "done";
    });
    world.say(`${display(yield* step("work", work))} at ${world.now()}`);
    return yield* step("last", work);
  };
  assert.equal(new World({ log }).run(main), ["timer at 1030", "done at 1050"]);
  const replay = new World({ log, startMs: 9000 });
  assert.equal(replay.run(main), ["timer at 1030", "done at 1050"]);
  assert.is(replay.nowMs, 9000);
  assert.is(replay.now(), 9000, "after the last record the clock is the real one");
});

test("a failure that the script caught is thrown again on replay without calling the handler", () => {
  const log = new MemoryLog();
  let calls = 0;
  const main: FiberBody = function* (world) {
    const failing = handler("fail", () => {
      calls++;
      throw raise.thrown(dictOf({ code: 7 }));
    });
    try {
      yield* step("f", failing);
    } catch (error) {
      world.say(`caught ${display((error as ScriptError).value)}`);
    }
    yield* step(
      "after",
      handler("after", () => 1),
    );
    return null;
  };
  assert.equal(new World({ log }).run(main), ["caught {code: 7}"]);
  assert.equal(new World({ log }).run(main), ["caught {code: 7}"]);
  assert.is(calls, 1);
});

test("the failure that ended the run is tried again, with the nested failure that it came from", () => {
  const log = new MemoryLog();
  let broken = true;
  const calls: string[] = [];
  const main: FiberBody = function* () {
    const inner = handler("inner", () => {
      calls.push("inner");
      if (broken) throw raise.thrown("boom");
      return "fine";
    });
    const outer = handler("outer", function* () {
      return yield* step("inner", inner);
    });
    return yield* step("outer", outer);
  };
  const first = new World({ log });
  const error = thrown(() => first.run(main));
  first.session.end({ status: "failed", error, text: "boom" });
  assert.is(log.runs.list(null, 1)[0]!.status, "failed");
  assert.equal(log.runs.list(null, 1)[0]!.failedRecords, [1, 2]);
  broken = false;
  const second = complete(main, { log });
  assert.equal(calls, ["inner", "inner"]);
  assert.is(second.notices.length, 1);
  assert.is(log.runs.list(null, 1)[0]!.status, "completed");
});

test("a failure after which the run has no record is tried again", () => {
  const log = new MemoryLog();
  let broken = true;
  const main: FiberBody = function* (world) {
    const flaky = handler("flaky", () => {
      if (broken) throw raise.thrown("boom");
      return "fine";
    });
    try {
      world.say(display(yield* step("f", flaky)));
    } catch {
      world.say("caught");
    }
    return null;
  };
  assert.equal(new World({ log }).run(main), ["caught"]); // and then the process dies
  broken = false;
  assert.equal(new World({ log }).run(main), ["fine"]);
  assert.equal(new World({ log }).run(main), ["fine"], "a completed record replaces the failure");
});

test("an explicit namespace is a memo over runs, a run's own steps are not", () => {
  const log = new MemoryLog();
  const { calls, effect } = effects();
  const main: FiberBody = function* () {
    yield* step("k", effect("memo"), dictOf({ namespace: "team/a" }));
    yield* step("k", effect("other memo"), dictOf({ namespace: "team_a" }));
    yield* step("k", effect("own"));
    return null;
  };
  complete(main, { log });
  complete(main, { log });
  assert.equal(calls, ["memo", "other memo", "own", "own"]);
  assert.is(log.latest("step.run.team_a"), 2, "two namespaces share a topic and no record");
});

test("steps of a shared namespace race as they did at first", () => {
  const log = new MemoryLog();
  const main = (a: number, b: number): FiberBody =>
    function* (world) {
      for (const [name, ms, namespace] of [
        ["a", a, "shared"],
        ["b", b, null],
      ] as const) {
        yield {
          op: "spawn",
          body: function* () {
            const work = handler(name, function* () {
              yield { op: "host", ms };
              return name;
            });
            world.say(display(yield* step(name, work, dictOf({ namespace }))));
            return null;
          },
        };
      }
      return null;
    };
  assert.equal(new World({ log }).run(main(50, 10)), ["b", "a"]);
  assert.equal(new World({ log }).run(main(10, 50)), ["b", "a"]);
  const other = new MemoryLog();
  assert.equal(new World({ log: other }).run(main(10, 50)), ["a", "b"]);
  assert.equal(new World({ log: other }).run(main(50, 10)), ["a", "b"]);
});

test("what the program no longer asks for is counted when the run completes", () => {
  const log = new MemoryLog();
  const { effect } = effects();
  new World({ log }).run(function* () {
    yield* step("old", effect("old"));
    yield* step("older", effect("older"));
    return yield* step("kept", effect("kept"));
  });
  const second = complete(
    function* () {
      return yield* step("kept", effect("never called"));
    },
    { log, wish: { allowChanged: true }, program: { name: "/p/a.harn", hash: "sha256:two", args: "[]" } },
  );
  assert.match(second.notices[1]!, /^run .*: 2 journalled steps were not reached \(first: old #1\)$/);
  assert.is(log.runs.list(null, 1)[0]!.unreached, 2);
});

test("a changed program is refused, naming both, and goes on only on request", () => {
  const log = new MemoryLog();
  const { effect } = effects();
  const main: FiberBody = function* () {
    return yield* step("k", effect("k"));
  };
  new World({ log }).run(main);
  const program = { name: "/p/a.harn", hash: "sha256:two", args: "[]" };
  const error = thrown(() => new World({ log, program }).run(main));
  assert.ok(error.fatal);
  assert.match(error.text, /^run .* was started by another program: then \/p\/a\.harn \(sha256:one\), now \/p\/a\.harn \(sha256:two\); /);
  assert.is(log.runs.list(null, 1)[0]!.attempts, 1);
  new World({ log, program, wish: { allowChanged: true } }).run(main);
  assert.is(log.runs.list(null, 1)[0]!.programHash, "sha256:two");
});

test("a second process on the same run is refused while the first lives", () => {
  const log = new MemoryLog();
  const { effect } = effects();
  const main: FiberBody = function* () {
    return yield* step("k", effect("k"));
  };
  new World({ log, wish: { id: "r" } }).run(main);
  const process = { owner: { pid: 8, host: "h", processStart: "t" }, isAlive: () => true };
  const error = thrown(() => new World({ log, process, wish: { id: "r" } }).run(main));
  assert.is(error.text, "run r is already running (pid 7, since 1970-01-01T00:00:01.000Z)");
  assert.ok(error.fatal);
});

test("a process that lost its run may not write any more", () => {
  const log = new MemoryLog();
  const { calls, effect } = effects();
  const first = new World({ log, wish: { id: "r" } });
  const error = thrown(() =>
    first.run(function* () {
      yield* step("a", effect("a"));
      new World({ log, wish: { id: "r" } }).session.prepare();
      return yield* step("b", effect("b"));
    }),
  );
  assert.is(error.text, "run r was taken over");
  assert.ok(error.fatal);
  assert.equal(calls, ["a", "b"]);
  assert.is(log.latest("step.run._p_a.harn.r"), 1);
});

test("a new run, a run by its id, runs by their arguments", () => {
  const log = new MemoryLog();
  const { calls, effect } = effects();
  const main: FiberBody = function* () {
    return yield* step("k", effect("k"));
  };
  new World({ log }).run(main);
  new World({ log, wish: { fresh: true } }).run(main);
  new World({ log, program: { name: "/p/a.harn", hash: "sha256:one", args: canonicalJson(["x"]) } }).run(main);
  assert.is(calls.length, 3);
  new World({ log, wish: { id: "mine" } }).run(main);
  new World({ log, wish: { id: "mine" } }).run(main);
  assert.is(calls.length, 4);
  assert.equal(log.runs.get("mine")!.attempts, 2);
});

test("a run without a durable call leaves no trace", () => {
  const log = new MemoryLog();
  const world = new World({ log });
  world.run(function* () {
    yield { op: "sleep", ms: 5 };
    return null;
  });
  world.session.end({ status: "completed" });
  assert.equal(log.runs.list(null, 10), []);
  assert.equal(log.topics(), []);
});

test("what cannot be journalled fails before anything is", () => {
  const log = new MemoryLog();
  const odd = handler("odd", () => dictOf({ items: list([1, handler("inner", () => 1)]) }));
  const error = thrown(() =>
    new World({ log }).run(function* () {
      return yield* step("k", odd);
    }),
  );
  assert.is(error.text, "step.run: result of step 'k' cannot be journalled: builtin at result.items[1]");
  assert.equal(log.topics(), []);
});

test("a batch is committed at 64 entries, or when nobody is ready", () => {
  const log = new MemoryLog();
  const sizes: number[] = [];
  const append = log.append.bind(log);
  log.append = (entries, fence) => {
    sizes.push(entries.length);
    return append(entries, fence);
  };
  new World({ log }).run(function* () {
    for (let i = 0; i < 100; i++) {
      yield {
        op: "spawn",
        body: function* () {
          return yield* step(
            `s${i}`,
            handler("h", () => i),
          );
        },
      };
    }
    return null;
  });
  assert.equal(sizes, [64, 36]);
});

test("a failed commit raises in each fiber of the batch, and nothing is journalled", () => {
  const log = new MemoryLog();
  const append = log.append.bind(log);
  let full = true;
  log.append = (entries, fence) => {
    if (full) throw new LogFailure("the disk is full");
    return append(entries, fence);
  };
  const main: FiberBody = function* (world) {
    for (const name of ["a", "b"]) {
      yield {
        op: "spawn",
        body: function* () {
          try {
            world.say(
              display(
                yield* step(
                  name,
                  handler(name, () => name),
                ),
              ),
            );
          } catch (error) {
            world.say((error as ScriptError).text);
          }
          return null;
        },
      };
    }
    return null;
  };
  assert.equal(new World({ log }).run(main), ["step: event log: the disk is full", "step: event log: the disk is full"]);
  assert.equal(log.topics(), []);
  full = false;
  assert.equal(new World({ log }).run(main), ["a", "b"]);
});

test("a failure that the script caught and threw again is tried again, also when it returned it as an error", () => {
  const ends: ((error: ScriptError) => { error: ScriptError | null; text: string })[] = [
    (caught) => ({ error: raise.thrown(caught.value), text: `Thrown: ${display(caught.value)}` }),
    (caught) => ({ error: null, text: display(caught.value) }),
  ];
  for (const end of ends) {
    const log = new MemoryLog();
    let calls = 0;
    const once = (): void => {
      const world = new World({ log });
      let caught: ScriptError | null = null;
      world.run(function* () {
        try {
          yield* step(
            "f",
            handler("f", () => {
              calls++;
              throw raise.thrown(dictOf({ code: 7 }));
            }),
          );
        } catch (error) {
          caught = error as ScriptError;
        }
        return yield* step(
          "cleanup",
          handler("cleanup", () => null),
        );
      });
      world.session.end({ status: "failed", ...end(caught as unknown as ScriptError) });
    };
    once();
    once();
    assert.is(calls, 2);
    assert.equal(log.runs.list(null, 2).length, 1);
  }
});

test("inspection shows the steps that the script has met, also on replay", () => {
  const log = new MemoryLog();
  const main: FiberBody = function* (world) {
    world.say(display(yield { op: "inspect", args: [] }));
    yield* step(
      "a",
      handler("a", () => dictOf({ x: 1 })),
    );
    const found = yield { op: "inspect", args: [] };
    world.say(display(found).replace(/sha256:[0-9a-f]+/g, "H"));
    yield* step(
      "b",
      handler("b", () => 1),
    );
    return null;
  };
  const expected = [
    "[]",
    "[{deterministic_inputs_hash: H, event_id: 1, key: a, namespace: /p/a.harn, occurred_at_ms: 1000, result: {x: 1}, sequence: 1}]",
  ];
  assert.equal(new World({ log }).run(main), expected);
  assert.equal(new World({ log, startMs: 5000 }).run(main), expected);
});

test("random bytes of a resumed run are those of the first attempt, one stream for each fiber", () => {
  const log = new MemoryLog();
  const draw = (world: World): string => {
    world.run(function* () {
      return yield* step(
        "k",
        handler("k", () => 1),
      );
    });
    return JSON.stringify([...world.session.randomBytes("", 40), ...world.session.randomBytes("/0", 8)]);
  };
  const first = draw(new World({ log, randomBytes: (n) => new Uint8Array(n).fill(1) }));
  assert.is(draw(new World({ log, randomBytes: (n) => new Uint8Array(n).fill(2) })), first);
  assert.is.not(draw(new World({ log, wish: { fresh: true }, randomBytes: (n) => new Uint8Array(n).fill(3) })), first);
});

test("argument errors have the reference's texts", () => {
  const h = handler("h", () => 1);
  const cases: [Value[], string][] = [
    [["k"], "step.run: expected key, optional input, handler, and optional options"],
    [[1, h], "step.run: key must be a string, got int"],
    [[" ", h], "step.run: key cannot be empty"],
    [["k", 1], "step.run: handler is required after input"],
    [["k", 1, 2], "step.run: handler must be callable, got int"],
    [["k", h, null, null], "step.run: expected at most 3 arguments, got 4"],
    [["k", 1, h, null, null], "step.run: expected at most 4 arguments, got 5"],
    [["k", h, 5], "step.run: options must be a dict, got int"],
    [["k", h, dictOf({ nope: 1 })], "step.run: unknown option `nope`"],
    [["k", h, dictOf({ namespace: "" })], "step.run: options.namespace cannot be empty"],
    [["k", h, dictOf({ namespace: 1 })], "step.run: options.namespace must be a string, got int"],
    [["k", h, dictOf({ retry: null })], "step.run: option `retry` is not supported yet"],
  ];
  for (const [args, text] of cases) {
    const error = thrown(() =>
      new World().run(function* () {
        return yield { op: "step", args };
      }),
    );
    assert.is(error.text, text);
  }
  const inspections: [Value[], string][] = [
    [[1, 2], "step.inspect: expected at most 1 argument, got 2"],
    [[""], "step.inspect: namespace cannot be empty"],
    [[5], "step.inspect: expected namespace string or options dict, got int"],
  ];
  for (const [args, text] of inspections) {
    const error = thrown(() =>
      new World().run(function* () {
        return yield { op: "inspect", args };
      }),
    );
    assert.is(error.text, text);
  }
});

test.run();
