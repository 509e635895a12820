/**
 * The scheduler: the one place that decides what happens next.
 *
 * First ready, first run. When no fiber is ready: what the journal has for a waiting fiber and timers that are due, in the order of
 * their times; then the batch that waits for its commit; then the host. With the same answers at the door, the same interleaving.
 */
import type { Door } from "./door.ts";
import { raise, type ScriptError } from "./errors.ts";
import type { Fiber } from "./frame.ts";
import type { JournalPort } from "./journal.ts";
import type { Value } from "./values.ts";

export interface Timer {
  readonly dueMs: number;
  readonly fire: () => void;
  cancelled: boolean;
}

/** What the scheduler asks of the machine whose fibers it runs. */
export interface Hooks {
  resume(fiber: Fiber): void;
  /** Whether the host's event loop should get a turn now. */
  wantsTurn(): boolean;
  /** Real time until the execution must end, in ms. */
  msLeft(): number;
  /** Ends the wait of every fiber, because that time is over. */
  expire(): void;
}

export class Scheduler {
  private ready: Fiber[] = [];
  private head = 0;
  /** Ascending by due time, then by order of creation. */
  private timers: Timer[] = [];
  /** So many timers, and the cancelled ones among them are thrown out: a watched wait that ends early leaves one behind. */
  private sweepAt = 64;
  /** Fibers that have not ended. */
  live = 0;
  /** The host was told that a fiber has ended, and may want to start another one before anything is decided. */
  hostHasNews = false;
  /** Host work whose answer is awaited. */
  private hostWork = 0;
  private arrived: (() => void) | null = null;

  constructor(
    private readonly door: Door,
    readonly journal: JournalPort | null,
    private readonly hooks: Hooks,
  ) {}

  /** Script time in ms since the epoch. */
  nowMs(): number {
    const { journal } = this;
    if (journal === null) return this.door.clock.wallMs();
    const recorded = journal.recordedNowMs();
    return journal.replaying() ? recorded : Math.max(recorded, this.door.clock.wallMs()); // never going back
  }

  /** Whether only the running fiber exists, so that nothing can be overtaken by an answer at once. */
  isAlone(): boolean {
    return this.live <= 1 && this.hostWork === 0 && this.nextTimer() === null;
  }

  makeReady(fiber: Fiber): void {
    fiber.state = "ready";
    this.ready.push(fiber);
  }

  /** A fiber that made way for the host's event loop: nobody may overtake it. */
  makeFirst(fiber: Fiber): void {
    fiber.state = "ready";
    if (this.head > 0) this.ready[--this.head] = fiber;
    else this.ready.unshift(fiber);
  }

  at(dueMs: number, fire: () => void): Timer {
    const timer = { dueMs, fire, cancelled: false };
    if (this.timers.length >= this.sweepAt) {
      this.timers = this.timers.filter((other) => !other.cancelled);
      this.sweepAt = Math.max(64, this.timers.length * 2);
    }
    let low = 0;
    let high = this.timers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.timers[middle] as Timer).dueMs <= dueMs) low = middle + 1;
      else high = middle;
    }
    this.timers.splice(low, 0, timer);
    return timer;
  }

  /** Counts host work in; the result counts it out again and wakes the scheduler. */
  beginHostWork(): () => void {
    this.hostWork++;
    return () => {
      this.hostWork--;
      this.nudge();
    };
  }

  /** Something changed from outside. */
  nudge(): void {
    this.arrived?.();
  }

  /** Runs fibers until `finished` says so. */
  async run(finished: () => boolean): Promise<void> {
    while (!finished()) {
      const fiber = this.nextReady();
      if (fiber !== null) this.hooks.resume(fiber);
      else if (this.hostHasNews) await this.letHostAct();
      else if (!this.decide()) await this.waitForHost();
      if (this.hooks.wantsTurn()) await this.door.clock.turn();
    }
  }

  private async letHostAct(): Promise<void> {
    this.hostHasNews = false;
    await this.door.clock.turn();
  }

  private nextReady(): Fiber | null {
    for (;;) {
      const fiber = this.ready[this.head];
      if (fiber === undefined) return null;
      this.head++;
      if (this.head > 64 && this.head * 2 > this.ready.length) {
        this.ready = this.ready.slice(this.head);
        this.head = 0;
      }
      if (fiber.state === "ready") return fiber; // others were aborted meanwhile
    }
  }

  /** No fiber is ready. True: something was done about it; false: only the host can go on. */
  private decide(): boolean {
    const { journal } = this;
    const timer = this.nextTimer();
    if (journal !== null) {
      const record = journal.lowestWaiting();
      if (record !== null) {
        // Also on a first run, where the record has just been committed: a replay must find the same order.
        if (timer !== null && timer.dueMs < record.atMs) this.fireReplayed(timer, journal);
        else record.deliver();
        return true;
      }
      if (journal.replaying() && this.hostWork === 0) {
        if (timer !== null) this.fireReplayed(timer, journal);
        else if (journal.pending() > 0) journal.commit();
        else journal.skipUnreached(); // last of all: whoever was woken by a commit may still ask for the remaining records
        return true;
      }
      if (journal.pending() > 0) {
        journal.commit();
        return true;
      }
    }
    if (timer === null || timer.dueMs > this.nowMs()) return false;
    this.fire(timer);
    return true;
  }

  private fireReplayed(timer: Timer, journal: JournalPort): void {
    journal.advanceTo(timer.dueMs);
    this.fire(timer);
  }

  private fire(timer: Timer): void {
    this.timers.shift();
    timer.fire();
  }

  private nextTimer(): Timer | null {
    while (this.timers[0]?.cancelled) this.timers.shift();
    return this.timers[0] ?? null;
  }

  private async waitForHost(): Promise<void> {
    const timer = this.nextTimer();
    if (timer === null && this.hostWork === 0) throw raise.fatal("every task waits for another one: nothing can go on");
    const left = this.hooks.msLeft();
    if (left <= 0) return this.hooks.expire();
    const waitMs = Math.min(left, timer === null ? left : Math.max(0, timer.dueMs - this.nowMs()));
    const arrival = new Promise<void>((resolve) => {
      this.arrived = resolve;
    });
    if (waitMs === Number.POSITIVE_INFINITY) await arrival;
    else {
      const stop = new AbortController();
      await Promise.race([arrival, this.door.clock.sleep(waitMs, stop.signal)]);
      stop.abort();
    }
    this.arrived = null;
  }
}

/** Ends a fiber's wait, if it is still the one meant. */
export function wakeUp(scheduler: Scheduler, fiber: Fiber, waitNumber: number, value: Value, error: ScriptError | null): void {
  if (fiber.waitNumber !== waitNumber || fiber.state !== "parked") return;
  fiber.waitNumber++;
  fiber.abandon = null;
  endWait(fiber);
  fiber.waking = true;
  fiber.wakeValue = value;
  fiber.wakeError = error;
  scheduler.makeReady(fiber);
  scheduler.nudge();
}

/** A fiber waits no longer: the timers that watched the wait are nobody's. */
export function endWait(fiber: Fiber): void {
  for (const timer of fiber.waitTimers) timer.cancelled = true;
  fiber.waitTimers.length = 0;
}
