/** Functions: parameters, defaults, guards, captured variables, bodies, closures. */
import type { FunctionProto } from "../bytecode/chunk.ts";
import { Op } from "../bytecode/op.ts";
import type { Span } from "../source/text.ts";
import type { Block, Closure, Param } from "../syntax/ast.ts";
import { statements, value } from "./emit.ts";
import { Fn, isTopFunction, type Unit } from "./fn.ts";
import { guardOf } from "./guards.ts";
import { unboxedNames, usesOf } from "./names.ts";

export interface FunctionForm {
  /** For call stacks. */
  readonly name: string;
  readonly params: readonly Param[];
  readonly body: Block;
  /** Declared functions and methods without `return` yield nil; closures and `fn(…)` the value of their last expression. */
  readonly yieldsLast: boolean;
  /** Every call of this name in the file means this function. */
  readonly selfName: string | null;
  /** `gen fn`: a call makes a stream. */
  readonly stream: boolean;
  /** In an `impl`: `yield` does nothing there. */
  readonly isMethod?: boolean;
  readonly span: Span;
}

export function closure(f: Fn, node: Closure, dst: number): void {
  const form = {
    name: "<closure>",
    params: node.params,
    body: node.body,
    yieldsLast: true,
    selfName: null,
    stream: false,
    span: node.span,
  };
  f.code.ad(Op.CLOSURE, dst, addFunction(f, form));
}

/** A closure in a fresh register, for code that has no node of its own. */
export function closureOf(f: Fn, params: readonly Param[], body: Block, span: Span): number {
  const register = f.code.take();
  const form = { name: "<closure>", params, body, yieldsLast: true, selfName: null, stream: false, span };
  f.code.ad(Op.CLOSURE, register, addFunction(f, form));
  return register;
}

/** Compiles a nested function; its index in the enclosing one. */
export function addFunction(f: Fn, form: FunctionForm): number {
  return f.code.functions.push(compileFunction(f.unit, f, form)) - 1;
}

export function compileFunction(unit: Unit, parent: Fn | null, form: FunctionForm): FunctionProto {
  const f = new Fn(unit, parent);
  f.selfName = form.selfName;
  const { code } = f;
  code.place = { start: form.span.start, end: form.span.start };
  code.params = form.params.map((param) => ({ name: param.name, hasDefault: param.default !== null, rest: param.rest }));
  code.take(form.params.length);
  // Arguments beyond the parameters lie in the registers behind them until the first of those is written.
  form.params.forEach((param, i) => {
    if (param.rest) code.ad(Op.RESTARG, i, i);
  });
  const uses = usesOf(form.params, form.body);
  f.unboxed = unboxedNames(form.body);
  // Captured variables lie in an outer scope of their own, so that a parameter or local of the same name may hide them. Top-level
  // functions are called through the module's table.
  for (const name of uses.hot) if (!isTopFunction(unit, name) && !form.params.some((param) => param.name === name)) f.load(name);
  f.scoped(() => {
    parameters(f, form.params);
    body(f, form);
  });
  f.finishNames();
  checkSize(f, form.span);
  // A `gen fn` that is reached through an import makes a plain generator, as in the reference.
  return code.finish(form.name, (uses.yields && !form.isMethod) || form.stream, form.stream && unit.isEntry);
}

function parameters(f: Fn, params: readonly Param[]): void {
  const { code } = f;
  // Of two parameters with one name the last wins.
  const lastOf = new Map(params.map((param, i) => [param.name, i]));
  const firstDefault = params.findIndex((param) => param.default !== null);
  // A default sees the parameters before it; itself and those behind it are unknown there, also when an outer variable has the name.
  if (firstDefault >= 0) for (const param of params.slice(firstDefault)) f.scope.hidden.add(param.name);
  params.forEach((param, i) => {
    if (param.default !== null) {
      const given = code.label();
      code.jump(Op.JARG, i, given);
      f.temporarily(() => value(f, param.default as NonNullable<Param["default"]>, i));
      code.bind(given);
    }
    if (lastOf.get(param.name) === i) f.declare(param.name, i, false);
  });
  params.forEach((param, i) => {
    const guard = param.type === null || param.rest ? null : guardOf(param.type, f.unit.names.interfaces);
    if (guard !== null) code.abc(Op.GUARD, i, code.name(param.name), code.guard(guard));
  });
}

function body(f: Fn, form: FunctionForm): void {
  const { code } = f;
  if (!form.yieldsLast) {
    statements(f, form.body, 0, null);
    return code.ad(Op.RETNIL, 0);
  }
  const result = code.take();
  statements(f, form.body, 0, result);
  code.abc(Op.RET, result);
}

/** Operands are 16 bits wide; a function that needs more is refused. */
export function checkSize(f: Fn, span: Span): void {
  if (!f.code.overflow) return;
  const { unit } = f;
  unit.diagnostics.push({
    severity: "error",
    code: "limit/function-size",
    message: "this function is too large: more than 65,535 registers, constants or names; split it",
    source: unit.source,
    span: { start: span.start, end: span.start },
  });
}
