/** Operators: operands that can never work together. Judged only when both operand types are plain names. */
import type { BinaryOp } from "../syntax/ast.ts";
import type { CheckContext } from "./context.ts";
import { inferType } from "./infer.ts";
import type { Scope } from "./scope.ts";

const NUMERIC = new Set(["int", "float"]);
const ORDERED = new Set(["int", "float", "string"]);
const ADDABLE = new Set(["string", "list", "dict"]);

export function checkOperator(cx: CheckContext, node: BinaryOp, scope: Scope): void {
  cx.node(node.left, scope);
  cx.node(node.right, scope);
  switch (node.op) {
    case "+":
    case "-":
    case "*":
    case "/":
    case "%":
    case "**":
    case "<":
    case ">":
    case "<=":
    case ">=":
      break;
    default:
      return;
  }
  const left = inferType(node.left, scope);
  const right = inferType(node.right, scope);
  if (left?.kind !== "Named" || right?.kind !== "Named" || left.name === "_" || right.name === "_") return;
  if (node.op === "<" || node.op === ">" || node.op === "<=" || node.op === ">=") return checkOrder(cx, node, left.name, right.name);
  checkArithmetic(cx, node, left.name, right.name);
}

function checkOrder(cx: CheckContext, node: BinaryOp, left: string, right: string): void {
  if (!ORDERED.has(left) || !ORDERED.has(right)) {
    const message = `Comparison '${node.op}' may not be meaningful for types ${left} and ${right}`;
    cx.report("warning", "type/comparison", message, node.span);
  } else if ((left === "string") !== (right === "string")) {
    const message = `Comparing ${left} with ${right} using '${node.op}' may give unexpected results`;
    cx.report("warning", "type/comparison", message, node.span);
  }
}

function checkArithmetic(cx: CheckContext, node: BinaryOp, left: string, right: string): void {
  if (NUMERIC.has(left) && NUMERIC.has(right)) return;
  if (node.op === "+") {
    if (left === right && ADDABLE.has(left)) return;
    return cx.report("error", "type/operator", `can't add ${left} and ${right}`, node.span);
  }
  if (node.op === "*") {
    if ((left === "string" && right === "int") || (left === "int" && right === "string")) return;
    return cx.report("error", "type/operator", `can't multiply ${left} and ${right} (try string * int)`, node.span);
  }
  cx.report("error", "type/operator", `can't use '${node.op}' on ${left} and ${right} (needs numeric operands)`, node.span);
}
