/** Loops, and the statements that leave something: `break`, `continue`, `return`, `throw`, `yield`, `require`, `guard`. */
import { Op } from "../bytecode/op.ts";
import type {
  BreakStmt,
  ContinueStmt,
  EmitExpr,
  ForIn,
  GuardStmt,
  Node,
  RequireStmt,
  ReturnStmt,
  ThrowStmt,
  WhileLoop,
  YieldExpr,
} from "../syntax/ast.ts";
import { callInto, pipeInto, TAIL } from "./calls.ts";
import { destructure } from "./declarations.ts";
import { callInPlace, inlineable } from "./inline.ts";
import { block, statements, temporary, value } from "./emit.ts";
import type { Fn, InPlace, Route } from "./fn.ts";
import { patternNames } from "./names.ts";
import { jumpIf } from "./operators.ts";
import { peekOperand } from "./read.ts";

// --- Loops -------------------------------------------------------------------------------------------------------------------------

/** The test stands at the end, so that a turn costs one jump. */
export function whileLoop(f: Fn, node: WhileLoop): void {
  const { code } = f;
  const body = code.label();
  const test = code.label();
  const end = code.label();
  code.jump(Op.JMP, 0, test);
  code.bind(body);
  f.exits.push({ kind: "loop", breakTo: end, continueTo: test });
  block(f, node.body, null);
  f.exits.pop();
  code.bind(test);
  jumpIf(f, node.condition, true, body, true);
  code.bind(end);
}

export function forIn(f: Fn, node: ForIn): void {
  const { code } = f;
  const body = code.label();
  const test = code.label();
  const end = code.label();
  f.temporarily(() => {
    const cursor = temporary(f, node.iterable);
    code.abc(Op.ITER, cursor, cursor);
    const place = code.place;
    const names = code.take(patternNames(node.pattern).length);
    const item = node.pattern.kind === "Name" ? names : code.take();
    code.jump(Op.JMP, 0, test);
    code.bind(body);
    f.exits.push({ kind: "loop", breakTo: end, continueTo: test });
    f.scoped(() => {
      if (node.pattern.kind === "Name") f.declare(node.pattern.name, item, true);
      else destructure(f, node.pattern, item, names, true);
      statements(f, node.body, 0, null);
    });
    f.exits.pop();
    code.bind(test);
    code.place = place;
    code.branch(Op.NEXT, cursor, item, 0, body);
    code.bind(end);
  });
}

// --- Leaving -------------------------------------------------------------------------------------------------------------------------

export function jumpOut(f: Fn, node: BreakStmt | ContinueStmt): void {
  const jump = node.kind === "BreakStmt" ? "break" : "continue";
  if (!f.exits.some((exit) => exit.kind === "loop")) return f.error(node.span, `${jump} outside of loop`);
  leaveTo(f, { jump });
}

/** Goes out through everything that is open, innermost first, as far as the route says; a `finally` on the way takes over. */
export function leaveTo(f: Fn, route: Route, result = -1): void {
  const { code } = f;
  for (let i = f.exits.length - 1; i >= 0; i--) {
    const exit = f.exits[i] as Fn["exits"][number];
    if (exit.kind === "deadline") code.ad(Op.DISARM, 0);
    else if (exit.kind === "finally") {
      if (result >= 0) code.abc(Op.TAKE, exit.record + 1, result);
      code.ad(Op.LOADI, exit.record, exit.routes.push(route));
      return code.jump(Op.JMP, 0, exit.start);
    } else if (exit.kind === "loop" && route !== "return") {
      return code.jump(Op.JMP, 0, route.jump === "break" ? exit.breakTo : exit.continueTo);
    }
  }
  code.abc(Op.RET, result);
}

export function returnStatement(f: Fn, node: ReturnStmt): void {
  const { code } = f;
  f.temporarily(() => {
    if (f.inPlace !== null) return returnInPlace(f, f.inPlace, node);
    if (node.value === null) {
      if (f.exits.every((exit) => exit.kind === "loop" || exit.kind === "try")) return code.ad(Op.RETNIL, 0);
      const nil = code.take();
      f.constant(nil, null);
      return leaveTo(f, "return", nil);
    }
    if (mayReplaceFrame(f) && tailCall(f, node.value)) return;
    leaveTo(f, "return", temporary(f, node.value));
  });
}

/** Nothing of this frame is needed after the call. */
function mayReplaceFrame(f: Fn): boolean {
  return f.exits.every((exit) => exit.kind === "loop");
}

function returnInPlace(f: Fn, { dst, end, last }: InPlace, node: ReturnStmt): void {
  if (node.value === null) f.constant(dst, null);
  else value(f, node.value, dst);
  if (node !== last) f.code.jump(Op.JMP, 0, end);
}

function tailCall(f: Fn, node: Node): boolean {
  f.code.place = node.span;
  if (node.kind === "FunctionCall") {
    const window = f.code.take();
    const small = inlineable(f, node.name, node.args);
    if (small !== null) callInPlace(f, small, node.args, window, true);
    else callInto(f, node.name, node.args, window, TAIL);
    f.code.abc(Op.RET, window);
    return true;
  }
  if (node.kind === "BinaryOp" && node.op === "|>") {
    const window = f.code.take();
    pipeInto(f, node, window, true);
    f.code.abc(Op.RET, window);
    return true;
  }
  return false;
}

export function throwStatement(f: Fn, node: ThrowStmt): void {
  f.temporarily(() => f.code.abc(Op.THROW, temporary(f, node.value)));
}

/** To the consumer of the generator or stream. */
export function yieldStatement(f: Fn, node: YieldExpr | EmitExpr): void {
  f.temporarily(() => {
    const register = f.code.take();
    if (node.value === null) f.constant(register, null);
    else value(f, node.value, register);
    f.code.abc(Op.YIELD, register);
  });
}

export function require(f: Fn, node: RequireStmt): void {
  const { code } = f;
  const held = code.label();
  f.temporarily(() => {
    // A condition that is read here would be lost to the message's place; it is only looked at.
    code.jump(Op.JT, peekOperand(f, node.condition), held);
    const message = code.take();
    if (node.message === null) f.constant(message, "require condition failed");
    else value(f, node.message, message);
    code.abc(Op.THROW, message);
  });
  code.bind(held);
}

/** The block need not leave: then the code after it goes on. */
export function guard(f: Fn, node: GuardStmt): void {
  const { code } = f;
  const held = code.label();
  jumpIf(f, node.condition, true, held);
  block(f, node.elseBody, null);
  code.bind(held);
}
