/**
 * Syntax errors: what was expected, what was found, where, and the two texts made of that.
 *
 * A failure is thrown inside the parser and caught at the top level or at a point of backtracking; it never leaves `parse`. It is no
 * `Error`, because capturing a stack for each broken line of a broken file is what would make the parser slow on bad input.
 */
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceText, Span } from "../source/text.ts";
import { type Kind, reservedWord, type TokenTable, type TokenValue } from "./tokens.ts";

/** How deep brackets, blocks, types, `else if` and the like may stand in each other. Each level costs the parser about 1 kB of stack. */
export const NESTING_LIMIT = 200;

/** How deep the finished tree may be, chains of operators, members and calls included; every walker of the tree relies on it. */
export const TREE_DEPTH_LIMIT = 500;

export class SyntaxFailure {
  constructor(
    readonly code: "syntax/expected" | "syntax/end-of-file" | "limit/nesting",
    /** E of the message; for a limit the whole message. */
    readonly expected: string,
    /** G of the message. */
    readonly found: string,
    readonly span: Span,
  ) {}
}

/** The failure of a construct nested beyond what parser, checker and compiler can walk. */
export function nestingFailure(span: Span, limit: number): SyntaxFailure {
  return new SyntaxFailure("limit/nesting", `nesting is too deep (limit ${limit})`, "", span);
}

export function toDiagnostic(source: SourceText, failure: SyntaxFailure): Diagnostic {
  const { code, expected, found, span } = failure;
  const base = { severity: "error", code, source, span, plain: plainText(source, failure) } as const;
  if (code === "limit/nesting") return { ...base, message: expected, label: "nested too deeply here" };
  const help = HELP[expected];
  const withHelp = help === undefined ? base : { ...base, help };
  if (code === "syntax/end-of-file") {
    return { ...withHelp, message: `unexpected end of file, expected ${expected}`, label: "file ends here" };
  }
  const label = found === NEWLINE ? "line break not allowed here" : "unexpected token";
  return { ...withHelp, message: `expected ${expected}, found ${found}`, label };
}

/** The one line that an embedding host is told. */
export function plainText(source: SourceText, failure: SyntaxFailure): string {
  const { code, expected, found, span } = failure;
  if (code === "syntax/end-of-file") return `Unexpected end of file, expected ${expected}`;
  const { line, column } = source.position(span.start);
  if (code === "limit/nesting") return `${expected.replace(/^n/, "N")} at ${line}:${column}`;
  return `Expected ${expected}, got ${found} at ${line}:${column}`;
}

/** A line end as messages show it. */
const NEWLINE = "\\n";

const HELP: Readonly<Record<string, string>> = {
  "}": "add a closing `}` to finish this block",
  ")": "add a closing `)` to finish this expression or parameter list",
  "]": "add a closing `]` to finish this list or subscript",
};

/** A token as messages show it. */
export function showToken(tokens: TokenTable, index: number): string {
  const kind = tokens.kinds[index] as Kind;
  const value = tokens.values[index] as TokenValue;
  switch (kind) {
    case "ident":
      return `id(${value})`;
    case "string":
      return `str(${value})`;
    case "raw":
      return `rstr(${value})`;
    case "interpolated":
      return "istr(...)";
    case "int":
      return `int(${value})`;
    case "float":
      return `float(${showFloat(value as number)})`;
    case "duration":
      return `duration(${value}ms)`;
    case "newline":
      return NEWLINE;
    default:
      return kind;
  }
}

/** The same for a place where only a name may stand, so that a reserved word is called what it is. */
export function showInNamePlace(tokens: TokenTable, index: number): string {
  const kind = tokens.kinds[index] as Kind;
  return reservedWord(kind) === undefined ? showToken(tokens, index) : `'${kind}' (reserved keyword)`;
}

/** The long-hand that a few messages about `parallel` use: `Identifier("x")`, `IntLiteral(5)`. */
export function showLongHand(tokens: TokenTable, index: number): string {
  const kind = tokens.kinds[index] as Kind;
  const value = tokens.values[index] as TokenValue;
  switch (kind) {
    case "ident":
      return `Identifier(${JSON.stringify(value)})`;
    case "string":
      return `StringLiteral(${JSON.stringify(value)})`;
    case "raw":
      return `RawStringLiteral(${JSON.stringify(value)})`;
    case "interpolated":
      return "InterpolatedString(...)";
    case "int":
      return `IntLiteral(${value})`;
    case "float":
      return `FloatLiteral(${Number.isInteger(value) ? `${showFloat(value as number)}.0` : showFloat(value as number)})`;
    case "duration":
      return `DurationLiteral(${value})`;
    case "newline":
      return "Newline";
    case "eof":
      return "Eof";
    default:
      return PUNCTUATION_NAMES[kind] ?? `${kind[0]?.toUpperCase()}${kind.slice(1)}`;
  }
}

const PUNCTUATION_NAMES: Readonly<Record<string, string>> = {
  "==": "Eq", "!=": "Neq", "&&": "And", "||": "Or", "|>": "Pipe", "??": "NilCoal", "**": "Pow", "?.": "QuestionDot", "->": "Arrow",
  "-=": "MinusAssign", "+=": "PlusAssign", "*=": "StarAssign", "/=": "SlashAssign", "%=": "PercentAssign", "<=": "Lte", ">=": "Gte",
  "{": "LBrace", "}": "RBrace", "(": "LParen", ")": "RParen", "[": "LBracket", "]": "RBracket", ",": "Comma", ":": "Colon",
  ";": "Semicolon", ".": "Dot", "=": "Assign", "!": "Not", "+": "Plus", "-": "Minus", "*": "Star", "/": "Slash", "%": "Percent",
  "<": "Lt", ">": "Gt", "?": "Question", "|": "Bar", "@": "At",
}; // biome-ignore format: a table reads best filled

/** A float as messages show it: shortest digits, never an exponent, no `.0`. */
function showFloat(value: number): string {
  const text = String(value);
  const match = /^(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (match === null) return text === "Infinity" ? "inf" : text;
  const digits = (match[1] as string) + (match[2] ?? "");
  const point = Number(match[3]) + 1;
  return point > 0 ? digits.padEnd(point, "0") : `0.${"0".repeat(-point)}${digits}`;
}
