/**
 * The ways to ask for code of a node: what every other file of this folder builds on.
 *
 * `value` puts it into a given register, `operand` gives some register that holds it (a local's own, if it is one, without a copy),
 * `effect` drops it. A target register is written last: the expression may still read its old content. The kinds themselves are
 * dispatched by the unit's visitor (`expr.ts`), so that files depend on this one and not on each other.
 */
import type { Block, Node } from "../syntax/ast.ts";
import type { Fn } from "./fn.ts";

/** Computes `node` into `dst`, which is written after everything else was read. */
export function value(f: Fn, node: Node, dst: number): void {
  f.code.place = node.span;
  f.unit.visitor.value(f, node, dst);
}

/** Computes `node` into a fresh temporary. */
export function temporary(f: Fn, node: Node): number {
  const register = f.code.take();
  value(f, node, register);
  return register;
}

/** A register that holds the value; a local variable is read where it lives. Nothing may assign it before the register is used. */
export function operand(f: Fn, node: Node): number {
  if (node.kind === "Identifier") {
    const place = f.resolve(node.name);
    if (place.kind === "register") {
      f.code.place = node.span;
      return f.boxed(place);
    }
  }
  return temporary(f, node);
}

/** In place of a target register: the value is not wanted. Only the kinds that `effect` names accept it. */
export const DROP = -1;
const DROPPABLE = new Set<string>(
  "IfElse MatchExpr TryCatch Retry DeadlineBlock SelectExpr SpawnExpr Parallel FunctionCall MethodCall".split(" "),
);

/** Evaluates for its effects. */
export function effect(f: Fn, node: Node): void {
  f.temporarily(() => {
    if (DROPPABLE.has(node.kind)) value(f, node, DROP);
    else temporary(f, node);
  });
}

/** Statements in a scope of their own; the value of the last one goes to `dst`, or is dropped. */
export function block(f: Fn, body: Block, dst: number | null): void {
  f.scoped(() => statements(f, body, 0, dst));
}

/** The statements from `from` on, in the open scope. A `defer` takes the rest of them under its wing. */
export function statements(f: Fn, body: Block, from: number, dst: number | null): void {
  for (let i = from; i < body.length; i++) {
    const node = body[i] as Node;
    if (node.kind === "DeferStmt") return f.unit.visitor.defer(f, node.body, body, i + 1, dst);
    if (i === body.length - 1 && dst !== null) value(f, node, dst);
    else if (node.kind === "Retry")
      value(f, node, DROP); // its body declares in the scope around it
    else if (isStatement(node)) {
      // Declarations keep their registers until the scope ends.
      f.code.place = node.span;
      f.unit.visitor.statement(f, node);
    } else effect(f, node);
  }
  if (dst !== null && body.length <= from) f.constant(dst, null);
}

const STATEMENTS = new Set<string>(
  `Pipeline OverrideDecl ImportDecl SelectiveImport FnDecl ToolDecl SkillDecl EvalPackDecl TypeDecl EnumDecl StructDecl InterfaceDecl ImplBlock
   AttributedDecl LetBinding VarBinding ForIn WhileLoop MutexBlock DeferStmt GuardStmt RequireStmt ReturnStmt YieldExpr EmitExpr
   ThrowStmt BreakStmt ContinueStmt Assignment`.split(/\s+/),
);

/** Kinds that have no value of their own: nil where one is asked for. */
export function isStatement(node: Node): boolean {
  return STATEMENTS.has(node.kind);
}

export function intConstant(n: bigint): number | bigint {
  return n >= -9007199254740991n && n <= 9007199254740991n ? Number(n) : n;
}

/** A constant operand of a fused instruction, or null. */
export function constantOf(node: Node): number | bigint | string | { kind: "float"; value: number } | null {
  if (node.kind === "IntLiteral") return intConstant(node.value);
  if (node.kind === "FloatLiteral") return { kind: "float", value: node.value };
  if (node.kind === "StringLiteral" || node.kind === "RawStringLiteral") return node.value;
  if (node.kind === "UnaryOp" && node.op === "-" && node.operand.kind === "IntLiteral") {
    const n = -node.operand.value;
    return n === 0n ? null : intConstant(n);
  }
  return null;
}
