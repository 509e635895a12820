/** Calls that are no plain calls of a closure: builtins, sources, names, pipes, spread arguments. */
import { Op } from "../bytecode/op.ts";
import { display } from "./display.ts";
import { attempt, drive, pushNative } from "./drive.ts";
import { raise } from "./errors.ts";
import type { Fiber, Frame } from "./frame.ts";
import type { LinkedFunction } from "./link.ts";
import type { Machine } from "./machine.ts";
import { builtinNamed, lateFunction } from "./names.ts";
import { type Builtin, type FrameBody, PARKED, type Source } from "./native.ts";
import { BuiltinRef, Closure, type List, share, typeName, type Value } from "./values.ts";

/** What calling a builtin came to. */
export const enum Called {
  Done,
  /** Another frame is on top. */
  Reload,
  /** The fiber waits or has ended. */
  Leave,
}

/** A call whose name has no closure: the builtin of that name, or the error. */
export function unboundCallee(machine: Machine, fn: LinkedFunction, op: number, index: number, suggestion: number): Builtin {
  const { names } = fn.proto;
  const { chunk } = fn.module;
  if (op === Op.CALLNAME || op === Op.TCALLNAME) return builtinNamed(machine, names[index] as string, nameOrNull(fn, suggestion));
  const isLate = op === Op.CALLLATE || op === Op.TCALLLATE;
  return builtinNamed(machine, (isLate ? chunk.late[index] : chunk.slots[index]) as string, declared(fn));
}

export function nameOrNull(fn: NonNullable<Frame["fn"]>, index: number): string | null {
  return index === 0 ? null : (fn.proto.names[index - 1] as string);
}

/** A function that is called in place has not been declared yet: then the name means a builtin, which cannot be put in place. */
export function undefinedLate(machine: Machine, fn: LinkedFunction, index: number): Error {
  const name = fn.module.chunk.late[index] as string;
  builtinNamed(machine, name, declared(fn));
  throw raise.plain(`Undefined builtin: ${name}`);
}

/** Functions of the file that can be called by now: what a reader may have meant. */
function declared(fn: LinkedFunction): string[] {
  const { chunk, late, slots } = fn.module;
  const isSet = (values: readonly (Value | undefined)[]) => (_name: string, i: number) => values[i] !== undefined;
  return [...chunk.late.filter(isSet(late)), ...chunk.slots.filter(isSet(slots))];
}

/** Puts the items of a list where arguments belong; returns their number. */
export function spreadArguments(stack: Fiber["stack"], items: Value, first: number): number {
  const source = items as List;
  stack.reserve(first + source.length + 1);
  const copy = source.items.slice(0, source.length);
  for (let i = 0; i < copy.length; i++) stack.registers[first + i] = share(copy[i] as Value);
  return copy.length;
}

export function invoke(machine: Machine, fiber: Fiber, builtin: Builtin, first: number, argc: number, result: number): Called {
  const { stack } = fiber;
  const { registers } = stack;
  if (builtin.frame !== null) {
    const body = builtin.frame;
    const frame = stack.frame;
    const args = registers.slice(first, first + argc);
    const above = Math.max(frame.base + (frame.fn?.registers ?? 0), first + argc);
    const native = pushNative(machine, fiber, body, args, above, result);
    return drive(
      machine,
      fiber,
      attempt(fiber, () => body.start(native)),
    )
      ? Called.Reload
      : Called.Leave;
  }
  const value = machine.callPlain(builtin, registers, first, argc);
  if (value === PARKED) {
    fiber.target = result;
    return Called.Leave;
  }
  registers[result] = value as Value;
  return Called.Done;
}

/** Asks a source for a loop's next item; the loop goes on at `jump` when there is one. */
export function pull(machine: Machine, fiber: Fiber, source: Source, frame: Frame, result: number, jump: number): boolean {
  const body: FrameBody = source.next;
  const native = pushNative(machine, fiber, body, [source], frame.base + (frame.fn?.registers ?? 0), result);
  fiber.stack.frame.jump = jump;
  return drive(
    machine,
    fiber,
    attempt(fiber, () => body.start(native)),
  );
}

/** What a pipe calls: a closure, a builtin, or the function or builtin that a string names. */
export function pipeTarget(machine: Machine, fiber: Fiber, target: Value, pc: number, tail: boolean): Closure | BuiltinRef {
  if (target instanceof Closure || target instanceof BuiltinRef) return target;
  if (typeof target !== "string") {
    throw tail ? raise.type(`Cannot call ${display(target)}`) : raise.type(`cannot pipe into ${typeName(target)}`);
  }
  fiber.stack.frame.pc = pc + 1;
  return lateFunction(fiber, target, fiber.stack.top) ?? new BuiltinRef(builtinNamed(machine, target));
}
