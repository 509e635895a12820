/**
 * Token kinds and the token table.
 *
 * A token's kind is its own text for punctuation and reserved words, so that messages need no second table; the kinds with content
 * have names of their own. The table is a struct of arrays: a megabyte of script is a few hundred thousand tokens, and four numbers
 * and strings a token cost a fraction of as many objects.
 */
import type { Span } from "../source/text.ts";

export const RESERVED_WORDS = [
  "break", "catch", "continue", "deadline", "defer", "emit", "else", "enum", "exclusive", "extends", "false", "finally", "fn", "for",
  "from", "guard", "if", "impl", "import", "in", "interface", "let", "match", "mutex", "nil", "override", "parallel", "pipeline", "pub",
  "require", "retry", "return", "select", "skill", "spawn", "struct", "throw", "to", "tool", "true", "try", "type", "var", "while",
  "yield",
] as const; // biome-ignore format: a list of words reads best filled

/** Longest first, because the scanner takes the first that fits. */
export const PUNCTUATION = [
  "==", "!=", "&&", "||", "|>", "??", "**", "?.", "->", "-=", "+=", "*=", "/=", "%=", "<=", ">=",
  "{", "}", "(", ")", "[", "]", ",", ":", ";", ".", "=", "!", "+", "-", "*", "/", "%", "<", ">", "?", "|", "@",
] as const; // biome-ignore format: a list of signs reads best filled

export type ReservedWord = (typeof RESERVED_WORDS)[number];
export type Punctuation = (typeof PUNCTUATION)[number];
/** `newline` stands for a whole run of line ends; `eof` is the last token of every table. */
export type ContentKind = "ident" | "string" | "raw" | "interpolated" | "int" | "float" | "duration" | "newline" | "eof";
export type Kind = ReservedWord | Punctuation | ContentKind;

const RESERVED: ReadonlyMap<string, ReservedWord> = new Map(RESERVED_WORDS.map((word) => [word, word]));
/** Reserved words that are not even allowed as a member name or a dict key. */
const NEVER_A_KEY: ReadonlySet<string> = new Set(["finally", "require", "select", "skill"]);

export function reservedWord(word: string): ReservedWord | undefined {
  return RESERVED.get(word);
}

/** Whether a token of this kind may stand as a member name, dict key or shape field. */
export function isKeyKind(kind: Kind): boolean {
  return kind === "ident" || (RESERVED.has(kind) && !NEVER_A_KEY.has(kind));
}

/** A piece of an interpolated string: text, or the place of the characters between `${` and `}`. */
export type StringPiece = string | Span;

/**
 * What a token holds beside its place: the text of identifiers and strings, the pieces of an interpolated string, the value of an
 * int, float or duration (null when its milliseconds do not fit), and for `{` whether it opens a closure if it opens an expression.
 */
export type TokenValue = string | readonly StringPiece[] | bigint | number | boolean | null;

export class TokenTable {
  readonly kinds: Kind[] = [];
  readonly values: TokenValue[] = [];
  readonly starts: Int32Array;
  readonly ends: Int32Array;

  /** @param most as many tokens as there can be: one a character, and the end of the file */
  constructor(most: number) {
    this.starts = new Int32Array(most);
    this.ends = new Int32Array(most);
  }

  get length(): number {
    return this.kinds.length;
  }

  add(kind: Kind, start: number, end: number, value: TokenValue = null): void {
    const index = this.kinds.push(kind) - 1;
    this.starts[index] = start;
    this.ends[index] = end;
    this.values.push(value);
  }
}

/** A comment kept for tools; `text` excludes the delimiters and is not trimmed. */
export interface Comment {
  readonly span: Span;
  readonly text: string;
  readonly isDoc: boolean;
  readonly isBlock: boolean;
}
