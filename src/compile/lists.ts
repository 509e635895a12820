/** Building a list from expressions and spreads: list literals and spread arguments. */
import { Op } from "../bytecode/op.ts";
import type { Node } from "../syntax/ast.ts";
import { temporary } from "./emit.ts";
import type { Fn } from "./fn.ts";

/** Runs longer than this are built piece by piece, so that a literal needs few registers. */
export const RUN = 64;

export function listInto(f: Fn, items: readonly Node[], dst: number): void {
  const { code } = f;
  const simple = items.length <= RUN && items.every((item) => item.kind !== "Spread");
  f.temporarily(() => {
    if (simple) {
      const first = code.free;
      for (const item of items) temporary(f, item);
      return code.abc(Op.NEWLIST, dst, first, items.length);
    }
    const list = code.take();
    code.abc(Op.NEWLIST, list, list, 0);
    for (const item of items) {
      f.temporarily(() => {
        if (item.kind === "Spread") code.abc(Op.LISTSPREAD, list, temporary(f, item.expr));
        else code.abc(Op.LISTADD, list, temporary(f, item));
      });
    }
    code.abc(Op.TAKE, dst, list);
  });
}
