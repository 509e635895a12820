/**
 * Result types of calls: functions with a known signature, constructors of the file's types, builtins.
 *
 * `Infer` is passed in, because arguments are expressions and expressions may be calls.
 */
import type { Entry, FunctionCall, MethodCall, Node } from "../syntax/ast.ts";
import { bindType } from "./bind.ts";
import { methodResult } from "./builtin-methods.ts";
import { builtinResult, GENERIC_BUILTINS, SCHEMA_BUILTINS } from "./builtin-types.ts";
import type { FnSignature } from "./declarations.ts";
import { openType } from "./declarations.ts";
import { aliasBody, schemaFormType } from "./schema-forms.ts";
import type { Scope } from "./scope.ts";
import { substitute } from "./substitute.ts";
import type { InferredType, Type } from "./types.ts";
import { applied, WILDCARD } from "./types.ts";

export type Infer = (node: Node, scope: Scope) => InferredType;

export interface Binding {
  readonly bindings: ReadonlyMap<string, Type>;
  /** One message for each argument that contradicts an earlier one, with the argument it is about. */
  readonly conflicts: readonly { readonly message: string; readonly arg: Node }[];
}

/** Binds the signature's type parameters from explicit type arguments, then from each argument. */
export function bindArguments(signature: FnSignature, call: FunctionCall, types: readonly InferredType[], scope: Scope): Binding {
  const bindings = new Map<string, Type>();
  const conflicts: { message: string; arg: Node }[] = [];
  if (signature.typeParams.length === 0) return { bindings, conflicts };
  const names = new Set(signature.typeParams);
  if (call.typeArgs.length === signature.typeParams.length) {
    signature.typeParams.forEach((name, i) => {
      bindings.set(name, call.typeArgs[i] as Type);
    });
  }
  call.args.forEach((arg, i) => {
    const type = signature.params[i]?.type ?? null;
    if (type === null) return;
    bindSchemas(type, arg, names, bindings, scope);
    const given = types[i] ?? null;
    const message = given === null ? null : bindType(type, given, names, bindings);
    if (message !== null) conflicts.push({ message, arg });
  });
  return { bindings, conflicts };
}

/** `Schema<T>` binds T from the argument expression; options dicts are matched against shapes field by field. */
function bindSchemas(type: Type, arg: Node, names: ReadonlySet<string>, bindings: Map<string, Type>, scope: Scope): void {
  if (type.kind === "Applied" && type.name === "Schema" && type.args.length === 1) {
    const described = schemaFormType(arg, scope);
    if (described !== null) bindType(type.args[0] as Type, described, names, bindings);
    return;
  }
  if (type.kind !== "Shape" || arg.kind !== "DictLiteral") return;
  for (const field of type.fields) {
    const entry = arg.entries.find(({ key }) => key?.kind === "StringLiteral" && key.value === field.name);
    if (entry !== undefined) bindSchemas(field.type, entry.value, names, bindings, scope);
  }
}

export function inferCall(call: FunctionCall, scope: Scope, infer: Infer): InferredType {
  const { name, args } = call;
  if (scope.isHidden(name) || (scope.variable(name) !== undefined && scope.callee(name) === null)) return null;
  const first = args[0];
  if (name === "schema_of" && first?.kind === "Identifier") {
    const body = aliasBody(first.name, scope);
    if (body !== null) return applied("Schema", [body]);
  }
  const struct = scope.struct(name);
  if (struct !== null) return openType(struct, new Map());
  const signature = scope.callee(name);
  if (signature !== null) return resultOf(signature, call, scope, infer);
  if (name === "Ok" && first !== undefined) return applied("Result", [infer(first, scope) ?? WILDCARD, WILDCARD]);
  if (name === "Err" && first !== undefined) return applied("Result", [WILDCARD, infer(first, scope) ?? WILDCARD]);
  if (scope.shared.importedNames.has(name)) return null;
  return schemaBuiltin(call, scope) ?? genericBuiltin(call, scope, infer) ?? builtinResult(name);
}

function genericBuiltin(call: FunctionCall, scope: Scope, infer: Infer): InferredType {
  const signature = GENERIC_BUILTINS.get(call.name);
  if (signature === undefined) return null;
  const types = call.args.map((arg) => infer(arg, scope));
  const { bindings } = bindArguments(signature, call, types, scope);
  const isBound = signature.result !== null && signature.typeParams.every((name) => bindings.has(name));
  return isBound ? substitute(signature.result as Type, bindings) : null;
}

function resultOf(signature: FnSignature, call: FunctionCall, scope: Scope, infer: Infer): InferredType {
  if (signature.result === null || signature.typeParams.length === 0) return signature.result;
  const types = call.args.map((arg) => infer(arg, scope));
  return substitute(signature.result, bindArguments(signature, call, types, scope).bindings);
}

function schemaBuiltin(call: FunctionCall, scope: Scope): InferredType {
  const form = call.args[1];
  const result = SCHEMA_BUILTINS.get(call.name);
  if (form === undefined || result === undefined) return null;
  const described = (call.typeArgs.length === 1 ? call.typeArgs[0] : null) ?? schemaFormType(form, scope);
  return described === null ? null : result(described);
}

export function inferMethod(call: MethodCall, scope: Scope, infer: Infer): InferredType {
  if (call.optional) return null;
  if (call.object.kind === "Identifier") {
    const owner = call.object.name;
    const decl = scope.variable(owner) === undefined ? scope.enum(owner) : null;
    if (decl !== null) return variantType(call, scope, infer);
    if (scope.variable(owner) === undefined) {
      const known = builtinResult(`${owner}.${call.method}`);
      if (known !== null) return known;
    }
  }
  const receiver = infer(call.object, scope);
  return hasOwnMethods(receiver, scope) ? null : methodResult(call.method, receiver);
}

/** Structs, enums, interfaces and type parameters: what their methods return is not in the table of builtin methods. */
function hasOwnMethods(receiver: InferredType, scope: Scope): boolean {
  if (receiver === null || (receiver.kind !== "Named" && receiver.kind !== "Applied")) return false;
  const name = receiver.name;
  return scope.struct(name) !== null || scope.enum(name) !== null || scope.interface(name) !== null || scope.isTypeParam(name);
}

/** `E.V(args)`: the enum with the type arguments that the payload binds. */
function variantType(call: MethodCall, scope: Scope, infer: Infer): InferredType {
  const decl = call.object.kind === "Identifier" ? scope.enum(call.object.name) : null;
  if (decl === null) return null;
  const names = new Set(decl.typeParams.map((param) => param.name));
  const bindings = new Map<string, Type>();
  const variant = decl.variants.find((candidate) => candidate.name === call.method);
  variant?.fields.forEach((field, i) => {
    const arg = call.args[i];
    const given = arg === undefined || names.size === 0 ? null : infer(arg, scope);
    if (field.type !== null && given !== null) bindType(field.type, given, names, bindings);
  });
  return openType(decl, bindings);
}

/** Type arguments of a generic struct, from the fields of a construction. */
export function structBindings(structName: string, entries: readonly Entry[], scope: Scope, infer: Infer): Map<string, Type> {
  const bindings = new Map<string, Type>();
  const decl = scope.struct(structName);
  if (decl === null || decl.typeParams.length === 0) return bindings;
  const names = new Set(decl.typeParams.map((param) => param.name));
  for (const { key, value } of entries) {
    const field = key?.kind === "StringLiteral" ? decl.fields.find((candidate) => candidate.name === key.value) : undefined;
    const given = field?.type ? infer(value, scope) : null;
    if (field?.type && given !== null) bindType(field.type, given, names, bindings);
  }
  return bindings;
}
