/** `match`: patterns against the matched type, arms with what their pattern tells, and whether all cases are there. */
import type { MatchArm, MatchExpr, Node } from "../syntax/ast.ts";
import { isAssignable } from "./assignable.ts";
import { armNames } from "./bound-names.ts";
import type { CheckContext } from "./context.ts";
import { missingArms } from "./exhaustive.ts";
import { inferType } from "./infer.ts";
import { armRefinements, patternBase, refine } from "./narrow.ts";
import type { Scope } from "./scope.ts";
import type { Type } from "./types.ts";
import { FLOAT, INT, isNamed, showType } from "./types.ts";

const NOT_A_LITERAL =
  "Or-pattern alternatives must be literal patterns (string, int, float, bool, nil, or `_`). Identifier bindings and destructuring patterns are not allowed inside `|`.";

export function checkMatch(cx: CheckContext, node: MatchExpr, scope: Scope): void {
  cx.node(node.value, scope);
  const type = inferType(node.value, scope);
  for (const arm of node.arms) checkArm(cx, node, arm, type, scope);
  const missing = missingArms(node, scope);
  if (missing !== null) cx.report("error", "type/exhaustive", missing, node.span);
}

function checkArm(cx: CheckContext, node: MatchExpr, arm: MatchArm, type: Type | null, scope: Scope): void {
  const inner = scope.child();
  refine(inner, armRefinements(node.value, arm, scope));
  if (arm.pattern.kind === "OrPattern") checkAlternatives(cx, arm.pattern.alternatives);
  else {
    for (const name of armNames(arm.pattern)) inner.define(name, null);
    cx.node(arm.pattern, inner);
    if (type !== null) checkPattern(cx, arm.pattern, type, scope);
  }
  if (arm.guard !== null) cx.node(arm.guard, inner);
  cx.block(arm.body, inner);
}

function checkAlternatives(cx: CheckContext, alternatives: readonly Node[]): void {
  for (const alternative of alternatives) {
    if (patternBase(alternative) !== null || (alternative.kind === "Identifier" && alternative.name === "_")) continue;
    cx.report("error", "type/or-pattern", NOT_A_LITERAL, alternative.span);
  }
}

/** A literal that can never equal a value of the matched type; integers and floats compare with one another. */
function checkPattern(cx: CheckContext, pattern: Node, type: Type, scope: Scope): void {
  const base = patternBase(pattern);
  if (base === null || isNamed(base, "nil")) return;
  const isNumber = isNamed(base, "int") || isNamed(base, "float");
  if (isNumber ? isAssignable(type, INT, scope) || isAssignable(type, FLOAT, scope) : isAssignable(type, base, scope)) return;
  const message = `Match pattern type mismatch: matching ${showType(type)} against ${showType(base)} literal`;
  cx.report("warning", "type/pattern", message, pattern.span);
}
