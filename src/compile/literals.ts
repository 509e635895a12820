/** Literals that hold other expressions: interpolated strings, lists, dicts. */
import { Op } from "../bytecode/op.ts";
import type { DictLiteral, Entry, InterpolatedString, StringLiteral } from "../syntax/ast.ts";
import { callByName } from "./calls.ts";
import { temporary, value } from "./emit.ts";
import type { Fn } from "./fn.ts";
import { RUN } from "./lists.ts";
import { runsStatements } from "./names.ts";
import { borrow, isPeekable } from "./read.ts";

export function interpolated(f: Fn, node: InterpolatedString, dst: number): void {
  const { code } = f;
  const custom = f.unit.names.bound.has("to_string");
  const careful = node.segments.some((segment) => typeof segment !== "string" && runsStatements(segment));
  f.temporarily(() => {
    const first = code.free;
    for (const segment of node.segments) {
      const register = code.take();
      if (typeof segment === "string") f.constant(register, segment);
      else if (custom) callByName(f, "to_string", [segment], register);
      else if (!careful && isPeekable(f, segment)) borrow(f, segment, register);
      else value(f, segment, register);
    }
    code.abc(Op.INTERP, dst, first, node.segments.length);
  });
}

export function dictLiteral(f: Fn, node: Pick<DictLiteral, "entries">, dst: number): void {
  const { code } = f;
  const keys = node.entries.map((entry) => (entry.key?.kind === "StringLiteral" ? entry.key.value : null));
  const simple = keys.length <= RUN && keys.every((key) => key !== null) && new Set(keys).size === keys.length;
  f.temporarily(() => {
    if (simple) {
      const first = code.free;
      for (const entry of node.entries) temporary(f, entry.value);
      return code.abce(Op.NEWDICT, dst, first, code.list(keys as string[]), keys.length);
    }
    const dict = code.take();
    code.abce(Op.NEWDICT, dict, dict, code.list([]), 0);
    for (const entry of node.entries) f.temporarily(() => dictEntry(f, entry, dict));
    code.abc(Op.TAKE, dst, dict);
  });
}

function dictEntry(f: Fn, entry: Entry, dict: number): void {
  const { code } = f;
  if (entry.key === null) {
    const spread = entry.value.kind === "Spread" ? entry.value.expr : entry.value;
    return code.abc(Op.DICTSPREAD, dict, temporary(f, spread));
  }
  const key = temporary(f, entry.key);
  code.abc(Op.DICTPUT, dict, key, temporary(f, entry.value));
}

/** The text of a key that is a plain word or string, else null. */
export function wordKey(entry: Entry): string | null {
  return entry.key !== null && entry.key.kind === "StringLiteral" ? (entry.key as StringLiteral).value : null;
}
