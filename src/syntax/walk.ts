/**
 * The children of a node, in source order: what every generic pass over the tree needs and nobody should spell out twice.
 *
 * Only nodes are children; names, patterns and types are not. The expressions inside them (defaults of parameters and of destructured
 * fields) are.
 */
import type { BindingPattern, Block, Entry, Node, Param } from "./ast.ts";

export type Visit = (node: Node) => void;

/** Calls `visit` for each direct child of `node`. */
export function forEachChild(node: Node, visit: Visit): void {
  switch (node.kind) {
    case "AttributedDecl":
      visit(node.inner);
      break;
    case "Pipeline":
    case "OverrideDecl":
    case "TryExpr":
    case "SpawnExpr":
    case "MutexBlock":
    case "DeferStmt":
      all(node.body, visit);
      break;
    case "FnDecl":
    case "ToolDecl":
    case "Closure":
      params(node.params, visit);
      all(node.body, visit);
      break;
    case "SkillDecl":
      values(node.fields, visit);
      break;
    case "EvalPackDecl":
      values(node.fields, visit);
      all(node.body, visit);
      break;
    case "EnumDecl":
      for (const variant of node.variants) params(variant.fields, visit);
      break;
    case "InterfaceDecl":
      for (const method of node.methods) params(method.params, visit);
      break;
    case "ImplBlock":
      all(node.methods, visit);
      break;
    case "LetBinding":
    case "VarBinding":
      pattern(node.pattern, visit);
      visit(node.value);
      break;
    default:
      controlChildren(node, visit);
      break;
  }
}

function controlChildren(node: Node, visit: Visit): void {
  switch (node.kind) {
    case "IfElse":
      visit(node.condition);
      all(node.then, visit);
      all(node.else ?? [], visit);
      break;
    case "ForIn":
      pattern(node.pattern, visit);
      visit(node.iterable);
      all(node.body, visit);
      break;
    case "WhileLoop":
      visit(node.condition);
      all(node.body, visit);
      break;
    case "Retry":
      visit(node.count);
      all(node.body, visit);
      break;
    case "MatchExpr":
      visit(node.value);
      for (const arm of node.arms) {
        visit(arm.pattern);
        maybe(arm.guard, visit);
        all(arm.body, visit);
      }
      break;
    case "OrPattern":
      all(node.alternatives, visit);
      break;
    case "TryCatch":
      all(node.body, visit);
      all(node.catchBody, visit);
      all(node.finallyBody ?? [], visit);
      break;
    case "Parallel":
      visit(node.expr);
      values(node.options, visit);
      all(node.body, visit);
      break;
    case "SelectExpr":
      for (const { channel, body } of node.cases) {
        visit(channel);
        all(body, visit);
      }
      maybe(node.timeout?.duration, visit);
      all(node.timeout?.body ?? [], visit);
      all(node.default ?? [], visit);
      break;
    case "DeadlineBlock":
      visit(node.duration);
      all(node.body, visit);
      break;
    case "GuardStmt":
      visit(node.condition);
      all(node.elseBody, visit);
      break;
    default:
      expressionChildren(node, visit);
      break;
  }
}

function expressionChildren(node: Node, visit: Visit): void {
  switch (node.kind) {
    case "RequireStmt":
      visit(node.condition);
      maybe(node.message, visit);
      break;
    case "ReturnStmt":
    case "YieldExpr":
    case "EmitExpr":
    case "ThrowStmt":
      maybe(node.value, visit);
      break;
    case "Assignment":
      visit(node.target);
      visit(node.value);
      break;
    case "BinaryOp":
      visit(node.left);
      visit(node.right);
      break;
    case "UnaryOp":
    case "TryStar":
    case "TryOperator":
      visit(node.operand);
      break;
    case "Ternary":
      visit(node.condition);
      visit(node.trueExpr);
      visit(node.falseExpr);
      break;
    case "RangeExpr":
      visit(node.start);
      visit(node.end);
      break;
    case "FunctionCall":
      all(node.args, visit);
      break;
    case "MethodCall":
      visit(node.object);
      all(node.args, visit);
      break;
    case "PropertyAccess":
      visit(node.object);
      break;
    case "SubscriptAccess":
      visit(node.object);
      visit(node.index);
      break;
    case "SliceAccess":
      visit(node.object);
      maybe(node.start, visit);
      maybe(node.end, visit);
      break;
    case "StructConstruct":
    case "DictLiteral":
      entries(node.entries, visit);
      break;
    case "ListLiteral":
      all(node.items, visit);
      break;
    case "Spread":
      visit(node.expr);
      break;
    case "InterpolatedString":
      for (const segment of node.segments) if (typeof segment !== "string") visit(segment);
      break;
  }
}

function all(nodes: Block, visit: Visit): void {
  for (const node of nodes) visit(node);
}

function maybe(node: Node | null | undefined, visit: Visit): void {
  if (node) visit(node);
}

function values(fields: readonly { readonly value: Node }[], visit: Visit): void {
  for (const field of fields) visit(field.value);
}

function params(list: readonly Param[], visit: Visit): void {
  for (const param of list) maybe(param.default, visit);
}

function entries(list: readonly Entry[], visit: Visit): void {
  for (const { key, value } of list) {
    maybe(key, visit);
    visit(value);
  }
}

function pattern(binding: BindingPattern, visit: Visit): void {
  if (binding.kind === "DictPattern") for (const field of binding.fields) maybe(field.default, visit);
  else if (binding.kind === "ListPattern") for (const item of binding.items) maybe(item.default, visit);
}

/** A node more than `limit` levels below the top, or null. Needs no host stack, so it can be asked of any tree. */
export function nodeBeyond(root: Node, limit: number): Node | null {
  const nodes: Node[] = [root];
  const depths: number[] = [1];
  let depth = 1;
  const push = (child: Node) => {
    nodes.push(child);
    depths.push(depth + 1);
  };
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    depth = depths.pop() as number;
    if (depth > limit) return node;
    forEachChild(node, push);
  }
  return null;
}
