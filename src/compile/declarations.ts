/** Declarations: variables and their patterns, functions, structs, methods. */
import { Op } from "../bytecode/op.ts";
import type { BindingPattern, FnDecl, ImplBlock, LetBinding, StructDecl, VarBinding } from "../syntax/ast.ts";
import { temporary, value } from "./emit.ts";
import { Fn, lateIndex, redeclared } from "./fn.ts";
import { addFunction } from "./functions.ts";
import { patternNames } from "./names.ts";
import { unboxedValue } from "./operators.ts";

export function bindingDeclaration(f: Fn, node: LetBinding | VarBinding): void {
  const mutable = node.kind === "VarBinding";
  const { pattern } = node;
  if (pattern.kind === "Name") {
    const register = f.code.take();
    if (f.unboxed.has(pattern.name)) unboxedValue(f, node.value, register);
    else value(f, node.value, register);
    return bind(f, pattern.name, register, mutable);
  }
  // The names come first in the register stack, because they outlive the value they are taken from.
  const registers = f.code.take(patternNames(pattern).length);
  f.temporarily(() => destructure(f, pattern, temporary(f, node.value), registers, mutable));
}

/** Binds a name of the file's top level to its slot, any other to its register. */
export function bind(f: Fn, name: string, register: number, mutable: boolean, isFunction = false): void {
  const slot = f.parent === null && !f.unit.isEntry && f.scope.parent === null ? f.unit.slots.get(name) : undefined;
  if (slot === undefined) return f.declare(name, register, mutable, isFunction);
  if (name === "_") return;
  if (slot.declared && !slot.mutable && !mutable) return f.fail(0, redeclared(name));
  slot.declared = true;
  slot.mutable = mutable;
  slot.isFunction = isFunction;
  f.code.abc(Op.SETSLOT, slot.index, register);
}

/** Takes a value apart; `registers` are the pattern's own, in order of its names. A wrong kind is located at the value, compiled last. */
export function destructure(f: Fn, pattern: BindingPattern, from: number, registers: number, mutable: boolean): void {
  const { code } = f;
  switch (pattern.kind) {
    case "Name":
      return;
    case "PairPattern": {
      for (const [i, name] of [pattern.first, pattern.second].entries()) {
        code.abce(Op.GETPROP, registers + i, from, code.name(i === 0 ? "first" : "second"), code.cache());
        bind(f, name, registers + i, mutable);
      }
      return;
    }
    case "DictPattern": {
      const keys = pattern.fields.filter((field) => !field.rest).map((field) => field.key);
      code.abc(Op.CHKDICT, from);
      pattern.fields.forEach((field, i) => {
        const register = registers + i;
        if (field.rest) code.abc(Op.DICTREST, register, from, code.list(keys));
        else code.abce(Op.GETPROP, register, from, code.name(field.key), code.cache());
        if (field.default !== null) defaulted(f, field.default, register);
        bind(f, field.alias ?? field.key, register, mutable);
      });
      return;
    }
    case "ListPattern":
      code.abc(Op.CHKLIST, from);
      return pattern.items.forEach((item, i) => {
        code.abc(item.rest ? Op.LISTREST : Op.LISTAT, registers + i, from, i);
        if (item.default !== null) defaulted(f, item.default, registers + i);
        bind(f, item.name, registers + i, mutable);
      });
  }
}

function defaulted(f: Fn, node: NonNullable<FnDecl["params"][number]["default"]>, register: number): void {
  const given = f.code.label();
  f.code.jump(Op.JNOTNIL, register, given);
  f.temporarily(() => value(f, node, register));
  f.code.bind(given);
}

// --- Functions and structs -----------------------------------------------------------------------------------------------------------

export function fnDecl(f: Fn, node: FnDecl): void {
  const { code, unit } = f;
  const register = code.take();
  const single = unit.names.bound.get(node.name) === 1;
  const topLevel = unit.isEntry && f.parent === null && unit.names.functions.has(node.name);
  const selfName = single && unit.isEntry ? node.name : null;
  const index = addFunction(f, {
    name: node.name,
    params: node.params,
    body: node.body,
    yieldsLast: false,
    selfName,
    stream: node.isStream,
    span: node.span,
  });
  code.ad(Op.CLOSURE, register, index);
  bind(f, node.name, register, false, true);
  if (topLevel && single) code.abc(Op.SETLATE, lateIndex(unit, node.name), register);
}

/** A struct's name is also a function that makes an instance from a dict. */
export function structDecl(f: Fn, node: StructDecl): void {
  const { code } = f;
  const register = code.take();
  const list = [node.name, declaredFields(node.fields.map((field) => field.name))];
  const proto = constructor(f, node, list);
  code.ad(Op.CLOSURE, register, code.functions.push(proto) - 1);
  bind(f, node.name, register, false, true);
}

function constructor(f: Fn, node: StructDecl, list: readonly string[]) {
  const inner = new Fn(f.unit, f);
  inner.code.place = { start: node.span.start, end: node.span.start };
  inner.code.params = [{ name: "fields", hasDefault: false, rest: false }];
  inner.code.take();
  inner.code.abc(Op.ASSTRUCT, 0, 0, inner.code.list(list));
  inner.code.abc(Op.RET, 0);
  return inner.code.finish(node.name, false);
}

/** How a struct's fields travel in a list of names. */
export function declaredFields(fields: readonly string[]): string {
  return fields.join(",");
}

export function implBlock(f: Fn, node: ImplBlock): void {
  const { code } = f;
  const key = `__impl_${node.typeName}`;
  f.temporarily(() => {
    const first = code.free;
    for (const method of node.methods) {
      const index = addFunction(f, {
        name: method.name,
        params: method.params.map((param) => ({ ...param, rest: false })),
        body: method.body,
        yieldsLast: false,
        selfName: null,
        stream: method.isStream,
        isMethod: true,
        span: method.span,
      });
      code.ad(Op.CLOSURE, code.take(), index);
    }
    code.abc(Op.IMPL, first, code.list([node.typeName, ...node.methods.map((method) => method.name)]), node.methods.length);
  });
  if (f.scope.bindings.has(key)) f.fail(0, redeclared(key));
  else
    f.scope.bindings.set(key, {
      name: key,
      register: 0,
      mutable: false,
      isFunction: false,
      unboxed: false,
      start: Number.MAX_SAFE_INTEGER,
    });
}
