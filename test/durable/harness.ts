/**
 * A small interpreter for tests of the durable room: fibers are generators that yield requests, native frames are the real ones of
 * `step.run`, and the scheduler follows the order of delivery to the letter. The clock is virtual.
 */
import { hash, randomBytes } from "node:crypto";
import { stepBuiltins } from "../../src/builtins/step.ts";
import { MemoryLog } from "../../src/durable/backends/memory.ts";
import { canonicalJson } from "../../src/durable/canonical.ts";
import { NO_FAILPOINTS } from "../../src/durable/failpoints.ts";
import type { InlineLog } from "../../src/durable/log.ts";
import { DurableSession, type SessionOptions } from "../../src/durable/session.ts";
import { display } from "../../src/vm/display.ts";
import { raise, ScriptError } from "../../src/vm/errors.ts";
import type { Builtin, FrameBody, NativeCall, NativeContext, PlainBody, Signal, Wake } from "../../src/vm/native.ts";
import { BuiltinRef, type Value } from "../../src/vm/values.ts";

/** What a fiber can ask for; `yield` answers with a value. */
export type Request =
  | { op: "step"; args: Value[] }
  | { op: "inspect"; args: Value[] }
  | { op: "sleep"; ms: number }
  /** Waits for the outside world; answered by the test's host, after `ms` of its clock. */
  | { op: "host"; ms: number }
  | { op: "spawn"; body: FiberBody };
export type FiberBody = (world: World) => Generator<Request, Value, Value>;

type Entry = { kind: "script"; gen: Generator<Request, Value, Value> } | { kind: "native"; body: FrameBody; call: Call };

interface Fiber {
  readonly path: string;
  readonly stack: Entry[];
  spawned: number;
}

interface Call extends NativeCall {
  answer: Value;
  callee: [Value, Value[]] | null;
}

const FRAME = stepBuiltins.find((b) => b.name === "step.run")!.frame!;
const INSPECT = stepBuiltins.find((b) => b.name === "step.inspect")!.plain!;

/** A handler written in the test; a generator may use everything that a fiber may. */
export function handler(name: string, body: (world: World, input: Value) => Value | Generator<Request, Value, Value>): BuiltinRef {
  const plain = (() => null) as PlainBody;
  const builtin = { name, signature: "", effect: "pure", doc: "", example: "", arity: 1, plain, frame: null, body };
  return new BuiltinRef(builtin as Builtin);
}

export const sha256 = (text: string): string => hash("sha256", text);

/** A script's error that nobody caught. */
export class Uncaught extends Error {
  constructor(readonly script: ScriptError) {
    super(script.text || display(script.value));
  }
}

export interface WorldOptions extends Partial<SessionOptions> {
  log?: InlineLog;
  /** Where the clock stands at the start. */
  startMs?: number;
}

export class World {
  readonly session: DurableSession;
  /** What fibers did, in order. */
  readonly out: string[] = [];
  readonly notices: string[] = [];
  nowMs: number;
  private readonly ready: (() => void)[] = [];
  private timers: { due: number; order: number; fire: () => void }[] = [];
  private hostAnswers: { due: number; order: number; fire: () => void }[] = [];
  private order = 0;
  private readonly fibers = new Set<Fiber>();
  private failure: unknown = null;

  constructor(options: WorldOptions = {}) {
    this.nowMs = options.startMs ?? 1000;
    const log = options.log ?? new MemoryLog();
    this.session = new DurableSession({
      openLog: () => log,
      mayExist: () => true,
      program: { name: "/p/a.harn", hash: "sha256:one", args: canonicalJson([]) },
      wish: {},
      process: { owner: { pid: 7, host: "h", processStart: "s" }, isAlive: () => false },
      nowMs: () => this.nowMs,
      randomBytes: (count) => randomBytes(count),
      sha256,
      failpoints: NO_FAILPOINTS,
      notice: (line) => this.notices.push(line),
      ...options,
    });
  }

  say(text: string): void {
    this.out.push(text);
  }

  /** Script time. */
  now(): number {
    return this.session.replaying() ? this.session.recordedNowMs() : Math.max(this.nowMs, this.session.recordedNowMs());
  }

  /** Runs until nothing is left, and answers what was said. Throws what a fiber threw. */
  run(main: FiberBody, steps = Number.POSITIVE_INFINITY): string[] {
    this.spawn(main, "");
    for (let i = 0; i < steps && this.failure === null; i++) {
      const next = this.ready.shift();
      if (next !== undefined) next();
      else if (!this.idle()) break;
    }
    if (this.failure instanceof ScriptError) throw new Uncaught(this.failure);
    if (this.failure !== null) throw this.failure;
    return this.out;
  }

  /** The one place that decides what happens next when no fiber is ready. */
  private idle(): boolean {
    const waiting = this.session.lowestWaiting();
    const timer = this.timers[0];
    if (waiting !== null) {
      if (timer !== undefined && timer.due < waiting.atMs) this.fire(timer.due);
      else waiting.deliver();
      return true;
    }
    if (this.session.replaying()) {
      if (timer !== undefined) this.fire(timer.due);
      else if (this.session.pending() > 0) this.session.commit();
      else if (this.hostAnswers.length > 0) this.hostAnswer();
      else this.session.skipUnreached();
      return true;
    }
    if (timer !== undefined && timer.due <= this.now()) this.fire(timer.due);
    else if (this.session.pending() > 0) this.session.commit();
    else if (timer !== undefined && timer.due <= (this.hostAnswers[0]?.due ?? Number.POSITIVE_INFINITY)) this.fire(timer.due);
    else if (this.hostAnswers.length > 0) this.hostAnswer();
    else return false;
    return true;
  }

  private fire(due: number): void {
    if (this.session.replaying()) this.session.advanceTo(due);
    else this.nowMs = Math.max(this.nowMs, due);
    this.timers.shift()!.fire();
  }

  private hostAnswer(): void {
    const answer = this.hostAnswers.shift()!;
    this.nowMs = Math.max(this.nowMs, answer.due);
    answer.fire();
  }

  private spawn(body: FiberBody, path: string): void {
    const fiber: Fiber = { path, stack: [{ kind: "script", gen: body(this) }], spawned: 0 };
    this.fibers.add(fiber);
    this.ready.push(() => this.advance(fiber, null));
  }

  private advance(fiber: Fiber, value: Value, error: ScriptError | null = null): void {
    try {
      this.turn(fiber, value, error);
    } catch (thrown) {
      this.failure ??= thrown;
    }
  }

  /** Runs a fiber until it parks or ends. */
  private turn(fiber: Fiber, value: Value, error: ScriptError | null): void {
    for (;;) {
      const top = fiber.stack.at(-1)!;
      try {
        const next = top.kind === "script" ? this.script(fiber, top.gen, value, error) : this.native(fiber, top, value, error);
        if (next === "parked") return;
        [value, error] = [next.value, null];
      } catch (thrown) {
        if (!(thrown instanceof ScriptError) || (fiber.stack.pop() && fiber.stack.length === 0)) {
          this.fibers.delete(fiber);
          throw thrown;
        }
        [value, error] = [null, thrown];
      }
      if (fiber.stack.length === 0) {
        this.fibers.delete(fiber);
        return;
      }
    }
  }

  private script(
    fiber: Fiber,
    gen: Generator<Request, Value, Value>,
    value: Value,
    error: ScriptError | null,
  ): { value: Value } | "parked" {
    const result = error === null ? gen.next(value) : gen.throw(error);
    if (result.done === true) {
      fiber.stack.pop();
      return { value: result.value };
    }
    const request = result.value;
    switch (request.op) {
      case "sleep":
        this.timers.push({
          due: this.now() + request.ms,
          order: this.order++,
          fire: () => this.ready.push(() => this.advance(fiber, null)),
        });
        this.timers.sort((a, b) => a.due - b.due || a.order - b.order);
        return "parked";
      case "host":
        this.hostAnswers.push({
          due: this.nowMs + request.ms,
          order: this.order++,
          fire: () => this.ready.push(() => this.advance(fiber, null)),
        });
        this.hostAnswers.sort((a, b) => a.due - b.due || a.order - b.order);
        return "parked";
      case "spawn":
        this.spawn(request.body, `${fiber.path}/${fiber.spawned++}`);
        return { value: null };
      case "inspect":
        return { value: (INSPECT as unknown as (ctx: NativeContext, args: Value[]) => Value)(this.context(), request.args) };
      case "step": {
        const call = this.nativeCall(fiber, request.args);
        fiber.stack.push({ kind: "native", body: FRAME, call });
        return this.signal(fiber, call, FRAME.start(call));
      }
    }
  }

  private native(fiber: Fiber, top: Entry & { kind: "native" }, value: Value, error: ScriptError | null): { value: Value } | "parked" {
    const signal = error === null ? top.body.resume(top.call, value) : top.body.fail!(top.call, error);
    return this.signal(fiber, top.call, signal);
  }

  private signal(fiber: Fiber, call: Call, signal: Signal): { value: Value } | "parked" {
    if (signal === "parked") return "parked";
    if (signal === "done") {
      fiber.stack.pop();
      return { value: call.answer };
    }
    const [callee, args] = call.callee!;
    const body = (
      (callee as BuiltinRef).builtin as unknown as { body: (world: World, input: Value) => Value | Generator<Request, Value, Value> }
    ).body;
    fiber.stack.push({ kind: "script", gen: handlerFiber(() => body(this, args[0] ?? null)) });
    return { value: null };
  }

  private context(): NativeContext {
    const isAlone = (): boolean => this.fibers.size === 1 && this.timers.length === 0 && this.ready.length === 0;
    return { services: { durable: this.session }, isAlone, burn: () => {} } as unknown as NativeContext;
  }

  private nativeCall(fiber: Fiber, args: Value[]): Call {
    const enclosing = (): string => {
      const scopes = fiber.stack.flatMap((e) => (e.kind === "native" && e.call.scope !== null && e.call !== call ? [e.call.scope] : []));
      return [fiber.path, ...scopes].filter((part) => part !== "").join("/");
    };
    const call: Call = {
      ctx: this.context(),
      args,
      pc: 0,
      state: null,
      scope: null,
      answer: null,
      callee: null,
      enclosingScope: enclosing,
      done(value) {
        call.answer = value;
        return "done";
      },
      call(callee, passed) {
        call.callee = [callee, passed];
        return "call";
      },
      park: (begin) => {
        let used = false;
        const once = (work: () => void): void => {
          if (used) throw new Error("a wake was used twice");
          used = true;
          this.ready.push(work);
        };
        const wake: Wake = {
          done: (value) => once(() => this.advance(fiber, value)),
          fail: (error) => once(() => this.advance(fiber, null, error)),
        };
        begin(wake);
        return "parked";
      },
      parkFor: () => {
        throw raise.runtime("not used");
      },
      pull: () => {
        throw raise.runtime("not used");
      },
    };
    return call;
  }
}

/** `yield* step(…)` in a fiber or handler. */
export function* step(...args: Value[]): Generator<Request, Value, Value> {
  return yield { op: "step", args };
}

/** A handler's body as a frame of its own, so that what it throws reaches the step around it. */
function* handlerFiber(body: () => Value | Generator<Request, Value, Value>): Generator<Request, Value, Value> {
  const answer = body();
  return typeof answer === "object" && answer !== null && "next" in answer ? yield* answer : answer;
}
