/** The children of a node, in source order: for analyses that need no case for every kind. */
import type { BindingPattern, Block, Entry, Node, Param } from "./ast.ts";

type Visit = (child: Node) => void;

/** Calls `visit` for every direct child node; defaults of parameters and patterns and the parts of interpolated strings count. */
export function forEachChild(node: Node, visit: Visit): void {
  switch (node.kind) {
    case "AttributedDecl":
      return visit(node.inner);
    case "Pipeline":
    case "OverrideDecl":
    case "TryExpr":
    case "SpawnExpr":
    case "MutexBlock":
    case "DeferStmt":
      return block(node.body, visit);
    case "FnDecl":
    case "ToolDecl":
    case "Closure":
      params(node.params, visit);
      return block(node.body, visit);
    case "SkillDecl":
      return node.fields.forEach((field) => visit(field.value));
    case "EvalPackDecl":
      node.fields.forEach((field) => visit(field.value));
      return block(node.body, visit);
    case "ImplBlock":
      return node.methods.forEach(visit);
    case "LetBinding":
    case "VarBinding":
      visit(node.value);
      return pattern(node.pattern, visit);
    case "ListLiteral":
      return node.items.forEach(visit);
    case "InterpolatedString":
      for (const segment of node.segments) if (typeof segment !== "string") visit(segment);
      return;
    case "DictLiteral":
    case "StructConstruct":
      return entries(node.entries, visit);
    case "OrPattern":
      return node.alternatives.forEach(visit);
    default:
      return isControl(node) ? control(node, visit) : operation(node, visit);
  }
}

type Control = Extract<
  Node,
  {
    kind:
      | "IfElse"
      | "ForIn"
      | "WhileLoop"
      | "Retry"
      | "MatchExpr"
      | "TryCatch"
      | "Parallel"
      | "SelectExpr"
      | "DeadlineBlock"
      | "GuardStmt"
      | "RequireStmt";
  }
>;
const CONTROL = new Set<string>("IfElse ForIn WhileLoop Retry MatchExpr TryCatch Parallel SelectExpr DeadlineBlock GuardStmt RequireStmt".split(" "));
const isControl = (node: Node): node is Control => CONTROL.has(node.kind);

function control(node: Control, visit: Visit): void {
  switch (node.kind) {
    case "IfElse":
      visit(node.condition);
      block(node.then, visit);
      return block(node.else, visit);
    case "ForIn":
      visit(node.iterable);
      pattern(node.pattern, visit);
      return block(node.body, visit);
    case "WhileLoop":
      visit(node.condition);
      return block(node.body, visit);
    case "Retry":
      visit(node.count);
      return block(node.body, visit);
    case "MatchExpr":
      visit(node.value);
      for (const arm of node.arms) {
        visit(arm.pattern);
        maybe(arm.guard, visit);
        block(arm.body, visit);
      }
      return;
    case "TryCatch":
      block(node.body, visit);
      block(node.catchBody, visit);
      return block(node.finallyBody, visit);
    case "Parallel":
      visit(node.expr);
      node.options.forEach((option) => visit(option.value));
      return block(node.body, visit);
    case "SelectExpr":
      for (const arm of node.cases) {
        visit(arm.channel);
        block(arm.body, visit);
      }
      if (node.timeout !== null) {
        visit(node.timeout.duration);
        block(node.timeout.body, visit);
      }
      return block(node.default, visit);
    case "DeadlineBlock":
      visit(node.duration);
      return block(node.body, visit);
    case "GuardStmt":
      visit(node.condition);
      return block(node.elseBody, visit);
    case "RequireStmt":
      visit(node.condition);
      return maybe(node.message, visit);
  }
}

function operation(node: Node, visit: Visit): void {
  switch (node.kind) {
    case "TryStar":
    case "TryOperator":
    case "UnaryOp":
      return visit(node.operand);
    case "ReturnStmt":
    case "YieldExpr":
      return maybe(node.value, visit);
    case "EmitExpr":
    case "ThrowStmt":
      return visit(node.value);
    case "Assignment":
      visit(node.target);
      return visit(node.value);
    case "BinaryOp":
      visit(node.left);
      return visit(node.right);
    case "Ternary":
      visit(node.condition);
      visit(node.trueExpr);
      return visit(node.falseExpr);
    case "RangeExpr":
      visit(node.start);
      return visit(node.end);
    case "FunctionCall":
      return node.args.forEach(visit);
    case "MethodCall":
      visit(node.object);
      return node.args.forEach(visit);
    case "PropertyAccess":
      return visit(node.object);
    case "SubscriptAccess":
      visit(node.object);
      return visit(node.index);
    case "SliceAccess":
      visit(node.object);
      maybe(node.start, visit);
      return maybe(node.end, visit);
    case "Spread":
      return visit(node.expr);
    default:
      return; // leaves and declarations without code
  }
}

function block(body: Block | null, visit: Visit): void {
  if (body !== null) for (const statement of body) visit(statement);
}

function maybe(node: Node | null, visit: Visit): void {
  if (node !== null) visit(node);
}

function params(list: readonly Param[], visit: Visit): void {
  for (const param of list) maybe(param.default, visit);
}

function entries(list: readonly Entry[], visit: Visit): void {
  for (const entry of list) {
    maybe(entry.key, visit);
    visit(entry.value);
  }
}

function pattern(target: BindingPattern, visit: Visit): void {
  if (target.kind === "DictPattern") for (const field of target.fields) maybe(field.default, visit);
  if (target.kind === "ListPattern") for (const item of target.items) maybe(item.default, visit);
}
