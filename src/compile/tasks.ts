/**
 * Tasks: `spawn`, the `parallel` forms, `select`, `mutex`.
 *
 * A task's body is a function of its own, so it gets copies of what it uses. The constructs call internal builtins, whose names no script
 * can write.
 */
import { Op } from "../bytecode/op.ts";
import type { SpawnExpr } from "../syntax/ast.ts";
import { DROP } from "./emit.ts";
import type { Fn } from "./fn.ts";
import { closureOf } from "./functions.ts";

/** Calls an internal builtin with the arguments that `fill` puts into the next registers; the result goes to `dst`. */
function callInternal(f: Fn, name: string, dst: number, fill: () => void): void {
  const { code } = f;
  f.temporarily(() => {
    const window = code.take();
    const place = code.place;
    fill();
    code.place = place;
    code.abce(Op.CALLB, window, code.free - window - 1, code.name(name), code.cache());
    if (dst !== DROP) code.abc(Op.TAKE, dst, window);
  });
}

export function spawn(f: Fn, node: SpawnExpr, dst: number): void {
  callInternal(f, "spawn task", dst, () => void closureOf(f, [], node.body, node.span));
}
