/** A lock with a capacity: permits are given strictly in the order in which they were asked for. Times are script time in ms. */
import type { Wake } from "../vm/native.ts";
import { Handle, type Value } from "../vm/values.ts";

export type LockKind = "mutex" | "semaphore" | "gate" | "rwlock";

interface Waiter {
  readonly count: number;
  readonly sinceMs: number;
  readonly wake: Wake;
  readonly grant: (permit: Permit) => void;
}

export class Lock {
  held = 0;
  acquisitions = 0;
  timeouts = 0;
  cancellations = 0;
  releases = 0;
  deepest = 0;
  totalWaitMs = 0;
  totalHeldMs = 0;
  private readonly queue = new Set<Waiter>();

  constructor(
    readonly kind: LockKind,
    readonly key: string,
    readonly capacity: number,
    private readonly nowMs: () => number,
  ) {}

  get queued(): number {
    return this.queue.size;
  }

  /** A permit at once, or null: there is none, or others came before. */
  tryAcquire(count: number): Permit | null {
    return this.queue.size === 0 && this.held + count <= this.capacity ? this.give(count, this.nowMs()) : null;
  }

  /**
   * Waits for a permit.
   *
   * @param grant called with the permit before it is answered
   * @returns gives the wait up
   */
  await(count: number, wake: Wake, grant: (permit: Permit) => void): () => void {
    const waiter = { count, sinceMs: this.nowMs(), wake, grant };
    this.queue.add(waiter);
    this.deepest = Math.max(this.deepest, this.queue.size);
    return () => {
      if (this.queue.delete(waiter)) this.serve();
    };
  }

  release(permit: Permit): void {
    this.held -= permit.count;
    this.releases++;
    this.totalHeldMs += this.nowMs() - permit.sinceMs;
    this.serve();
  }

  private serve(): void {
    for (const waiter of this.queue) {
      if (this.held + waiter.count > this.capacity) return;
      this.queue.delete(waiter);
      const permit = this.give(waiter.count, waiter.sinceMs);
      waiter.grant(permit);
      waiter.wake.done(permit);
    }
  }

  private give(count: number, askedMs: number): Permit {
    const nowMs = this.nowMs();
    this.held += count;
    this.acquisitions++;
    this.totalWaitMs += nowMs - askedMs;
    return new Permit(this, count, nowMs);
  }
}

/** The right to be inside, until it is given back. */
export class Permit extends Handle {
  private isHeld = true;
  /** Told when it is given back. */
  onRelease: (() => void) | null = null;

  constructor(
    private readonly lock: Lock,
    readonly count: number,
    readonly sinceMs: number,
  ) {
    super();
  }
  get typeName(): string {
    return "sync_permit";
  }
  display(): string {
    return `<sync_permit:${this.lock.kind}:${this.lock.key}>`;
  }
  /** False: it was given back before. */
  release(): boolean {
    if (!this.isHeld) return false;
    this.isHeld = false;
    this.onRelease?.();
    this.lock.release(this);
    return true;
  }
}

/** All locks of one VM instance, by kind and key. */
export type Locks = Map<string, Lock>;

export function metricsOf(lock: Lock): Record<string, Value> {
  return {
    kind: lock.kind,
    key: lock.key,
    capacity: lock.capacity,
    acquisition_count: lock.acquisitions,
    timeout_count: lock.timeouts,
    cancellation_count: lock.cancellations,
    release_count: lock.releases,
    current_held: lock.held,
    current_queue_depth: lock.queued,
    max_queue_depth: lock.deepest,
    total_wait_ms: Math.floor(lock.totalWaitMs),
    total_held_ms: Math.floor(lock.totalHeldMs),
  };
}
