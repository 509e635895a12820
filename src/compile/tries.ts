/**
 * `try` in all its forms, `finally`, `defer`, `retry`, `deadline`.
 *
 * A `finally` block is compiled once. Whoever leaves the protected code writes a completion record first (a number that says how it was
 * left, and the value or error that goes along), jumps to the block, and the code behind the block acts on the record: 0 falls through,
 * -1 raises the error again, n takes the n-th route. A `defer` is a `finally` around the rest of its block.
 */
import { Op } from "../bytecode/op.ts";
import type { Block, DeadlineBlock, Retry, TryCatch, TryExpr, TryOperator, TryStar } from "../syntax/ast.ts";
import { wanted } from "./branches.ts";
import { leaveTo } from "./control.ts";
import { block, DROP, statements, temporary, value } from "./emit.ts";
import type { Exit, Fn } from "./fn.ts";

type Finally = Exit & { kind: "finally" };

export function tryCatch(f: Fn, node: TryCatch, dst: number): void {
  f.temporarily(() => {
    const result = dst === DROP ? DROP : f.code.take();
    const body = (): void => (node.hasCatch ? caught(f, node, result) : block(f, node.body, wanted(result)));
    if (node.finallyBody === null) body();
    else {
      if (dst !== DROP) f.constant(result, null);
      protect(f, body, () => block(f, node.finallyBody as Block, null));
    }
    if (dst !== DROP) f.code.abc(Op.TAKE, dst, result);
  });
}

/** Code whose errors go to a handler: `handle` gets the register of the error. */
function guarded(f: Fn, body: () => void, handle: (error: number) => void): void {
  const { code } = f;
  const error = code.take();
  const done = code.label();
  const start = code.here;
  f.exits.push({ kind: "try" });
  body();
  f.exits.pop();
  const end = code.here;
  code.jump(Op.JMP, 0, done);
  code.handlers.push({ start, end, target: code.here, register: error, deadlines: f.deadlines });
  handle(error);
  code.bind(done);
}

function caught(f: Fn, node: TryCatch, result: number): void {
  const { code } = f;
  const type = node.errorType?.kind === "Named" ? node.errorType.name : null;
  const handle = (error: number): void => {
    const other = code.label();
    const end = code.label();
    if (type !== null) code.branch(Op.JNERR, error, code.name(type), 0, other);
    f.scoped(() => {
      if (node.errorVar !== null) {
        const register = code.take();
        code.abc(Op.CAUGHT, register, error);
        f.declare(node.errorVar, register, false);
      }
      statements(f, node.catchBody, 0, wanted(result));
    });
    if (type === null) return;
    code.jump(Op.JMP, 0, end);
    code.bind(other);
    code.abc(Op.RETHROW, error);
    code.bind(end);
  };
  guarded(f, () => block(f, node.body, wanted(result)), handle);
}

// --- finally and defer -------------------------------------------------------------------------------------------------------------

/** Runs `after` on every way out of `body`. */
export function protect(f: Fn, body: () => void, after: () => void): void {
  const { code } = f;
  const record = code.take(2);
  // No path may come to `goOn` with a register that was never written, also when the record says that nobody will read it.
  f.constant(record + 1, null);
  const exit: Finally = { kind: "finally", record, start: code.label(), routes: [] };
  const start = code.here;
  f.exits.push(exit);
  body();
  f.exits.pop();
  const end = code.here;
  f.constant(record, 0);
  code.jump(Op.JMP, 0, exit.start);
  code.handlers.push({ start, end, target: code.here, register: record + 1, deadlines: f.deadlines });
  f.constant(record, -1);
  code.bind(exit.start);
  after();
  goOn(f, exit);
}

/** Acts on the completion record. */
function goOn(f: Fn, exit: Finally): void {
  const { code } = f;
  const { record } = exit;
  const done = code.label();
  const unless = (n: number, body: () => void): void => {
    const next = code.label();
    code.branch(Op.JNEQK, record, code.constant(n), 0, next);
    body();
    code.bind(next);
  };
  code.branch(Op.JEQK, record, code.constant(0), 0, done);
  unless(-1, () => code.abc(Op.RETHROW, record + 1));
  exit.routes.forEach((route, i) => unless(i + 1, () => leaveTo(f, route, route === "return" ? record + 1 : -1)));
  code.bind(done);
}

/** The deferred block sees the names that were visible where `defer` stands, hence the scope for the rest. */
export function deferRest(f: Fn, deferred: Block, body: Block, next: number, dst: number | null): void {
  f.temporarily(() => {
    // Not `dst` itself: the deferred block may still read what it held before, and an error leaves it as it was.
    const result = dst === null ? null : f.code.take();
    if (result !== null) f.constant(result, null);
    protect(
      f,
      () => f.scoped(() => statements(f, body, next, result)),
      () => block(f, deferred, null),
    );
    if (dst !== null && result !== null) f.code.abc(Op.TAKE, dst, result);
  });
}

// --- The other forms ---------------------------------------------------------------------------------------------------------------

/** `try { … }`: a Result. */
export function tryExpr(f: Fn, node: TryExpr, dst: number): void {
  const { code } = f;
  f.temporarily(() => {
    const result = code.take();
    guarded(
      f,
      () => {
        block(f, node.body, result);
        code.abc(Op.TRYOK, result, result);
      },
      (error) => code.abc(Op.TRYERR, result, error),
    );
    code.abc(Op.TAKE, dst, result);
  });
}

/** `try* e`: an error goes on as the value that `catch` would see. */
export function tryStar(f: Fn, node: TryStar, dst: number): void {
  const { code } = f;
  if (f.parent === null && f.isScript) {
    return f.error(node.span, "try* requires an enclosing function (fn, tool, or pipeline) so the rethrow has a target");
  }
  f.temporarily(() => {
    const result = code.take();
    guarded(
      f,
      () => value(f, node.operand, result),
      (error) => {
        code.abc(Op.CAUGHT, error, error);
        code.abc(Op.THROW, error);
      },
    );
    code.abc(Op.TAKE, dst, result);
  });
}

/** `e?`: an Err leaves the function. */
export function tryOperator(f: Fn, node: TryOperator, dst: number): void {
  const { code } = f;
  const failed = code.label();
  const end = code.label();
  f.temporarily(() => {
    const result = temporary(f, node.operand);
    code.branch(Op.UNWRAP, result, result, 0, failed);
    code.jump(Op.JMP, 0, end);
    code.bind(failed);
    leaveTo(f, "return", result);
    code.bind(end);
    code.abc(Op.TAKE, dst, result);
  });
}

/** As a statement its body shares the surrounding scope. */
export function retry(f: Fn, node: Retry, dst: number): void {
  if (dst === DROP) return retried(f, node);
  f.scoped(() => retried(f, node));
  f.constant(dst, null);
}

/** After the last failure the caught value is thrown. */
function retried(f: Fn, node: Retry): void {
  const { code } = f;
  const again = code.label();
  const count = temporary(f, node.count);
  code.bind(again);
  const handle = (error: number): void => {
    const enough = code.label();
    code.branch(Op.JNGTK, count, code.constant(1), 0, enough);
    code.abc(Op.SUBK, count, count, code.constant(1));
    code.jump(Op.LOOP, 0, again);
    code.bind(enough);
    code.abc(Op.CAUGHT, error, error);
    code.abc(Op.THROW, error);
  };
  guarded(f, () => statements(f, node.body, 0, null), handle);
}

export function deadline(f: Fn, node: DeadlineBlock, dst: number): void {
  const { code } = f;
  f.temporarily(() => {
    const result = dst === DROP ? DROP : code.take();
    code.abc(Op.ARM, temporary(f, node.duration));
    f.deadlines++;
    f.exits.push({ kind: "deadline" });
    block(f, node.body, wanted(result));
    f.exits.pop();
    f.deadlines--;
    code.ad(Op.DISARM, 0);
    if (dst !== DROP) code.abc(Op.TAKE, dst, result);
  });
}
