/**
 * What the checker keeps of a declaration. Type declarations are kept as their syntax nodes; functions as a signature, because their
 * result may be implied (`yield`, `gen fn`) and because tools and pipelines stand in the same table.
 */
import type { Block, EnumDecl, FnDecl, Node, Param, StructDecl, TypeParam, WhereBound } from "../syntax/ast.ts";
import { forEachChild } from "../syntax/walk.ts";
import type { InferredType, Type } from "./types.ts";
import { ANY, named } from "./types.ts";

export interface FnParam {
  readonly name: string;
  /** Null when the parameter is not annotated. */
  readonly type: InferredType;
}

export interface FnSignature {
  readonly name: string;
  readonly typeParams: readonly string[];
  readonly params: readonly FnParam[];
  /** Parameters without a default, which a call must give. */
  readonly required: number;
  readonly hasRest: boolean;
  readonly result: InferredType;
  readonly where: readonly WhereBound[];
}

/** The signature of a function. A generator's result is implied when it is not written. */
export function signatureOf(decl: FnDecl): FnSignature {
  return {
    name: decl.name,
    typeParams: namesOf(decl.typeParams),
    params: decl.params.map(({ name, type }) => ({ name, type })),
    required: requiredCount(decl.params),
    hasRest: decl.params.some((param) => param.rest),
    result: decl.returnType ?? impliedResult(decl),
    where: decl.where,
  };
}

/** Tools and pipelines register as functions without parameters: their names are known, their arguments are not. */
export function bareSignature(name: string, result: InferredType): FnSignature {
  return { name, typeParams: [], params: [], required: 0, hasRest: false, result, where: [] };
}

export function namesOf(params: readonly TypeParam[]): string[] {
  return params.map((param) => param.name);
}

/** The type of `name` with every argument open: `S`, or `S<_, _>` for a generic declaration. */
export function openType(decl: StructDecl | EnumDecl, bindings: ReadonlyMap<string, Type>): Type {
  if (decl.typeParams.length === 0) return named(decl.name);
  const args = decl.typeParams.map((param) => bindings.get(param.name) ?? named("_"));
  return { kind: "Applied", name: decl.name, args };
}

/** The two-armed enum that every file knows; a file may declare its own. */
export const RESULT_ENUM: EnumDecl = {
  kind: "EnumDecl",
  name: "Result",
  typeParams: [
    { name: "T", variance: "out" },
    { name: "E", variance: "out" },
  ],
  variants: [
    { name: "Ok", fields: [payload("value", "T")] },
    { name: "Err", fields: [payload("error", "E")] },
  ],
  isPub: false,
  span: { start: 0, end: 0 },
};

function payload(name: string, type: string): Param {
  return { name, type: named(type), default: null, rest: false, span: { start: 0, end: 0 } };
}

function requiredCount(params: readonly Param[]): number {
  return params.filter((param) => param.default === null && !param.rest).length;
}

function impliedResult(decl: FnDecl): InferredType {
  if (decl.isStream) return { kind: "StreamType", item: ANY };
  return hasYield(decl.body) ? { kind: "GeneratorType", item: ANY } : null;
}

/** Whether the body itself yields; nested functions and closures yield for themselves. */
function hasYield(body: Block): boolean {
  let found = false;
  const visit = (node: Node): void => {
    if (found || node.kind === "FnDecl" || node.kind === "Closure" || node.kind === "ToolDecl") return;
    if (node.kind === "YieldExpr") found = true;
    else forEachChild(node, visit);
  };
  for (const node of body) visit(node);
  return found;
}
