/**
 * Functions: bodies, declared results, streams.
 *
 * A body is checked against the variables of the whole file, not of the function around it. Its returns are looked at in a second
 * walk that knows parameters and `if` refinements but no locals: only `return` directly in the body or in `if` branches is judged.
 */
import type { Block, FnDecl, ImplBlock, Node, Param, Pipeline, ReturnStmt, ToolDecl, TypeExpr } from "../syntax/ast.ts";
import { forEachChild } from "../syntax/walk.ts";
import { expandAlias } from "./aliases.ts";
import { isAssignable } from "./assignable.ts";
import { boundNames, patternNames } from "./bound-names.ts";
import type { CheckContext, FunctionContext } from "./context.ts";
import { blockExits } from "./exits.ts";
import { inferType } from "./infer.ts";
import { refine, refinementsOf } from "./narrow.ts";
import type { Scope } from "./scope.ts";
import type { InferredType } from "./types.ts";
import { applied, listOf, showType, WILDCARD } from "./types.ts";

export function checkFunction(cx: CheckContext, decl: FnDecl, scope: Scope): void {
  const open = (): Scope => {
    const inner = scope.functionBody(cx.program);
    for (const { name } of decl.typeParams) inner.addTypeParam(name);
    for (const { typeName, bound } of decl.where) inner.addTypeParam(typeName, bound);
    defineParams(decl.params, inner);
    return inner;
  };
  const stream = decl.isStream ? { item: streamItem(cx, decl.returnType, scope) } : null;
  checkBody(cx, decl.params, decl.body, open(), { isFunction: true, stream });
  if (decl.returnType !== null && !decl.isStream) checkReturns(cx, decl.body, decl.returnType, open());
}

export function checkTool(cx: CheckContext, decl: ToolDecl, scope: Scope): void {
  const open = (): Scope => {
    const inner = scope.functionBody(cx.program);
    defineParams(decl.params, inner);
    return inner;
  };
  checkBody(cx, decl.params, decl.body, open(), { isFunction: true, stream: null });
  if (decl.returnType !== null) checkReturns(cx, decl.body, decl.returnType, open());
}

export function checkPipeline(cx: CheckContext, decl: Pipeline, scope: Scope): void {
  const open = (): Scope => {
    const inner = scope.functionBody(cx.program);
    for (const name of decl.params) inner.define(name, null);
    return inner;
  };
  checkBody(cx, [], decl.body, open(), { isFunction: true, stream: null });
  if (decl.returnType !== null) checkReturns(cx, decl.body, decl.returnType, open());
}

export function checkImpl(cx: CheckContext, block: ImplBlock, scope: Scope): void {
  for (const method of block.methods) checkFunction(cx, method, scope);
}

function defineParams(params: readonly Param[], scope: Scope): void {
  for (const param of params) scope.define(param.name, param.rest ? null : param.type);
}

function checkBody(cx: CheckContext, params: readonly Param[], body: Block, scope: Scope, context: FunctionContext): void {
  cx.within(context, () => {
    for (const param of params) if (param.default !== null) cx.node(param.default, scope);
    cx.block(body, scope);
  });
}

/** What a `gen fn` emits, from its declared `Stream<T>`. */
function streamItem(cx: CheckContext, declared: TypeExpr | null, scope: Scope): InferredType {
  if (declared === null) return null;
  const type = expandAlias(declared, scope);
  if (type.kind === "StreamType") return type.item;
  if (type.kind !== "Named" || (type.name !== "Stream" && type.name !== "stream")) {
    cx.report("error", "type/stream", `\`gen fn\` must return Stream<T>, got ${showType(declared)}`, null);
  }
  return null;
}

export function checkEmit(cx: CheckContext, node: Extract<Node, { kind: "EmitExpr" }>, scope: Scope): void {
  cx.node(node.value, scope);
  const stream = cx.function.stream;
  if (stream === null) return cx.report("error", "type/emit", "`emit` can only be used inside a `gen fn`", node.span);
  const actual = inferType(node.value, scope);
  if (stream.item === null || actual === null || isAssignable(stream.item, actual, scope)) return;
  cx.report("error", "type/emit", `emit type doesn't match: expected ${showType(stream.item)}, got ${showType(actual)}`, node.span);
}

export function checkYield(cx: CheckContext, node: Extract<Node, { kind: "YieldExpr" }>, scope: Scope): void {
  if (cx.function.stream !== null) {
    cx.report("error", "type/emit", "`yield` is not a stream emit; use `emit` inside `gen fn`", node.span);
  }
  if (node.value !== null) cx.node(node.value, scope);
}

// --- Returns -----------------------------------------------------------------------------------------------------------------------

function checkReturns(cx: CheckContext, body: Block, expected: TypeExpr, scope: Scope): void {
  new Returns(cx, expected).block(body, scope, new Set());
}

class Returns {
  constructor(
    private readonly cx: CheckContext,
    private readonly expected: TypeExpr,
  ) {}

  /** `locals` are the names that the body has bound so far; nothing is known of them here. */
  block(body: Block, scope: Scope, outer: ReadonlySet<string>): void {
    const locals = new Set(outer);
    for (const node of body) {
      if (node.kind === "ReturnStmt") this.check(node, scope, locals);
      else if (node.kind === "IfElse") this.branches(node, scope, locals);
      else this.bind(node, scope, locals);
    }
  }

  private bind(node: Node, scope: Scope, locals: Set<string>): void {
    for (const name of boundNames([node])) {
      locals.add(name);
      if (scope.typeOf(name) !== null) scope.define(name, null);
    }
    if (node.kind === "ForIn") for (const name of patternNames(node.pattern)) locals.add(name);
  }

  private branches(node: Extract<Node, { kind: "IfElse" }>, scope: Scope, locals: ReadonlySet<string>): void {
    const { truthy, falsy } = refinementsOf(node.condition, scope);
    const then = scope.child();
    refine(then, truthy);
    this.block(node.then, then, locals);
    if (node.else !== null) {
      const otherwise = scope.child();
      refine(otherwise, falsy);
      this.block(node.else, otherwise, locals);
    }
    refineAfter(node, scope, { truthy, falsy });
  }

  private check(node: ReturnStmt, scope: Scope, locals: ReadonlySet<string>): void {
    if (node.value === null) return;
    const actual = inferType(node.value, scope);
    if (actual === null || isAssignable(this.expected, actual, scope)) return;
    const relaxed = locals.size === 0 ? actual : withOpenLocals(node.value, scope, locals);
    if (relaxed === null || isAssignable(this.expected, relaxed, scope)) return;
    const message = `return type doesn't match: expected ${showType(this.expected)}, got ${showType(actual)}`;
    this.cx.report("error", "type/return", message, node.span);
  }
}

/** When exactly one branch of an `if` leaves, what holds in the other goes on holding after it. */
export function refineAfter(node: Extract<Node, { kind: "IfElse" }>, scope: Scope, found: ReturnType<typeof refinementsOf>): void {
  const thenExits = blockExits(node.then);
  const elseExits = node.else !== null && blockExits(node.else);
  if (thenExits && !elseExits) refine(scope, found.falsy);
  else if (elseExits && !thenExits) refine(scope, found.truthy);
}

/**
 * The type of a returned value in which fields that depend on locals are open. Without this, `return {f: local}` would be judged as if
 * the field were nil, which is what an unknown field counts as.
 */
function withOpenLocals(node: Node, scope: Scope, locals: ReadonlySet<string>): InferredType {
  if (node.kind === "ListLiteral") {
    const items = node.items.map((item) => withOpenLocals(item, scope, locals));
    if (items.length > 0 && items.every((item) => item !== null)) {
      return items.some((item) => item === WILDCARD) ? listOf(WILDCARD) : inferredList(items);
    }
  }
  if (node.kind === "FunctionCall" && (node.name === "Ok" || node.name === "Err") && node.args.length > 0) {
    const value = withOpenLocals(node.args[0] as Node, scope, locals) ?? WILDCARD;
    return applied("Result", node.name === "Ok" ? [value, WILDCARD] : [WILDCARD, value]);
  }
  if (node.kind !== "DictLiteral") return inferType(node, scope) ?? (mentions(node, locals) ? WILDCARD : null);
  const actual = inferType(node, scope);
  if (actual?.kind !== "Shape") return actual;
  const fields = actual.fields.map((field, i) => {
    const value = node.entries[i]?.value;
    const type = value === undefined ? field.type : withOpenLocals(value, scope, locals);
    return { ...field, type: type ?? field.type };
  });
  return { kind: "Shape", fields };
}

function inferredList(items: readonly InferredType[]): InferredType {
  const known = items.filter((item) => item !== null);
  return known.length === 1 ? listOf(known[0] as NonNullable<InferredType>) : listOf({ kind: "Union", members: known });
}

/** Whether the expression reads one of the names. */
function mentions(node: Node, names: ReadonlySet<string>): boolean {
  if (node.kind === "Identifier") return names.has(node.name);
  if (node.kind === "FunctionCall" && names.has(node.name)) return true;
  let found = false;
  forEachChild(node, (child) => {
    if (!found && mentions(child, names)) found = true;
  });
  return found;
}
