/** The placeholder `_` of a pipe: `v |> f(_, 2)` calls a closure in which each `_` is the value. */
import type { Node } from "../syntax/ast.ts";

/** The name that stands for the piped value inside the rewritten right side. */
const PIPED = "__pipe";

export function hasPlaceholder(node: Node): boolean {
  return replacePlaceholder(node) !== node;
}

/**
 * The node with every `_` replaced, or the node itself when it has none. Only through calls, methods, operators, list items, `.prop`
 * and `[i]`: not dicts, `?.`, ternaries, slices, strings, closures, spreads.
 */
export function replacePlaceholder(node: Node): Node {
  switch (node.kind) {
    case "Identifier":
      return node.name === "_" ? { ...node, name: PIPED } : node;
    case "FunctionCall": {
      const args = replaceAll(node.args);
      return args === node.args ? node : { ...node, args };
    }
    case "MethodCall": {
      if (node.optional) return node;
      const object = replacePlaceholder(node.object);
      const args = replaceAll(node.args);
      return object === node.object && args === node.args ? node : { ...node, object, args };
    }
    case "BinaryOp": {
      const left = replacePlaceholder(node.left);
      const right = replacePlaceholder(node.right);
      return left === node.left && right === node.right ? node : { ...node, left, right };
    }
    case "UnaryOp": {
      const operand = replacePlaceholder(node.operand);
      return operand === node.operand ? node : { ...node, operand };
    }
    case "ListLiteral": {
      const items = replaceAll(node.items);
      return items === node.items ? node : { ...node, items };
    }
    case "PropertyAccess": {
      const object = node.optional ? node.object : replacePlaceholder(node.object);
      return object === node.object ? node : { ...node, object };
    }
    case "SubscriptAccess": {
      if (node.optional) return node;
      const object = replacePlaceholder(node.object);
      const index = replacePlaceholder(node.index);
      return object === node.object && index === node.index ? node : { ...node, object, index };
    }
    default:
      return node;
  }
}

function replaceAll(nodes: readonly Node[]): readonly Node[] {
  const replaced = nodes.map(replacePlaceholder);
  return replaced.every((node, i) => node === nodes[i]) ? nodes : replaced;
}
