/** How tightly the binary operators bind: the one table behind the parser's single operator rule and the printer's parentheses. */
import type { BinaryOperator } from "./ast.ts";

/** Operators of equal number are left-associative among each other; only `**` is right-associative. Pipe is looser than ternary and range. */
export const PRECEDENCE = {
  "||": 1,
  "&&": 2,
  "==": 3,
  "!=": 3,
  "<": 4,
  ">": 4,
  "<=": 4,
  ">=": 4,
  in: 4,
  not_in: 4,
  "+": 5,
  "-": 5,
  "??": 6,
  "*": 7,
  "/": 7,
  "%": 7,
  "**": 8,
} as const satisfies Record<Exclude<BinaryOperator, "|>">, number>;
