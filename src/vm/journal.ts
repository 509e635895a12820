/**
 * What the scheduler asks of a durable session when no fiber is ready. `durable/` implements it; the language runs without one.
 *
 * Order of delivery: what comes from the journal reaches fibers in the journal's order. The scheduler has one place that decides
 * what happens next (`scheduler.ts`), and these are all the questions it puts.
 */
export interface JournalPort {
  /** The lowest-numbered undelivered record that a parked fiber waits for, with the time at which it was written. */
  lowestWaiting(): { readonly atMs: number; deliver(): void } | null;
  /** True while records of earlier attempts are undelivered: script time is then the recorded one. */
  replaying(): boolean;
  /** The time of the last delivered record, or of a due timer that was fired since, in ms; never goes back. */
  recordedNowMs(): number;
  /** Moves the recorded clock forward to a due timer. */
  advanceTo(ms: number): void;
  /** Nothing can run and nobody waits for the remaining records: they are counted as not reached, and the clock is the real one again. */
  skipUnreached(): void;
  /** Random bytes that a resumed run draws again. @param path whose stream: a fiber's path and the scope of the step it is in */
  randomBytes(path: string, count: number): Uint8Array;
  /** Appends that wait for a commit. */
  pending(): number;
  /** Commits them, then wakes their fibers in append order; a failed commit raises in each of them. */
  commit(): void;
}
