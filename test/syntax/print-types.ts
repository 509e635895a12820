/** Type expressions, type parameters and literals as source text: the leaves of the printer. */
import type { AttributeValue, TypeExpr, TypeParam } from "../../src/syntax/ast.ts";

/** A type as it is written; one written `true` or `false` is a `bool` in the tree. */
export function typeText(type: TypeExpr): string {
  switch (type.kind) {
    case "Named":
      return type.name;
    case "Never":
      return "never";
    case "Union":
      return type.members.map(typeText).join(" | ");
    case "Shape":
      return `{${type.fields.map((field) => `${field.name}${field.optional ? "?" : ""}: ${typeText(field.type)}`).join(", ")}}`;
    case "ListType":
      return `list<${typeText(type.item)}>`;
    case "DictType":
      return `dict<${typeText(type.key)}, ${typeText(type.value)}>`;
    case "IterType":
      return `iter<${typeText(type.item)}>`;
    case "GeneratorType":
      return `Generator<${typeText(type.item)}>`;
    case "StreamType":
      return `Stream<${typeText(type.item)}>`;
    case "Applied":
      return `${type.name}<${type.args.map(typeText).join(", ")}>`;
    case "FnType":
      return `fn(${type.params.map(typeText).join(", ")}) -> ${typeText(type.result)}`;
    case "LitString":
      return quoted(type.value);
    case "LitInt":
      return String(type.value);
  }
}

/** `<T, in U>`, or nothing for none. */
export function typeParamsText(params: readonly TypeParam[]): string {
  if (params.length === 0) return "";
  return `<${params.map((param) => (param.variance === "invariant" ? param.name : `${param.variance} ${param.name}`)).join(", ")}>`;
}

/** `: T`, or nothing. */
export function annotationText(type: TypeExpr | null): string {
  return type === null ? "" : `: ${typeText(type)}`;
}

/** ` -> T`, or nothing. */
export function returnTypeText(type: TypeExpr | null): string {
  return type === null ? "" : ` -> ${typeText(type)}`;
}

/** A string literal with this value. */
export function quoted(value: string): string {
  return `"${escaped(value)}"`;
}

/** Text as it stands between the quotes of a string literal. */
export function escaped(text: string): string {
  return text.replace(/[\\"$\n\t]/g, (char) => (char === "\n" ? "\\n" : char === "\t" ? "\\t" : `\\${char}`));
}

/** A literal that reads as this float. Literals have no sign and no exponent; one too large for a float reads as infinity. */
export function floatText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return `${"9".repeat(400)}.0`;
  if (Number.isInteger(value)) return `${BigInt(value)}.0`;
  const text = String(value);
  const small = /^(\d)(?:\.(\d+))?e-(\d+)$/.exec(text);
  return small === null ? text : `0.${"0".repeat(Number(small[3]) - 1)}${small[1]}${small[2] ?? ""}`;
}

/** A literal that reads as this duration; one that just does not fit stands for all that do not. */
export function durationText(ms: bigint | null): string {
  return `${ms ?? 2n ** 63n}ms`;
}

export function attributeValueText(value: AttributeValue): string {
  switch (value.kind) {
    case "string":
      return quoted(value.value);
    case "name":
      return value.value;
    case "float":
      return value.value < 0 || Object.is(value.value, -0) ? `-${floatText(-value.value)}` : floatText(value.value);
    case "list":
      return `[${value.items.map(attributeValueText).join(", ")}]`;
    case "nil":
      return "nil";
    default:
      return String(value.value);
  }
}
