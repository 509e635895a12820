/**
 * Small functions in place of their calls.
 *
 * A call costs some ten times what a small body does, so a top-level function whose body is `return` with a small expression over its
 * parameters is compiled where it is called. Nothing a script can see may change: the declaration must have run (CHKLATE looks), the call
 * counts as a nested one, parameter checks stay, and the call stack of an error names the call (`inlined` of the function).
 */
import { Op } from "../bytecode/op.ts";
import type { FnDecl, Node, Param, ReturnStmt } from "../syntax/ast.ts";
import { temporary, value } from "./emit.ts";
import { type Fn, lateIndex } from "./fn.ts";
import { guardOf } from "./guards.ts";
import { isArithmetic, runsStatements } from "./names.ts";
import { arithmeticOperand } from "./operators.ts";

/** Nodes of an expression that is still worth it. */
const MOST_NODES = 12;

/** The body expression of a call that can be compiled in place; null: it is an ordinary call. */
export function inlineable(f: Fn, name: string, args: readonly Node[]): { readonly decl: FnDecl; readonly result: Node } | null {
  const { names, isEntry } = f.unit;
  const decl = isEntry && names.bound.get(name) === 1 ? names.functions.get(name) : undefined;
  if (decl === undefined || f.selfName === name || decl.isStream || decl.params.length !== args.length) return null;
  const [only, ...more] = decl.body as ReturnStmt[];
  if (more.length > 0 || only?.kind !== "ReturnStmt" || only.value === null) return null;
  if (!decl.params.every(isPlain) || args.some((arg) => arg.kind === "Spread" || runsStatements(arg))) return null;
  const params = new Set(decl.params.map((param) => param.name));
  if (params.size !== args.length || countNodes(only.value, params) > MOST_NODES) return null;
  return { decl, result: only.value };
}

function isPlain(param: Param): boolean {
  return param.default === null && !param.rest && param.name !== "_";
}

/** Infinite for anything but operators, literals, parameters, properties and items. */
function countNodes(node: Node, params: ReadonlySet<string>): number {
  const count = (inner: Node): number => countNodes(inner, params);
  switch (node.kind) {
    case "Identifier":
      return params.has(node.name) ? 1 : Number.POSITIVE_INFINITY;
    case "IntLiteral":
    case "FloatLiteral":
    case "StringLiteral":
    case "BoolLiteral":
    case "NilLiteral":
      return 1;
    case "UnaryOp":
      return 1 + count(node.operand);
    case "BinaryOp":
      return node.op === "|>" ? Number.POSITIVE_INFINITY : 1 + count(node.left) + count(node.right);
    case "Ternary":
      return 1 + count(node.condition) + count(node.trueExpr) + count(node.falseExpr);
    case "PropertyAccess":
      return node.optional ? Number.POSITIVE_INFINITY : 1 + count(node.object);
    case "SubscriptAccess":
      return node.optional ? Number.POSITIVE_INFINITY : 1 + count(node.object) + count(node.index);
    default:
      return Number.POSITIVE_INFINITY;
  }
}

/** @param isTail the frame would have been replaced, so that the call is no entry of a call stack */
export function callInPlace(
  f: Fn,
  call: { readonly decl: FnDecl; readonly result: Node },
  args: readonly Node[],
  dst: number,
  isTail: boolean,
): void {
  const { code } = f;
  const { decl } = call;
  f.temporarily(() => {
    const places = args.map((arg) => argument(f, arg));
    const callStart = code.place.start;
    code.abc(Op.CHKLATE, lateIndex(f.unit, decl.name));
    const start = code.here;
    f.scoped(() => {
      decl.params.forEach((param, i) => {
        const guard = param.type === null ? null : guardOf(param.type, f.unit.names.interfaces);
        if (guard !== null) code.abc(Op.GUARD, f.boxed(places[i] as Argument), code.name(param.name), code.guard(guard));
      });
      decl.params.forEach((param, i) => {
        const { register, unboxed } = places[i] as Argument;
        f.declare(param.name, register, false, false, unboxed);
      });
      value(f, call.result, dst);
    });
    if (!isTail && code.here > start) code.inlined.push({ start, end: code.here, callStart });
  });
}

interface Argument {
  readonly register: number;
  readonly unboxed: boolean;
}

/** A variable is read where it lives: nothing can assign it before the body is done. */
function argument(f: Fn, arg: Node): Argument {
  if (arg.kind === "Identifier") {
    const place = f.resolve(arg.name);
    if (place.kind === "register") {
      f.code.place = arg.span;
      return place;
    }
  }
  if (isArithmetic(arg)) return { register: arithmeticOperand(f, arg), unboxed: true };
  return { register: temporary(f, arg), unboxed: false };
}
