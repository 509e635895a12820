/**
 * The type of an expression, as far as the language's checker knows it.
 *
 * Inference reports nothing and asks for nothing: an expression it has no row for has no known type, and then every check about it is
 * skipped. An answer is remembered for as long as nothing in any scope changes, so nested calls are not gone through once a level.
 */
import type { Block, Closure, DictLiteral, IfElse, Node, PropertyAccess, SliceAccess, SubscriptAccess, Ternary } from "../syntax/ast.ts";
import { boundNames } from "./bound-names.ts";
import { openType } from "./declarations.ts";
import { blockExits } from "./exits.ts";
import { inferCall, inferMethod, structBindings } from "./infer-calls.ts";
import { operatorResult } from "./infer-operators.ts";
import { refined, refinementsOf } from "./narrow.ts";
import type { Scope } from "./scope.ts";
import type { InferredType, Type } from "./types.ts";
import {
  applied,
  BOOL,
  CLOSURE,
  DICT,
  distinctUnion,
  FLOAT,
  INT,
  isNamed,
  LIST,
  listOf,
  NEVER,
  NIL,
  named,
  STRING,
  sameType,
  unionOf,
  WILDCARD,
} from "./types.ts";
import { isLight } from "./weight.ts";

/** Different element types of one list literal; beyond, the list counts as mixed and its elements as unknown. */
const MAX_ELEMENT_TYPES = 64;

/** The type of an expression in a scope; null when it is not known. */
export function inferType(node: Node, scope: Scope): InferredType {
  const simple = literalType(node);
  if (simple !== undefined) return simple;
  if (node.kind === "Identifier") return identifierType(node.name, scope);
  const shared = scope.shared;
  const known = shared.inferred.get(node);
  if (known !== undefined && known.scope === scope && known.stamp === shared.stamp) return known.type;
  const found = compute(node, scope);
  const type = found !== null && !isLight(found, shared.weights) ? WILDCARD : found;
  shared.inferred.set(node, { scope, stamp: shared.stamp, type });
  return type;
}

/** Types that need no scope; undefined for expressions that do. */
function literalType(node: Node): InferredType | undefined {
  switch (node.kind) {
    case "IntLiteral":
      return INT;
    case "FloatLiteral":
      return FLOAT;
    case "BoolLiteral":
      return BOOL;
    case "NilLiteral":
      return NIL;
    case "StringLiteral":
    case "InterpolatedString":
      return STRING;
    case "RangeExpr":
      return named("range");
    case "ThrowStmt":
    case "ReturnStmt":
    case "BreakStmt":
    case "ContinueStmt":
      return NEVER;
    default:
      return undefined;
  }
}

function compute(node: Node, scope: Scope): InferredType {
  switch (node.kind) {
    case "ListLiteral":
      return listType(node.items, scope);
    case "DictLiteral":
      return dictType(node, scope);
    case "Closure":
      return closureType(node, scope);
    case "FunctionCall":
      return inferCall(node, scope, inferType);
    case "MethodCall":
      return inferMethod(node, scope, inferType);
    case "StructConstruct": {
      const decl = scope.struct(node.structName);
      return decl === null ? named(node.structName) : openType(decl, structBindings(node.structName, node.entries, scope, inferType));
    }
    case "PropertyAccess":
      return propertyType(node, scope);
    case "SubscriptAccess":
      return subscriptType(node, scope);
    case "SliceAccess":
      return sliceType(node, scope);
    case "BinaryOp":
      return operatorResult(node.op, inferType(node.left, scope), inferType(node.right, scope));
    case "UnaryOp":
      return node.op === "!" ? BOOL : inferType(node.operand, scope);
    case "Ternary":
      return ternaryType(node, scope);
    case "IfElse":
      return branchType(node, scope);
    case "TryOperator":
      return okType(inferType(node.operand, scope));
    case "TryExpr":
      return tryType(node.body, scope);
    case "TryStar":
      return inferType(node.operand, scope);
    default:
      return null;
  }
}

function identifierType(name: string, scope: Scope): InferredType {
  const variable = scope.variable(name);
  if (variable !== undefined && (variable.type !== null || scope.isHidden(name))) return variable.type;
  const signature = scope.callee(name);
  if (signature === null) return null;
  const params = signature.params.map((param) => param.type ?? WILDCARD);
  return { kind: "FnType", params, result: signature.result ?? NIL };
}

function listType(items: readonly Node[], scope: Scope): Type {
  const types: Type[] = [];
  for (const item of items) {
    const type = inferType(item, scope);
    if (type === null) return LIST;
    types.push(type);
  }
  const members: Type[] = [];
  for (const type of types) {
    if (members.some((member) => sameType(member, type))) continue;
    if (members.length === MAX_ELEMENT_TYPES) return LIST;
    members.push(type);
  }
  return members.length === 0 ? LIST : listOf(unionOf(members));
}

function dictType(dict: DictLiteral, scope: Scope): Type {
  if (dict.entries.length === 0) return DICT;
  const fields: { name: string; type: Type; optional: boolean }[] = [];
  for (const { key, value } of dict.entries) {
    const name = key?.kind === "StringLiteral" ? key.value : key?.kind === "Identifier" ? key.name : null;
    if (name === null) return DICT;
    fields.push({ name, type: inferType(value, scope) ?? NIL, optional: false });
  }
  return { kind: "Shape", fields };
}

/** Fully annotated closures whose last node has a known type outside of them; all others are just `closure`. */
function closureType(node: Closure, scope: Scope): Type {
  const params: Type[] = [];
  for (const param of node.params) {
    if (param.type === null) return CLOSURE;
    params.push(param.type);
  }
  const last = node.body.at(-1);
  if (params.length === 0 || last === undefined) return CLOSURE;
  const inner = withoutLocals(
    node.body,
    scope,
    node.params.map((param) => param.name),
  );
  const result = inferType(last, inner);
  return result === null ? CLOSURE : { kind: "FnType", params, result };
}

function propertyType(node: PropertyAccess, scope: Scope): InferredType {
  if (node.optional) return null;
  if (node.object.kind === "Identifier" && scope.variable(node.object.name) === undefined) {
    const decl = scope.enum(node.object.name);
    if (decl !== null) return openType(decl, new Map());
  }
  const object = inferType(node.object, scope);
  if (object === null) return null;
  if (object.kind === "Shape") return object.fields.find((field) => field.name === node.property)?.type ?? null;
  if (object.kind !== "Named" && object.kind !== "Applied") return null;
  if (object.kind === "Applied" && object.name === "Pair" && object.args.length === 2) {
    if (node.property === "first") return object.args[0] as Type;
    return node.property === "second" ? (object.args[1] as Type) : null;
  }
  return node.property === "variant" && scope.enum(object.name) !== null ? STRING : null;
}

function subscriptType(node: SubscriptAccess, scope: Scope): InferredType {
  if (node.optional) return null;
  const object = inferType(node.object, scope);
  switch (object?.kind) {
    case "ListType":
      return object.item;
    case "DictType":
      return object.value;
    case "Named":
      return object.name === "string" ? STRING : null;
    case "Shape": {
      const index = node.index;
      return index.kind === "StringLiteral" ? (object.fields.find((field) => field.name === index.value)?.type ?? null) : null;
    }
    default:
      return null;
  }
}

function sliceType(node: SliceAccess, scope: Scope): InferredType {
  const object = inferType(node.object, scope);
  return object?.kind === "ListType" || isNamed(object, "string") ? object : null;
}

function ternaryType(node: Ternary, scope: Scope): InferredType {
  const { truthy, falsy } = refinementsOf(node.condition, scope);
  const whenTrue = inferType(node.trueExpr, refined(scope, truthy));
  const whenFalse = inferType(node.falseExpr, refined(scope, falsy));
  if (whenTrue === null || whenFalse === null) return whenTrue ?? whenFalse;
  return sameType(whenTrue, whenFalse) ? whenTrue : unionOf([whenTrue, whenFalse]);
}

/** A missing or unknown else adds nothing; an unknown then-branch makes all unknown. */
function branchType(node: IfElse, scope: Scope): InferredType {
  const whenTrue = blockType(node.then, scope);
  if (whenTrue === null) return null;
  const whenFalse = node.else === null ? null : blockType(node.else, scope);
  if (whenFalse === null) return whenTrue;
  return sameType(whenTrue, whenFalse) ? whenTrue : unionOf([whenTrue, whenFalse]);
}

function blockType(block: Block, scope: Scope): InferredType {
  if (blockExits(block)) return NEVER;
  const last = block.at(-1);
  return last === undefined ? null : inferType(last, withoutLocals(block, scope, []));
}

/** The scope for looking at a block's value from outside: names that the block binds are unknown there. */
function withoutLocals(block: Block, scope: Scope, params: readonly string[]): Scope {
  const names = [...params, ...boundNames(block)].filter((name) => scope.typeOf(name) !== null || scope.callee(name) !== null);
  if (names.length === 0) return scope;
  const inner = scope.child();
  for (const name of names) inner.define(name, null);
  return inner;
}

function okType(type: InferredType): InferredType {
  return type?.kind === "Applied" && type.name === "Result" && type.args.length === 2 ? (type.args[0] as Type) : null;
}

/** Bare `try { … }`: a Result of the block's type; a block that is a Result already is not wrapped again. */
function tryType(body: Block, scope: Scope): InferredType {
  const value = blockType(body, scope);
  const errors: Type[] = [];
  collectErrors(body, scope, errors);
  if (value?.kind === "Applied" && value.name === "Result" && value.args.length === 2) {
    const [ok, error] = value.args as readonly [Type, Type];
    return applied("Result", [ok, distinctUnion([error, ...errors])]);
  }
  if (value === null) return null;
  return applied("Result", [value, errors.length === 0 ? WILDCARD : distinctUnion(errors)]);
}

/** Types of what the block throws or passes on by a bare `?` statement, through `if`, `while`, `retry` and blocks. */
function collectErrors(block: Block, scope: Scope, errors: Type[]): void {
  for (const node of block) {
    switch (node.kind) {
      case "ThrowStmt":
        errors.push(inferType(node.value, scope) ?? WILDCARD);
        break;
      case "TryOperator": {
        const type = inferType(node.operand, scope);
        if (type?.kind === "Applied" && type.name === "Result" && type.args.length === 2) errors.push(type.args[1] as Type);
        break;
      }
      case "IfElse":
        collectErrors(node.then, scope, errors);
        if (node.else !== null) collectErrors(node.else, scope, errors);
        break;
      case "WhileLoop":
      case "Retry":
      case "MutexBlock":
      case "DeadlineBlock":
        collectErrors(node.body, scope, errors);
        break;
      default:
        break;
    }
  }
}
