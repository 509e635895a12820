/** Struct literals. */
import { Op } from "../bytecode/op.ts";
import type { StructConstruct } from "../syntax/ast.ts";
import { declaredFields } from "./declarations.ts";
import { temporary } from "./emit.ts";
import type { Fn } from "./fn.ts";
import { dictLiteral } from "./literals.ts";

/** Stands for the fields of a struct that this file does not declare: then all are kept. */
const ANY_FIELDS = "*";

export function structConstruct(f: Fn, node: StructConstruct, dst: number): void {
  const { code } = f;
  const spread = node.entries.find((entry) => entry.key === null);
  if (spread !== undefined) {
    return f.error(spread.value.span, "spread (...) can only be used inside list literals, dict literals, or function call arguments");
  }
  const declared = f.unit.names.structs.get(node.structName);
  const head = [node.structName, declared === undefined ? ANY_FIELDS : declaredFields(declared)];
  const keys = node.entries.map((entry) => (entry.key?.kind === "StringLiteral" ? entry.key.value : null));
  f.temporarily(() => {
    if (keys.some((key) => key === null) || new Set(keys).size < keys.length) {
      const dict = code.take();
      dictLiteral(f, node, dict);
      return code.abc(Op.ASSTRUCT, dst, dict, code.list(head));
    }
    const first = code.free;
    for (const entry of node.entries) temporary(f, entry.value);
    code.abce(Op.NEWSTRUCT, dst, first, code.list([...head, ...(keys as string[])]), keys.length);
  });
}
