/** Reading names: where the value comes from, and what the error will say when there is none. */
import { Op } from "../bytecode/op.ts";
import { suggestAtRunTime } from "../diagnostics/suggest.ts";
import type { Node, PropertyAccess } from "../syntax/ast.ts";
import { temporary, value } from "./emit.ts";
import type { Fn } from "./fn.ts";

export function readName(f: Fn, name: string, dst: number): void {
  const { code } = f;
  const place = f.resolve(name);
  switch (place.kind) {
    case "register":
      return place.register === dst ? undefined : code.abc(Op.MOVE, dst, place.register);
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
 */
export function borrow(f: Fn, node: Node, dst: number): void {
  const { code } = f;
  if (node.kind === "Identifier") {
    const place = f.resolve(node.name);
    if (place.kind === "register") {
      code.place = node.span;
      return code.abc(Op.TAKE, dst, place.register);
    }
  }
  if (!peek(f, node, dst)) value(f, node, dst);
}

/** As `operand`, but a property or an item is only looked at: the register must not be stored. */
export function peekOperand(f: Fn, node: Node): number {
  if (node.kind === "Identifier") {
    const place = f.resolve(node.name);
    if (place.kind === "register") {
      f.code.place = node.span;
      return place.register;
    }
  }
  if (!isPeekable(f, node)) return temporary(f, node);
  const dst = f.code.take();
  peek(f, node, dst);
  return dst;
}

/** A property or an item, whose value an instruction may look at without taking a share in it. */
export function isPeekable(f: Fn, node: Node): boolean {
  if (node.kind === "SubscriptAccess") return !node.optional;
  return node.kind === "PropertyAccess" && !node.optional && !isVariant(f, node.object);
}

/** `E` of `E.V`: a declared enum that no variable hides. */
export function isVariant(f: Fn, object: Node): boolean {
  return object.kind === "Identifier" && f.unit.names.enums.has(object.name) && f.resolve(object.name).kind === "unbound";
}

/** `a.b`, or a path `a.b.c…` in one instruction. */
export function readProperty(f: Fn, node: PropertyAccess, dst: number, shares: boolean): void {
  const { code } = f;
  const names = [node.property];
  let object = node.object;
  while (object.kind === "PropertyAccess" && isPeekable(f, object)) {
    code.place = object.span;
    names.unshift(object.property);
    object = object.object;
  }
  const of = peekOperand(f, object);
  const cache = code.cache();
  if (names.length === 1) return code.abce(shares ? Op.GETPROP : Op.PEEKPROP, dst, of, code.name(node.property), cache);
  code.abce(shares ? Op.GETPATH : Op.PEEKPATH, dst, of, code.list(names), cache);
}

function peek(f: Fn, node: Node, dst: number): boolean {
  const { code } = f;
  if (!isPeekable(f, node)) return false;
  f.temporarily(() => {
    code.place = node.span;
    if (node.kind === "PropertyAccess") readProperty(f, node, dst, false);
    else if (node.kind === "SubscriptAccess") {
      const object = peekOperand(f, node.object);
      code.abc(Op.PEEKINDEX, dst, object, peekOperand(f, node.index));
    }
  });
  return true;
}
