/**
 * Calls.
 *
 * A call window is a run of registers: the callee (or a method's receiver), then the arguments; the result comes back in its first. A
 * window that starts at the top of the register stack becomes the callee's frame without any copying.
 */
import { Op } from "../bytecode/op.ts";
import type { BinaryOp, FunctionCall, MethodCall, Node } from "../syntax/ast.ts";
import { DROP, temporary, value } from "./emit.ts";
import { type Fn, isTopFunction, lateIndex, type Place } from "./fn.ts";
import { closureOf } from "./functions.ts";
import { callInPlace, inlineable } from "./inline.ts";
import { listInto } from "./lists.ts";
import { runsStatements } from "./names.ts";
import { borrow, boundSomewhere, isVariant, readName, runsNothing, suggestion } from "./read.ts";
import { hasPlaceholder, replacePlaceholder } from "./placeholder.ts";
import { noteSchemaArgument } from "./schemas.ts";

/** The count that says: the arguments are the items of one list. */
const SPREAD = 0xffff;

export const hasSpread = (args: readonly Node[]): boolean => args.some((arg) => arg.kind === "Spread");

export function functionCall(f: Fn, node: FunctionCall, dst: number): void {
  const small = isTooEarly(f, node.name) ? null : inlineable(f, node.name, node.args);
  if (small === null) return callByName(f, node.name, node.args, dst);
  f.temporarily(() => callInPlace(f, small, node.args, dst === DROP ? f.code.take() : dst, false));
}

export function callByName(f: Fn, name: string, args: readonly Node[], dst: number): void {
  inWindow(f, dst, (window, result) => callInto(f, name, args, window, result));
}

/** Opens a window at the top of the registers, in `dst` itself if that is the top. The result belongs into `dst`, when it is wanted. */
function inWindow(f: Fn, dst: number, emit: (window: number, result: number) => void): void {
  const { code } = f;
  f.temporarily(() => {
    const window = dst >= 0 && dst === code.free - 1 ? dst : code.take();
    emit(window, dst === DROP ? window : dst);
  });
}

/** Stands for the register of the result: the call replaces the frame, and what cannot leaves its result in the window's first register. */
export const TAIL = -1;

/** The whole call. */
export function callInto(f: Fn, name: string, args: readonly Node[], window: number, result: number): void {
  const { code } = f;
  noteSchemaArgument(f, name, args);
  const place = f.resolve(name);
  const entry = f.unit;
  const tail = result === TAIL;
  if (isSelf(f, name)) {
    const count = callArguments(f, args, window, false);
    return tail ? code.abc(Op.TCALLSELF, window, count) : code.abc(Op.CALLSELF, window, count, result);
  }
  if (isLate(f, name, place)) {
    const late = lateIndex(f.unit, name);
    const count = callArguments(f, args, window, false);
    return tail ? code.abc(Op.TCALLLATE, window, count, late) : code.abce(Op.CALLLATE, window, count, late, result);
  }
  if (place.kind === "slot" && place.isFunction) {
    const count = callArguments(f, args, window, false);
    return tail ? code.abc(Op.TCALLSLOT, window, count, place.index) : code.abce(Op.CALLSLOT, window, count, place.index, result);
  }
  if (place.kind !== "unbound") {
    // The name is looked up when the arguments have been evaluated, one of which may have assigned it.
    const count = callArguments(f, args, window, false);
    if (place.kind === "register" && !place.unboxed) code.abc(Op.TAKE, window, place.register);
    else readName(f, name, window);
    const named = code.name(name) + 1;
    return tail ? code.abc(Op.TCALL, window, count, named) : code.abce(Op.CALL, window, count, named, result);
  }
  if (!boundSomewhere(f, name) && entry.globals.has(name)) {
    const count = callArguments(f, args, window, true);
    code.abce(Op.CALLB, window, count, code.name(name), code.cache());
    return moveResult(f, window, result);
  }
  f.unit.dynamic.add(name);
  const count = callArguments(f, args, window, false);
  code.abce(tail ? Op.TCALLNAME : Op.CALLNAME, window, count, code.name(name), suggestion(f, name));
  moveResult(f, window, result);
}

function moveResult(f: Fn, window: number, result: number): void {
  if (result !== TAIL && result !== window) f.code.abc(Op.TAKE, result, window);
}

/** Every call of this name means the function that is being compiled. */
function isSelf(f: Fn, name: string): boolean {
  return f.selfName === name && f.resolve(name).kind === "unbound";
}

/** A top-level function, reached through the module's table from any function. */
function isLate(f: Fn, name: string, place: Place): boolean {
  return place.kind !== "register" && isTopFunction(f.unit, name) && !isTooEarly(f, name);
}

/** The top level has not come to the function's declaration: the call fails, and the compiler knows what the reader could have meant. */
function isTooEarly(f: Fn, name: string): boolean {
  return f.parent === null && f.unit.isEntry && f.unit.names.functions.has(name) && f.resolve(name).kind === "unbound";
}

/** Puts the arguments behind the window's first register; returns the count to encode. */
export function callArguments(f: Fn, args: readonly Node[], window: number, borrowed: boolean): number {
  const { code } = f;
  code.free = window + 1;
  if (hasSpread(args)) {
    listInto(f, args, code.take());
    return SPREAD;
  }
  const careful = !borrowed || args.some(runsStatements);
  const isNext = args.every((arg) => runsNothing(f, arg));
  // One register at a time: an argument that is a call then opens its window right where its result belongs.
  for (const arg of args) {
    const register = code.take();
    if (careful) value(f, arg, register);
    else borrow(f, arg, register, isNext);
  }
  return args.length;
}

// --- Methods -----------------------------------------------------------------------------------------------------------------------

export function methodCall(f: Fn, node: MethodCall, dst: number): void {
  const { code } = f;
  if (!node.optional && isVariant(f, node.object) && node.object.kind === "Identifier") return variant(f, node, node.object.name, dst);
  inWindow(f, dst, (window, result) => {
    if (node.optional && hasSpread(node.args)) {
      const spread = node.args.find((arg) => arg.kind === "Spread") as Node;
      return f.error(spread.span, "spread (...) can only be used inside list literals, dict literals, or function call arguments");
    }
    const owned = ownsReceiver(node);
    if (owned) value(f, node.object, window);
    else
      borrow(
        f,
        node.object,
        window,
        node.args.every((arg) => runsNothing(f, arg)),
      );
    const place = code.place;
    methodArguments(f, node, window);
    if (node.args.length === 0) code.place = place;
    if (!node.optional) return finishMethodCall(f, node, window, owned, result);
    const end = code.label();
    code.jump(Op.JNIL, window, end);
    finishMethodCall(f, node, window, owned, window);
    code.bind(end);
    moveResult(f, window, result);
  });
}

/** The receiver is nobody else's: a fresh result, or a copy that the arguments cannot change. */
function ownsReceiver(node: MethodCall): boolean {
  if (node.args.some(runsStatements)) return true;
  return node.object.kind !== "Identifier" && node.object.kind !== "PropertyAccess" && node.object.kind !== "SubscriptAccess";
}

export function methodArguments(f: Fn, node: MethodCall, window: number): void {
  callArguments(f, node.args, window, false);
}

/** The call itself, its receiver and arguments being in place. */
export function finishMethodCall(f: Fn, node: MethodCall, window: number, owned: boolean, result: number): void {
  const { code } = f;
  const count = hasSpread(node.args) ? SPREAD : node.args.length;
  code.abce(owned ? Op.CALLMX : Op.CALLM, window, count, code.name(node.method), result);
}

function variant(f: Fn, node: MethodCall, enumName: string, dst: number): void {
  const { code } = f;
  f.temporarily(() => {
    if (hasSpread(node.args)) {
      const spread = node.args.find((arg) => arg.kind === "Spread") as Node;
      return f.error(spread.span, "spread (...) can only be used inside list literals, dict literals, or function call arguments");
    }
    const first = code.free;
    for (const arg of node.args) temporary(f, arg);
    code.abce(Op.NEWENUM, dst === DROP ? code.take() : dst, first, code.list([enumName, node.method]), node.args.length);
  });
}

// --- Pipes -------------------------------------------------------------------------------------------------------------------------

export function pipe(f: Fn, node: BinaryOp, dst: number): void {
  inWindow(f, dst, (window, result) => {
    pipeInto(f, node, window, false);
    moveResult(f, window, result);
  });
}

/** `v |> rhs`: the value is computed first, then what it is passed to. */
export function pipeInto(f: Fn, node: BinaryOp, window: number, tail: boolean): void {
  const { code } = f;
  code.free = window + 1;
  value(f, node.left, code.take());
  f.temporarily(() => {
    code.place = node.right.span;
    const callee = hasPlaceholder(node.right)
      ? closureOf(f, [pipeParameter(node.right)], [replacePlaceholder(node.right)], node.right.span)
      : temporary(f, node.right);
    code.abc(Op.TAKE, window, callee);
  });
  code.abc(tail ? Op.TPIPE : Op.PIPE, window, 1);
}

function pipeParameter(node: Node) {
  return { name: "__pipe", type: null, default: null, rest: false, span: node.span };
}
