/** Result types of operators, from the types of their operands. */
import type { BinaryOperator } from "../syntax/ast.ts";
import type { InferredType, Type } from "./types.ts";
import { BOOL, DICT, FLOAT, INT, isNamed, LIST, STRING, withoutName } from "./types.ts";

/** The type of `left op right`; null when it is not known. */
export function operatorResult(op: BinaryOperator, left: InferredType, right: InferredType): InferredType {
  switch (op) {
    case "==":
    case "!=":
    case "<":
    case ">":
    case "<=":
    case ">=":
    case "&&":
    case "||":
    case "in":
    case "not_in":
      return BOOL;
    case "+":
      return sum(left, right);
    case "*":
      return repetition(left, right) ?? arithmetic(left, right);
    case "-":
    case "/":
    case "%":
    case "**":
      return arithmetic(left, right);
    case "??":
      return fallback(left, right);
    case "|>":
      return null;
  }
}

function sum(left: InferredType, right: InferredType): InferredType {
  if (left?.kind !== "Named" || right?.kind !== "Named" || isNamed(left, "_") || isNamed(right, "_")) return null;
  if (left.name === "int" && right.name === "int") return INT;
  if (left.name === "float" || right.name === "float") return FLOAT;
  if (left.name !== right.name) return null;
  switch (left.name) {
    case "string":
      return STRING;
    case "list":
      return LIST;
    case "dict":
      return DICT;
    default:
      return null;
  }
}

function arithmetic(left: InferredType, right: InferredType): InferredType {
  if (isNamed(left, "int") && isNamed(right, "int")) return INT;
  if (left?.kind !== "Named" || right?.kind !== "Named" || isNamed(left, "_") || isNamed(right, "_")) return null;
  return left.name === "float" || right.name === "float" ? FLOAT : null;
}

/** `"ab" * 3`, either way round. */
function repetition(left: InferredType, right: InferredType): Type | null {
  const fits = (isNamed(left, "string") && isNamed(right, "int")) || (isNamed(left, "int") && isNamed(right, "string"));
  return fits ? STRING : null;
}

/** `left ?? right`. */
function fallback(left: InferredType, right: InferredType): InferredType {
  if (left === null || isNamed(left, "nil")) return right;
  if (left.kind !== "Union") return left;
  const rest = withoutName(left.members, "nil");
  return rest.kind === "Never" ? right : rest;
}
