/**
 * Where an error is reported: at the last sub-expression compiled before the failing operation, and there at its last leaf (section 14).
 *
 * That is a rule on the text of the program, not on the run: of `c ? a : b` the last leaf is always that of `b`.
 */
import type { Span } from "../../src/source/text.ts";
import type { Block, Node } from "../../src/syntax/ast.ts";
import { replaced } from "./placeholder.ts";

/** The last leaf of an expression or statement; null where the reference does not say which it is. */
export function leaf(node: Node): Span | null {
  switch (node.kind) {
    case "BinaryOp":
      // With a placeholder the right side has become a closure, which is a leaf.
      return node.op === "|>" && replaced(node.right) !== node.right ? node.right.span : leaf(node.right);
    case "UnaryOp":
    case "TryStar":
    case "TryOperator":
      return leaf(node.operand);
    case "Ternary":
      return leaf(node.falseExpr);
    case "RangeExpr":
      return leaf(node.end);
    case "FunctionCall":
      return lastOf(node.args, node);
    case "MethodCall":
      return node.args.length > 0 || isEnumName(node.object) ? lastOf(node.args, node) : leaf(node.object);
    case "PropertyAccess":
      return isEnumName(node.object) ? node.span : leaf(node.object);
    case "SubscriptAccess":
      return leaf(node.index);
    case "SliceAccess":
      return leaf(node.end ?? node.start ?? node.object);
    case "ListLiteral":
      return lastOf(node.items, node);
    case "DictLiteral":
    case "StructConstruct":
      return lastOf(
        node.entries.map((entry) => entry.value),
        node,
      );
    case "Spread":
      return leaf(node.expr);
    case "InterpolatedString":
      return lastOf(
        node.segments.filter((segment) => typeof segment !== "string"),
        node,
      );
    default:
      return lastOfForm(node);
  }
}

function lastOfForm(node: Node): Span | null {
  switch (node.kind) {
    case "IfElse":
      return lastOf([node.condition, ...node.then, ...(node.else ?? [])], node);
    case "TryCatch":
      return lastOf([...node.body, ...node.catchBody, ...(node.finallyBody ?? [])], node);
    case "TryExpr":
      return lastOf(node.body, node);
    case "Retry":
      return lastOf([node.count, ...node.body], node);
    case "MatchExpr": {
      const arm = node.arms.at(-1);
      if (arm === undefined) return leaf(node.value);
      if (arm.body.length > 0) return lastOf(arm.body, node);
      return arm.guard === null ? null : leaf(arm.guard);
    }
    case "LetBinding":
    case "VarBinding":
      return node.pattern.kind === "Name" ? leaf(node.value) : null;
    case "ThrowStmt":
      return leaf(node.value);
    case "ReturnStmt":
      return node.value === null ? node.span : leaf(node.value);
    case "Assignment":
      return node.target.kind === "Identifier" ? leaf(node.value) : null;
    case "RequireStmt":
      return leaf(node.message ?? node.condition);
    case "ForIn":
    case "WhileLoop":
    case "GuardStmt":
    case "DeferStmt":
    case "FnDecl":
      return null;
    default:
      return node.span;
  }
}

/** The last leaf of the last node; of none, the form itself. */
function lastOf(nodes: Block, form: Node): Span | null {
  const last = nodes.at(-1);
  return last === undefined ? form.span : leaf(last);
}

/** `E` of `E.V`, which is no expression of its own. Enums are the only capitalised names that programs here put before a dot. */
function isEnumName(node: Node): boolean {
  return node.kind === "Identifier" && /^[A-Z]/.test(node.name);
}
