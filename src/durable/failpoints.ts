/**
 * Named places at which a durable operation can be made to crash, fail or tear.
 *
 * Every durable write passes `<name>.before` (all statements done, nothing committed) and `<name>.after` (committed, nobody told yet);
 * the handler of a step passes a point on either side. Hits are counted by name over the life of the process, so a point is addressed as
 * `<name>#<n>`. How a process dies and where a trace is written is the host's business: see `backends/host.ts`.
 */

export interface FailpointInfo {
  readonly name: string;
  /** A write that can land in part: `torn` may be armed on it. */
  readonly write: boolean;
  readonly doc: string;
}

const point = (name: string, doc: string, write = false): FailpointInfo => ({ name, write, doc });

/** The failpoints that a script can pass. Arming a name that is neither here nor among the host's is an error. */
export const FAILPOINTS: readonly FailpointInfo[] = [
  point("log.migrate.before", "a migration is done but not committed", true),
  point("log.migrate.after", "a migration is committed"),
  point("log.commit.before", "a batch of appends is inserted but not committed", true),
  point("log.commit.after", "a batch of appends is committed, its fibers are still parked"),
  point("run.start.before", "a new run and its lease are inserted but not committed", true),
  point("run.start.after", "a new run and its lease are committed"),
  point("run.resume.before", "the lease of an old run is taken but not committed", true),
  point("run.resume.after", "the lease of an old run is taken"),
  point("run.end.before", "the end of a run is written but not committed", true),
  point("run.end.after", "the end of a run is committed, its lease is free"),
  point("step.handler.before", "a step has no record; its handler is about to be called"),
  point("step.handler.after", "a handler has returned; nothing is journalled yet"),
];

/** Those that only a host's own calls of the event log pass. */
export const HOST_FAILPOINTS: readonly FailpointInfo[] = [
  point("log.ack.before", "a consumer's cursor is written but not committed", true),
  point("log.ack.after", "a consumer's cursor is committed"),
  point("log.compact.before", "events are removed but the removal is not committed", true),
  point("log.compact.after", "the removal of events is committed"),
];

export type FailpointAction = "abort" | "error" | "torn";

export interface ArmedFailpoint {
  readonly name: string;
  /** Counted from 1. */
  readonly hit: number;
  readonly action: FailpointAction;
}

export interface FailpointHost {
  /** Ends the process at once: no cleanup of any kind may run. */
  die(): never;
  /** Notes one hit, as `<name>#<n>`; null when nobody traces. */
  readonly trace: ((line: string) => void) | null;
}

/** What an armed `error` raises. */
export class FailpointError extends Error {
  override readonly name = "FailpointError";
}

export class Failpoints {
  private readonly counts = new Map<string, number>();

  /** @throws Error for an unknown name, or `torn` on a point that writes nothing */
  constructor(
    private readonly armed: readonly ArmedFailpoint[],
    private readonly host: FailpointHost | null,
  ) {
    for (const { name, action } of armed) {
      const known = [...FAILPOINTS, ...HOST_FAILPOINTS].find((f) => f.name === name);
      if (known === undefined) throw new Error(`unknown failpoint '${name}'`);
      if (action === "torn" && !known.write) throw new Error(`failpoint '${name}' writes nothing that could be torn`);
    }
  }

  /** Counts a hit and does what is armed for it. Answers true when the caller is to tear its write and then call `die`. */
  hit(name: string): boolean {
    if (this.host === null) return false;
    const count = (this.counts.get(name) ?? 0) + 1;
    this.counts.set(name, count);
    this.host.trace?.(`${name}#${count}`);
    const armed = this.armed.find((a) => a.name === name && a.hit === count);
    if (armed === undefined) return false;
    if (armed.action === "error") throw new FailpointError(`failpoint ${name}#${count}`);
    if (armed.action === "torn") return true;
    return this.host.die();
  }

  die(): never {
    if (this.host === null) throw new Error("no failpoint host");
    return this.host.die();
  }
}

/** For hosts that inject nothing: a hit costs one comparison. */
export const NO_FAILPOINTS = new Failpoints([], null);

/**
 * Reads the notation of `HARN_FAILPOINTS`.
 *
 * @param text `<name>[#<n>]=abort|error|torn[,…]`; without `#<n>` the first hit is meant
 * @throws Error naming the part that does not follow the notation
 * @example parseFailpoints("log.commit.before#3=abort") // [{ name: "log.commit.before", hit: 3, action: "abort" }]
 */
export function parseFailpoints(text: string): ArmedFailpoint[] {
  const parts = text.split(",").map((part) => part.trim());
  return parts.filter((part) => part !== "").map(parseOne);
}

function parseOne(part: string): ArmedFailpoint {
  const match = /^([a-z0-9_.]+)(?:#([1-9][0-9]*))?=(abort|error|torn)$/.exec(part);
  if (match === null) throw new Error(`failpoint '${part}' is not of the form <name>[#<n>]=abort|error|torn`);
  return { name: match[1] as string, hit: match[2] === undefined ? 1 : Number(match[2]), action: match[3] as FailpointAction };
}
