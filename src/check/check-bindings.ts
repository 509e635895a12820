/** `let`, `var` and assignment: values against declared types, and what becomes known of the variable. */
import type { Assignment, BindingPattern, LetBinding, Node, VarBinding } from "../syntax/ast.ts";
import { isAssignable } from "./assignable.ts";
import { patternNames } from "./bound-names.ts";
import type { CheckContext } from "./context.ts";
import { inferType } from "./infer.ts";
import { operatorResult } from "./infer-operators.ts";
import { schemaFormType } from "./schema-forms.ts";
import type { Scope, Variable } from "./scope.ts";
import type { InferredType, Type } from "./types.ts";
import { isNamed, NIL, showType, unionOf } from "./types.ts";

export function checkBinding(cx: CheckContext, node: LetBinding | VarBinding, scope: Scope): void {
  cx.node(node.value, scope);
  const mutable = node.kind === "VarBinding";
  if (node.pattern.kind !== "Name") {
    checkPatternDefaults(cx, node.pattern, scope);
    for (const name of patternNames(node.pattern)) scope.define(name, null, mutable);
    return;
  }
  const { name } = node.pattern;
  const inferred = inferType(node.value, scope);
  if (node.typeAnn !== null && inferred !== null && !isAssignable(node.typeAnn, inferred, scope)) {
    const detail = shapeDetail(node.typeAnn, inferred);
    const message = `'${name}' declared as ${showType(node.typeAnn)}, but assigned ${showType(inferred)}${detail}`;
    cx.report("error", "type/binding", message, node.span);
  }
  if (name === "_") return;
  const schema = node.value.kind === "DictLiteral" ? schemaFormType(node.value, scope) : null;
  const widens = mutable && node.typeAnn === null && isNamed(inferred, "nil");
  scope.set(name, { type: node.typeAnn ?? inferred, mutable, schema, widens });
}

/** Which required fields of a shape are missing or different, in parentheses; empty unless both sides are written as shapes. */
function shapeDetail(expected: Type, actual: Type): string {
  if (expected.kind !== "Shape" || actual.kind !== "Shape") return "";
  const parts: string[] = [];
  for (const field of expected.fields) {
    if (field.optional) continue;
    const wanted = showType(field.type);
    const given = actual.fields.find((candidate) => candidate.name === field.name);
    if (given === undefined) parts.push(`missing field '${field.name}' (${wanted})`);
    else if (showType(given.type) !== wanted) parts.push(`field '${field.name}' has type ${showType(given.type)}, expected ${wanted}`);
  }
  return parts.length === 0 ? "" : ` (${parts.join("; ")})`;
}

export function checkPatternDefaults(cx: CheckContext, pattern: BindingPattern, scope: Scope): void {
  const defaults: (Node | null)[] = [];
  if (pattern.kind === "DictPattern") defaults.push(...pattern.fields.map((field) => field.default));
  else if (pattern.kind === "ListPattern") defaults.push(...pattern.items.map((item) => item.default));
  for (const value of defaults) if (value !== null) cx.node(value, scope);
}

/** Only plain names are checked as targets; `x.f` and `x[i]` are left to the run, whatever they contain. */
export function checkAssignment(cx: CheckContext, node: Assignment, scope: Scope): void {
  cx.node(node.value, scope);
  if (node.target.kind !== "Identifier") return;
  const { name } = node.target;
  const variable = scope.variable(name);
  if (variable === undefined) return;
  if (!variable.mutable) {
    const message = `Cannot assign to '${name}': variable is immutable (declared with 'let')`;
    cx.report("warning", "type/immutable", message, node.span);
  }
  const value = inferType(node.value, scope);
  const assigned = node.op === null ? value : operatorResult(node.op, variable.type, value);
  if (variable.widens) return widen(name, variable, assigned, scope);
  const here = scope.variables.get(name);
  const wanted = here?.declared === undefined ? variable.type : here.declared.type;
  if (wanted !== null && assigned !== null && !isAssignable(wanted, assigned, scope)) {
    const message = `can't assign ${showType(assigned)} to '${name}' (declared as ${showType(wanted)})`;
    cx.report("error", "type/assignment", message, node.span);
  }
  forget(name, variable, here, scope);
}

/** The first value other than nil that a variable bound to nil receives makes it `T | nil`; of an unknown value nothing is known after. */
function widen(name: string, variable: Variable, assigned: InferredType, scope: Scope): void {
  if (isNamed(assigned, "nil")) return;
  const type = assigned === null ? null : unionOf([assigned, NIL]);
  scope.set(name, { type, mutable: variable.mutable });
}

/** An assignment ends the refinements of this scope, and what is known of the value's schema. */
function forget(name: string, variable: Variable, here: Variable | undefined, scope: Scope): void {
  if (here?.declared !== undefined) scope.set(name, { type: here.declared.type, mutable: here.mutable });
  else if (variable.schema || variable.ruledOut !== undefined) scope.set(name, { type: variable.type, mutable: variable.mutable });
}
