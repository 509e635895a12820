/** Constructions of structs: the type exists, its fields are given, and their values fit. */
import { nearestName } from "../diagnostics/suggest.ts";
import type { StructConstruct, StructDecl } from "../syntax/ast.ts";
import { isAssignable } from "./assignable.ts";
import type { CheckContext } from "./context.ts";
import { inferType } from "./infer.ts";
import { structBindings } from "./infer-calls.ts";
import type { Scope } from "./scope.ts";
import { substitute } from "./substitute.ts";
import { showType } from "./types.ts";

export function checkStruct(cx: CheckContext, node: StructConstruct, scope: Scope): void {
  const decl = scope.struct(node.structName);
  if (decl !== null) checkFields(cx, node, decl, scope);
  else if (cx.knowsImports) reportUnknown(cx, node, scope);
  for (const { value } of node.entries) cx.node(value, scope);
}

function reportUnknown(cx: CheckContext, node: StructConstruct, scope: Scope): void {
  const name = node.structName;
  const near = nearestName(name, scope.structNames());
  const message = `unknown struct type \`${name}\`${near === null ? "" : ` — did you mean \`${near}\`?`}`;
  const help =
    near === null ? `declare \`struct ${name} { ... }\` before constructing it` : `declare \`struct ${near} { ... }\` or fix the type name`;
  cx.report("error", "name/struct", message, node.span, help);
}

function checkFields(cx: CheckContext, node: StructConstruct, decl: StructDecl, scope: Scope): void {
  const bindings = structBindings(decl.name, node.entries, scope, inferType);
  const inner = decl.typeParams.length === 0 ? scope : scope.child();
  for (const param of decl.typeParams) inner.addTypeParam(param.name);
  const given = new Set<string>();
  for (const { key, value } of node.entries) {
    if (key?.kind !== "StringLiteral") continue;
    given.add(key.value);
    const field = decl.fields.find((candidate) => candidate.name === key.value);
    if (field === undefined) {
      cx.report("warning", "type/struct-field", `Unknown field '${key.value}' in struct '${decl.name}'`, key.span);
      continue;
    }
    const actual = field.type === null ? null : inferType(value, scope);
    if (field.type === null || actual === null) continue;
    const expected = substitute(field.type, bindings);
    if (isAssignable(expected, actual, inner)) continue;
    const message = `Field '${key.value}' in struct '${decl.name}' expects ${showType(expected)}, got ${showType(actual)}`;
    cx.report("error", "type/struct-field", message, value.span);
  }
  for (const field of decl.fields) {
    if (field.optional || given.has(field.name)) continue;
    cx.report("warning", "type/struct-field", `Missing field '${field.name}' in struct '${decl.name}' construction`, node.span);
  }
}
