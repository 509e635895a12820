/**
 * A supervisor: runs children as tasks, and starts them again by their rules.
 *
 * It has no task of its own; it acts when a child ends and when a timer fires. Everything it does is an event.
 */
import type { ScriptError } from "../vm/errors.ts";
import type { Fiber } from "../vm/frame.ts";
import type { NativeContext } from "../vm/native.ts";
import { errorText } from "../vm/report.ts";
import type { Timer } from "../vm/scheduler.ts";
import type { CancelFlag } from "../vm/task.ts";
import { rootOf } from "../vm/tasks.ts";
import { type Closure, type Dict, dictOf, list, share, type Value } from "../vm/values.ts";
import type { ChildSpec, SupervisorSpec } from "./supervisor_spec.ts";

type ChildStatus = "pending" | "running" | "draining" | "waiting" | "stopped" | "failed" | "suppressed" | "circuit_open";

interface Child {
  readonly spec: ChildSpec;
  readonly index: number;
  readonly visible: ReadonlyMap<string, Closure> | null;
  status: ChildStatus;
  reason: string | null;
  lastError: string | null;
  restarts: number;
  /** Starts that count; the one after an open circuit does not. */
  generation: number;
  /** Script times of failures that still count, in ms. */
  failures: number[];
  nextMs: number | null;
  timer: Timer | null;
  fiber: Fiber | null;
  cancel: CancelFlag;
}

interface Event {
  readonly atMs: number;
  readonly child: string | null;
  readonly kind: string;
  readonly message: string | null;
}

const OVER: ReadonlySet<ChildStatus> = new Set(["stopped", "failed", "suppressed"]);
const LEFT: ReadonlySet<ChildStatus> = new Set(["running", "draining", "waiting", "circuit_open"]);

export class Supervisor {
  private status: "running" | "draining" | "completed" | "escalated" | "stopped" = "running";
  private stopping = false;
  private readonly metrics = { started: 0, stopped: 0, failed: 0, restarted: 0, suppressed: 0, escalated: 0 };
  private readonly children: readonly Child[];
  private readonly events: Event[] = [];
  /** Told when no child runs any more. */
  onDrained: (() => void) | null = null;

  constructor(
    private readonly ctx: NativeContext,
    readonly id: string,
    readonly name: string,
    readonly spec: SupervisorSpec,
    private readonly creator: Fiber,
    private readonly scope: string,
  ) {
    this.children = spec.children.map((child, index) => ({
      spec: child,
      index,
      visible: ctx.tasks.visible(creator, child.task),
      status: "pending",
      reason: null,
      lastError: null,
      restarts: 0,
      generation: 1,
      failures: [],
      nextMs: null,
      timer: null,
      fiber: null,
      cancel: { isSet: false },
    }));
    // The children start when the creator waits.
    ctx.tasks.after(0, () => this.begin());
  }

  private begin(): void {
    this.note(null, "supervisor_started");
    if (this.stopping) return;
    for (const child of this.children) this.start(child, false);
  }

  private note(child: Child | null, kind: string, message: string | null = null): void {
    this.events.push({ atMs: Math.floor(this.ctx.nowMs()), child: child?.spec.name ?? null, kind, message });
  }

  // --- Children ------------------------------------------------------------------------------------------------------------------------

  private start(child: Child, isRestart: boolean): void {
    const { creator, scope, id } = this;
    const owner = rootOf(creator);
    if (owner.state === "done") return; // the program has ended
    const { spec } = child;
    const parent = creator.task.identity.id;
    child.status = "running";
    child.reason = null;
    child.nextMs = null;
    child.timer = null;
    child.cancel = { isSet: false };
    this.metrics.started++;
    this.note(child, "child_started");
    if (isRestart) this.note(child, "child_restart_started");
    const form = {
      identity: { id: `${parent}:supervisor:${id}:${spec.name}`, parentId: parent, name: `supervisor ${spec.kind}`, groupId: id },
      cancel: child.cancel,
      path: `${scope}/${creator.task.takePaths(scope, creator.path, 1)}`,
    };
    const info = dictOf({
      supervisor_id: id,
      child_name: spec.name,
      child_kind: spec.kind,
      attempt: child.generation,
      restart_count: child.restarts,
    });
    const fiber = this.ctx.tasks.start(creator, spec.task, [info], form, child.visible, owner);
    child.fiber = fiber;
    fiber.task.onEnd = () => this.ended(child, fiber);
  }

  private ended(child: Child, fiber: Fiber): void {
    this.ctx.tasks.abort(fiber); // it has ended: only its owner forgets it
    child.fiber = null;
    const text = fiber.task.output?.join("") ?? "";
    if (text !== "") this.note(child, "child_output", text);
    const error = fiber.outcome?.error ?? null;
    if (error === null) this.succeeded(child);
    else this.failed(child, error);
    if (this.stopping) this.checkDrained();
    else if (error !== null && this.spec.strategy === "escalate_to_parent") this.escalate(child);
    else if (error !== null && this.spec.strategy !== "one_for_one") this.propagate(child);
    else this.decide(child, error !== null);
    this.checkCompleted();
  }

  private succeeded(child: Child): void {
    child.status = "stopped";
    child.reason = null;
    child.lastError = null;
    this.metrics.stopped++;
    this.note(child, "child_stopped");
  }

  private failed(child: Child, error: ScriptError): void {
    child.status = "failed";
    child.reason = null;
    child.lastError = errorText(error);
    child.failures.push(this.ctx.nowMs());
    this.metrics.failed++;
    this.note(child, "child_failed", child.lastError);
  }

  private escalate(child: Child): void {
    this.status = "escalated";
    this.metrics.escalated++;
    this.note(child, "child_escalated", "failure escalated to parent supervisor");
    for (const other of this.children) {
      this.halt(other);
      other.status = "stopped";
      other.reason = null;
    }
  }

  /** The others are stopped as well, then all of them are looked at. */
  private propagate(failed: Child): void {
    const affected = this.children.filter(({ index }) => this.spec.strategy === "one_for_all" || index >= failed.index);
    for (const child of affected) {
      if (child === failed) continue;
      this.halt(child);
      child.status = "waiting";
      child.reason = "propagation_restart";
      this.note(child, "child_stopped", "propagation restart");
    }
    for (const child of affected) this.decide(child, child === failed);
  }

  private halt(child: Child): void {
    if (child.fiber !== null) this.ctx.tasks.abort(child.fiber);
    if (child.timer !== null) child.timer.cancelled = true;
    child.fiber = null;
    child.timer = null;
    child.nextMs = null;
  }

  // --- Restarting ----------------------------------------------------------------------------------------------------------------------

  private decide(child: Child, hasFailed: boolean): void {
    const { policy } = child.spec;
    if (policy.mode === "never" || (policy.mode === "on_failure" && !hasFailed)) return;
    if (this.isOverCap(child, hasFailed)) return this.suppress(child);
    const delayMs = delayOf(child);
    child.restarts++;
    child.generation++;
    this.metrics.restarted++;
    child.status = "waiting";
    child.reason = "restart_backoff";
    this.note(child, "child_restarted", `scheduled after ${delayMs}ms`);
    this.startLater(child, delayMs);
  }

  private isOverCap(child: Child, hasFailed: boolean): boolean {
    const { maxRestarts, windowMs } = child.spec.policy;
    if (!hasFailed || windowMs === 0) return child.restarts >= maxRestarts;
    const oldestMs = this.ctx.nowMs() - windowMs;
    child.failures = child.failures.filter((atMs) => atMs >= oldestMs);
    return child.failures.length > maxRestarts;
  }

  private suppress(child: Child): void {
    const { circuitOpenMs } = child.spec.policy;
    this.metrics.suppressed++;
    if (circuitOpenMs === null) {
      child.status = "suppressed";
      child.reason = "restart_cap_exceeded";
      return this.note(child, "child_suppressed", "restart cap reached");
    }
    child.status = "circuit_open";
    child.reason = "circuit_open";
    this.note(child, "child_suppressed", "restart cap reached; circuit opened");
    child.restarts = 0;
    child.failures = [];
    this.startLater(child, circuitOpenMs);
  }

  private startLater(child: Child, delayMs: number): void {
    child.nextMs = Math.floor(this.ctx.nowMs()) + delayMs;
    child.timer = this.ctx.tasks.after(delayMs, () => this.start(child, true));
  }

  // --- Ending --------------------------------------------------------------------------------------------------------------------------

  private checkCompleted(): void {
    if (this.status !== "running" || !this.children.every(({ status }) => OVER.has(status))) return;
    this.status = "completed";
    this.note(null, "supervisor_completed");
  }

  private checkDrained(): void {
    if (this.isBusy) return;
    this.status = "stopped";
    this.note(null, "supervisor_stopped", "drained");
    this.onDrained?.();
  }

  get isBusy(): boolean {
    return this.children.some(({ status }) => status === "running" || status === "draining");
  }

  /** Asks the children to end. */
  drain(): void {
    this.stopping = true;
    this.status = "draining";
    this.note(null, "supervisor_stopping");
    for (const child of this.children) {
      if (child.timer !== null) child.timer.cancelled = true;
      if (child.status !== "running") continue;
      child.status = "draining";
      child.reason = "shutdown";
      this.ctx.tasks.requestCancel(child.cancel);
    }
  }

  /** Ends what is left. */
  stop(): void {
    const left = this.children.filter(({ status }) => LEFT.has(status));
    for (const child of left) {
      this.halt(child);
      child.status = "stopped";
      child.reason = null;
      this.note(child, "child_stopped", "supervisor stop");
    }
    this.status = "stopped";
    this.note(null, "supervisor_stopped", left.length > 0 ? "forced" : "drained");
  }

  // --- What can be asked ---------------------------------------------------------------------------------------------------------------

  metricsDict(): Dict {
    return dictOf({ ...this.metrics });
  }

  stateDict(): Dict {
    const children = this.children.map(({ spec, status, restarts, lastError, reason, nextMs }) =>
      dictOf({
        name: spec.name,
        kind: spec.kind,
        status,
        restart_count: restarts,
        last_error: lastError,
        current_wait_reason: reason,
        active_lease: share(spec.lease),
        next_restart_time: nextMs,
      }),
    );
    return dictOf({
      _type: "supervisor_state",
      id: this.id,
      name: this.name,
      status: this.status,
      strategy: this.spec.strategy,
      metrics: this.metricsDict(),
      children: list(children),
    });
  }

  eventList(): Value {
    return list(
      this.events.map(({ atMs, child, kind, message }, seq) => dictOf({ seq, at_ms: atMs, supervisor_id: this.id, child, kind, message })),
    );
  }
}

/** The time until the next start, in ms. The jitter is computed, not drawn, so that siblings differ and runs do not. */
function delayOf({ spec: { policy }, index, restarts }: Child): number {
  const { backoffMs, maxBackoffMs, factor, jitterMs } = policy;
  const growing = Math.min(Math.round(backoffMs * factor ** restarts), Math.max(maxBackoffMs, backoffMs));
  return growing + (jitterMs > 0 ? ((index + 1) * 1103 + restarts * 9176) % (jitterMs + 1) : 0);
}
