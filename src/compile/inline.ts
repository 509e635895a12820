/**
 * Small functions in place of their calls.
 *
 * A call costs some ten times what a small body does, so a top-level function that only computes with its parameters and its own variables
 * (`let`, `if`, `return`, plain assignment) is compiled where it is called. Nothing a script can see may change: the declaration must have
 * run (CHKLATE looks), the call counts as a nested one, parameter checks stay, and the call stack of an error names the call (`inlined` of
 * the function).
 */
import { Op } from "../bytecode/op.ts";
import type { Block, FnDecl, Node, Param } from "../syntax/ast.ts";
import { statements, temporary } from "./emit.ts";
import { type Fn, isTopFunction, lateIndex, type SmallFunction, type Unit } from "./fn.ts";
import { guardOf } from "./guards.ts";
import { isArithmetic, runsStatements } from "./names.ts";
import { arithmeticOperand } from "./operators.ts";

/** Nodes of a body that is still worth it. */
const MOST_NODES = 24;
const TOO_MANY = Number.POSITIVE_INFINITY;

/** The function whose call can be compiled in place; null: it is an ordinary call. */
export function inlineable(f: Fn, name: string, args: readonly Node[]): SmallFunction | null {
  const decl = isTopFunction(f.unit, name) ? f.unit.names.functions.get(name) : undefined;
  if (decl === undefined || f.selfName === name || decl.isStream || decl.params.length !== args.length) return null;
  const small = smallFunction(f.unit, decl);
  return args.some((arg) => arg.kind === "Spread" || runsStatements(arg)) ? null : small;
}

/** Found out once for all calls, because a body and the types of its parameters may be long. */
function smallFunction({ small, names }: Unit, decl: FnDecl): SmallFunction | null {
  let known = small.get(decl);
  if (known === undefined) {
    const guards = decl.params.map((param) => (param.type === null ? null : guardOf(param.type, names.interfaces)));
    known = isSmall(decl) ? { decl, guards } : null;
    small.set(decl, known);
  }
  return known;
}

function isSmall({ params, body }: FnDecl): boolean {
  const names = new Map(params.map((param) => [param.name, false]));
  return names.size === params.length && params.every(isPlain) && countBlock(body, names) <= MOST_NODES;
}

function isPlain(param: Param): boolean {
  return param.default === null && !param.rest && param.name !== "_";
}

/** What a body can name, and whether it can assign it. */
type Names = ReadonlyMap<string, boolean>;

/** Infinite for anything but new variables, their assignment, `if` and `return`. */
function countBlock(body: Block, outer: Names): number {
  const names = new Map(outer);
  let nodes = 0;
  for (const node of body) {
    nodes += countStatement(node, names);
    if (nodes > MOST_NODES) return TOO_MANY;
    if (node.kind === "LetBinding" || node.kind === "VarBinding") {
      if (node.pattern.kind !== "Name" || node.pattern.name === "_" || names.has(node.pattern.name)) return TOO_MANY;
      names.set(node.pattern.name, node.kind === "VarBinding");
    }
  }
  return nodes;
}

function countStatement(node: Node, names: Names): number {
  switch (node.kind) {
    case "LetBinding":
    case "VarBinding":
      return 1 + countNodes(node.value, names);
    case "Assignment":
      return node.target.kind === "Identifier" && names.get(node.target.name) === true ? 1 + countNodes(node.value, names) : TOO_MANY;
    case "IfElse":
      return 1 + countNodes(node.condition, names) + countBlock(node.then, names) + (node.else === null ? 0 : countBlock(node.else, names));
    case "ReturnStmt":
      return 1 + (node.value === null ? 0 : countNodes(node.value, names));
    default:
      return TOO_MANY;
  }
}

/** Infinite for anything but operators, literals, the body's names, properties and items. */
function countNodes(node: Node, names: Names): number {
  const count = (inner: Node): number => countNodes(inner, names);
  switch (node.kind) {
    case "Identifier":
      return names.has(node.name) ? 1 : TOO_MANY;
    case "IntLiteral":
    case "FloatLiteral":
    case "StringLiteral":
    case "BoolLiteral":
    case "NilLiteral":
      return 1;
    case "UnaryOp":
      return 1 + count(node.operand);
    case "BinaryOp":
      return node.op === "|>" ? TOO_MANY : 1 + count(node.left) + count(node.right);
    case "Ternary":
      return 1 + count(node.condition) + count(node.trueExpr) + count(node.falseExpr);
    case "PropertyAccess":
      return node.optional ? TOO_MANY : 1 + count(node.object);
    case "SubscriptAccess":
      return node.optional ? TOO_MANY : 1 + count(node.object) + count(node.index);
    default:
      return TOO_MANY;
  }
}

/** @param isTail the frame would have been replaced, so that the call is no entry of a call stack */
export function callInPlace(f: Fn, { decl, guards }: SmallFunction, args: readonly Node[], dst: number, isTail: boolean): void {
  const { code } = f;
  f.temporarily(() => {
    const places = args.map((arg) => argument(f, arg));
    const call = code.place;
    code.abc(Op.CHKLATE, lateIndex(f.unit, decl.name), isTail ? 1 : 0);
    const start = code.here;
    const names = code.locals.length;
    f.scoped(() => {
      // A parameter that does not fit is located where the function begins.
      code.place = { start: decl.span.start, end: decl.span.start };
      decl.params.forEach((param, i) => {
        const guard = guards[i] ?? null;
        if (guard !== null) code.abc(Op.GUARD, f.boxed(places[i] as Argument), code.name(param.name), code.guard(guard));
      });
      decl.params.forEach((param, i) => {
        const { register, unboxed } = places[i] as Argument;
        f.declare(param.name, register, false, false, unboxed);
      });
      body(f, decl, dst);
    });
    // The body calls nothing that could look its names up.
    code.locals.length = names;
    if (!isTail && code.here > start) code.inlined.push({ start, end: code.here, callStart: call.start });
    code.place = call;
  });
}

/** Its `return` puts the value into `dst` and goes to the end. */
function body(f: Fn, decl: FnDecl, dst: number): void {
  const last = decl.body.at(-1) ?? null;
  const end = f.code.label();
  f.inPlace = { dst, end, last };
  statements(f, decl.body, 0, null);
  f.inPlace = null;
  if (last?.kind !== "ReturnStmt") f.constant(dst, null);
  f.code.bind(end);
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
