/**
 * Whether control certainly leaves a block. Deliberately shallow, as the reference is: only a direct `return`, `throw`, `break` or
 * `continue`, or an `if` whose both branches leave, count; `unreachable()`, `match`, loops and `try` do not.
 */
import type { Block, Node } from "../syntax/ast.ts";

export function statementExits(node: Node): boolean {
  switch (node.kind) {
    case "ReturnStmt":
    case "ThrowStmt":
    case "BreakStmt":
    case "ContinueStmt":
      return true;
    case "IfElse":
      return node.else !== null && blockExits(node.then) && blockExits(node.else);
    default:
      return false;
  }
}

export function blockExits(block: Block): boolean {
  return block.some(statementExits);
}
