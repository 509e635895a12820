/** The one place that decides what happens next: ready fibers, timers, records of a journal, commits, the host. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Instance } from "../../src/engine/instance.ts";
import { Fiber, Stack } from "../../src/vm/frame.ts";
import type { JournalPort } from "../../src/vm/journal.ts";
import { Scheduler, wakeUp } from "../../src/vm/scheduler.ts";
import { builtin, World } from "./world.ts";

/** A journal whose records wait for the fibers of a test, and a log of what the scheduler did with it. */
class FakeJournal implements JournalPort {
  /** Ascending. */
  waiting: { readonly atMs: number; readonly deliver: () => void }[] = [];
  batch: (() => void)[] = [];
  isReplaying = false;
  clockMs = 0;

  constructor(private readonly note: (what: string) => void) {}

  lowestWaiting() {
    const [lowest] = this.waiting;
    if (lowest === undefined) return null;
    return {
      atMs: lowest.atMs,
      deliver: () => {
        this.waiting.shift();
        this.clockMs = Math.max(this.clockMs, lowest.atMs);
        this.note(`record ${lowest.atMs}`);
        lowest.deliver();
      },
    };
  }
  replaying(): boolean {
    return this.isReplaying;
  }
  recordedNowMs(): number {
    return this.clockMs;
  }
  advanceTo(ms: number): void {
    this.clockMs = Math.max(this.clockMs, ms);
  }
  skipUnreached(): void {
    this.note("skip");
    this.isReplaying = false;
  }
  randomBytes(_path: string, count: number): Uint8Array {
    return new Uint8Array(count);
  }
  pending(): number {
    return this.batch.length;
  }
  commit(): void {
    this.note(`commit ${this.batch.length}`);
    const { batch } = this;
    this.batch = [];
    for (const wake of batch) wake();
  }
}

/** A scheduler whose fibers do what the test says. */
class Setting {
  readonly log: string[] = [];
  readonly world = new World();
  readonly journal: FakeJournal;
  readonly scheduler: Scheduler;
  private readonly work = new Map<Fiber, () => void>();
  private count = 0;
  msLeft = Number.POSITIVE_INFINITY;

  constructor(withJournal = false) {
    this.journal = new FakeJournal((what) => this.log.push(what));
    this.scheduler = new Scheduler(this.world.door, withJournal ? this.journal : null, {
      resume: (fiber) => this.resume(fiber),
      wantsTurn: () => false,
      msLeft: () => this.msLeft,
      expire: () => {
        this.log.push("expire");
        this.msLeft = Number.POSITIVE_INFINITY;
        this.count = 0;
      },
    });
  }

  /** Starts a fiber; the scheduler runs until all have ended. */
  fiber(name: string, work: (fiber: Fiber) => void): Fiber {
    const fiber = new Fiber(this.count++, "", new Stack());
    this.scheduler.live++;
    this.does(fiber, name, work);
    this.scheduler.makeReady(fiber);
    return fiber;
  }

  private does(fiber: Fiber, name: string, work: (fiber: Fiber) => void): void {
    this.work.set(fiber, () => {
      this.log.push(name);
      work(fiber);
    });
  }

  /** The fiber waits, and does this when it is woken. */
  waits(fiber: Fiber, name: string, work: (fiber: Fiber) => void = (done) => this.ends(done)): () => void {
    fiber.state = "parked";
    const number = ++fiber.waitNumber;
    this.does(fiber, name, work);
    return () => wakeUp(this.scheduler, fiber, number, null, null);
  }

  ends(fiber: Fiber): void {
    fiber.state = "done";
    this.count--;
    this.scheduler.live--;
  }

  private resume(fiber: Fiber): void {
    fiber.state = "running";
    this.work.get(fiber)?.();
  }

  async run(): Promise<string[]> {
    await this.scheduler.run(() => this.count <= 0);
    return this.log;
  }

  /** Script time since the world's start. */
  get start(): number {
    return this.world.door.clock.wallMs() - this.world.nowMs;
  }
}

test("first ready, first run; whoever made way is first", async () => {
  const s = new Setting();
  const again: string[] = [];
  s.fiber("a", (fiber) => {
    s.waits(fiber, "a again");
    s.scheduler.makeFirst(fiber);
  });
  s.fiber("b", (fiber) => s.waits(fiber, "b again")());
  s.fiber("c", (fiber) => s.ends(fiber));
  assert.equal(again, []);
  assert.equal(await s.run(), ["a", "a again", "b", "c", "b again"]);
});

test("hundreds of ready fibers keep their order", async () => {
  const s = new Setting();
  const names = Array.from({ length: 300 }, (_, i) => `f${i}`);
  for (const name of names) s.fiber(name, (fiber) => s.waits(fiber, `${name}!`)());
  assert.equal(await s.run(), [...names, ...names.map((name) => `${name}!`)]);
});

test("timers by due time, equal ones in the order in which they were made, and only when nobody is ready", async () => {
  const s = new Setting();
  const sleep = (name: string, ms: number): void =>
    void s.fiber(name, (fiber) => {
      const wake = s.waits(fiber, `${name} woke`);
      s.scheduler.at(s.scheduler.nowMs() + ms, wake);
    });
  sleep("a", 20);
  sleep("b", 10);
  sleep("c", 20);
  sleep("d", 0);
  sleep("e", 10);
  s.fiber("busy", (fiber) => s.waits(fiber, "busy again")());
  assert.equal(await s.run(), ["a", "b", "c", "d", "e", "busy", "busy again", "d woke", "b woke", "e woke", "a woke", "c woke"]);
  assert.is(s.world.nowMs, 20);
});

test("a cancelled timer is nobody's, and thousands of them are not kept", async () => {
  const s = new Setting();
  s.fiber("a", (fiber) => {
    const wake = s.waits(fiber, "woke");
    const cancelled = s.scheduler.at(s.scheduler.nowMs() + 5, () => s.log.push("never"));
    cancelled.cancelled = true;
    s.scheduler.at(s.scheduler.nowMs() + 10, wake);
  });
  assert.equal(await s.run(), ["a", "woke"]);

  const { scheduler } = new Setting();
  const kept = scheduler.at(1e15, () => undefined);
  for (let i = 0; i < 5000; i++) scheduler.at(1e14 + i, () => undefined).cancelled = true;
  const { timers } = scheduler as unknown as { timers: unknown[] };
  assert.ok(timers.length < 200, `${timers.length} timers`);
  assert.ok(timers.includes(kept));
});

test("a wake that comes for an earlier wait, or twice, is nobody's", async () => {
  const s = new Setting();
  s.fiber("a", (fiber) => {
    const first = s.waits(fiber, "first", (woken) => {
      const second = s.waits(woken, "second");
      first();
      first();
      s.scheduler.at(s.scheduler.nowMs() + 1, second);
      s.scheduler.at(s.scheduler.nowMs() + 1, second);
    });
    first();
    first();
  });
  assert.equal(await s.run(), ["a", "first", "second"]);
});

test("records before timers that are not due strictly before them", async () => {
  const s = new Setting(true);
  s.journal.isReplaying = true;
  const at = (ms: number): number => s.start + ms;
  for (const [name, ms] of [
    ["early", 5],
    ["same", 10],
    ["late", 15],
  ] as const) {
    s.fiber(name, (fiber) => s.scheduler.at(at(ms), s.waits(fiber, `${name} woke`)));
  }
  s.fiber("step", (fiber) => {
    s.journal.waiting.push({ atMs: at(10), deliver: s.waits(fiber, "answered") });
  });
  const log = (await s.run()).map((line) => line.replace(/\d{6,}/, (n) => String(Number(n) - s.start)));
  assert.equal(log, ["early", "same", "late", "step", "early woke", "record 10", "answered", "same woke", "late woke"]);
  assert.is(s.world.nowMs, 0, "no real time passes in a replay");
  assert.is(s.journal.clockMs, at(15));
});

test("replay: records, then timers, then a commit, and only then the rest of the journal is given up", async () => {
  const s = new Setting(true);
  s.journal.isReplaying = true;
  s.fiber("appends", (fiber) => void s.journal.batch.push(s.waits(fiber, "committed")));
  s.fiber("sleeps", (fiber) => s.scheduler.at(s.start + 1000, s.waits(fiber, "slept")));
  s.fiber("asks", (fiber) => void s.journal.waiting.push({ atMs: s.start, deliver: s.waits(fiber, "answered") }));
  const log = (await s.run()).map((line) => line.replace(/\d{6,}/, "0"));
  assert.equal(log, ["appends", "sleeps", "asks", "record 0", "answered", "slept", "commit 1", "committed"]);
  const lonely = new Setting(true);
  lonely.journal.isReplaying = true;
  const end = lonely.scheduler.beginHostWork();
  lonely.fiber("waits", (fiber) => {
    const wake = lonely.waits(fiber, "host answered");
    lonely.world.later(7, () => {
      wake();
      end();
    });
  });
  assert.equal(await lonely.run(), ["waits", "host answered"]);
});

test("what nobody asks for any more is skipped when nothing else can run", async () => {
  const s = new Setting(true);
  s.journal.isReplaying = true;
  s.fiber("first", (fiber) =>
    s.scheduler.at(
      s.start + 5,
      s.waits(fiber, "woke", (woken) => {
        // Its own time is recorded time now; what follows is real.
        const end = s.scheduler.beginHostWork();
        const wake = s.waits(woken, "answered");
        s.world.later(1, () => {
          end();
          s.scheduler.at(s.scheduler.nowMs() + 3, wake);
          s.scheduler.nudge();
        });
      }),
    ),
  );
  assert.equal(await s.run(), ["first", "woke", "answered"]);
  const stuck = new Setting(true);
  stuck.journal.isReplaying = true;
  stuck.fiber("waits for ever", (fiber) => void stuck.waits(fiber, "never"));
  let text = "";
  await stuck.run().catch((error: { text: string }) => {
    text = error.text;
  });
  assert.equal(stuck.log, ["waits for ever", "skip"]);
  assert.is(text, "every task waits for another one: nothing can go on");
});

test("first run: one commit for all who wait, in the order of their appends, before timers that are due later", async () => {
  const s = new Setting(true);
  for (const name of ["a", "b", "c"]) s.fiber(name, (fiber) => void s.journal.batch.push(s.waits(fiber, `${name} done`)));
  s.fiber("sleeps", (fiber) => s.scheduler.at(s.start + 10, s.waits(fiber, "slept")));
  assert.equal(await s.run(), ["a", "b", "c", "sleeps", "commit 3", "a done", "b done", "c done", "slept"]);
  assert.is(s.world.nowMs, 10);
});

test("answers of the host come in as they arrive, between timers", async () => {
  const s = new Setting();
  for (const [name, ms] of [
    ["a", 30],
    ["b", 10],
    ["c", 20],
  ] as const) {
    s.fiber(name, (fiber) => {
      const wake = s.waits(fiber, `${name} answered`);
      const end = s.scheduler.beginHostWork();
      s.world.later(ms, () => {
        wake();
        end();
      });
    });
  }
  s.fiber("sleeps", (fiber) => s.scheduler.at(s.scheduler.nowMs() + 15, s.waits(fiber, "slept")));
  assert.equal(await s.run(), ["a", "b", "c", "sleeps", "b answered", "slept", "c answered", "a answered"]);
});

test("fibers that all wait for one another are an error, not a hang; time that is over wakes them", async () => {
  const s = new Setting();
  s.fiber("a", (fiber) => void s.waits(fiber, "never"));
  assert.ok(
    await s.run().then(
      () => false,
      () => true,
    ),
  );
  const timed = new Setting();
  timed.scheduler.beginHostWork();
  timed.fiber("a", (fiber) => {
    timed.waits(fiber, "never");
    timed.msLeft = 5;
    timed.world.later(5, () => {
      timed.msLeft = 0;
    });
  });
  assert.equal(await timed.run(), ["a", "expire"]);
});

test("alone: no other fiber, no timer, no answer of the host outstanding", () => {
  const { scheduler } = new Setting();
  scheduler.live = 1;
  assert.ok(scheduler.isAlone());
  const timer = scheduler.at(5, () => undefined);
  assert.not(scheduler.isAlone());
  timer.cancelled = true;
  assert.ok(scheduler.isAlone());
  const end = scheduler.beginHostWork();
  assert.not(scheduler.isAlone());
  end();
  scheduler.live = 2;
  assert.not(scheduler.isAlone());
});

// --- With scripts ------------------------------------------------------------------------------------------------------------------------

const SCRIPT = `
fn work(name, ms) {
  println("begin \${name}")
  sleep(ms)
  println("slept \${name}")
  let answer = fetch(name)
  println(answer)
  for i in 0 to 3 exclusive {
    sleep(i)
    println("\${name} \${i}")
  }
  return name
}`;

async function interleaving(tickMs: number): Promise<string> {
  const world: World = new World({
    tickMs,
    builtins: [builtin("fetch", 1, (ctx, name) => ctx.parkOn(() => world.promise(String(name).charCodeAt(0) % 5, () => `got ${name}`)))],
  });
  const instance = world.prepare(world.compile(SCRIPT));
  await instance.run();
  const names = ["a", "b", "c", "d", "e", "f"];
  const calls = names.map((name, i) => instance.call("work", [name, (i * 7) % 4]));
  assert.equal(
    (await Promise.all(calls)).map((outcome) => outcome.value),
    names,
  );
  return world.out;
}

test("the same answers at the door give the same interleaving, again and again", async () => {
  const first = await interleaving(0);
  assert.ok(first.startsWith("begin a\nbegin b\nbegin c\nbegin d\nbegin e\nbegin f\nslept a\nslept e\n"), first);
  for (let i = 0; i < 5; i++) assert.is(await interleaving(0), first);
});

test("a long wait under a deadline leaves no timers behind", async () => {
  const world = new World();
  const ended = await world.run("deadline 100h {\n  for i in 0 to 3000 exclusive { sleep(1ms) }\n}\nreturn 1");
  assert.is(ended.text, "1");
  const { timers } = (world.instance as Instance).machine.scheduler as unknown as { timers: unknown[] };
  assert.ok(timers.length < 200, `${timers.length} timers`);
});

test.run();
