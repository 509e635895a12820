/** Reading names: where the value comes from, and what the error will say when there is none. */
import { Op } from "../bytecode/op.ts";
import { suggestAtRunTime } from "../diagnostics/suggest.ts";
import type { Node, PropertyAccess } from "../syntax/ast.ts";
import { temporary, value } from "./emit.ts";
import type { Fn } from "./fn.ts";
import { forEachChild } from "../syntax/walk.ts";

export function readName(f: Fn, name: string, dst: number): void {
  const { code } = f;
  const place = f.resolve(name);
  switch (place.kind) {
    case "register":
      return place.register === dst ? undefined : code.abc(place.unboxed ? Op.BOX : Op.MOVE, dst, place.register);
    case "capture":
      return code.ad(Op.GETCAP, dst, place.index);
    case "slot":
      return code.ade(Op.GETSLOT, dst, place.index, code.name(name));
    case "unbound":
      if (boundSomewhere(f, name)) f.unit.dynamic.add(name);
      return code.ade(boundSomewhere(f, name) ? Op.GETNAME : Op.GETGLOBAL, dst, code.name(name), suggestion(f, name));
  }
}

/** Some place of the entry file binds the name, so that a caller may bring a function of that name. */
export function boundSomewhere(f: Fn, name: string): boolean {
  return f.unit.isEntry && f.unit.names.bound.has(name);
}

/**
 * One plus the index of the name that a reader of this error probably meant; 0 = none. A file with thousands of unknown names gets no
 * suggestions for its last ones, because looking for them would take the square of its length.
 */
export function suggestion(f: Fn, name: string): number {
  const { globals, effort } = f.unit;
  if (globals.has(name) || effort.left < 0) return 0;
  const candidates = f.visibleNames();
  for (const global of globals) candidates.add(global);
  effort.left -= candidates.size;
  const near = suggestAtRunTime(name, candidates);
  return near === null ? 0 : f.code.name(near) + 1;
}

/**
 * Into `dst` without marking it shared: for instructions that only look at the value, and for builtins that say so. Nothing may assign
 * the variable before then.
 *
 * @param isNext no other code runs before, so that a module's variable is still what it was too
 */
export function borrow(f: Fn, node: Node, dst: number, isNext = false): void {
  const { code } = f;
  if (node.kind === "Identifier") {
    const place = f.resolve(node.name);
    if (place.kind === "register") {
      code.place = node.span;
      return code.abc(place.unboxed ? Op.BOX : Op.TAKE, dst, place.register);
    }
    if (place.kind === "slot" && isNext) {
      code.place = node.span;
      return code.ade(Op.TAKESLOT, dst, place.index, code.name(node.name));
    }
  }
  if (!peek(f, node, dst, isNext)) value(f, node, dst);
}

/**
 * As `operand`, but a property or an item is only looked at: the register must not be stored.
 *
 * @param isNext as for `borrow`
 */
export function peekOperand(f: Fn, node: Node, isNext = false): number {
  if (node.kind === "Identifier") {
    const place = f.resolve(node.name);
    if (place.kind === "register") {
      f.code.place = node.span;
      return f.boxed(place);
    }
    if (place.kind === "slot" && isNext) {
      const dst = f.code.take();
      borrow(f, node, dst, true);
      return dst;
    }
  }
  if (!isPeekable(f, node)) return temporary(f, node);
  const dst = f.code.take();
  peek(f, node, dst, isNext);
  return dst;
}

/** Whether evaluating an expression runs no function of the script's, so that module variables stay what they are. */
export function runsNothing(f: Fn, node: Node): boolean {
  switch (node.kind) {
    case "BinaryOp":
      if (node.op === "|>") return false;
      break;
    case "InterpolatedString":
      if (f.unit.names.bound.has("to_string")) return false;
      break;
    case "Identifier":
    case "StringLiteral":
    case "RawStringLiteral":
    case "IntLiteral":
    case "FloatLiteral":
    case "BoolLiteral":
    case "NilLiteral":
    case "DurationLiteral":
    case "UnaryOp":
    case "Ternary":
    case "PropertyAccess":
    case "SubscriptAccess":
    case "SliceAccess":
    case "RangeExpr":
    case "ListLiteral":
    case "DictLiteral":
      break;
    default:
      return false;
  }
  let found = true;
  forEachChild(node, (child) => {
    found &&= runsNothing(f, child);
  });
  return found;
}

/** A property or an item, whose value an instruction may look at without taking a share in it. */
export function isPeekable(f: Fn, node: Node): boolean {
  if (node.kind === "SubscriptAccess") return !node.optional;
  return node.kind === "PropertyAccess" && !node.optional && !isVariant(f, node.object);
}

/** `E` of `E.V`: a declared enum, whatever variable has its name too. */
export function isVariant(f: Fn, object: Node): boolean {
  return object.kind === "Identifier" && f.unit.names.enums.has(object.name);
}

/** `a.b`, or a path `a.b.c…` in one instruction. */
export function readProperty(f: Fn, node: PropertyAccess, dst: number, shares: boolean, isNext = false): void {
  const { code } = f;
  const names = [node.property];
  let object = node.object;
  while (object.kind === "PropertyAccess" && isPeekable(f, object)) {
    code.place = object.span;
    names.unshift(object.property);
    object = object.object;
  }
  const of = peekOperand(f, object, shares || isNext);
  const cache = code.cache();
  if (names.length === 1) return code.abce(shares ? Op.GETPROP : Op.PEEKPROP, dst, of, code.name(node.property), cache);
  code.abce(shares ? Op.GETPATH : Op.PEEKPATH, dst, of, code.list(names), cache);
}

function peek(f: Fn, node: Node, dst: number, isNext: boolean): boolean {
  const { code } = f;
  if (!isPeekable(f, node)) return false;
  f.temporarily(() => {
    code.place = node.span;
    if (node.kind === "PropertyAccess") readProperty(f, node, dst, false, isNext);
    else if (node.kind === "SubscriptAccess") {
      const object = peekOperand(f, node.object, isNext && runsNothing(f, node.index));
      code.abc(Op.PEEKINDEX, dst, object, peekOperand(f, node.index, true));
    }
  });
  return true;
}
