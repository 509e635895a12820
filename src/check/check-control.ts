/** Control flow: branches, loops, handlers and tasks, each block in a scope of its own with what its condition tells. */
import type { ForIn, GuardStmt, IfElse, Node, Parallel, SelectExpr, Ternary, TryCatch } from "../syntax/ast.ts";
import { isAssignable } from "./assignable.ts";
import { patternNames } from "./bound-names.ts";
import { checkPatternDefaults } from "./check-bindings.ts";
import { refineAfter } from "./check-functions.ts";
import type { CheckContext } from "./context.ts";
import { inferType } from "./infer.ts";
import { refine, refined, refinementsOf } from "./narrow.ts";
import type { Scope } from "./scope.ts";
import type { InferredType, Type } from "./types.ts";
import { dumpType, INT, STRING } from "./types.ts";

export function checkIf(cx: CheckContext, node: IfElse, scope: Scope): void {
  cx.node(node.condition, scope);
  const found = refinementsOf(node.condition, scope);
  const then = scope.child();
  refine(then, found.truthy);
  cx.block(node.then, then);
  if (node.else !== null) {
    const otherwise = scope.child();
    refine(otherwise, found.falsy);
    cx.block(node.else, otherwise);
  }
  refineAfter(node, scope, found);
}

export function checkTernary(cx: CheckContext, node: Ternary, scope: Scope): void {
  cx.node(node.condition, scope);
  const { truthy, falsy } = refinementsOf(node.condition, scope);
  cx.node(node.trueExpr, refined(scope, truthy));
  cx.node(node.falseExpr, refined(scope, falsy));
}

export function checkWhile(cx: CheckContext, node: Extract<Node, { kind: "WhileLoop" }>, scope: Scope): void {
  cx.node(node.condition, scope);
  const inner = scope.child();
  refine(inner, refinementsOf(node.condition, scope).truthy);
  cx.block(node.body, inner);
}

/** The code after a guard may rely on its condition, whether or not the else block leaves. */
export function checkGuard(cx: CheckContext, node: GuardStmt, scope: Scope): void {
  cx.node(node.condition, scope);
  const found = refinementsOf(node.condition, scope);
  const inner = scope.child();
  refine(inner, found.falsy);
  cx.block(node.elseBody, inner);
  refine(scope, found.truthy);
}

export function checkFor(cx: CheckContext, node: ForIn, scope: Scope): void {
  cx.node(node.iterable, scope);
  const inner = scope.child();
  checkPatternDefaults(cx, node.pattern, inner);
  const source = inferType(node.iterable, scope);
  const item = elementType(source);
  if (node.pattern.kind === "Name") inner.define(node.pattern.name, item, true);
  else if (node.pattern.kind === "PairPattern") {
    const isLazy = source?.kind === "IterType" || source?.kind === "GeneratorType" || source?.kind === "StreamType";
    const pair = isLazy && item?.kind === "Applied" && item.name === "Pair" && item.args.length === 2 ? item.args : null;
    inner.define(node.pattern.first, pair?.[0] ?? null, true);
    inner.define(node.pattern.second, pair?.[1] ?? null, true);
  } else for (const name of patternNames(node.pattern)) inner.define(name, null, true);
  cx.block(node.body, inner);
}

/** What a loop variable is bound to, one after the other. */
function elementType(type: InferredType): InferredType {
  switch (type?.kind) {
    case "ListType":
    case "IterType":
    case "GeneratorType":
    case "StreamType":
      return type.item;
    case "Named":
      return type.name === "string" ? STRING : type.name === "range" ? INT : null;
    default:
      return null;
  }
}

export function checkTry(cx: CheckContext, node: TryCatch, scope: Scope): void {
  cx.block(node.body, scope.child());
  if (node.hasCatch || node.catchBody.length > 0) {
    const handler = scope.child();
    if (node.errorVar !== null) handler.define(node.errorVar, node.errorType);
    cx.block(node.catchBody, handler);
  }
  if (node.finallyBody !== null) cx.block(node.finallyBody, scope.child());
}

export function checkParallel(cx: CheckContext, node: Parallel, scope: Scope): void {
  cx.node(node.expr, scope);
  for (const { key, value } of node.options) {
    cx.node(value, scope);
    const type = inferType(value, scope);
    if (key !== "max_concurrent" || type === null || isAssignable(INT, type, scope)) continue;
    cx.report("error", "type/parallel", `\`max_concurrent\` on \`parallel\` must be int, got ${dumpType(type)}`, value.span);
  }
  const inner = scope.child();
  if (node.variable !== null) inner.define(node.variable, parallelItem(node, scope));
  cx.block(node.body, inner);
}

function parallelItem(node: Parallel, scope: Scope): Type | null {
  if (node.mode === "Count") return INT;
  const type = inferType(node.expr, scope);
  return type?.kind === "ListType" ? type.item : null;
}

export function checkSelect(cx: CheckContext, node: SelectExpr, scope: Scope): void {
  for (const { variable, channel, body } of node.cases) {
    cx.node(channel, scope);
    const inner = scope.child();
    inner.define(variable, null);
    cx.block(body, inner);
  }
  if (node.timeout !== null) {
    cx.node(node.timeout.duration, scope);
    cx.block(node.timeout.body, scope.child());
  }
  if (node.default !== null) cx.block(node.default, scope.child());
}
