/** Property, index and slice access. */
import { Op } from "../bytecode/op.ts";
import type { PropertyAccess, SliceAccess, SubscriptAccess } from "../syntax/ast.ts";
import { temporary, value } from "./emit.ts";
import type { Fn } from "./fn.ts";
import { runsStatements } from "./names.ts";
import { isVariant, peekOperand, readProperty, runsNothing } from "./read.ts";

export function property(f: Fn, node: PropertyAccess, dst: number): void {
  const { code } = f;
  if (isVariant(f, node.object) && node.object.kind === "Identifier") {
    return code.abce(Op.NEWENUM, dst, 0, code.list([node.object.name, node.property]), 0);
  }
  f.temporarily(() => readProperty(f, node, dst, true));
}

export function optionalProperty(f: Fn, node: PropertyAccess, dst: number): void {
  f.temporarily(() => {
    const object = peekOperand(f, node.object, true);
    f.code.abce(Op.OPTPROP, dst, object, f.code.name(node.property), f.code.cache());
  });
}

export function subscript(f: Fn, node: SubscriptAccess, dst: number): void {
  f.temporarily(() => {
    const object = runsStatements(node.index) ? temporary(f, node.object) : peekOperand(f, node.object, runsNothing(f, node.index));
    f.code.abc(Op.GETINDEX, dst, object, peekOperand(f, node.index, true));
  });
}

/** The index is evaluated even when the receiver is nil; only the step itself is skipped. */
export function optionalSubscript(f: Fn, node: SubscriptAccess, dst: number): void {
  const { code } = f;
  const end = code.label();
  f.temporarily(() => {
    const result = temporary(f, node.object);
    const index = peekOperand(f, node.index);
    code.jump(Op.JNIL, result, end);
    code.abc(Op.GETINDEX, result, result, index);
    code.bind(end);
    code.abc(Op.TAKE, dst, result);
  });
}

export function slice(f: Fn, node: SliceAccess, dst: number): void {
  const { code } = f;
  f.temporarily(() => {
    const object = temporary(f, node.object);
    const bounds = code.take(2);
    if (node.start === null) f.constant(bounds, null);
    else value(f, node.start, bounds);
    if (node.end === null) f.constant(bounds + 1, null);
    else value(f, node.end, bounds + 1);
    code.abce(Op.SLICE, dst, object, bounds, 2);
  });
}
