/**
 * What the run loop does not do itself: native frames, returns across boundaries, and errors on their way to a handler.
 *
 * Everything here works on the fiber's stacks and comes back with one answer: is there script code to go on with? There is no recursion
 * on the host: a native body that calls back is left on the stack and resumed later.
 */
import { Op } from "../bytecode/op.ts";
import { display } from "./display.ts";
import { raise, ScriptError } from "./errors.ts";
import { type Fiber, type Frame, Kind, type Stack } from "./frame.ts";
import type { LinkedFunction } from "./link.ts";
import type { Machine } from "./machine.ts";
import { NativeState } from "./native_state.ts";
import { type Builtin, END, type FrameBody, PARKED, type Parked, type Signal, Source } from "./native.ts";
import { BuiltinRef, Closure, HeapValue, type Value } from "./values.ts";

/** Anything that was thrown, as an error of the language. A fault of ours becomes one that the script cannot swallow. */
export function asScriptError(thrown: unknown): ScriptError {
  if (thrown instanceof ScriptError) return thrown;
  if (thrown instanceof RangeError && /call stack/i.test(thrown.message)) return raise.plain("Stack overflow: too many nested calls");
  const error = raise.fatal(`internal error: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  error.cause = thrown;
  return error;
}

/** Starts a frame for a closure, above everything the running frame uses. */
export function pushClosure(machine: Machine, stack: Stack, closure: Closure, base: number, argc: number, kind: Kind): Frame {
  const { fn } = closure;
  stack.reserve(base + fn.registers + 1);
  for (let i = argc; i < fn.paramCount; i++) stack.registers[base + i] = null;
  const frame = stack.push();
  frame.self = closure;
  frame.base = base;
  frame.pc = 0;
  frame.argc = argc;
  frame.kind = kind;
  frame.floorBefore = stack.floor;
  stack.floor = stack.top;
  machine.spend();
  return frame;
}

/** Starts a native frame; its callees' windows begin at `base`. */
export function pushNative(
  machine: Machine,
  fiber: Fiber,
  body: FrameBody,
  args: readonly Value[],
  base: number,
  result: number,
): NativeState {
  const native = new NativeState(machine, fiber, body, args);
  const frame = fiber.stack.push();
  frame.self = null;
  frame.base = base;
  frame.result = result;
  frame.kind = Kind.Native;
  frame.native = native;
  return native;
}

/** What a fiber without script code of its own does: one call, whose value is its own. */
const CALL: FrameBody = {
  start: (call) => call.done(null),
  resume: (call, value) => call.done(value),
};

/** Has a fiber that was just made call a builtin when it first runs. */
export function pushCall(machine: Machine, fiber: Fiber, callee: BuiltinRef, args: readonly Value[]): void {
  pushNative(machine, fiber, CALL, args, 0, 0).call(callee, [...args]);
  fiber.waking = true;
  fiber.calling = true;
}

/** Calls a body's function. If it throws, its frame is gone and the error is the answer. */
export function attempt(fiber: Fiber, step: () => Signal): Signal | ScriptError {
  try {
    return step();
  } catch (thrown) {
    fiber.stack.pop();
    return asScriptError(thrown);
  }
}

/**
 * Runs native frames and errors until script code can go on.
 *
 * @param next what a native frame on top asked for, or an error raised by the frame on top (by its callee, if it is a native one)
 * @returns true: a script frame is on top of `fiber.stack`, its `pc` set; false: the fiber waits, made way for the host, or has ended
 */
export function drive(machine: Machine, fiber: Fiber, next: Signal | ScriptError): boolean {
  for (;;) {
    if (next instanceof ScriptError) {
      const error: ScriptError = next;
      const to = unwind(fiber, error);
      if (to === "handled") return true;
      if (to === "ended") return false;
      const { native } = fiber.stack.frame as { native: NativeState };
      next = attempt(fiber, () => (native.body.fail as NonNullable<FrameBody["fail"]>)(native, error));
      continue;
    }
    if (next === "parked") {
      fiber.target = -1;
      return false;
    }
    if (next === "switch") return true;
    if (next === "done") {
      const { result, jump, native } = fiber.stack.frame;
      fiber.stack.pop();
      const given: Signal | ScriptError | boolean = give(fiber, result, jump, (native as NativeState).result);
      if (typeof given === "boolean") return given;
      next = given;
      continue;
    }
    if (machine.turnDue) {
      fiber.calling = true;
      fiber.waking = true;
      machine.scheduler.makeFirst(fiber);
      return false;
    }
    const called: Signal | ScriptError | "script" = callFromNative(machine, fiber);
    if (called === "script") return true;
    next = called;
  }
}

/** A native frame's value goes to the frame below, which is now on top. */
function give(fiber: Fiber, register: number, jump: number, value: Value): boolean | Signal | ScriptError {
  const { stack } = fiber;
  if (stack.top < 0) return endOfStack(fiber, value);
  const below = stack.frame;
  if (below.native !== null) return resume(fiber, below.native, value);
  if (jump >= 0) {
    if (value === END) return true;
    below.pc = jump;
  }
  stack.registers[register] = value;
  return true;
}

export function resume(fiber: Fiber, native: NativeState, value: Value): Signal | ScriptError {
  return attempt(fiber, () => native.body.resume(native, value));
}

/** A script frame that is no plain call has returned. */
export function leave(machine: Machine, fiber: Fiber, value: Value): boolean {
  const { stack } = fiber;
  const { kind, fn } = stack.frame;
  stack.pop();
  if (kind === Kind.Import) {
    if (fn !== null) fn.module.state = "loaded";
    return true;
  }
  if (kind === Kind.Bottom) {
    const ended = endOfStack(fiber, value);
    return typeof ended === "boolean" ? ended : drive(machine, fiber, ended);
  }
  return drive(machine, fiber, resume(fiber, stack.frame.native as NativeState, value));
}

/** The last frame of a stack has gone: the fiber is done, or a generator is and its consumer goes on. */
function endOfStack(fiber: Fiber, value: Value): boolean | Signal | ScriptError {
  const { stack } = fiber;
  const { parent } = stack;
  stack.onEnd?.(stack);
  if (parent === null) {
    finish(fiber, value, null);
    return false;
  }
  fiber.stack = parent;
  return resume(fiber, parent.frame.native as NativeState, END);
}

export function finish(fiber: Fiber, value: Value, error: ScriptError | null): void {
  fiber.state = "done";
  fiber.outcome = { value, error };
  fiber.onDone?.(fiber);
}

// --- Calls made by native bodies ---------------------------------------------------------------------------------------------------

function callFromNative(machine: Machine, fiber: Fiber): Signal | ScriptError | "script" {
  const { stack } = fiber;
  const frame = stack.frame;
  const native = frame.native as NativeState;
  const { callee, calleeArgs: args } = native;
  try {
    machine.spend();
    if (callee instanceof Closure) {
      stack.reserve(frame.base + args.length);
      for (let i = 0; i < args.length; i++) stack.registers[frame.base + i] = args[i] as Value;
      pushClosure(machine, stack, callee, frame.base, args.length, Kind.Callback);
      return "script";
    }
    if (callee instanceof BuiltinRef) return callBuiltin(machine, fiber, native, callee.builtin, args);
    if (callee instanceof Source) return start(machine, fiber, callee.next, args);
    return raise.type(`Cannot call ${display(callee)}`);
  } catch (thrown) {
    return asScriptError(thrown);
  }
}

function callBuiltin(machine: Machine, fiber: Fiber, native: NativeState, builtin: Builtin, args: Value[]): Signal | ScriptError {
  if (builtin.frame !== null) return start(machine, fiber, builtin.frame, args);
  machine.context.argc = args.length;
  const value: Value | Parked = machine.callPlain(builtin, args, 0, args.length);
  return value === PARKED ? "parked" : resume(fiber, native, value as Value);
}

function start(machine: Machine, fiber: Fiber, body: FrameBody, args: Value[]): Signal | ScriptError {
  const native = pushNative(machine, fiber, body, args, fiber.stack.frame.base, 0);
  return attempt(fiber, () => body.start(native));
}

// --- Errors ------------------------------------------------------------------------------------------------------------------------

/** Takes frames off until one handles the error. "native": the native frame on top has a say in it. */
function unwind(fiber: Fiber, error: ScriptError): "handled" | "ended" | "native" {
  for (;;) {
    const { stack } = fiber;
    const frame = stack.frame;
    if (frame.native !== null) {
      if (frame.native.body.fail !== undefined && !error.fatal) return "native";
      stack.pop();
      if (stack.top >= 0) continue;
      finish(fiber, null, error);
      return "ended";
    }
    locate(error, frame);
    if (!error.fatal && handle(fiber, frame, error)) return "handled";
    if (!pop(fiber, frame, error)) return "ended";
  }
}

/** Where it happened: the first script frame that it passes. */
function locate(error: ScriptError, frame: Frame): void {
  const { fn } = frame;
  if (error.origin !== null || fn === null) return;
  const span = fn.span(frame.pc - 1);
  noteInlined(error, frame, fn);
  error.origin = { path: fn.module.chunk.path, source: fn.module.source, span, line: fn.module.source.line(span.start) };
}

/** The place lies in a function that was compiled in place: its caller is the frame itself. */
function noteInlined(error: ScriptError, frame: Frame, fn: LinkedFunction): void {
  const at = frame.pc - 1;
  const call = fn.proto.inlined.find((range) => range.start <= at && at < range.end);
  if (call !== undefined && !error.traceEnded) error.trace.push(callSite(frame, fn, call.callStart));
}

function handle(fiber: Fiber, frame: Frame, error: ScriptError): boolean {
  const handlers = frame.fn?.proto.handlers ?? [];
  const at = frame.pc - 1;
  const handler = handlers.find((candidate) => candidate.start <= at && at < candidate.end);
  if (handler === undefined) return false;
  disarm(fiber.stack, handler.deadlines);
  fiber.stack.registers[frame.base + handler.register] = new Caught(error);
  frame.pc = handler.target;
  return true;
}

/** Drops the deadlines of frames that are gone, and those of the running one beyond the first `keep`. */
function disarm({ deadlines, top }: Stack, keep: number): void {
  const outer = deadlines.filter((deadline) => deadline.frame < top).length;
  deadlines.length = Math.min(deadlines.length, outer + keep);
}

/** Takes the frame off; false: it was the fiber's last. */
function pop(fiber: Fiber, frame: Frame, error: ScriptError): boolean {
  const { stack } = fiber;
  disarm(stack, 0);
  stack.pop();
  if (frame.kind === Kind.Import && frame.fn !== null) {
    frame.fn.module.state = "new";
    // The importer stands at its import, which was to go on when the module had loaded; elsewhere a frame stands behind what it does.
    stack.frame.pc += 1;
    if (failedToLoad(frame, frame.fn, error)) {
      error.origin = null;
      return true;
    }
  }
  if (frame.kind !== Kind.Call && frame.kind !== Kind.Import) addSuffix(error);
  if (frame.kind === Kind.Bottom) {
    stack.onEnd?.(stack);
    if (stack.parent === null) {
      finish(fiber, null, error);
      return false;
    }
    fiber.stack = stack.parent;
    return true;
  }
  if (!error.traceEnded) note(error, stack.frame);
  return true;
}

/**
 * A module whose own imports or names are wrong has no place of its own for it: people are shown the import in the file that they run.
 * Errors of its variables' code stay where they happened.
 */
function failedToLoad(frame: Frame, fn: LinkedFunction, error: ScriptError): boolean {
  const op = (fn.code[frame.pc - 1] as number) & 255;
  return (op === Op.IMPORT || op === Op.FAIL) && error.origin?.source === fn.module.source;
}

/** Errors that are not the script's own values gain the line each time they leave an interpreter of their own. */
function addSuffix(error: ScriptError): void {
  error.traceEnded = true;
  if (error.kind === "thrown" || error.kind === "category") return;
  error.suffix += ` (line ${error.origin?.line ?? 0})`;
}

function note(error: ScriptError, frame: Frame): void {
  const { fn } = frame;
  if (fn === null) return;
  error.trace.push(callSite(frame, fn, fn.span(frame.pc - 1).start));
}

function callSite(frame: Frame, fn: LinkedFunction, offset: number): ScriptError["trace"][number] {
  const entry = frame.kind !== Kind.Call || !fn.module.isEntry;
  return { name: entry ? "pipeline" : fn.proto.name, path: fn.module.chunk.path, line: fn.module.source.line(offset) };
}

/** An error in a register, between its handler and whoever looks at it. */
export class Caught extends HeapValue {
  constructor(readonly error: ScriptError) {
    super();
  }
  get typeName(): string {
    return "error";
  }
}
