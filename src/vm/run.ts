/**
 * The run loop.
 *
 * One function, because the host's compiler optimises it as a whole and every call out of it costs; its compiled size must stay under
 * 61,440 bytes of the host's bytecode (a test watches it), so whatever is not hot is a call. Registers are read as `R[base + n]`. A case
 * that ends in `continue` is done; one that ends in `break` has prepared a call of a closure, which stands behind the switch.
 *
 * Arithmetic and comparisons are written out for each instruction. Sharing them through functions halves this file, but the host puts only
 * about 900 bytes of called functions in place for the whole of `run`, and a call that stays a call doubled the time of a float operation.
 * Sums that are indexes end in `| 0`: then the host knows that `pc`, `base` and what comes from them are 32-bit integers and neither tests
 * nor tags them. So does the sum of two ints when it is small, because else one large int met anywhere makes all of them doubles.
 * What did not help: plain arrays instead of typed ones for the code, fewer fields in a frame.
 */
import { SPREAD_ARGS } from "../bytecode/chunk.ts";
import { Op } from "../bytecode/op.ts";
import { getIndex, getOptional, setIndex, setProperty, slice } from "./access.ts";
import { add, checkedString, checkItems, divide, isIn, modulo, multiply, negate, power, rangeOf, subtract } from "./arith.ts";
import {
  addItem,
  dictRest,
  listRest,
  needDict,
  needList,
  newStruct,
  planStruct,
  type StructPlan,
  spreadEntries,
  spreadItems,
  structFrom,
} from "./build.ts";
import { type Cursor, cursorOver, nextRare, Over } from "./cursor.ts";
import { putEntry } from "./dict.ts";
import { display, displayWithin } from "./display.ts";
import { asScriptError, type Caught, drive, leave, pushClosure, resume } from "./drive.ts";
import { equalsPaid } from "./equality.ts";
import { raise } from "./errors.ts";
import { type Fiber, type Frame, Kind } from "./frame.ts";
import { Generator } from "./generator.ts";
import { checkGuard } from "./guards.ts";
import { bindImport } from "./imports.ts";
import type { Machine } from "./machine.ts";
import { Called, invoke, nameOrNull, pipeTarget, pull, spreadArguments, unboundCallee, undefinedLate } from "./invoke.ts";
import { type FieldCache, property, putAlong, remember, walkPath } from "./fields.ts";
import { findMethod } from "./methods.ts";
import { boxed, greater, isHeldElsewhere, less, ordered, RAW, same } from "./operands.ts";
import { builtinNamed, globalValue, inherit, lateFunction } from "./names.ts";
import type { Builtin, Source } from "./native.ts";
import { caughtValue } from "./report.ts";
import {
  type BuiltinRef,
  Closure,
  Container,
  Dict,
  Duration,
  EnumValue,
  Float,
  isResult,
  List,
  ok,
  err,
  share,
  type Shape,
  Shaped,
  Struct,
  truthy,
  typeName,
  type Value,
} from "./values.ts";

/** What call sites remember methods of strings and lists by. */
const STRING = "string";
const LIST = "list";
const SAFE = Number.MAX_SAFE_INTEGER;

/** Runs a fiber until it waits, ends, or the host wants a turn. */
export function run(machine: Machine, fiber: Fiber): void {
  if (fiber.waking && !wake(machine, fiber)) return;
  let budget = machine.takeSlice();
  const mostCalls = machine.limits.callDepth - 1;
  let pc = 0;
  let frame = fiber.stack.frame;
  for (;;) {
    try {
      const { stack } = fiber;
      const R = stack.registers;
      const { frames } = stack;
      frame = stack.frame;
      let fn = (frame.self as Closure).fn;
      let code = fn.code;
      let K = fn.constants;
      let caches = fn.caches;
      let base = frame.base | 0;
      let F = stack.floats;
      pc = frame.pc | 0;
      // Set by the cases that call a closure.
      let closure: Closure;
      let window: number;
      let argc: number;
      let kind: Kind;
      let next: number;
      let result: number;
      reload: for (;;) {
        const w0 = code[pc] as number;
        const w1 = code[(pc + 1) | 0] as number;
        const a = (base + (w0 >>> 8)) | 0;
        switch (w0 & 255) {
          // --- Moves and constants
          case Op.MOVE: {
            const v = R[(base + (w1 & 0xffff)) | 0] as Value;
            if (typeof v === "object" && v instanceof Container) v.shared = true;
            R[a] = v;
            pc = (pc + 2) | 0;
            continue;
          }
          case Op.TAKE:
            R[a] = R[(base + (w1 & 0xffff)) | 0] as Value;
            pc = (pc + 2) | 0;
            continue;
          case Op.MOVET: {
            const i = (base + (w1 & 0xffff)) | 0;
            const v = R[i] as Value;
            if (v === RAW) F[a] = F[i] as number;
            else if (typeof v === "object" && v instanceof Container) v.shared = true;
            R[a] = v;
            pc = (pc + 2) | 0;
            continue;
          }
          case Op.BOX: {
            const i = (base + (w1 & 0xffff)) | 0;
            const v = R[i] as Value;
            if (v === RAW) R[a] = new Float(F[i] as number);
            else {
              // Boxed in its own place, it is not held once more.
              if (a !== i && typeof v === "object" && v instanceof Container) v.shared = true;
              R[a] = v;
            }
            pc = (pc + 2) | 0;
            continue;
          }
          case Op.SHARE:
            share(R[a]);
            pc = (pc + 2) | 0;
            continue;
          case Op.LOADK:
            R[a] = K[w1] as Value;
            pc = (pc + 2) | 0;
            continue;
          case Op.LOADI:
            R[a] = w1;
            pc = (pc + 2) | 0;
            continue;
          case Op.GETCAP:
            R[a] = share((frame.self as Closure).captures[w1] as Value);
            pc = (pc + 2) | 0;
            continue;
          case Op.GETSLOT:
          case Op.TAKESLOT: {
            const v = fn.module.slots[w1];
            if (v === undefined) R[a] = globalValue(machine, fn.proto.names[code[(pc + 2) | 0] as number] as string, null);
            else R[a] = (w0 & 255) === Op.GETSLOT ? share(v) : v;
            pc = (pc + 3) | 0;
            continue;
          }
          case Op.SETSLOT:
            fn.module.slots[w0 >>> 8] = R[(base + (w1 & 0xffff)) | 0] as Value;
            pc = (pc + 2) | 0;
            continue;
          case Op.GETNAME: {
            frame.pc = pc + 1;
            const name = fn.proto.names[w1] as string;
            R[a] = lateFunction(fiber, name, stack.top - 1) ?? globalValue(machine, name, nameOrNull(fn, code[(pc + 2) | 0] as number));
            pc = (pc + 3) | 0;
            continue;
          }
          case Op.GETGLOBAL:
            R[a] = globalValue(machine, fn.proto.names[w1] as string, nameOrNull(fn, code[(pc + 2) | 0] as number));
            pc = (pc + 3) | 0;
            continue;
          case Op.SETLATE:
            fn.module.late[w0 >>> 8] = share(R[(base + (w1 & 0xffff)) | 0]);
            pc = (pc + 2) | 0;
            continue;
          case Op.CLOSURE: {
            const inner = fn.function(w1);
            const sources = inner.proto.captures;
            const captures: Value[] = [];
            for (let i = 0; i < sources.length; i++) {
              const from = sources[i] as (typeof sources)[number];
              captures.push(
                from.from === "register"
                  ? share(boxed(R[base + from.index] as Value, F, base + from.index))
                  : ((frame.self as Closure).captures[from.index] as Value),
              );
            }
            R[a] = new Closure(inner, captures);
            pc = (pc + 2) | 0;
            continue;
          }

          // --- Arithmetic
          case Op.ADD: {
            const i = (base + (w1 & 0xffff)) | 0;
            const j = (base + (w1 >>> 16)) | 0;
            const x = R[i] as Value;
            const y = R[j] as Value;
            if (typeof x === "number" && typeof y === "number") {
              const r = x + y;
              const small = r | 0;
              R[a] = small === r ? small : r <= SAFE && r >= -SAFE ? r : add(x, y, false, machine.limits);
              pc = (pc + 2) | 0;
              continue;
            }
            if (typeof x === "string" && typeof y === "string") {
              const text = x + y;
              R[a] = text.length <= machine.limits.stringLength ? text : checkedString(text, machine.limits);
              pc = (pc + 2) | 0;
              continue;
            }
            const r =
              (x === RAW ? (F[i] as number) : x instanceof Float ? x.value : typeof x === "number" ? x : Number.NaN) +
              (y === RAW ? (F[j] as number) : y instanceof Float ? y.value : typeof y === "number" ? y : Number.NaN);
            // Not NaN: both were numbers.
            R[a] = r === r ? new Float(r) : add(boxed(x, F, i), boxed(y, F, j), a === i, machine.limits);
            pc = (pc + 2) | 0;
            continue;
          }
          case Op.ADDT: {
            const i = (base + (w1 & 0xffff)) | 0;
            const j = (base + (w1 >>> 16)) | 0;
            const x = R[i] as Value;
            const y = R[j] as Value;
            if (typeof x === "number" && typeof y === "number") {
              const r = x + y;
              const small = r | 0;
              R[a] = small === r ? small : r <= SAFE && r >= -SAFE ? r : add(x, y, false, machine.limits);
              pc = (pc + 2) | 0;
              continue;
            }
            if (x === RAW && y === RAW) {
              F[a] = (F[i] as number) + (F[j] as number);
              R[a] = RAW;
              pc = (pc + 2) | 0;
              continue;
            }
            if (typeof x === "string" && typeof y === "string") {
              const text = x + y;
              R[a] = text.length <= machine.limits.stringLength ? text : checkedString(text, machine.limits);
              pc = (pc + 2) | 0;
              continue;
            }
            const r =
              (x === RAW ? (F[i] as number) : x instanceof Float ? x.value : typeof x === "number" ? x : Number.NaN) +
              (y === RAW ? (F[j] as number) : y instanceof Float ? y.value : typeof y === "number" ? y : Number.NaN);
            // Not NaN: both were numbers.
            if (r === r) {
              F[a] = r;
              R[a] = RAW;
            } else R[a] = add(boxed(x, F, i), boxed(y, F, j), a === i, machine.limits);
            pc = (pc + 2) | 0;
            continue;
          }
          case Op.ADDK: {
            const i = (base + (w1 & 0xffff)) | 0;
            const x = R[i] as Value;
            const y = K[w1 >>> 16] as Value;
            if (typeof x === "number" && typeof y === "number") {
              const r = x + y;
              const small = r | 0;
              R[a] = small === r ? small : r <= SAFE && r >= -SAFE ? r : add(x, y, false, machine.limits);
              pc = (pc + 2) | 0;
              continue;
            }
            if (typeof x === "string" && typeof y === "string") {
              const text = x + y;
              R[a] = text.length <= machine.limits.stringLength ? text : checkedString(text, machine.limits);
              pc = (pc + 2) | 0;
              continue;
            }
            const r =
              (x === RAW ? (F[i] as number) : x instanceof Float ? x.value : typeof x === "number" ? x : Number.NaN) +
              (y instanceof Float ? y.value : typeof y === "number" ? y : Number.NaN);
            // Not NaN: both were numbers.
            R[a] = r === r ? new Float(r) : add(boxed(x, F, i), boxed(y, F, 0), a === i, machine.limits);
            pc = (pc + 2) | 0;
            continue;
          }
          case Op.ADDTK: {
            const i = (base + (w1 & 0xffff)) | 0;
            const x = R[i] as Value;
            const y = K[w1 >>> 16] as Value;
            if (typeof x === "number" && typeof y === "number") {
              const r = x + y;
              const small = r | 0;
              R[a] = small === r ? small : r <= SAFE && r >= -SAFE ? r : add(x, y, false, machine.limits);
              pc = (pc + 2) | 0;
              continue;
            }
            if (x === RAW && y instanceof Float) {
              F[a] = (F[i] as number) + y.value;
              R[a] = RAW;
              pc = (pc + 2) | 0;
              continue;
            }
            if (typeof x === "string" && typeof y === "string") {
              const text = x + y;
              R[a] = text.length <= machine.limits.stringLength ? text : checkedString(text, machine.limits);
              pc = (pc + 2) | 0;
              continue;
            }
            const r =
              (x === RAW ? (F[i] as number) : x instanceof Float ? x.value : typeof x === "number" ? x : Number.NaN) +
              (y instanceof Float ? y.value : typeof y === "number" ? y : Number.NaN);
            // Not NaN: both were numbers.
            if (r === r) {
              F[a] = r;
              R[a] = RAW;
            } else R[a] = add(boxed(x, F, i), boxed(y, F, 0), a === i, machine.limits);
            pc = (pc + 2) | 0;
            continue;
          }
          case Op.SUB: {
            const i = (base + (w1 & 0xffff)) | 0;
            const j = (base + (w1 >>> 16)) | 0;
            const x = R[i] as Value;
            const y = R[j] as Value;
            if (typeof x === "number" && typeof y === "number") {
              const r = x - y;
              const small = r | 0;
              R[a] = small === r ? small : r <= SAFE && r >= -SAFE ? r : subtract(x, y);
              pc = (pc + 2) | 0;
              continue;
            }
            const r =
              (x === RAW ? (F[i] as number) : x instanceof Float ? x.value : typeof x === "number" ? x : Number.NaN) -
              (y === RAW ? (F[j] as number) : y instanceof Float ? y.value : typeof y === "number" ? y : Number.NaN);
            // Not NaN: both were numbers.
            R[a] = r === r ? new Float(r) : subtract(boxed(x, F, i), boxed(y, F, j));
            pc = (pc + 2) | 0;
            continue;
          }
          case Op.SUBT: {
            const i = (base + (w1 & 0xffff)) | 0;
            const j = (base + (w1 >>> 16)) | 0;
            const x = R[i] as Value;
            const y = R[j] as Value;
            if (typeof x === "number" && typeof y === "number") {
              const r = x - y;
              const small = r | 0;
              R[a] = small === r ? small : r <= SAFE && r >= -SAFE ? r : subtract(x, y);
              pc = (pc + 2) | 0;
              continue;
            }
            if (x === RAW && y === RAW) {
              F[a] = (F[i] as number) - (F[j] as number);
              R[a] = RAW;
              pc = (pc + 2) | 0;
              continue;
            }
            const r =
              (x === RAW ? (F[i] as number) : x instanceof Float ? x.value : typeof x === "number" ? x : Number.NaN) -
              (y === RAW ? (F[j] as number) : y instanceof Float ? y.value : typeof y === "number" ? y : Number.NaN);
            // Not NaN: both were numbers.
            if (r === r) {
              F[a] = r;
              R[a] = RAW;
            } else R[a] = subtract(boxed(x, F, i), boxed(y, F, j));
            pc = (pc + 2) | 0;
            continue;
          }
          case Op.SUBK: {
            const i = (base + (w1 & 0xffff)) | 0;
            const x = R[i] as Value;
            const y = K[w1 >>> 16] as Value;
            if (typeof x === "number" && typeof y === "number") {
              const r = x - y;
              const small = r | 0;
              R[a] = small === r ? small : r <= SAFE && r >= -SAFE ? r : subtract(x, y);
              pc = (pc + 2) | 0;
              continue;
            }
            const r =
              (x === RAW ? (F[i] as number) : x instanceof Float ? x.value : typeof x === "number" ? x : Number.NaN) -
              (y instanceof Float ? y.value : typeof y === "number" ? y : Number.NaN);
            // Not NaN: both were numbers.
            R[a] = r === r ? new Float(r) : subtract(boxed(x, F, i), boxed(y, F, 0));
            pc = (pc + 2) | 0;
            continue;
          }
          case Op.SUBTK: {
            const i = (base + (w1 & 0xffff)) | 0;
            const x = R[i] as Value;
            const y = K[w1 >>> 16] as Value;
            if (typeof x === "number" && typeof y === "number") {
              const r = x - y;
              const small = r | 0;
              R[a] = small === r ? small : r <= SAFE && r >= -SAFE ? r : subtract(x, y);
              pc = (pc + 2) | 0;
              continue;
            }
            if (x === RAW && y instanceof Float) {
              F[a] = (F[i] as number) - y.value;
              R[a] = RAW;
              pc = (pc + 2) | 0;
              continue;
            }
            const r =
              (x === RAW ? (F[i] as number) : x instanceof Float ? x.value : typeof x === "number" ? x : Number.NaN) -
              (y instanceof Float ? y.value : typeof y === "number" ? y : Number.NaN);
            // Not NaN: both were numbers.
            if (r === r) {
              F[a] = r;
              R[a] = RAW;
            } else R[a] = subtract(boxed(x, F, i), boxed(y, F, 0));
            pc = (pc + 2) | 0;
            continue;
          }
          case Op.MUL: {
            const i = (base + (w1 & 0xffff)) | 0;
            const j = (base + (w1 >>> 16)) | 0;
            const x = R[i] as Value;
            const y = R[j] as Value;
            if (typeof x === "number" && typeof y === "number") {
              const r = x * y;
              const small = r | 0;
              R[a] = small === r ? small : r <= SAFE && r >= -SAFE ? r : multiply(x, y, machine.limits);
              pc = (pc + 2) | 0;
              continue;
            }
            const r =
              (x === RAW ? (F[i] as number) : x instanceof Float ? x.value : typeof x === "number" ? x : Number.NaN) *
              (y === RAW ? (F[j] as number) : y instanceof Float ? y.value : typeof y === "number" ? y : Number.NaN);
            // Not NaN: both were numbers.
            R[a] = r === r ? new Float(r) : multiply(boxed(x, F, i), boxed(y, F, j), machine.limits);
            pc = (pc + 2) | 0;
            continue;
          }
          case Op.MULT: {
            const i = (base + (w1 & 0xffff)) | 0;
            const j = (base + (w1 >>> 16)) | 0;
            const x = R[i] as Value;
            const y = R[j] as Value;
            if (typeof x === "number" && typeof y === "number") {
              const r = x * y;
              const small = r | 0;
              R[a] = small === r ? small : r <= SAFE && r >= -SAFE ? r : multiply(x, y, machine.limits);
              pc = (pc + 2) | 0;
              continue;
            }
            if (x === RAW && y === RAW) {
              F[a] = (F[i] as number) * (F[j] as number);
              R[a] = RAW;
              pc = (pc + 2) | 0;
              continue;
            }
            const r =
              (x === RAW ? (F[i] as number) : x instanceof Float ? x.value : typeof x === "number" ? x : Number.NaN) *
              (y === RAW ? (F[j] as number) : y instanceof Float ? y.value : typeof y === "number" ? y : Number.NaN);
            // Not NaN: both were numbers.
            if (r === r) {
              F[a] = r;
              R[a] = RAW;
            } else R[a] = multiply(boxed(x, F, i), boxed(y, F, j), machine.limits);
            pc = (pc + 2) | 0;
            continue;
          }
          case Op.MULK: {
            const i = (base + (w1 & 0xffff)) | 0;
            const x = R[i] as Value;
            const y = K[w1 >>> 16] as Value;
            if (typeof x === "number" && typeof y === "number") {
              const r = x * y;
              const small = r | 0;
              R[a] = small === r ? small : r <= SAFE && r >= -SAFE ? r : multiply(x, y, machine.limits);
              pc = (pc + 2) | 0;
              continue;
            }
            const r =
              (x === RAW ? (F[i] as number) : x instanceof Float ? x.value : typeof x === "number" ? x : Number.NaN) *
              (y instanceof Float ? y.value : typeof y === "number" ? y : Number.NaN);
            // Not NaN: both were numbers.
            R[a] = r === r ? new Float(r) : multiply(boxed(x, F, i), boxed(y, F, 0), machine.limits);
            pc = (pc + 2) | 0;
            continue;
          }
          case Op.MULTK: {
            const i = (base + (w1 & 0xffff)) | 0;
            const x = R[i] as Value;
            const y = K[w1 >>> 16] as Value;
            if (typeof x === "number" && typeof y === "number") {
              const r = x * y;
              const small = r | 0;
              R[a] = small === r ? small : r <= SAFE && r >= -SAFE ? r : multiply(x, y, machine.limits);
              pc = (pc + 2) | 0;
              continue;
            }
            if (x === RAW && y instanceof Float) {
              F[a] = (F[i] as number) * y.value;
              R[a] = RAW;
              pc = (pc + 2) | 0;
              continue;
            }
            const r =
              (x === RAW ? (F[i] as number) : x instanceof Float ? x.value : typeof x === "number" ? x : Number.NaN) *
              (y instanceof Float ? y.value : typeof y === "number" ? y : Number.NaN);
            // Not NaN: both were numbers.
            if (r === r) {
              F[a] = r;
              R[a] = RAW;
            } else R[a] = multiply(boxed(x, F, i), boxed(y, F, 0), machine.limits);
            pc = (pc + 2) | 0;
            continue;
          }
          case Op.DIV: {
            const i = (base + (w1 & 0xffff)) | 0;
            const j = (base + (w1 >>> 16)) | 0;
            const x = R[i] as Value;
            const y = R[j] as Value;
            if (typeof x === "number" && typeof y === "number") {
              R[a] = (x | 0) === x && (y | 0) === y && y > 0 ? (x / y) | 0 : divide(x, y);
              pc = (pc + 2) | 0;
              continue;
            }
            const r =
              (x === RAW ? (F[i] as number) : x instanceof Float ? x.value : typeof x === "number" ? x : Number.NaN) /
              (y === RAW ? (F[j] as number) : y instanceof Float ? y.value : typeof y === "number" ? y : Number.NaN);
            // Not NaN: both were numbers.
            R[a] = r === r ? new Float(r) : divide(boxed(x, F, i), boxed(y, F, j));
            pc = (pc + 2) | 0;
            continue;
          }
          case Op.DIVT: {
            const i = (base + (w1 & 0xffff)) | 0;
            const j = (base + (w1 >>> 16)) | 0;
            const x = R[i] as Value;
            const y = R[j] as Value;
            if (typeof x === "number" && typeof y === "number") {
              R[a] = (x | 0) === x && (y | 0) === y && y > 0 ? (x / y) | 0 : divide(x, y);
              pc = (pc + 2) | 0;
              continue;
            }
            if (x === RAW && y === RAW) {
              F[a] = (F[i] as number) / (F[j] as number);
              R[a] = RAW;
              pc = (pc + 2) | 0;
              continue;
            }
            const r =
              (x === RAW ? (F[i] as number) : x instanceof Float ? x.value : typeof x === "number" ? x : Number.NaN) /
              (y === RAW ? (F[j] as number) : y instanceof Float ? y.value : typeof y === "number" ? y : Number.NaN);
            // Not NaN: both were numbers.
            if (r === r) {
              F[a] = r;
              R[a] = RAW;
            } else R[a] = divide(boxed(x, F, i), boxed(y, F, j));
            pc = (pc + 2) | 0;
            continue;
          }
          case Op.DIVK: {
            const i = (base + (w1 & 0xffff)) | 0;
            const x = R[i] as Value;
            const y = K[w1 >>> 16] as Value;
            if (typeof x === "number" && typeof y === "number") {
              R[a] = (x | 0) === x && (y | 0) === y && y > 0 ? (x / y) | 0 : divide(x, y);
              pc = (pc + 2) | 0;
              continue;
            }
            const r =
              (x === RAW ? (F[i] as number) : x instanceof Float ? x.value : typeof x === "number" ? x : Number.NaN) /
              (y instanceof Float ? y.value : typeof y === "number" ? y : Number.NaN);
            // Not NaN: both were numbers.
            R[a] = r === r ? new Float(r) : divide(boxed(x, F, i), boxed(y, F, 0));
            pc = (pc + 2) | 0;
            continue;
          }
          case Op.DIVTK: {
            const i = (base + (w1 & 0xffff)) | 0;
            const x = R[i] as Value;
            const y = K[w1 >>> 16] as Value;
            if (typeof x === "number" && typeof y === "number") {
              R[a] = (x | 0) === x && (y | 0) === y && y > 0 ? (x / y) | 0 : divide(x, y);
              pc = (pc + 2) | 0;
              continue;
            }
            if (x === RAW && y instanceof Float) {
              F[a] = (F[i] as number) / y.value;
              R[a] = RAW;
              pc = (pc + 2) | 0;
              continue;
            }
            const r =
              (x === RAW ? (F[i] as number) : x instanceof Float ? x.value : typeof x === "number" ? x : Number.NaN) /
              (y instanceof Float ? y.value : typeof y === "number" ? y : Number.NaN);
            // Not NaN: both were numbers.
            if (r === r) {
              F[a] = r;
              R[a] = RAW;
            } else R[a] = divide(boxed(x, F, i), boxed(y, F, 0));
            pc = (pc + 2) | 0;
            continue;
          }
          case Op.KSUB: {
            const j = (base + (w1 >>> 16)) | 0;
            const x = K[w1 & 0xffff] as Value;
            const y = R[j] as Value;
            if (typeof x === "number" && typeof y === "number") {
              const r = x - y;
              const small = r | 0;
              R[a] = small === r ? small : r <= SAFE && r >= -SAFE ? r : subtract(x, y);
              pc = (pc + 2) | 0;
              continue;
            }
            const r =
              (x instanceof Float ? x.value : typeof x === "number" ? x : Number.NaN) -
              (y === RAW ? (F[j] as number) : y instanceof Float ? y.value : typeof y === "number" ? y : Number.NaN);
            R[a] = r === r ? new Float(r) : subtract(x, boxed(y, F, j));
            pc = (pc + 2) | 0;
            continue;
          }
          case Op.KSUBT: {
            const j = (base + (w1 >>> 16)) | 0;
            const x = K[w1 & 0xffff] as Value;
            const y = R[j] as Value;
            if (typeof x === "number" && typeof y === "number") {
              const r = x - y;
              const small = r | 0;
              R[a] = small === r ? small : r <= SAFE && r >= -SAFE ? r : subtract(x, y);
              pc = (pc + 2) | 0;
              continue;
            }
            if (y === RAW && x instanceof Float) {
              F[a] = x.value - (F[j] as number);
              R[a] = RAW;
              pc = (pc + 2) | 0;
              continue;
            }
            const r =
              (x instanceof Float ? x.value : typeof x === "number" ? x : Number.NaN) -
              (y === RAW ? (F[j] as number) : y instanceof Float ? y.value : typeof y === "number" ? y : Number.NaN);
            if (r === r) {
              F[a] = r;
              R[a] = RAW;
            } else R[a] = subtract(x, boxed(y, F, j));
            pc = (pc + 2) | 0;
            continue;
          }
          case Op.KMUL: {
            const j = (base + (w1 >>> 16)) | 0;
            const x = K[w1 & 0xffff] as Value;
            const y = R[j] as Value;
            if (typeof x === "number" && typeof y === "number") {
              const r = x * y;
              const small = r | 0;
              R[a] = small === r ? small : r <= SAFE && r >= -SAFE ? r : multiply(x, y, machine.limits);
              pc = (pc + 2) | 0;
              continue;
            }
            const r =
              (x instanceof Float ? x.value : typeof x === "number" ? x : Number.NaN) *
              (y === RAW ? (F[j] as number) : y instanceof Float ? y.value : typeof y === "number" ? y : Number.NaN);
            R[a] = r === r ? new Float(r) : multiply(x, boxed(y, F, j), machine.limits);
            pc = (pc + 2) | 0;
            continue;
          }
          case Op.KMULT: {
            const j = (base + (w1 >>> 16)) | 0;
            const x = K[w1 & 0xffff] as Value;
            const y = R[j] as Value;
            if (typeof x === "number" && typeof y === "number") {
              const r = x * y;
              const small = r | 0;
              R[a] = small === r ? small : r <= SAFE && r >= -SAFE ? r : multiply(x, y, machine.limits);
              pc = (pc + 2) | 0;
              continue;
            }
            if (y === RAW && x instanceof Float) {
              F[a] = x.value * (F[j] as number);
              R[a] = RAW;
              pc = (pc + 2) | 0;
              continue;
            }
            const r =
              (x instanceof Float ? x.value : typeof x === "number" ? x : Number.NaN) *
              (y === RAW ? (F[j] as number) : y instanceof Float ? y.value : typeof y === "number" ? y : Number.NaN);
            if (r === r) {
              F[a] = r;
              R[a] = RAW;
            } else R[a] = multiply(x, boxed(y, F, j), machine.limits);
            pc = (pc + 2) | 0;
            continue;
          }
          case Op.KDIV: {
            const j = (base + (w1 >>> 16)) | 0;
            const x = K[w1 & 0xffff] as Value;
            const y = R[j] as Value;
            if (typeof x === "number" && typeof y === "number") {
              R[a] = divide(x, y);
              pc = (pc + 2) | 0;
              continue;
            }
            const r =
              (x instanceof Float ? x.value : typeof x === "number" ? x : Number.NaN) /
              (y === RAW ? (F[j] as number) : y instanceof Float ? y.value : typeof y === "number" ? y : Number.NaN);
            R[a] = r === r ? new Float(r) : divide(x, boxed(y, F, j));
            pc = (pc + 2) | 0;
            continue;
          }
          case Op.KDIVT: {
            const j = (base + (w1 >>> 16)) | 0;
            const x = K[w1 & 0xffff] as Value;
            const y = R[j] as Value;
            if (typeof x === "number" && typeof y === "number") {
              R[a] = divide(x, y);
              pc = (pc + 2) | 0;
              continue;
            }
            if (y === RAW && x instanceof Float) {
              F[a] = x.value / (F[j] as number);
              R[a] = RAW;
              pc = (pc + 2) | 0;
              continue;
            }
            const r =
              (x instanceof Float ? x.value : typeof x === "number" ? x : Number.NaN) /
              (y === RAW ? (F[j] as number) : y instanceof Float ? y.value : typeof y === "number" ? y : Number.NaN);
            if (r === r) {
              F[a] = r;
              R[a] = RAW;
            } else R[a] = divide(x, boxed(y, F, j));
            pc = (pc + 2) | 0;
            continue;
          }
          case Op.MOD:
          case Op.MODK: {
            const x = R[(base + (w1 & 0xffff)) | 0] as Value;
            const y = ((w0 & 255) === Op.MOD ? R[(base + (w1 >>> 16)) | 0] : K[w1 >>> 16]) as Value;
            if (typeof x === "number" && typeof y === "number" && y !== 0) {
              // The host divides small ints by an instruction, others by a call; it must see that they are small.
              const p = x | 0;
              const q = y | 0;
              R[a] = p === x && q === y ? (p % q) | 0 : (x % y) + 0;
            } else R[a] = modulo(x, y);
            pc = (pc + 2) | 0;
            continue;
          }
          case Op.POW:
            R[a] = power(R[(base + (w1 & 0xffff)) | 0] as Value, R[(base + (w1 >>> 16)) | 0] as Value);
            pc = (pc + 2) | 0;
            continue;
          case Op.NEG:
            R[a] = negate(R[(base + (w1 & 0xffff)) | 0] as Value);
            pc = (pc + 2) | 0;
            continue;
          case Op.NOT:
            R[a] = !truthy(R[(base + (w1 & 0xffff)) | 0] as Value);
            pc = (pc + 2) | 0;
            continue;
          case Op.BOOL:
            R[a] = truthy(R[(base + (w1 & 0xffff)) | 0] as Value);
            pc = (pc + 2) | 0;
            continue;
          case Op.EQ:
            R[a] = same(R[(base + (w1 & 0xffff)) | 0] as Value, R[(base + (w1 >>> 16)) | 0] as Value, machine.limits);
            pc = (pc + 2) | 0;
            continue;
          case Op.NE:
            R[a] = !same(R[(base + (w1 & 0xffff)) | 0] as Value, R[(base + (w1 >>> 16)) | 0] as Value, machine.limits);
            pc = (pc + 2) | 0;
            continue;
          case Op.LT:
          case Op.LE:
          case Op.GT:
          case Op.GE: {
            const i = (base + (w1 & 0xffff)) | 0;
            const j = (base + (w1 >>> 16)) | 0;
            R[a] = ordered(w0 & 255, boxed(R[i] as Value, F, i), boxed(R[j] as Value, F, j));
            pc = (pc + 2) | 0;
            continue;
          }
          case Op.IN:
            R[a] = isIn(R[(base + (w1 & 0xffff)) | 0] as Value, R[(base + (w1 >>> 16)) | 0] as Value, machine.limits);
            pc = (pc + 2) | 0;
            continue;
          case Op.NOTIN:
            R[a] = !isIn(R[(base + (w1 & 0xffff)) | 0] as Value, R[(base + (w1 >>> 16)) | 0] as Value, machine.limits);
            pc = (pc + 2) | 0;
            continue;
          case Op.RANGE:
          case Op.RANGEX:
            R[a] = rangeOf(R[(base + (w1 & 0xffff)) | 0] as Value, R[(base + (w1 >>> 16)) | 0] as Value, (w0 & 255) === Op.RANGE);
            pc = (pc + 2) | 0;
            continue;
          case Op.INTERP: {
            let text = "";
            const first = (base + (w1 & 0xffff)) | 0;
            for (let i = first; i < first + (w1 >>> 16); i++) {
              const v = R[i] as Value;
              text += typeof v === "string" ? v : displayWithin(v, machine.limits.stringLength);
            }
            R[a] = checkedString(text, machine.limits);
            pc = (pc + 2) | 0;
            continue;
          }

          // --- Jumps
          case Op.JMP:
            pc = w1;
            continue;
          case Op.LOOP:
            pc = w1;
            if (--budget < 0 && (budget = pause(machine, fiber, frame, pc)) < 0) return;
            continue;
          case Op.JT:
            pc = R[a] === true || (R[a] !== false && truthy(R[a] as Value)) ? w1 : (pc + 2) | 0;
            continue;
          case Op.JF:
            pc = R[a] === true || (R[a] !== false && truthy(R[a] as Value)) ? (pc + 2) | 0 : w1;
            continue;
          case Op.JNIL:
            pc = R[a] === null ? w1 : (pc + 2) | 0;
            continue;
          case Op.JNOTNIL:
            pc = R[a] === null ? (pc + 2) | 0 : w1;
            continue;
          case Op.JNLT:
          case Op.JNLTK: {
            const j = (base + (w1 & 0xffff)) | 0;
            const x = R[a] as Value;
            const y = ((w0 & 255) === Op.JNLT ? R[j] : K[w1 & 0xffff]) as Value;
            let holds: boolean;
            if (typeof x === "number" && typeof y === "number") holds = x < y;
            else {
              const p = x === RAW ? (F[a] as number) : x instanceof Float ? x.value : typeof x === "number" ? x : Number.NaN;
              const q = y === RAW ? (F[j] as number) : y instanceof Float ? y.value : typeof y === "number" ? y : Number.NaN;
              holds = p === p && q === q ? p < q : less(boxed(x, F, a), boxed(y, F, j));
            }
            pc = holds ? (pc + 3) | 0 : (code[(pc + 2) | 0] as number);
            continue;
          }
          case Op.JLT:
          case Op.JLTK: {
            const j = (base + (w1 & 0xffff)) | 0;
            const x = R[a] as Value;
            const y = ((w0 & 255) === Op.JLT ? R[j] : K[w1 & 0xffff]) as Value;
            let holds: boolean;
            if (typeof x === "number" && typeof y === "number") holds = x < y;
            else {
              const p = x === RAW ? (F[a] as number) : x instanceof Float ? x.value : typeof x === "number" ? x : Number.NaN;
              const q = y === RAW ? (F[j] as number) : y instanceof Float ? y.value : typeof y === "number" ? y : Number.NaN;
              holds = p === p && q === q ? p < q : less(boxed(x, F, a), boxed(y, F, j));
            }
            if (!holds) pc = (pc + 3) | 0;
            else {
              pc = code[(pc + 2) | 0] as number;
              if (--budget < 0 && (budget = pause(machine, fiber, frame, pc)) < 0) return;
            }
            continue;
          }
          case Op.JNLE:
          case Op.JNLEK: {
            const j = (base + (w1 & 0xffff)) | 0;
            const x = R[a] as Value;
            const y = ((w0 & 255) === Op.JNLE ? R[j] : K[w1 & 0xffff]) as Value;
            let holds: boolean;
            if (typeof x === "number" && typeof y === "number") holds = x <= y;
            else {
              const p = x === RAW ? (F[a] as number) : x instanceof Float ? x.value : typeof x === "number" ? x : Number.NaN;
              const q = y === RAW ? (F[j] as number) : y instanceof Float ? y.value : typeof y === "number" ? y : Number.NaN;
              holds = p === p && q === q ? p <= q : !greater(boxed(x, F, a), boxed(y, F, j));
            }
            pc = holds ? (pc + 3) | 0 : (code[(pc + 2) | 0] as number);
            continue;
          }
          case Op.JLE:
          case Op.JLEK: {
            const j = (base + (w1 & 0xffff)) | 0;
            const x = R[a] as Value;
            const y = ((w0 & 255) === Op.JLE ? R[j] : K[w1 & 0xffff]) as Value;
            let holds: boolean;
            if (typeof x === "number" && typeof y === "number") holds = x <= y;
            else {
              const p = x === RAW ? (F[a] as number) : x instanceof Float ? x.value : typeof x === "number" ? x : Number.NaN;
              const q = y === RAW ? (F[j] as number) : y instanceof Float ? y.value : typeof y === "number" ? y : Number.NaN;
              holds = p === p && q === q ? p <= q : !greater(boxed(x, F, a), boxed(y, F, j));
            }
            if (!holds) pc = (pc + 3) | 0;
            else {
              pc = code[(pc + 2) | 0] as number;
              if (--budget < 0 && (budget = pause(machine, fiber, frame, pc)) < 0) return;
            }
            continue;
          }
          case Op.JNGT:
          case Op.JNGTK: {
            const j = (base + (w1 & 0xffff)) | 0;
            const x = R[a] as Value;
            const y = ((w0 & 255) === Op.JNGT ? R[j] : K[w1 & 0xffff]) as Value;
            let holds: boolean;
            if (typeof x === "number" && typeof y === "number") holds = x > y;
            else {
              const p = x === RAW ? (F[a] as number) : x instanceof Float ? x.value : typeof x === "number" ? x : Number.NaN;
              const q = y === RAW ? (F[j] as number) : y instanceof Float ? y.value : typeof y === "number" ? y : Number.NaN;
              holds = p === p && q === q ? p > q : greater(boxed(x, F, a), boxed(y, F, j));
            }
            pc = holds ? (pc + 3) | 0 : (code[(pc + 2) | 0] as number);
            continue;
          }
          case Op.JGT:
          case Op.JGTK: {
            const j = (base + (w1 & 0xffff)) | 0;
            const x = R[a] as Value;
            const y = ((w0 & 255) === Op.JGT ? R[j] : K[w1 & 0xffff]) as Value;
            let holds: boolean;
            if (typeof x === "number" && typeof y === "number") holds = x > y;
            else {
              const p = x === RAW ? (F[a] as number) : x instanceof Float ? x.value : typeof x === "number" ? x : Number.NaN;
              const q = y === RAW ? (F[j] as number) : y instanceof Float ? y.value : typeof y === "number" ? y : Number.NaN;
              holds = p === p && q === q ? p > q : greater(boxed(x, F, a), boxed(y, F, j));
            }
            if (!holds) pc = (pc + 3) | 0;
            else {
              pc = code[(pc + 2) | 0] as number;
              if (--budget < 0 && (budget = pause(machine, fiber, frame, pc)) < 0) return;
            }
            continue;
          }
          case Op.JNGE:
          case Op.JNGEK: {
            const j = (base + (w1 & 0xffff)) | 0;
            const x = R[a] as Value;
            const y = ((w0 & 255) === Op.JNGE ? R[j] : K[w1 & 0xffff]) as Value;
            let holds: boolean;
            if (typeof x === "number" && typeof y === "number") holds = x >= y;
            else {
              const p = x === RAW ? (F[a] as number) : x instanceof Float ? x.value : typeof x === "number" ? x : Number.NaN;
              const q = y === RAW ? (F[j] as number) : y instanceof Float ? y.value : typeof y === "number" ? y : Number.NaN;
              holds = p === p && q === q ? p >= q : !less(boxed(x, F, a), boxed(y, F, j));
            }
            pc = holds ? (pc + 3) | 0 : (code[(pc + 2) | 0] as number);
            continue;
          }
          case Op.JGE:
          case Op.JGEK: {
            const j = (base + (w1 & 0xffff)) | 0;
            const x = R[a] as Value;
            const y = ((w0 & 255) === Op.JGE ? R[j] : K[w1 & 0xffff]) as Value;
            let holds: boolean;
            if (typeof x === "number" && typeof y === "number") holds = x >= y;
            else {
              const p = x === RAW ? (F[a] as number) : x instanceof Float ? x.value : typeof x === "number" ? x : Number.NaN;
              const q = y === RAW ? (F[j] as number) : y instanceof Float ? y.value : typeof y === "number" ? y : Number.NaN;
              holds = p === p && q === q ? p >= q : !less(boxed(x, F, a), boxed(y, F, j));
            }
            if (!holds) pc = (pc + 3) | 0;
            else {
              pc = code[(pc + 2) | 0] as number;
              if (--budget < 0 && (budget = pause(machine, fiber, frame, pc)) < 0) return;
            }
            continue;
          }
          case Op.JNEQ:
          case Op.JNEQK:
          case Op.JNNE:
          case Op.JNNEK: {
            const op = w0 & 255;
            const x = R[a] as Value;
            const y = (op === Op.JNEQ || op === Op.JNNE ? R[(base + (w1 & 0xffff)) | 0] : K[w1 & 0xffff]) as Value;
            const equal =
              (typeof x === "object" && x !== null) || (typeof y === "object" && y !== null) ? equalsPaid(x, y, machine.limits) : x === y;
            pc = equal === (op === Op.JNEQ || op === Op.JNEQK) ? (pc + 3) | 0 : (code[(pc + 2) | 0] as number);
            continue;
          }
          case Op.JEQ:
          case Op.JEQK:
          case Op.JNE:
          case Op.JNEK: {
            const op = w0 & 255;
            const x = R[a] as Value;
            const y = (op === Op.JEQ || op === Op.JNE ? R[(base + (w1 & 0xffff)) | 0] : K[w1 & 0xffff]) as Value;
            const equal =
              (typeof x === "object" && x !== null) || (typeof y === "object" && y !== null) ? equalsPaid(x, y, machine.limits) : x === y;
            if (equal === (op === Op.JEQ || op === Op.JEQK)) {
              pc = code[(pc + 2) | 0] as number;
              if (--budget < 0 && (budget = pause(machine, fiber, frame, pc)) < 0) return;
            } else pc = (pc + 3) | 0;
            continue;
          }

          // --- Iteration
          case Op.ITER:
            R[a] = cursorOver(R[(base + (w1 & 0xffff)) | 0] as Value);
            pc = (pc + 2) | 0;
            continue;
          case Op.NEXT: {
            const cursor = R[a] as Cursor;
            if (cursor.over === Over.Ints) {
              if (cursor.at >= cursor.end) {
                pc = (pc + 3) | 0;
                continue;
              }
              R[(base + (w1 & 0xffff)) | 0] = cursor.at++;
            } else if (cursor.over === Over.Items) {
              if (cursor.at >= cursor.end) {
                pc = (pc + 3) | 0;
                continue;
              }
              const item = cursor.items[cursor.at++] as Value;
              if (typeof item === "object" && item instanceof Container) item.shared = true;
              R[(base + (w1 & 0xffff)) | 0] = item;
            } else if (cursor.over === Over.Source) {
              if (--budget < 0 && (budget = pause(machine, fiber, frame, pc)) < 0) return;
              frame.pc = pc + 3;
              const again = pull(machine, fiber, cursor.source as Source, frame, base + (w1 & 0xffff), code[(pc + 2) | 0] as number);
              if (!again) {
                machine.giveBack(budget);
                return;
              }
              break reload;
            } else {
              const item = nextRare(cursor);
              if (item === undefined) {
                pc = (pc + 3) | 0;
                continue;
              }
              R[(base + (w1 & 0xffff)) | 0] = item;
            }
            pc = code[(pc + 2) | 0] as number;
            if (--budget < 0 && (budget = pause(machine, fiber, frame, pc)) < 0) return;
            continue;
          }

          // --- Access
          case Op.PEEKPROP: {
            // As GETPROP without the share: it is what conditions and operators read, so it has a case of its own.
            const of = R[(base + (w1 & 0xffff)) | 0] as Value;
            const cache = caches[code[(pc + 2) | 0] as number] as FieldCache | undefined;
            if (cache !== undefined && typeof of === "object" && of !== null && (of as Shaped).shape === cache.shape) {
              R[a] = (of as Shaped).slots[cache.slot] ?? null;
            } else R[a] = property(caches, code[(pc + 2) | 0] as number, of, fn.proto.names[w1 >>> 16] as string);
            pc = (pc + 3) | 0;
            continue;
          }
          case Op.GETPROP:
          case Op.TAKEPROP: {
            const of = R[(base + (w1 & 0xffff)) | 0] as Value;
            const cache = caches[code[(pc + 2) | 0] as number] as FieldCache | undefined;
            let v: Value;
            // Only what has a shape has this one; asking for its class first would cost more than the rest.
            if (cache !== undefined && typeof of === "object" && of !== null && (of as Shaped).shape === cache.shape) {
              v = (of as Shaped).slots[cache.slot] ?? null;
            } else v = property(caches, code[(pc + 2) | 0] as number, of, fn.proto.names[w1 >>> 16] as string);
            if (typeof v === "object" && v instanceof Container) {
              const op = w0 & 255;
              if (op === Op.GETPROP || (op === Op.TAKEPROP && isHeldElsewhere(of))) v.shared = true;
            }
            R[a] = v;
            pc = (pc + 3) | 0;
            continue;
          }
          case Op.GETPATH:
          case Op.PEEKPATH: {
            const of = R[(base + (w1 & 0xffff)) | 0] as Value;
            const at = code[(pc + 2) | 0] as number;
            const path = caches[at] as readonly FieldCache[] | undefined;
            let v: Value | undefined = of;
            if (path === undefined) v = undefined;
            else {
              for (let i = 0; i < path.length; i++) {
                const field = path[i] as FieldCache;
                if (typeof v !== "object" || v === null || (v as Shaped).shape !== field.shape) {
                  v = undefined;
                  break;
                }
                v = (v as Shaped).slots[field.slot];
              }
            }
            if (v === undefined) v = walkPath(caches, at, of, fn.proto.lists[w1 >>> 16] as readonly string[]);
            if ((w0 & 255) === Op.GETPATH && typeof v === "object" && v instanceof Container) v.shared = true;
            R[a] = v;
            pc = (pc + 3) | 0;
            continue;
          }
          case Op.OPTPROP:
            R[a] = share(getOptional(R[(base + (w1 & 0xffff)) | 0] as Value, fn.proto.names[w1 >>> 16] as string));
            pc = (pc + 3) | 0;
            continue;
          case Op.SETPROP: {
            const of = R[a] as Value;
            const v = R[(base + (w1 & 0xffff)) | 0] as Value;
            const cache = caches[code[(pc + 2) | 0] as number] as FieldCache | undefined;
            if (
              cache !== undefined &&
              typeof of === "object" &&
              of !== null &&
              (of as Shaped).shape === cache.shape &&
              !(of as Shaped).shared
            ) {
              (of as Shaped).slots[cache.slot] = v;
              (of as Shaped).table = null;
            } else {
              const name = fn.proto.names[w1 >>> 16] as string;
              const after = setProperty(of, name, v, machine.limits);
              if (after instanceof Shaped) remember(caches, code[(pc + 2) | 0] as number, after, name);
              R[a] = after;
            }
            pc = (pc + 3) | 0;
            continue;
          }
          case Op.PEEKINDEX: {
            const of = R[(base + (w1 & 0xffff)) | 0] as Value;
            const index = R[(base + (w1 >>> 16)) | 0] as Value;
            if (of instanceof List && typeof index === "number" && index >= 0) R[a] = index < of.length ? (of.items[index] as Value) : null;
            else if (of instanceof Dict && typeof index === "string") R[a] = of.get(index) ?? null;
            else R[a] = getIndex(of, index, machine.strings);
            pc = (pc + 2) | 0;
            continue;
          }
          case Op.GETINDEX:
          case Op.TAKEINDEX: {
            const of = R[(base + (w1 & 0xffff)) | 0] as Value;
            const index = R[(base + (w1 >>> 16)) | 0] as Value;
            let v: Value;
            if (of instanceof List && typeof index === "number" && index >= 0) v = index < of.length ? (of.items[index] as Value) : null;
            else if (of instanceof Dict && typeof index === "string") v = of.get(index) ?? null;
            else v = getIndex(of, index, machine.strings);
            if (typeof v === "object" && v instanceof Container) {
              const op = w0 & 255;
              if (op === Op.GETINDEX || (op === Op.TAKEINDEX && isHeldElsewhere(of))) v.shared = true;
            }
            R[a] = v;
            pc = (pc + 2) | 0;
            continue;
          }
          case Op.SETINDEX: {
            const of = R[a] as Value;
            const index = R[(base + (w1 & 0xffff)) | 0] as Value;
            const v = R[(base + (w1 >>> 16)) | 0] as Value;
            if (of instanceof List && !of.shared && !of.multi && typeof index === "number" && index >= 0 && index < of.length)
              of.items[index] = v;
            else if (of instanceof Dict && !of.shared && typeof index === "string") {
              of.set(index, v, false);
              checkItems(of.size, machine.limits);
            } else R[a] = setIndex(of, index, v, machine.limits);
            pc = (pc + 2) | 0;
            continue;
          }
          case Op.ADDPROP:
          case Op.ADDFIELD: {
            const of = R[a] as Value;
            const k = (base + (w1 & 0xffff)) | 0;
            let y = R[k] as Value | undefined;
            // The caches of the instructions that do the same slowly.
            const cache = caches[code[(pc + 5) | 0] as number] as FieldCache | undefined;
            if ((w0 & 255) === Op.ADDFIELD) {
              const field = caches[code[(pc + 8) | 0] as number] as FieldCache | undefined;
              if (field !== undefined && typeof y === "object" && y !== null && (y as Shaped).shape === field.shape)
                y = (y as Shaped).slots[field.slot];
              else y = undefined;
            }
            if (
              cache !== undefined &&
              typeof of === "object" &&
              of !== null &&
              (of as Shaped).shape === cache.shape &&
              !(of as Shaped).shared
            ) {
              const { slots } = of as Shaped;
              const x = slots[cache.slot];
              if (typeof x === "number" && typeof y === "number") {
                const r = x + y;
                if (r <= SAFE && r >= -SAFE) {
                  const small = r | 0;
                  slots[cache.slot] = small === r ? small : r;
                  (of as Shaped).table = null;
                  pc = code[(pc + 2) | 0] as number;
                  continue;
                }
              } else if (x instanceof Float) {
                const r = x.value + (y === RAW ? (F[k] as number) : y instanceof Float ? y.value : typeof y === "number" ? y : Number.NaN);
                if (r === r) {
                  slots[cache.slot] = new Float(r);
                  (of as Shaped).table = null;
                  pc = code[(pc + 2) | 0] as number;
                  continue;
                }
              }
            }
            pc = (pc + 3) | 0;
            continue;
          }
          case Op.ADDINDEX: {
            const of = R[a] as Value;
            const index = R[(base + (w1 & 0xffff)) | 0] as Value;
            const y = R[(base + (w1 >>> 16)) | 0] as Value;
            if (typeof y === "number") {
              if (of instanceof List && typeof index === "number" && index >= 0 && index < of.length && !of.shared && !of.multi) {
                const x = of.items[index];
                const r = typeof x === "number" ? x + y : Number.NaN;
                if (r <= SAFE && r >= -SAFE) {
                  of.items[index] = r;
                  pc = code[(pc + 2) | 0] as number;
                  continue;
                }
              } else if (of instanceof Dict && typeof index === "string" && !of.shared) {
                const x = of.get(index);
                const r = typeof x === "number" ? x + y : Number.NaN;
                if (r <= SAFE && r >= -SAFE) {
                  of.set(index, r, false);
                  pc = code[(pc + 2) | 0] as number;
                  continue;
                }
              }
            }
            pc = (pc + 3) | 0;
            continue;
          }
          case Op.SETPATH:
          case Op.ADDPATH: {
            const j = (base + (w1 & 0xffff)) | 0;
            const value = boxed(R[j] as Value, F, j);
            const done = putAlong(code, pc + 3, caches, R, base, R[a] as Value, value, (w0 & 255) === Op.ADDPATH);
            pc = done ? (code[(pc + 2) | 0] as number) : (pc + 3) | 0;
            continue;
          }
          case Op.SLICE: {
            const bounds = (base + (w1 >>> 16)) | 0;
            R[a] = slice(
              R[(base + (w1 & 0xffff)) | 0] as Value,
              R[bounds] as Value,
              R[bounds + 1] as Value,
              machine.strings,
              machine.limits,
            );
            pc = (pc + 3) | 0;
            continue;
          }

          // --- Containers
          case Op.NEWLIST: {
            const first = (base + (w1 & 0xffff)) | 0;
            R[a] = new List(R.slice(first, first + (w1 >>> 16)));
            pc = (pc + 2) | 0;
            continue;
          }
          case Op.NEWDICT: {
            const at = w1 >>> 16;
            const first = (base + (w1 & 0xffff)) | 0;
            const count = code[(pc + 2) | 0] as number;
            if (count === 0) R[a] = new Dict(new Map());
            else {
              let shape = fn.plans[at] as Shape | undefined;
              if (shape === undefined) {
                shape = fn.module.shape("", fn.proto.lists[at] as readonly string[]);
                fn.plans[at] = shape;
              }
              R[a] = Dict.shaped(shape, R.slice(first, first + count));
            }
            pc = (pc + 3) | 0;
            continue;
          }
          case Op.LISTADD:
            addItem(R[a] as List, R[(base + (w1 & 0xffff)) | 0] as Value, machine.limits);
            pc = (pc + 2) | 0;
            continue;
          case Op.LISTSPREAD:
            spreadItems(R[a] as List, R[(base + (w1 & 0xffff)) | 0] as Value, machine.limits);
            pc = (pc + 2) | 0;
            continue;
          case Op.DICTPUT:
            putEntry(R[a] as Dict, display(R[(base + (w1 & 0xffff)) | 0] as Value), R[(base + (w1 >>> 16)) | 0] as Value);
            pc = (pc + 2) | 0;
            continue;
          case Op.DICTSPREAD:
            spreadEntries(R[a] as Dict, R[(base + (w1 & 0xffff)) | 0] as Value, machine.limits);
            pc = (pc + 2) | 0;
            continue;
          case Op.NEWSTRUCT: {
            const at = w1 >>> 16;
            let plan = fn.plans[at] as StructPlan | undefined;
            if (plan === undefined) {
              plan = planStruct(fn, fn.proto.lists[at] as readonly string[]);
              fn.plans[at] = plan;
            }
            R[a] = newStruct(plan, R, base + (w1 & 0xffff));
            pc = (pc + 3) | 0;
            continue;
          }
          case Op.ASSTRUCT:
            R[a] = structFrom(fn, fn.proto.lists[w1 >>> 16] as readonly string[], R[(base + (w1 & 0xffff)) | 0] as Value);
            pc = (pc + 2) | 0;
            continue;
          case Op.NEWENUM: {
            const [enumName = "", variant = ""] = fn.proto.lists[w1 >>> 16] as readonly string[];
            const first = (base + (w1 & 0xffff)) | 0;
            R[a] = new EnumValue(enumName, variant, R.slice(first, first + (code[(pc + 2) | 0] as number)));
            pc = (pc + 3) | 0;
            continue;
          }

          // --- Calls
          case Op.CALL:
          case Op.TCALL:
          case Op.PIPE:
          case Op.TPIPE: {
            const op = w0 & 255;
            argc = w1 & 0xffff;
            next = op === Op.CALL ? (pc + 3) | 0 : (pc + 2) | 0;
            result = op === Op.CALL ? (base + (code[(pc + 2) | 0] as number)) | 0 : a;
            const callee =
              op === Op.CALL || op === Op.TCALL ? (R[a] as Value) : pipeTarget(machine, fiber, R[a] as Value, pc, op === Op.TPIPE);
            if (callee instanceof Closure) {
              closure = callee;
              window = (a + 1) | 0;
              kind = op === Op.TCALL || op === Op.TPIPE ? Kind.Bottom : Kind.Call;
              break;
            }
            const builtin =
              op === Op.PIPE || op === Op.TPIPE
                ? (callee as BuiltinRef).builtin
                : builtinNamed(machine, fn.proto.names[(w1 >>> 16) - 1] as string, null);
            if (argc === SPREAD_ARGS) {
              argc = spreadArguments(stack, R[a + 1] as Value, a + 1);
              F = stack.floats;
            }
            frame.pc = next;
            const called = invoke(machine, fiber, builtin, a + 1, argc, result);
            if (called === Called.Done) {
              pc = next;
              continue;
            }
            if (called === Called.Reload) break reload;
            machine.giveBack(budget);
            return;
          }
          case Op.CALLSELF:
          case Op.TCALLSELF:
            closure = frame.self as Closure;
            argc = w1 & 0xffff;
            window = (a + 1) | 0;
            next = (pc + 2) | 0;
            result = (base + (w1 >>> 16)) | 0;
            kind = (w0 & 255) === Op.CALLSELF ? Kind.Call : Kind.Bottom;
            break;
          case Op.CALLLATE:
          case Op.TCALLLATE:
          case Op.CALLSLOT:
          case Op.TCALLSLOT:
          case Op.CALLNAME:
          case Op.TCALLNAME: {
            const op = w0 & 255;
            argc = w1 & 0xffff;
            const toResult = op === Op.CALLLATE || op === Op.CALLSLOT;
            next = toResult || op === Op.CALLNAME || op === Op.TCALLNAME ? (pc + 3) | 0 : (pc + 2) | 0;
            result = toResult ? (base + (code[(pc + 2) | 0] as number)) | 0 : a;
            let callee: Value | undefined;
            if (op === Op.CALLLATE || op === Op.TCALLLATE) callee = fn.module.late[w1 >>> 16];
            else if (op === Op.CALLSLOT || op === Op.TCALLSLOT) callee = fn.module.slots[w1 >>> 16];
            else {
              frame.pc = pc + 1;
              callee = lateFunction(fiber, fn.proto.names[w1 >>> 16] as string, stack.top - 1) ?? undefined;
            }
            if (callee instanceof Closure) {
              closure = callee;
              window = (a + 1) | 0;
              kind = op === Op.CALLLATE || op === Op.CALLSLOT || op === Op.CALLNAME ? Kind.Call : Kind.Bottom;
              break;
            }
            const builtin = unboundCallee(machine, fn, op, w1 >>> 16, code[(pc + 2) | 0] as number);
            if (argc === SPREAD_ARGS) {
              argc = spreadArguments(stack, R[a + 1] as Value, a + 1);
              F = stack.floats;
            }
            frame.pc = next;
            const called = invoke(machine, fiber, builtin, a + 1, argc, result);
            if (called === Called.Done) {
              pc = next;
              continue;
            }
            if (called === Called.Reload) break reload;
            machine.giveBack(budget);
            return;
          }
          case Op.CHKLATE: {
            if (fn.module.late[w0 >>> 8] === undefined) throw undefinedLate(machine, fn, w0 >>> 8);
            // A call that would have replaced its frame nests no deeper.
            if (w1 === 0 && stack.top - stack.floor >= mostCalls) throw raise.plain("Stack overflow: too many nested calls");
            pc = (pc + 2) | 0;
            continue;
          }
          case Op.CALLB: {
            const at = code[(pc + 2) | 0] as number;
            let builtin = caches[at] as Builtin | undefined;
            if (builtin === undefined) {
              builtin = builtinNamed(machine, fn.proto.names[w1 >>> 16] as string, null);
              caches[at] = builtin;
            }
            argc = w1 & 0xffff;
            if (argc === SPREAD_ARGS) {
              argc = spreadArguments(stack, R[a + 1] as Value, a + 1);
              F = stack.floats;
            }
            if (builtin.borrows !== true) {
              for (let i = a + 1; i <= a + argc; i++) {
                const v = R[i];
                if (typeof v === "object" && v instanceof Container) v.shared = true;
              }
            }
            frame.pc = pc + 3;
            const called = invoke(machine, fiber, builtin, a + 1, argc, a);
            if (called === Called.Done) {
              pc = (pc + 3) | 0;
              if (--budget < 0 && (budget = pause(machine, fiber, frame, pc)) < 0) return;
              continue;
            }
            if (called === Called.Reload) break reload;
            machine.giveBack(budget);
            return;
          }
          case Op.CALLM:
          case Op.CALLMX: {
            const receiver = R[a] as Value;
            const key =
              typeof receiver === "string" ? STRING : receiver instanceof List ? LIST : receiver instanceof Struct ? receiver.shape : null;
            const known = fn.methods[w1 >>> 16];
            let method: Builtin | Closure | null;
            let self = true;
            if (known !== undefined && known.key === key && known.impls === machine.impls) method = known.method;
            else {
              method = findMethod(machine, receiver, fn.proto.names[w1 >>> 16] as string);
              // The entries of a dict are called without it, everything else with the receiver first.
              self = !machine.isEntryCall;
              if (key !== null && method !== null) fn.methods[w1 >>> 16] = { key, impls: machine.impls, method };
            }
            argc = w1 & 0xffff;
            next = (pc + 3) | 0;
            result = (base + (code[(pc + 2) | 0] as number)) | 0;
            if (method === null) {
              R[result] = null;
              pc = next;
              continue;
            }
            if (argc === SPREAD_ARGS) {
              argc = spreadArguments(stack, R[a + 1] as Value, a + 1);
              F = stack.floats;
            }
            window = self ? a : (a + 1) | 0;
            if (self) argc++;
            if (method instanceof Closure) {
              if (self && (w0 & 255) === Op.CALLM && receiver instanceof Container) receiver.shared = true;
              closure = method;
              kind = self ? Kind.Method : Kind.Call;
              break;
            }
            if ((w0 & 255) === Op.CALLM && method.borrows !== true) share(receiver);
            frame.pc = next;
            const called = invoke(machine, fiber, method, window, argc, result);
            if (called === Called.Done) {
              pc = next;
              if (--budget < 0 && (budget = pause(machine, fiber, frame, pc)) < 0) return;
              continue;
            }
            if (called === Called.Reload) break reload;
            machine.giveBack(budget);
            return;
          }
          case Op.RET:
          case Op.RETNIL: {
            const v = (w0 & 255) === Op.RET ? (R[a] as Value) : null;
            if (frame.kind === Kind.Call || frame.kind === Kind.Method) {
              if (frame.kind === Kind.Method) stack.floor = frame.floorBefore;
              R[frame.result] = v;
              frame = frames[--stack.top] as Frame;
              fn = (frame.self as Closure).fn;
              code = fn.code;
              K = fn.constants;
              caches = fn.caches;
              base = frame.base | 0;
              pc = frame.pc | 0;
              continue;
            }
            if (leave(machine, fiber, v)) break reload;
            machine.giveBack(budget);
            return;
          }
          case Op.YIELD: {
            const v = R[a] as Value;
            // Only the generator's own frame has a consumer; elsewhere `yield` does nothing.
            if (frame.kind !== Kind.Bottom || stack.parent === null) {
              pc = (pc + 2) | 0;
              continue;
            }
            frame.pc = pc + 2;
            fiber.stack = stack.parent;
            const native = fiber.stack.frame.native as NonNullable<Frame["native"]>;
            if (drive(machine, fiber, resume(fiber, native, v))) break reload;
            machine.giveBack(budget);
            return;
          }

          // --- Parameters
          case Op.JARG:
            pc = frame.argc > w0 >>> 8 ? w1 : (pc + 2) | 0;
            continue;
          case Op.RESTARG:
            R[a] = new List(R.slice(base + w1, base + Math.max(w1, frame.argc)));
            pc = (pc + 2) | 0;
            continue;
          case Op.GUARD:
            checkGuard(
              R[a] as Value,
              fn.proto.names[w1 & 0xffff] as string,
              fn.proto.guards[w1 >>> 16] as (typeof fn.proto.guards)[number],
            );
            pc = (pc + 2) | 0;
            continue;

          // --- Errors
          case Op.THROW:
            throw raise.thrown(R[a] as Value);
          case Op.CAUGHT:
            R[a] = caughtValue((R[(base + (w1 & 0xffff)) | 0] as Caught).error);
            pc = (pc + 2) | 0;
            continue;
          case Op.RETHROW:
            throw (R[a] as Caught).error;
          case Op.JNERR: {
            const { error } = R[a] as Caught;
            const fits =
              error.kind === "thrown" && error.value instanceof EnumValue && error.value.enumName === fn.proto.names[w1 & 0xffff];
            pc = fits ? (pc + 3) | 0 : (code[(pc + 2) | 0] as number);
            continue;
          }
          case Op.TRYOK: {
            const v = R[(base + (w1 & 0xffff)) | 0] as Value;
            R[a] = isResult(v) ? v : ok(v);
            pc = (pc + 2) | 0;
            continue;
          }
          case Op.TRYERR:
            R[a] = err(caughtValue((R[(base + (w1 & 0xffff)) | 0] as Caught).error));
            pc = (pc + 2) | 0;
            continue;
          case Op.UNWRAP: {
            const v = R[(base + (w1 & 0xffff)) | 0] as Value;
            if (!isResult(v)) throw raise.type(`? operator requires a Result value, got ${typeName(v)}`);
            const good = v.variant === "Ok";
            R[a] = good ? share(v.fields[0] ?? null) : v;
            pc = good ? (pc + 3) | 0 : (code[(pc + 2) | 0] as number);
            continue;
          }
          case Op.FAIL:
            throw failure(w0 >>> 8, K[w1] as string);
          case Op.ARM:
            arm(machine, fiber, R[a] as Value);
            pc = (pc + 2) | 0;
            continue;
          case Op.DISARM:
            stack.deadlines.pop();
            pc = (pc + 2) | 0;
            continue;

          // --- Patterns
          case Op.CHKDICT:
            needDict(R[a] as Value);
            pc = (pc + 2) | 0;
            continue;
          case Op.CHKLIST:
            needList(R[a] as Value);
            pc = (pc + 2) | 0;
            continue;
          case Op.DICTREST:
            R[a] = dictRest(R[(base + (w1 & 0xffff)) | 0] as Value, fn.proto.lists[w1 >>> 16] as readonly string[], machine.limits);
            pc = (pc + 2) | 0;
            continue;
          case Op.LISTREST:
            R[a] = listRest(R[(base + (w1 & 0xffff)) | 0] as Value, w1 >>> 16, machine.limits);
            pc = (pc + 2) | 0;
            continue;
          case Op.JNENUM: {
            const v = R[a] as Value;
            const wanted = fn.proto.lists[w1 & 0xffff] as readonly string[];
            const fits = v instanceof EnumValue && v.variant === wanted[1] && v.enumName === wanted[0];
            pc = fits ? (pc + 3) | 0 : (code[(pc + 2) | 0] as number);
            continue;
          }
          case Op.JNDICT:
            pc = R[a] instanceof Dict ? (pc + 2) | 0 : w1;
            continue;
          case Op.JNLIST: {
            const v = R[a] as Value;
            pc = v instanceof List && v.length >= (w1 & 0xffff) ? (pc + 3) | 0 : (code[(pc + 2) | 0] as number);
            continue;
          }
          case Op.ENUMFIELD:
            R[a] = share((R[(base + (w1 & 0xffff)) | 0] as EnumValue).fields[w1 >>> 16] ?? null);
            pc = (pc + 2) | 0;
            continue;
          case Op.LISTAT: {
            const of = R[(base + (w1 & 0xffff)) | 0] as List;
            const at = w1 >>> 16;
            R[a] = at < of.length ? share(of.items[at] as Value) : null;
            pc = (pc + 2) | 0;
            continue;
          }

          // --- Declarations
          case Op.IMPL:
            declareMethods(machine, fn.proto.lists[w1 & 0xffff] as readonly string[], R, a);
            pc = (pc + 2) | 0;
            continue;
          case Op.IMPORT: {
            const index = w0 >>> 8;
            const module = (fn.module.imported[index] ??= machine.importModule(fn.module, index));
            if (module.state === "new") {
              module.state = "loading";
              frame.pc = pc;
              pushClosure(machine, stack, new Closure(module.main, []), base + fn.registers, 0, Kind.Import);
              break reload;
            }
            bindImport(fn.module, index, module, R, base + (w1 & 0xffff));
            pc = (pc + 2) | 0;
            continue;
          }
          default:
            throw new Error(`unknown instruction ${w0 & 255}`);
        }

        // A closure is called; its arguments lie from `window` on. Kind.Bottom stands for a tail call: the frame is used again.
        if (argc === SPREAD_ARGS) {
          argc = spreadArguments(stack, R[window] as Value, window);
          F = stack.floats;
        }
        const callee = closure.fn;
        if (callee.generator && (w0 & 255) !== Op.PIPE && (w0 & 255) !== Op.TPIPE) {
          R[kind === Kind.Bottom ? a : result] = new Generator(machine, closure, R.slice(window, window + argc));
          pc = next;
          continue;
        }
        if (kind === Kind.Bottom) {
          if (fn.module.chunk.dynamic.length > 0) inherit(frame, R, pc);
          for (let i = 0; i < argc; i++) R[base + i] = R[window + i] as Value;
        } else {
          if (kind === Kind.Call && stack.top - stack.floor >= mostCalls) throw raise.plain("Stack overflow: too many nested calls");
          frame.pc = next;
          const top = ++stack.top;
          frame = top < frames.length ? (frames[top] as Frame) : stack.grow();
          frame.kind = kind;
          frame.base = window;
          frame.result = result;
          if (frame.inherited !== null) frame.inherited = null;
          if (kind === Kind.Method) {
            frame.floorBefore = stack.floor;
            stack.floor = stack.top;
          }
          base = window;
        }
        frame.self = closure;
        frame.argc = argc;
        if (base + callee.registers >= R.length) {
          stack.reserve(base + callee.registers + 1);
          F = stack.floats;
        }
        for (let i = argc; i < callee.paramCount; i++) R[base + i] = null;
        fn = callee;
        code = fn.code;
        K = fn.constants;
        caches = fn.caches;
        pc = 0;
        if (--budget < 0 && (budget = pause(machine, fiber, frame, pc)) < 0) return;
      }
    } catch (thrown) {
      // The frame may have been left by a helper that threw after it had changed the stack; `frame` is the one that was running.
      if (fiber.stack.frame === frame) frame.pc = pc + 1;
      if (!drive(machine, fiber, asScriptError(thrown))) {
        machine.giveBack(budget);
        return;
      }
    }
  }
}

// --- Starting again ------------------------------------------------------------------------------------------------------------------

/** Hands a parked fiber what it waited for; false: it waits again or has ended. */
function wake(machine: Machine, fiber: Fiber): boolean {
  fiber.waking = false;
  const { wakeError, wakeValue, stack } = fiber;
  if (fiber.calling) {
    fiber.calling = false;
    return drive(machine, fiber, "call");
  }
  fiber.wakeError = null;
  fiber.wakeValue = null;
  if (wakeError !== null) return drive(machine, fiber, wakeError);
  const { native } = stack.frame;
  if (native !== null) return drive(machine, fiber, resume(fiber, native, wakeValue));
  stack.registers[fiber.target] = wakeValue;
  return true;
}

/** The slice is used up: a new one, or -1 to leave so that the host's event loop gets a turn. */
function pause(machine: Machine, fiber: Fiber, frame: Frame, pc: number): number {
  const slice = machine.trap();
  if (!machine.turnDue) return slice;
  frame.pc = pc;
  machine.giveBack(slice);
  machine.scheduler.makeFirst(fiber);
  return -1;
}

// --- The rest ------------------------------------------------------------------------------------------------------------------------

function failure(kind: number, text: string): Error {
  if (kind === 1) throw raise.plain(text);
  throw kind === 2 ? raise.fatal(text) : raise.runtime(text);
}

/** A limit that is neither a duration nor an int means 30 seconds. */
function arm(machine: Machine, fiber: Fiber, limit: Value): void {
  const ms = limit instanceof Duration ? Number(limit.ms) : typeof limit === "number" || typeof limit === "bigint" ? Number(limit) : 30_000;
  const atMs = machine.door.clock.monotonicMs() + Math.max(0, ms);
  fiber.stack.deadlines.push({ atMs, frame: fiber.stack.top });
}

function declareMethods(machine: Machine, description: readonly string[], registers: readonly Value[], first: number): void {
  const [name = "", ...methods] = description;
  // Call sites remember methods together with the map that they come from, so a change makes a new one.
  const table = new Map(machine.impls.get(name) ?? []);
  methods.forEach((method, i) => {
    table.set(method, registers[first + i] as Closure);
  });
  machine.impls = new Map([...machine.impls, [name, table]]);
}
