/** Tool declarations: the name is bound to a registry that holds the one tool, described for whoever offers it to a model. */
import type { Constant } from "../bytecode/chunk.ts";
import { Op } from "../bytecode/op.ts";
import type { Node, Param, ToolDecl } from "../syntax/ast.ts";
import { forEachChild } from "../syntax/walk.ts";
import { bind } from "./declarations.ts";
import { value } from "./emit.ts";
import type { Fn } from "./fn.ts";
import { addFunction } from "./functions.ts";
import { jsonSchemaOf } from "./schemas.ts";

export function toolDecl(f: Fn, node: ToolDecl): void {
  const { code } = f;
  const register = code.take();
  f.temporarily(() => {
    const tools = code.take();
    entry(f, node, tools);
    code.abc(Op.NEWLIST, tools, tools, 1);
    record(f, register, [
      ["_type", (dst) => f.constant(dst, "tool_registry")],
      ["tools", (dst) => code.abc(Op.TAKE, dst, tools)],
    ]);
  });
  bind(f, node.name, register, false);
}

type Field = readonly [name: string, load: (dst: number) => void];

/** A dict of a few fields, each loaded into a register of its own. */
function record(f: Fn, dst: number, fields: readonly Field[]): void {
  const { code } = f;
  f.temporarily(() => {
    const first = code.free;
    for (const [, load] of fields) load(code.take());
    const names = fields.map(([name]) => name);
    code.abce(Op.NEWDICT, dst, first, code.list(names), names.length);
  });
}

function entry(f: Fn, node: ToolDecl, dst: number): void {
  const { code } = f;
  const handler = addFunction(f, {
    name: node.name,
    params: node.params,
    body: node.body,
    yieldsLast: true,
    selfName: null,
    stream: false,
    span: node.span,
  });
  const output = node.returnType === null ? null : jsonSchemaOf(f, node.returnType, node.span);
  const outputField: readonly Field[] = output === null ? [] : [["outputSchema", (to) => f.constant(to, output)]];
  record(f, dst, [
    ["name", (to) => f.constant(to, node.name)],
    ["description", (to) => f.constant(to, node.description ?? "")],
    ["executor", (to) => f.constant(to, "harn")],
    ["handler", (to) => code.ad(Op.CLOSURE, to, handler)],
    ["parameters", (to) => record(f, to, parameters(f, node))],
    ...outputField,
  ]);
}

function parameters(f: Fn, node: ToolDecl): Field[] {
  const names = new Set(node.params.map((param) => param.name));
  return node.params.map((param) => [param.name, (dst) => parameter(f, param, names, dst)]);
}

/** What a caller may leave out says so, with the value that it has then. */
function parameter(f: Fn, param: Param, names: ReadonlySet<string>, dst: number): void {
  const { code } = f;
  const type = param.type === null ? null : jsonSchemaOf(f, param.type, param.span);
  f.constant(dst, type ?? EMPTY);
  if (param.default === null) return;
  const preset = param.default;
  f.temporarily(() => {
    const extra = code.take();
    const fields: Field[] = [["required", (to) => f.constant(to, false)]];
    if (isKnownEarly(preset, names)) fields.push(["default", (to) => value(f, preset, to)]);
    record(f, extra, fields);
    // A fresh dict: the schema is a constant, which nothing may be added to.
    const all = code.take();
    code.abce(Op.NEWDICT, all, all, code.list([]), 0);
    code.abc(Op.DICTSPREAD, all, dst);
    code.abc(Op.DICTSPREAD, all, extra);
    code.abc(Op.TAKE, dst, all);
  });
}

const EMPTY: Constant = { kind: "dict", entries: [] };

/** A default can be shown where the tool is declared unless it needs the other arguments of a call, or does more than compute. */
function isKnownEarly(node: Node, params: ReadonlySet<string>): boolean {
  if (node.kind === "Identifier") return !params.has(node.name);
  if (node.kind === "Closure" || node.kind === "SpawnExpr" || node.kind.endsWith("Call")) return false;
  let known = true;
  forEachChild(node, (child) => {
    known &&= isKnownEarly(child, params);
  });
  return known;
}
