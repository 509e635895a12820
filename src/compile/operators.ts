/** Operators, ranges, and jumps on conditions. */
import { Op } from "../bytecode/op.ts";
import type { Span } from "../source/text.ts";
import type { BinaryOp, BinaryOperator, Node, RangeExpr, UnaryOp } from "../syntax/ast.ts";
import type { Label } from "./builder.ts";
import { constantOf, value } from "./emit.ts";
import type { Fn } from "./fn.ts";
import { isArithmetic, runsStatements } from "./names.ts";
import { peekOperand, runsNothing } from "./read.ts";

const PLAIN: Partial<Record<BinaryOperator, Op>> = {
  "+": Op.ADD,
  "-": Op.SUB,
  "*": Op.MUL,
  "/": Op.DIV,
  "%": Op.MOD,
  "**": Op.POW,
  "==": Op.EQ,
  "!=": Op.NE,
  "<": Op.LT,
  "<=": Op.LE,
  ">": Op.GT,
  ">=": Op.GE,
  in: Op.IN,
  not_in: Op.NOTIN,
};

const WITH_CONSTANT: Partial<Record<BinaryOperator, Op>> = {
  "+": Op.ADDK,
  "-": Op.SUBK,
  "*": Op.MULK,
  "/": Op.DIVK,
  "%": Op.MODK,
};

/** A comparison's four jumps: unless, unless against a constant, if, if against a constant. */
const COMPARE: Partial<Record<BinaryOperator, readonly [Op, Op, Op, Op]>> = {
  "<": [Op.JNLT, Op.JNLTK, Op.JLT, Op.JLTK],
  "<=": [Op.JNLE, Op.JNLEK, Op.JLE, Op.JLEK],
  ">": [Op.JNGT, Op.JNGTK, Op.JGT, Op.JGTK],
  ">=": [Op.JNGE, Op.JNGEK, Op.JGE, Op.JGEK],
  "==": [Op.JNEQ, Op.JNEQK, Op.JEQ, Op.JEQK],
  "!=": [Op.JNNE, Op.JNNEK, Op.JNE, Op.JNEK],
};

export function binary(f: Fn, node: BinaryOp, dst: number): void {
  if (node.op === "&&" || node.op === "||") return logical(f, node, dst);
  if (node.op === "??") return orElse(f, node, dst);
  operate(f, node.op, node.left, node.right, dst);
}

const CONSTANT_LEFT: Partial<Record<BinaryOperator, readonly [Op, Op]>> = {
  "-": [Op.KSUB, Op.KSUBT],
  "*": [Op.KMUL, Op.KMULT],
  "/": [Op.KDIV, Op.KDIVT],
};

/** `constant op right`, when there is an instruction for it. */
function operateOnConstant(f: Fn, op: BinaryOperator, left: Node, right: Node, dst: number, unboxed: boolean): boolean {
  const { code } = f;
  const ops = CONSTANT_LEFT[op];
  const constant = ops === undefined ? null : constantOf(left);
  if (ops === undefined || constant === null || constantOf(right) !== null) return false;
  const index = code.constant(constant);
  if (index > 0xffff) return false;
  code.abc(unboxed ? ops[1] : ops[0], dst, index, arithmeticOperand(f, right));
  return true;
}

/**
 * `left op right` into `dst`; also the heart of `x op= e`.
 *
 * @param unboxed a float may stay unboxed: only arithmetic, comparisons and BOX read `dst`
 */
export function operate(f: Fn, op: BinaryOperator, left: Node, right: Node, dst: number, unboxed = false): void {
  f.temporarily(() => {
    if (operateOnConstant(f, op, left, right, dst, unboxed)) return;
    operateOn(f, op, leftOperand(f, left, right, op), right, dst, unboxed);
  });
}

/** As `operate`, with the left side in a register that may hold an unboxed float if the operator reads them. */
export function operateOn(f: Fn, op: BinaryOperator, left: number, right: Node, dst: number, unboxed = false): void {
  const { code } = f;
  const temporaryOps = unboxed ? UNBOXED[op] : undefined;
  const constant = constantOf(right);
  const fused = temporaryOps?.[1] ?? WITH_CONSTANT[op];
  if (constant !== null && fused !== undefined) {
    const index = code.constant(constant);
    if (index <= 0xffff) {
      code.place = constantLeaf(right);
      return code.abc(fused, dst, left, index);
    }
  }
  f.temporarily(() => {
    const operand = readsUnboxed(op) ? arithmeticOperand(f, right) : peekOperand(f, right, true);
    code.abc(temporaryOps?.[0] ?? (PLAIN[op] as Op), dst, left, operand);
  });
}

/** The last leaf of a constant or a name: the digits behind a minus, otherwise itself. */
export function constantLeaf(node: Node): Span {
  return node.kind === "UnaryOp" ? node.operand.span : node.span;
}

const UNBOXED: Partial<Record<BinaryOperator, readonly [Op, Op]>> = {
  "+": [Op.ADDT, Op.ADDTK],
  "-": [Op.SUBT, Op.SUBTK],
  "*": [Op.MULT, Op.MULTK],
  "/": [Op.DIVT, Op.DIVTK],
};

/** Whether an operator reads operands that are unboxed floats. */
export function readsUnboxed(op: BinaryOperator): boolean {
  return UNBOXED[op] !== undefined || op === "<" || op === "<=" || op === ">" || op === ">=";
}

/** An operand for arithmetic: a float that is only the middle of a longer computation, or an unboxed variable's, is not boxed. */
export function arithmeticOperand(f: Fn, node: Node, isNext = true): number {
  const place = node.kind === "Identifier" ? f.resolve(node.name) : null;
  if (place?.kind === "register") {
    f.code.place = node.span;
    return place.register;
  }
  if (!isArithmetic(node)) return peekOperand(f, node, isNext);
  f.code.place = node.span;
  const dst = f.code.take();
  operate(f, node.op, node.left, node.right, dst, true);
  return dst;
}

/** Computes `node` into `dst`, where a float may stay unboxed: only arithmetic, comparisons and BOX read it. */
export function unboxedValue(f: Fn, node: Node, dst: number): void {
  f.code.place = node.span;
  const place = node.kind === "Identifier" ? f.resolve(node.name) : null;
  if (place?.kind === "register" && place.unboxed) f.code.abc(Op.MOVET, dst, place.register);
  else if (isArithmetic(node)) operate(f, node.op, node.left, node.right, dst, true);
  else value(f, node, dst);
}

/** The left side; copied when the right side may assign the variable that it names. */
function leftOperand(f: Fn, left: Node, right: Node, op: BinaryOperator): number {
  const isNext = runsNothing(f, right);
  if (!runsStatements(right)) return readsUnboxed(op) ? arithmeticOperand(f, left, isNext) : peekOperand(f, left, isNext);
  const register = f.code.take();
  value(f, left, register);
  return register;
}

function logical(f: Fn, node: BinaryOp, dst: number): void {
  const { code } = f;
  const no = code.label();
  const end = code.label();
  jumpIf(f, node, false, no);
  f.constant(dst, true);
  code.jump(Op.JMP, 0, end);
  code.bind(no);
  f.constant(dst, false);
  code.bind(end);
}

function orElse(f: Fn, node: BinaryOp, dst: number): void {
  const { code } = f;
  const end = code.label();
  f.temporarily(() => {
    const result = code.take();
    value(f, node.left, result);
    code.jump(Op.JNOTNIL, result, end);
    value(f, node.right, result);
    code.bind(end);
    code.abc(Op.TAKE, dst, result);
  });
}

export function unary(f: Fn, node: UnaryOp, dst: number): void {
  const negative = node.op === "-" ? constantOf(node) : null;
  if (negative !== null) {
    f.code.place = node.operand.span;
    return f.constant(dst, negative);
  }
  f.temporarily(() => {
    f.code.abc(node.op === "-" ? Op.NEG : Op.NOT, dst, peekOperand(f, node.operand));
  });
}

export function rangeOf(f: Fn, node: RangeExpr, dst: number): void {
  f.temporarily(() => {
    const start = leftOperand(f, node.start, node.end, "==");
    f.code.abc(node.inclusive ? Op.RANGE : Op.RANGEX, dst, start, peekOperand(f, node.end));
  });
}

/** Jumps when the truth of `node` is `sense`. `back`: the target lies behind, so the jump must test the trap. */
export function jumpIf(f: Fn, node: Node, sense: boolean, to: Label, back = false): void {
  const { code } = f;
  code.place = node.span;
  if (node.kind === "UnaryOp" && node.op === "!") return jumpIf(f, node.operand, !sense, to, back);
  if (node.kind === "BinaryOp" && (node.op === "&&" || node.op === "||")) return jumpIfLogical(f, node, sense, to, back);
  if (node.kind === "BinaryOp" && COMPARE[node.op] !== undefined && (sense || !back)) return jumpIfCompared(f, node, sense, to);
  if (back) {
    const past = code.label();
    jumpIf(f, node, !sense, past);
    code.jump(Op.LOOP, 0, to);
    return code.bind(past);
  }
  f.temporarily(() => code.jump(sense ? Op.JT : Op.JF, peekOperand(f, node, true), to));
}

function jumpIfLogical(f: Fn, node: BinaryOp, sense: boolean, to: Label, back: boolean): void {
  // `a && b` is false at the first false one, `a || b` true at the first true one.
  const shortSense = node.op === "||";
  if (sense === shortSense) {
    jumpIf(f, node.left, sense, to, back);
    return jumpIf(f, node.right, sense, to, back);
  }
  const past = f.code.label();
  jumpIf(f, node.left, shortSense, past);
  jumpIf(f, node.right, sense, to, back);
  f.code.bind(past);
}

function jumpIfCompared(f: Fn, node: BinaryOp, sense: boolean, to: Label): void {
  const { code } = f;
  const ops = COMPARE[node.op] as readonly [Op, Op, Op, Op];
  const constant = constantOf(node.right);
  f.temporarily(() => {
    const left = leftOperand(f, node.left, node.right, node.op);
    const index = constant === null ? -1 : code.constant(constant);
    if (index >= 0 && index <= 0xffff) {
      code.place = node.right.span;
      return code.branch(ops[sense ? 3 : 1], left, index, 0, to);
    }
    code.branch(
      ops[sense ? 2 : 0],
      left,
      readsUnboxed(node.op) ? arithmeticOperand(f, node.right) : peekOperand(f, node.right, true),
      0,
      to,
    );
  });
}
