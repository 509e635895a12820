/** Dispatches on the kind of a node: the one file that knows all others of this folder. */
import type { AttributedDecl, Block, Node } from "../syntax/ast.ts";
import { optionalProperty, optionalSubscript, property, slice, subscript } from "./access.ts";
import { assignment } from "./assign.ts";
import { ifElse, ternary } from "./branches.ts";
import { functionCall, methodCall, pipe } from "./calls.ts";
import { bindingDeclaration, fnDecl, implBlock, structDecl } from "./declarations.ts";
import { intConstant } from "./emit.ts";
import type { Fn, Visitor } from "./fn.ts";
import { closure } from "./functions.ts";
import { dictLiteral, interpolated } from "./literals.ts";
import { forIn, guard, jumpOut, require, returnStatement, throwStatement, whileLoop, yieldStatement } from "./control.ts";
import { listInto } from "./lists.ts";
import { matchExpr } from "./match.ts";
import { binary, rangeOf, unary } from "./operators.ts";
import { readName } from "./read.ts";
import { schemaArgument } from "./schemas.ts";
import { structConstruct } from "./structs.ts";
import { mutex, parallel, select, spawn } from "./tasks.ts";
import { toolDecl } from "./tools.ts";
import { deadline, deferRest, retry, tryCatch, tryExpr, tryOperator, tryStar } from "./tries.ts";

function value(f: Fn, node: Node, dst: number): void {
  switch (node.kind) {
    case "StringLiteral":
    case "RawStringLiteral":
      return f.constant(dst, node.value);
    case "IntLiteral":
      return f.constant(dst, intConstant(node.value));
    case "FloatLiteral":
      return f.constant(dst, { kind: "float", value: node.value });
    case "BoolLiteral":
      return f.constant(dst, node.value);
    case "NilLiteral":
      return f.constant(dst, null);
    case "DurationLiteral":
      if (node.ms === null) return f.error(node.span, "duration literal is too large");
      return f.constant(dst, { kind: "duration", ms: intConstant(node.ms) });
    case "InterpolatedString":
      return interpolated(f, node, dst);
    case "Identifier":
      return schemaArgument(f, node, dst) ? undefined : readName(f, node.name, dst);
    case "ListLiteral":
      return listInto(f, node.items, dst);
    case "DictLiteral":
      return dictLiteral(f, node, dst);
    case "StructConstruct":
      return structConstruct(f, node, dst);
    case "Spread":
      return f.error(node.span, "spread (...) can only be used inside list literals, dict literals, or function call arguments");
    case "OrPattern":
      return f.error(node.span, "or-pattern (|) can only appear as a match arm pattern");
    case "Closure":
      return closure(f, node, dst);
    default:
      return compound(f, node, dst);
  }
}

function compound(f: Fn, node: Node, dst: number): void {
  switch (node.kind) {
    case "BinaryOp":
      return node.op === "|>" ? pipe(f, node, dst) : binary(f, node, dst);
    case "UnaryOp":
      return unary(f, node, dst);
    case "Ternary":
      return ternary(f, node, dst);
    case "RangeExpr":
      return rangeOf(f, node, dst);
    case "FunctionCall":
      return functionCall(f, node, dst);
    case "MethodCall":
      return methodCall(f, node, dst);
    case "PropertyAccess":
      return node.optional ? optionalProperty(f, node, dst) : property(f, node, dst);
    case "SubscriptAccess":
      return node.optional ? optionalSubscript(f, node, dst) : subscript(f, node, dst);
    case "SliceAccess":
      return slice(f, node, dst);
    case "IfElse":
      return ifElse(f, node, dst);
    case "MatchExpr":
      return matchExpr(f, node, dst);
    case "TryCatch":
      return tryCatch(f, node, dst);
    case "TryExpr":
      return tryExpr(f, node, dst);
    case "TryStar":
      return tryStar(f, node, dst);
    case "TryOperator":
      return tryOperator(f, node, dst);
    case "Retry":
      return retry(f, node, dst);
    case "DeadlineBlock":
      return deadline(f, node, dst);
    case "SpawnExpr":
      return spawn(f, node, dst);
    case "Parallel":
      return parallel(f, node, dst);
    case "SelectExpr":
      return select(f, node, dst);
    default:
      statement(f, node);
      return f.constant(dst, null);
  }
}

function statement(f: Fn, node: Node): void {
  switch (node.kind) {
    case "AttributedDecl":
      return attributed(f, node);
    case "LetBinding":
    case "VarBinding":
      return bindingDeclaration(f, node);
    case "FnDecl":
      return fnDecl(f, node);
    case "StructDecl":
      return structDecl(f, node);
    case "ImplBlock":
      return implBlock(f, node);
    case "Assignment":
      return assignment(f, node);
    case "ForIn":
      return forIn(f, node);
    case "WhileLoop":
      return whileLoop(f, node);
    case "GuardStmt":
      return guard(f, node);
    case "RequireStmt":
      return require(f, node);
    case "ReturnStmt":
      return returnStatement(f, node);
    case "ThrowStmt":
      return throwStatement(f, node);
    case "YieldExpr":
      return yieldStatement(f, node);
    case "BreakStmt":
    case "ContinueStmt":
      return jumpOut(f, node);
    default:
      return otherStatement(f, node);
  }
}

function attributed(f: Fn, node: AttributedDecl): void {
  for (const { name, span } of node.attributes) {
    if (name !== "acp_tool" && name !== "acp_skill") continue;
    // On a function they describe it to an editor's agent and do nothing to the program.
    if (node.inner.kind !== "FnDecl" && node.inner.kind !== "Pipeline")
      f.error(span, `@${name} can only be applied to function declarations`);
  }
  statement(f, node.inner);
}

function otherStatement(f: Fn, node: Node): void {
  switch (node.kind) {
    // Without an effect of their own at run time.
    case "TypeDecl":
    case "EnumDecl":
    case "InterfaceDecl":
    case "OverrideDecl":
    case "Pipeline":
      return;
    case "DeferStmt":
      return deferRest(f, node.body, [], 0, null);
    case "MutexBlock":
      return mutex(f, node);
    case "EmitExpr":
      return yieldStatement(f, node);
    case "ToolDecl":
      return toolDecl(f, node);
    case "SkillDecl":
      return f.unsupported("skill declarations are");
    case "EvalPackDecl":
      return f.unsupported("eval_pack declarations are");
    case "ImportDecl":
    case "SelectiveImport":
      return f.unsupported("import inside a body is");
    default:
      throw new Error(`${node.kind} is no statement`);
  }
}

function defer(f: Fn, deferred: Block, body: Block, next: number, dst: number | null): void {
  deferRest(f, deferred, body, next, dst);
}

export const visitor: Visitor = { value, statement, defer };
