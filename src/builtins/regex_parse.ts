/**
 * The pattern language: linear-time regular expressions without look-around and backreferences, Unicode throughout.
 *
 * The result is a tree that `regex_compile.ts` turns into a program. Errors are `RegexError`s with the reason alone.
 */
import {
  type CharSet,
  caseVariants,
  digits,
  negated,
  posixSet,
  propertySet,
  rangeSet,
  spaces,
  tabled,
  union,
  wordChars,
} from "./regex_set.ts";

/** A pattern that is none; the message is the reason. */
export class RegexError extends Error {
  override readonly name = "RegexError";

  /** @param place where the pattern goes wrong, in characters; null when that is not known */
  constructor(
    message: string,
    readonly place: { readonly start: number; readonly length: number } | null = null,
  ) {
    super(message);
  }
}

export type Assertion = "start" | "end" | "line_start" | "line_end" | "word" | "not_word" | "word_start" | "word_end";

export type Node =
  | { readonly kind: "empty" }
  | { readonly kind: "char"; readonly code: number }
  | { readonly kind: "set"; readonly set: CharSet }
  | { readonly kind: "assert"; readonly what: Assertion }
  | { readonly kind: "cat" | "alt"; readonly parts: readonly Node[] }
  | { readonly kind: "group"; readonly index: number; readonly body: Node }
  | { readonly kind: "repeat"; readonly body: Node; readonly min: number; readonly max: number; readonly greedy: boolean };

export interface Pattern {
  readonly root: Node;
  /** Names of the groups by their number; null for those without. Group 0 is the whole match. */
  readonly groups: readonly (string | null)[];
}

export interface Flags {
  ignoreCase: boolean;
  multiline: boolean;
  dotAll: boolean;
  extended: boolean;
  swapGreed: boolean;
}

export const NO_FLAGS: Flags = { ignoreCase: false, multiline: false, dotAll: false, extended: false, swapGreed: false };

const FLAG_NAMES: Readonly<Record<string, keyof Flags>> = {
  i: "ignoreCase",
  m: "multiline",
  s: "dotAll",
  x: "extended",
  U: "swapGreed",
};

const MAX_NESTING = 200;
const MAX_REPEAT = 100_000;

export function parseRegex(text: string, flags: Flags): Pattern {
  return new Parser(text, flags).pattern();
}

class Parser {
  private readonly chars: string[];
  private at = 0;
  private nesting = 0;
  private flags: Flags;
  private readonly groups: (string | null)[] = [null];

  constructor(text: string, flags: Flags) {
    this.chars = [...text];
    this.flags = { ...flags };
  }

  pattern(): Pattern {
    const root = this.alternation();
    if (this.at < this.chars.length) throw this.wrong("unopened group", this.at);
    return { root, groups: this.groups };
  }

  /** The error whose place starts at one character and ends where the parser stands, if nothing else is said. */
  private wrong(message: string, start: number, length = this.at - start): RegexError {
    return new RegexError(message, { start, length: Math.max(1, length) });
  }

  private alternation(): Node {
    const parts = [this.sequence()];
    while (this.take("|")) parts.push(this.sequence());
    return parts.length === 1 ? (parts[0] as Node) : { kind: "alt", parts };
  }

  private sequence(): Node {
    const parts: Node[] = [];
    for (;;) {
      this.skipComments();
      const char = this.peek();
      if (char === undefined || char === "|" || char === ")") break;
      const start = this.at;
      const quantifier = this.quantifier();
      if (quantifier === null) {
        const atom = this.atom();
        if (atom !== null) parts.push(atom);
        continue;
      }
      const body = parts.pop();
      if (body === undefined) throw this.wrong("repetition operator missing expression", start, 1);
      parts.push({ kind: "repeat", body, ...quantifier });
    }
    if (parts.length === 0) return { kind: "empty" };
    return parts.length === 1 ? (parts[0] as Node) : { kind: "cat", parts };
  }

  /** A repetition that stands here, or null. */
  private quantifier(): { min: number; max: number; greedy: boolean } | null {
    const char = this.peek();
    let bounds: [number, number];
    if (char === "*") bounds = [0, Number.POSITIVE_INFINITY];
    else if (char === "+") bounds = [1, Number.POSITIVE_INFINITY];
    else if (char === "?") bounds = [0, 1];
    else if (char === "{") bounds = this.counts();
    else return null;
    if (char !== "{") this.at++;
    this.skipComments();
    const lazy = this.take("?");
    return { min: bounds[0], max: bounds[1], greedy: lazy === this.flags.swapGreed };
  }

  private counts(): [number, number] {
    const start = this.at;
    const close = this.chars.indexOf("}", start);
    if (close < 0) throw new RegexError("unclosed counted repetition");
    const inner = this.chars
      .slice(this.at + 1, close)
      .join("")
      .replace(/\s/g, "");
    const found = /^([0-9]+)(,([0-9]*))?$/.exec(inner);
    if (found === null) throw new RegexError("repetition quantifier expects a valid decimal");
    this.at = close + 1;
    const min = Number(found[1]);
    const max = found[2] === undefined ? min : found[3] === "" ? Number.POSITIVE_INFINITY : Number(found[3]);
    if (min > max) throw this.wrong("invalid repetition count range, the start must be <= the end", start);
    if (min > MAX_REPEAT || (Number.isFinite(max) && max > MAX_REPEAT)) throw new RegexError("compiled regex exceeds size limit");
    return [min, max];
  }

  /** One item without its repetition; null for a group of flags alone. */
  private atom(): Node | null {
    const char = this.next();
    switch (char) {
      case "(":
        return this.group();
      case "[":
        return { kind: "set", set: tabled(this.bracket()) };
      case ".":
        return { kind: "set", set: this.flags.dotAll ? () => true : (code) => code !== 10 };
      case "^":
        return { kind: "assert", what: this.flags.multiline ? "line_start" : "start" };
      case "$":
        return { kind: "assert", what: this.flags.multiline ? "line_end" : "end" };
      case "\\":
        return this.escape();
      default:
        return this.literal(char.codePointAt(0) as number);
    }
  }

  private literal(code: number): Node {
    if (!this.flags.ignoreCase || caseVariants(code).length === 0) return { kind: "char", code };
    return { kind: "set", set: tabled(rangeSet(code, code, true)) };
  }

  private group(): Node | null {
    if (++this.nesting > MAX_NESTING) throw new RegexError("exceeded the maximum number of nested parentheses/brackets");
    const before = { ...this.flags };
    const open = this.at - 1;
    let index = 0;
    if (this.take("?")) {
      const kind = this.groupKind();
      if (kind === "flags") {
        this.nesting--;
        return null; // The flags stay on until the surrounding group ends.
      }
      if (kind !== "plain") index = this.newGroup(kind.name);
    } else index = this.newGroup(null);
    const body = this.alternation();
    if (!this.take(")")) throw this.wrong("unclosed group", open, 1);
    this.flags = before;
    this.nesting--;
    return index === 0 ? body : { kind: "group", index, body };
  }

  private newGroup(name: string | null): number {
    if (name !== null && this.groups.includes(name)) throw new RegexError("duplicate capture group name");
    this.groups.push(name);
    return this.groups.length - 1;
  }

  /** What stands behind `(?`. */
  private groupKind(): "plain" | "flags" | { name: string } {
    const rest = this.chars.slice(this.at, this.at + 2).join("");
    const lookAround = /^(=|!|<=|<!)/.exec(rest);
    if (lookAround !== null) {
      const message = "look-around, including look-ahead and look-behind, is not supported";
      throw this.wrong(message, this.at - 2, 2 + lookAround[0].length);
    }
    if (this.take("<") || (rest === "P<" && this.take("P") && this.take("<"))) return { name: this.groupName() };
    let on = true;
    for (;;) {
      const char = this.peek();
      if (char === undefined) throw new RegexError("unexpected end of regex");
      this.at++;
      if (char === ")") return "flags";
      if (char === ":") return "plain";
      if (char === "-") on = false;
      else if (char !== "u" || !on) {
        const flag = FLAG_NAMES[char];
        if (flag === undefined) throw new RegexError("unrecognized flag");
        this.flags[flag] = on;
      }
    }
  }

  private groupName(): string {
    const close = this.chars.indexOf(">", this.at);
    if (close < 0) throw new RegexError("unclosed capture group name");
    const name = this.chars.slice(this.at, close).join("");
    if (name === "") throw new RegexError("empty capture group name");
    if (!/^[\p{Alphabetic}_][\p{Alphabetic}\p{Nd}_.[\]]*$/u.test(name)) throw new RegexError("invalid capture group character");
    this.at = close + 1;
    return name;
  }

  private escape(): Node {
    const char = this.next();
    switch (char) {
      case "A":
        return { kind: "assert", what: "start" };
      case "z":
        return { kind: "assert", what: "end" };
      case "b":
        return { kind: "assert", what: "word" };
      case "B":
        return { kind: "assert", what: "not_word" };
      case "<":
        return { kind: "assert", what: "word_start" };
      case ">":
        return { kind: "assert", what: "word_end" };
    }
    const set = this.classEscape(char);
    return set !== null ? { kind: "set", set } : this.literal(this.charEscape(char));
  }

  /** `\d` and its like, or null when the escape stands for one character. */
  private classEscape(char: string): CharSet | null {
    switch (char) {
      case "d":
        return digits();
      case "D":
        return negated(digits());
      case "s":
        return spaces();
      case "S":
        return negated(spaces());
      case "w":
        return wordChars();
      case "W":
        return negated(wordChars());
      case "p":
      case "P":
        return this.property(char === "P");
      default:
        return null;
    }
  }

  private property(inverted: boolean): CharSet {
    let name = this.next();
    if (name === "{") {
      const close = this.chars.indexOf("}", this.at);
      if (close < 0) throw new RegexError("Unicode property not found");
      name = this.chars.slice(this.at, close).join("");
      this.at = close + 1;
    }
    const caret = name.startsWith("^");
    const set = propertySet(caret ? name.slice(1) : name, this.flags.ignoreCase);
    if (set === null) throw new RegexError("Unicode property not found");
    return inverted !== caret ? negated(set) : set;
  }

  /** The character that an escape stands for. */
  private charEscape(char: string): number {
    const control = CONTROLS[char];
    if (control !== undefined) return control;
    if (char === "x" || char === "u" || char === "U") return this.hexEscape(char === "x" ? 2 : char === "u" ? 4 : 8);
    if (/^[0-9]$/.test(char)) throw this.wrong("backreferences are not supported", this.at - 2);
    if (/^[A-Za-z]$/.test(char) || char > "\u007f") throw this.wrong("unrecognized escape sequence", this.at - 2);
    return char.codePointAt(0) as number;
  }

  private hexEscape(length: number): number {
    let text: string;
    if (this.take("{")) {
      const close = this.chars.indexOf("}", this.at);
      if (close < 0) throw new RegexError("incomplete escape sequence, reached end of pattern prematurely");
      text = this.chars.slice(this.at, close).join("");
      this.at = close + 1;
    } else {
      text = this.chars.slice(this.at, this.at + length).join("");
      this.at += length;
      if (text.length < length) throw new RegexError("incomplete escape sequence, reached end of pattern prematurely");
    }
    if (!/^[0-9a-fA-F]+$/.test(text)) throw new RegexError("invalid hexadecimal digit");
    const code = Number.parseInt(text, 16);
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) throw new RegexError("hexadecimal literal is not a Unicode scalar value");
    return code;
  }

  /** A bracketed class behind its `[`. */
  private bracket(): CharSet {
    if (++this.nesting > MAX_NESTING) throw new RegexError("exceeded the maximum number of nested parentheses/brackets");
    const open = this.at - 1;
    const inverted = this.take("^");
    const opening = this.at - open;
    let result: CharSet | null = null;
    let operator = "";
    for (;;) {
      const operand = this.bracketItems(result === null, open, opening);
      result = result === null ? operand : combined(operator, result, operand);
      if (this.take("]")) break;
      operator = this.next() + this.next();
    }
    this.nesting--;
    return inverted ? negated(result) : result;
  }

  /** The items up to a set operator or the closing bracket; a bracket that comes first stands for itself. */
  private bracketItems(first: boolean, open: number, opening: number): CharSet {
    const sets: CharSet[] = [];
    for (let start = true; ; start = false) {
      if (this.flags.extended) this.skipComments();
      const char = this.peek();
      if (char === undefined) throw this.wrong("unclosed character class", open, opening);
      const isOperator = (char === "&" || char === "-" || char === "~") && this.chars[this.at + 1] === char;
      if ((char === "]" && !(start && first)) || (isOperator && !(char === "-" && start && first))) break;
      this.at++;
      if (char === "[") sets.push(this.posix() ?? this.bracket());
      else sets.push(this.bracketRange(char));
    }
    return sets.length === 0 ? () => false : union(sets);
  }

  private posix(): CharSet | null {
    if (this.peek() !== ":") return null;
    const found = /^:(\^?)([a-z]+):\]/.exec(this.chars.slice(this.at, this.at + 12).join(""));
    const set = found === null ? null : posixSet(found[2] as string, this.flags.ignoreCase);
    if (found === null || set === null) return null;
    this.at += found[0].length;
    return found[1] === "^" ? negated(set) : set;
  }

  /** One character, an escaped class, or a range that begins with the character. */
  private bracketRange(char: string): CharSet {
    const start = this.at - 1;
    const first = this.bracketChar(char);
    if (typeof first !== "number") return first;
    const next = this.chars[this.at + 1];
    if (this.peek() !== "-" || next === "]" || next === "-" || next === undefined) return rangeSet(first, first, this.flags.ignoreCase);
    this.at++;
    const last = this.bracketChar(this.next());
    if (typeof last !== "number") throw new RegexError("invalid range boundary, must be a literal");
    if (last < first) throw this.wrong("invalid character class range, the start must be <= the end", start);
    return rangeSet(first, last, this.flags.ignoreCase);
  }

  private bracketChar(char: string): number | CharSet {
    if (char !== "\\") return char.codePointAt(0) as number;
    const escaped = this.next();
    const set = this.classEscape(escaped);
    if (set !== null) return set;
    if (escaped === "b") throw new RegexError("unrecognized escape sequence");
    return this.charEscape(escaped);
  }

  /** In extended mode: white space, and `#` up to the end of its line. */
  private skipComments(): void {
    if (!this.flags.extended) return;
    for (;;) {
      const char = this.peek();
      if (char === "#") while (this.peek() !== undefined && this.peek() !== "\n") this.at++;
      else if (char !== undefined && /\s/.test(char)) this.at++;
      else return;
    }
  }

  private peek(): string | undefined {
    return this.chars[this.at];
  }

  private take(char: string): boolean {
    if (this.chars[this.at] !== char) return false;
    this.at++;
    return true;
  }

  private next(): string {
    const char = this.chars[this.at++];
    if (char === undefined) throw new RegexError("incomplete escape sequence, reached end of pattern prematurely");
    return char;
  }
}

const CONTROLS: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, f: 12, v: 11, a: 7 };

function combined(operator: string, left: CharSet, right: CharSet): CharSet {
  if (operator === "&&") return (code) => left(code) && right(code);
  if (operator === "--") return (code) => left(code) && !right(code);
  return (code) => left(code) !== right(code);
}
