/** The runs and leases of a log in memory. */
import type { Failpoints } from "../failpoints.ts";
import { type Fence, FencedOff } from "../log.ts";
import { type Holder, leaseName, type Owner, type RunEnd, type RunRow, type RunTable, type Taken } from "../runs.ts";

interface Lease {
  readonly token: number;
  readonly holder: Holder | null;
}

export class MemoryRuns implements RunTable {
  private readonly rows = new Map<string, RunRow>();
  private readonly leases = new Map<string, Lease>();

  constructor(private readonly failpoints: Failpoints) {}

  holds(fence: Fence): boolean {
    const lease = this.leases.get(fence.name);
    return lease !== undefined && lease.token === fence.token && lease.holder !== null;
  }

  start(run: RunRow, owner: Owner): Fence | null {
    if (this.rows.has(run.runId)) return null;
    return this.write("run.start", () => {
      this.rows.set(run.runId, run);
      return this.lease(run.runId, owner, run.startedAtMs);
    });
  }

  take(runId: string, programHash: string, owner: Owner, nowMs: number, isAlive: (holder: Holder) => boolean): Taken {
    const by = this.holder(runId);
    if (by !== null && isAlive(by)) return { kind: "held", by };
    const row = this.rows.get(runId) as RunRow;
    const run: RunRow = { ...row, programHash, status: "running", endedAtMs: null, attempts: row.attempts + 1 };
    return this.write("run.resume", () => {
      this.rows.set(runId, run);
      return { kind: "taken", fence: this.lease(runId, owner, nowMs), run };
    });
  }

  end(runId: string, fence: Fence, end: RunEnd): void {
    if (!this.holds(fence)) throw new FencedOff(fence.name);
    this.write("run.end", () => {
      this.rows.set(runId, { ...(this.rows.get(runId) as RunRow), ...end });
      this.leases.set(fence.name, { token: fence.token, holder: null });
    });
  }

  cancel(runId: string, nowMs: number, isAlive: (holder: Holder) => boolean): boolean {
    const row = this.rows.get(runId);
    const by = this.holder(runId);
    if (row === undefined || row.status === "completed" || (by !== null && isAlive(by))) return false;
    this.rows.set(runId, { ...row, status: "cancelled", endedAtMs: nowMs });
    return true;
  }

  get(runId: string): RunRow | null {
    return this.rows.get(runId) ?? null;
  }

  holder(runId: string): Holder | null {
    return this.leases.get(leaseName(runId))?.holder ?? null;
  }

  latest(program: string, args: string): RunRow | null {
    return this.list(program, Number.POSITIVE_INFINITY).find((row) => row.args === args) ?? null;
  }

  list(program: string | null, limit: number): RunRow[] {
    // Insertion order stands in for the id, which breaks ties of the start time.
    const rows = [...this.rows.values()].reverse().filter((row) => program === null || row.program === program);
    return rows.sort((a, b) => b.startedAtMs - a.startedAtMs).slice(0, limit);
  }

  private lease(runId: string, owner: Owner, sinceMs: number): Fence {
    const name = leaseName(runId);
    const token = (this.leases.get(name)?.token ?? 0) + 1;
    this.leases.set(name, { token, holder: { ...owner, sinceMs } });
    return { name, token };
  }

  private write<T>(failpoint: string, change: () => T): T {
    if (this.failpoints.hit(`${failpoint}.before`)) this.failpoints.die();
    const result = change();
    this.failpoints.hit(`${failpoint}.after`);
    return result;
  }
}
