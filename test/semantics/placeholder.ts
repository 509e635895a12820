/** The pipe's placeholder, as section 1.7 of the reference says where it is looked for. */
import type { Node } from "../../src/syntax/ast.ts";

/** A copy of `node` with every `_` replaced, or `node` itself when there is none. */
export function replaced(node: Node): Node {
  let found = false;
  const copy = replace(node, () => {
    found = true;
  });
  return found ? copy : node;
}

function replace(node: Node, note: () => void): Node {
  const inside = (child: Node): Node => replace(child, note);
  switch (node.kind) {
    case "Identifier":
      if (node.name !== "_") return node;
      note();
      return { ...node, name: "__pipe" };
    case "FunctionCall":
      return { ...node, args: node.args.map(inside) };
    case "MethodCall":
      return node.optional ? node : { ...node, object: inside(node.object), args: node.args.map(inside) };
    case "BinaryOp":
      return { ...node, left: inside(node.left), right: inside(node.right) };
    case "UnaryOp":
      return { ...node, operand: inside(node.operand) };
    case "ListLiteral":
      return { ...node, items: node.items.map(inside) };
    case "PropertyAccess":
      return node.optional ? node : { ...node, object: inside(node.object) };
    case "SubscriptAccess":
      return node.optional ? node : { ...node, object: inside(node.object), index: inside(node.index) };
    default:
      return node;
  }
}
