/**
 * Tasks: `spawn`, the `parallel` forms, `select`, `mutex`.
 *
 * A task's body is a function of its own, so it gets copies of what it uses. The constructs call internal builtins, whose names no script
 * can write; the arms of a `select` stay in place, so that they may leave the function or a loop around it.
 */
import { Op } from "../bytecode/op.ts";
import type { Block, MutexBlock, Node, Parallel, SelectExpr, SpawnExpr } from "../syntax/ast.ts";
import { block, DROP, statements, temporary } from "./emit.ts";
import { wanted } from "./branches.ts";
import type { Fn } from "./fn.ts";
import { closureOf } from "./functions.ts";
import { protect } from "./tries.ts";

/** Calls an internal builtin with the arguments that `fill` puts into the next registers; the result is in the register that it answers. */
function callInternal(f: Fn, name: string, fill: () => void): number {
  const { code } = f;
  const window = code.take();
  const { place } = code;
  fill();
  code.place = place;
  code.abce(Op.CALLB, window, code.free - window - 1, code.name(name), code.cache());
  code.free = window + 1;
  return window;
}

function intoTarget(f: Fn, dst: number, call: () => number): void {
  f.temporarily(() => {
    const result = call();
    if (dst !== DROP) f.code.abc(Op.TAKE, dst, result);
  });
}

export function spawn(f: Fn, node: SpawnExpr, dst: number): void {
  intoTarget(f, dst, () => callInternal(f, "spawn task", () => closureOf(f, [], node.body, node.span)));
}

// --- parallel ------------------------------------------------------------------------------------------------------------------------

const MODES = { Count: "count", Each: "each", EachStream: "stream", Settle: "settle" } as const;

export function parallel(f: Fn, node: Parallel, dst: number): void {
  const { variable, body, span } = node;
  const mode = MODES[node.mode];
  const params = variable === null ? [] : [{ name: variable, type: null, default: null, rest: false, span }];
  const cap = node.options.at(-1)?.value ?? null;
  intoTarget(f, dst, () =>
    callInternal(f, "parallel tasks", () => {
      f.constant(f.code.take(), mode);
      temporary(f, node.expr);
      orNil(f, cap);
      closureOf(f, params, body, span);
    }),
  );
}

function orNil(f: Fn, node: Node | null): void {
  if (node === null) f.constant(f.code.take(), null);
  else temporary(f, node);
}

// --- select --------------------------------------------------------------------------------------------------------------------------

/** The builtin answers which arm it is to be; behind the last one stands the body of `timeout` or `default`. */
export function select(f: Fn, node: SelectExpr, dst: number): void {
  const { code } = f;
  const { cases, timeout } = node;
  f.temporarily(() => {
    const result = dst === DROP ? DROP : code.take();
    const choice = callInternal(f, "select arm", () => chooseArguments(f, node));
    const index = code.take();
    const value = code.take();
    code.abc(Op.LISTAT, index, choice, 0);
    code.abc(Op.LISTAT, value, choice, 1);
    const end = code.label();
    cases.forEach((arm, i) => {
      const next = code.label();
      code.branch(Op.JNEQK, index, code.constant(i), 0, next);
      f.scoped(() => {
        f.declare(arm.variable, value, false);
        statements(f, arm.body, 0, wanted(result));
      });
      code.jump(Op.JMP, 0, end);
      code.bind(next);
    });
    const otherwise: Block = timeout?.body ?? node.default ?? [];
    block(f, otherwise, wanted(result));
    code.bind(end);
    if (dst !== DROP) code.abc(Op.TAKE, dst, result);
  });
}

function chooseArguments(f: Fn, { cases, timeout, default: fallback }: SelectExpr): void {
  const { code } = f;
  const channels = code.take();
  f.temporarily(() => {
    const first = code.free;
    for (const arm of cases) temporary(f, arm.channel);
    code.abc(Op.NEWLIST, channels, first, cases.length);
  });
  f.constant(code.take(), timeout !== null || fallback !== null);
  if (timeout !== null) temporary(f, timeout.duration);
  else f.constant(code.take(), fallback === null ? null : 0);
}

// --- mutex ---------------------------------------------------------------------------------------------------------------------------

/** The lock is released on every way out. */
export function mutex(f: Fn, node: MutexBlock): void {
  f.temporarily(() => {
    const permit = callInternal(f, "mutex lock", () => {});
    const unlock = (): void => {
      f.temporarily(() => {
        callInternal(f, "mutex unlock", () => f.code.abc(Op.MOVE, f.code.take(), permit));
      });
    };
    protect(f, () => block(f, node.body, null), unlock);
  });
}
