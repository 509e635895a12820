/** Which annotations of parameters are checked at run time, and how: chapter 2 section 10 of the reference. */
import type { Guard } from "../bytecode/chunk.ts";
import type { TypeExpr } from "../syntax/ast.ts";

const CHECKABLE = new Set(["int", "float", "string", "bool", "list", "dict", "set", "nil", "closure", "bytes"]);

/**
 * Null: not checked. An uncheckable member drops out of its union, an uncheckable field leaves the whole shape unchecked. An interface is
 * checked where it is the parameter's own type or a member of a union, not as the type of an item or a field.
 */
export function guardOf(type: TypeExpr, interfaces: ReadonlySet<string>): Guard | null {
  const inner = (t: TypeExpr): Guard | null => (t.kind === "Named" && interfaces.has(t.name) ? null : guardOf(t, interfaces));
  switch (type.kind) {
    case "Named":
      if (interfaces.has(type.name)) return { kind: "interface", name: type.name };
      return CHECKABLE.has(type.name) ? { kind: "name", name: type.name } : null;
    case "LitString":
      return { kind: "literal", value: type.value };
    case "LitInt":
      return { kind: "literal", value: Number.isSafeInteger(Number(type.value)) ? Number(type.value) : type.value };
    case "Union": {
      const members = type.members.map((member) => guardOf(member, interfaces)).filter((guard) => guard !== null);
      return members.length === 0 ? null : { kind: "union", members };
    }
    case "ListType":
      return { kind: "list", item: inner(type.item) };
    case "DictType":
      return { kind: "dict", value: type.key.kind === "Named" && type.key.name === "string" ? inner(type.value) : null };
    case "Shape": {
      const fields = type.fields.map((field) => ({ name: field.name, optional: field.optional, type: inner(field.type) }));
      if (fields.some((field) => field.type === null)) return null;
      return { kind: "shape", fields: fields as { name: string; optional: boolean; type: Guard }[] };
    }
    case "FnType":
      return { kind: "name", name: "closure" };
    default:
      return null;
  }
}
