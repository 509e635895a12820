/** `if` and `? :`. */
import { Op } from "../bytecode/op.ts";
import type { Block, IfElse, Ternary } from "../syntax/ast.ts";
import { block, DROP, value } from "./emit.ts";
import type { Fn } from "./fn.ts";
import { jumpIf } from "./operators.ts";

/** An `if` that lacks its `else` is nil, also when its branch runs. */
export function ifElse(f: Fn, node: IfElse, dst: number): void {
  const { code } = f;
  const otherwise = code.label();
  jumpIf(f, node.condition, false, otherwise);
  if (node.else === null) {
    block(f, node.then, null);
    code.bind(otherwise);
    return f.constant(dst, null);
  }
  const end = code.label();
  block(f, node.then, wanted(dst));
  code.jump(Op.JMP, 0, end);
  code.bind(otherwise);
  block(f, node.else as Block, wanted(dst));
  code.bind(end);
}

export function wanted(dst: number): number | null {
  return dst === DROP ? null : dst;
}

export function ternary(f: Fn, node: Ternary, dst: number): void {
  const { code } = f;
  const otherwise = code.label();
  const end = code.label();
  f.temporarily(() => {
    const result = code.take();
    jumpIf(f, node.condition, false, otherwise);
    value(f, node.trueExpr, result);
    code.jump(Op.JMP, 0, end);
    code.bind(otherwise);
    value(f, node.falseExpr, result);
    code.bind(end);
    code.abc(Op.TAKE, dst, result);
  });
}
