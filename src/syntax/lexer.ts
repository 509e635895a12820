/**
 * The scanner: characters to tokens, in one pass.
 *
 * The first lexical error ends it; the parser does not run on a broken token stream. Comments yield no token; they are kept beside
 * the table when asked for. The same scanner reads the text inside a `${…}`, bounded to that part of the file, so that places inside
 * continue from the file without any shifting.
 */
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceText } from "../source/text.ts";
import { isBlank, trimBlockPieces, trimBlockString } from "./strings.ts";
import { type Comment, PUNCTUATION, type Punctuation, reservedWord, type StringPiece, TokenTable } from "./tokens.ts";

export interface LexResult {
  /** Complete up to the error, and always closed by an `eof` token. */
  readonly tokens: TokenTable;
  /** Empty unless `comments` was asked for. */
  readonly comments: readonly Comment[];
  readonly error: Diagnostic | null;
}

export interface LexOptions {
  /** Offsets of the part to read; the whole text by default. */
  readonly start?: number;
  readonly end?: number;
  readonly comments?: boolean;
}

/** Reads `source`, or the part of it between two UTF-16 offsets. Never throws. */
export function lex(source: SourceText, options: LexOptions = {}): LexResult {
  const scanner = new Scanner(source, options.start ?? 0, options.end ?? source.text.length, options.comments ?? false);
  let error: Diagnostic | null = null;
  try {
    scanner.run();
  } catch (thrown) {
    if (!(thrown instanceof LexFailure)) throw thrown;
    error = lexicalError(source, thrown);
  }
  scanner.finish();
  return { tokens: scanner.tokens, comments: scanner.comments, error };
}

class LexFailure {
  constructor(
    readonly code: "lex/character" | "lex/string" | "lex/comment",
    readonly message: string,
    readonly offset: number,
    /** UTF-16 length of what is underlined. */
    readonly length: number,
  ) {}
}

function lexicalError(source: SourceText, failure: LexFailure): Diagnostic {
  const { line, column } = source.position(failure.offset);
  const message = `${failure.message} at ${line}:${column}`;
  const span = { start: failure.offset, end: failure.offset + failure.length };
  return { severity: "error", code: failure.code, message, source, span, label: "here", plain: message };
}

const LARGEST_INT = 2n ** 63n - 1n;
const LARGEST_COUNT = 2n ** 64n - 1n;
const MILLISECONDS: Readonly<Record<string, bigint>> = { s: 1000n, m: 60_000n, h: 3_600_000n, d: 86_400_000n, w: 604_800_000n };
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", "\\": "\\", '"': '"', $: "$" };

class Scanner {
  readonly tokens: TokenTable;
  readonly comments: Comment[] = [];
  private readonly text: string;
  private at: number;
  /** Token indexes of the brackets still open, to mark the braces that would open a closure; see `bracket`. */
  private readonly open: number[] = [];

  constructor(
    source: SourceText,
    start: number,
    private readonly end: number,
    private readonly keepComments: boolean,
  ) {
    this.text = source.text;
    this.at = start;
    this.tokens = new TokenTable(end - start + 1);
  }

  run(): void {
    if (this.at === 0 && this.text.startsWith("#!")) this.skipLine();
    while (this.at < this.end) this.next();
  }

  finish(): void {
    this.tokens.add("eof", this.end, this.end);
  }

  private next(): void {
    const char = this.text[this.at] as string;
    if (char === " " || char === "\t" || char === "\r") this.at++;
    else if (char === "\n") this.newline();
    else if (char === "r" && this.peek(1) === '"') this.rawString();
    else if (isWordStartAscii(char)) this.word();
    else if (isDigit(char)) this.number();
    else if (char === '"') this.quoted();
    else if (char === "/" && this.peek(1) === "/") this.lineComment();
    else if (char === "/" && this.peek(1) === "*") this.blockComment();
    else if (char === "\\" && this.peek(1) === "\n") this.at += 2;
    else if (!this.punctuation()) this.otherCharacter();
  }

  /** The character `ahead` places on, or an empty text past the end of the part being read. */
  private peek(ahead: number): string {
    return this.at + ahead < this.end ? (this.text[this.at + ahead] as string) : "";
  }

  /** A run of line ends is one token: the parser never needs to tell one from many. */
  private newline(): void {
    const { kinds, ends } = this.tokens;
    const last = kinds.length - 1;
    this.at++;
    if (kinds[last] === "newline") ends[last] = this.at;
    else this.tokens.add("newline", this.at - 1, this.at);
  }

  private skipLine(): void {
    const lineEnd = this.text.indexOf("\n", this.at);
    this.at = lineEnd < 0 || lineEnd > this.end ? this.end : lineEnd;
  }

  // --- Words, numbers, punctuation -----------------------------------------------------------------------------------------------

  private word(): void {
    const start = this.at;
    this.at = this.wordEnd(start);
    const word = this.text.slice(start, this.at);
    const reserved = reservedWord(word);
    if (reserved === undefined) this.tokens.add("ident", start, this.at, word);
    else this.tokens.add(reserved, start, this.at);
  }

  /** The offset behind the letters, numbers and underscores that start at `from`. */
  private wordEnd(from: number): number {
    let at = from;
    while (at < this.end) {
      const code = this.text.charCodeAt(at);
      if (code < 128) {
        if (!isWordAscii(code)) break;
        at++;
      } else {
        const char = codePointText(this.text, at);
        if (!WORD_CHARACTER.test(char)) break;
        at += char.length;
      }
    }
    return at;
  }

  private number(): void {
    const start = this.at;
    while (isDigit(this.peek(0))) this.at++;
    if (this.peek(0) === "." && isDigit(this.peek(1))) {
      this.at++;
      while (isDigit(this.peek(0))) this.at++;
      this.tokens.add("float", start, this.at, Number(this.text.slice(start, this.at)));
      return;
    }
    const digits = this.text.slice(start, this.at);
    if (this.duration(start, digits)) return;
    // A literal of a thousand digits is a float either way, and converting it to a bigint first would cost more than linear time.
    const value = digits.length > 400 ? null : BigInt(digits);
    if (value !== null && value <= LARGEST_INT) this.tokens.add("int", start, this.at, value);
    else this.tokens.add("float", start, this.at, Number(digits));
  }

  private duration(start: number, digits: string): boolean {
    const unit = this.peek(0);
    let factor: bigint;
    let length = 1;
    if (unit === "m" && this.peek(1) === "s") {
      factor = 1n;
      length = 2;
    } else {
      const known = MILLISECONDS[unit];
      if (known === undefined || this.isAlphanumericAt(this.at + 1)) return false;
      factor = known;
    }
    const count = digits.length > 400 ? null : BigInt(digits);
    if (count === null || count > LARGEST_COUNT) return false;
    this.at += length;
    this.tokens.add("duration", start, this.at, count * factor);
    return true;
  }

  private isAlphanumericAt(offset: number): boolean {
    if (offset >= this.end) return false;
    const char = codePointText(this.text, offset);
    return char !== "_" && WORD_CHARACTER.test(char);
  }

  private punctuation(): boolean {
    const two = this.at + 1 < this.end ? TWO_SIGNS.get(this.text.slice(this.at, this.at + 2)) : undefined;
    const sign = two ?? ONE_SIGN.get(this.text[this.at] as string);
    if (sign === undefined) return false;
    this.bracket(sign);
    this.tokens.add(sign, this.at, this.at + sign.length);
    this.at += sign.length;
    return true;
  }

  /**
   * Marks a `{` that has an `->` directly inside it: where an expression is expected, such a brace opens a closure, any other one a
   * dict. Done here for all braces at once, because asking at each brace would read a broken file again and again.
   */
  private bracket(sign: Punctuation): void {
    if (sign === "{" || sign === "(" || sign === "[") this.open.push(this.tokens.length);
    else if (sign === "}" || sign === ")" || sign === "]") this.open.pop();
    else if (sign === "->") {
      const innermost = this.open.at(-1);
      if (innermost !== undefined && this.tokens.kinds[innermost] === "{") this.tokens.values[innermost] = true;
    }
  }

  /** A letter outside ASCII starts a word; anything else is unexpected. */
  private otherCharacter(): void {
    const char = codePointText(this.text, this.at);
    if (!LETTER.test(char)) throw new LexFailure("lex/character", `Unexpected character '${char}'`, this.at, char.length);
    this.word();
  }

  // --- Comments ------------------------------------------------------------------------------------------------------------------

  private lineComment(): void {
    const start = this.at;
    this.skipLine();
    if (!this.keepComments) return;
    const isDoc = this.text[start + 2] === "/" && this.text[start + 3] !== "/" && start + 2 < this.at;
    const text = this.text.slice(start + (isDoc ? 3 : 2), this.at);
    this.comments.push({ span: { start, end: this.at }, text, isDoc, isBlock: false });
  }

  private blockComment(): void {
    const start = this.at;
    this.at += 2;
    for (let depth = 1; depth > 0; ) {
      const next = this.nextCommentMark(start);
      this.at = next + 2;
      depth += this.text[next] === "/" ? 1 : -1;
    }
    if (!this.keepComments) return;
    const isDoc = this.text[start + 2] === "*" && this.text[start + 3] !== "*" && this.at - start > 4;
    const text = this.text.slice(start + (isDoc ? 3 : 2), this.at - 2);
    this.comments.push({ span: { start, end: this.at }, text, isDoc, isBlock: true });
  }

  /** The offset of the next opening or closing mark of a block comment. */
  private nextCommentMark(start: number): number {
    for (let at = this.at; at + 1 < this.end; at++) {
      const code = this.text.charCodeAt(at);
      if (code === STAR && this.text.charCodeAt(at + 1) === SLASH) return at;
      if (code === SLASH && this.text.charCodeAt(at + 1) === STAR) return at;
    }
    throw new LexFailure("lex/comment", "Unterminated block comment", start, 2);
  }

  // --- Strings -------------------------------------------------------------------------------------------------------------------

  private unterminated(start: number): LexFailure {
    return new LexFailure("lex/string", "Unterminated string", start, 1);
  }

  private rawString(): void {
    const start = this.at;
    for (let at = start + 2; at < this.end && this.text[at] !== "\n"; at++) {
      if (this.text[at] !== '"') continue;
      this.at = at + 1;
      this.tokens.add("raw", start, this.at, this.text.slice(start + 2, at));
      return;
    }
    throw this.unterminated(start);
  }

  private quoted(): void {
    if (this.peek(1) === '"' && this.peek(2) === '"') this.blockString();
    else this.shortString();
  }

  /** `"…"`: escapes, interpolation, no line ends but escaped ones. */
  private shortString(): void {
    const start = this.at;
    const builder = new PieceBuilder();
    this.at++;
    let run = this.at;
    for (;;) {
      const char = this.peek(0);
      if (char === "" || char === "\n") throw this.unterminated(start);
      if (char === '"') break;
      if (char === "\\") {
        builder.text(this.text.slice(run, this.at));
        this.escape(builder, start);
        run = this.at;
      } else if (char === "$" && this.peek(1) === "{") {
        builder.text(this.text.slice(run, this.at));
        const { from, to } = this.interpolation(start);
        if (isBlank(this.text.slice(from, to))) throw new LexFailure("lex/character", "Unexpected character '}'", this.at, 1);
        builder.expression(from, to);
        run = this.at;
      } else this.at++;
    }
    builder.text(this.text.slice(run, this.at));
    this.at++;
    this.addString(start, builder);
  }

  private escape(builder: PieceBuilder, start: number): void {
    const escaped = this.peek(1);
    if (escaped === "") throw this.unterminated(start);
    builder.text(ESCAPES[escaped] ?? `\\${escaped}`);
    this.at += 2;
  }

  /** `"""…"""`: interpolation and line ends, no escapes. */
  private blockString(): void {
    const start = this.at;
    const builder = new PieceBuilder();
    this.at += 3;
    let run = this.at;
    for (;;) {
      const char = this.peek(0);
      if (char === "") throw this.unterminated(start);
      if (char === '"' && this.peek(1) === '"' && this.peek(2) === '"') break;
      if (char === "$" && this.peek(1) === "{") {
        builder.text(this.text.slice(run, this.at));
        const { from, to } = this.interpolation(start);
        builder.expression(from, to);
        run = this.at;
      } else this.at++;
    }
    builder.text(this.text.slice(run, this.at));
    this.at += 3;
    this.addString(start, builder, true);
  }

  /** Steps over `${…}` and gives the offsets of what is between; only braces count, whatever stands around them. */
  private interpolation(start: number): { from: number; to: number } {
    const from = this.at + 2;
    let depth = 1;
    for (let at = from; at < this.end; at++) {
      const code = this.text.charCodeAt(at);
      if (code === OPEN_BRACE) depth++;
      else if (code === CLOSE_BRACE && --depth === 0) {
        this.at = at + 1;
        return { from, to: at };
      }
    }
    throw this.unterminated(start);
  }

  private addString(start: number, builder: PieceBuilder, block = false): void {
    const pieces = builder.finish();
    if (builder.interpolates) this.tokens.add("interpolated", start, this.at, block ? trimBlockPieces(pieces) : pieces);
    else {
      const content = typeof pieces[0] === "string" ? pieces[0] : "";
      this.tokens.add("string", start, this.at, block ? trimBlockString(content) : content);
    }
  }
}

/** Collects the pieces of a string, joining neighbouring texts. */
class PieceBuilder {
  interpolates = false;
  private readonly pieces: StringPiece[] = [];
  private pending = "";

  text(part: string): void {
    this.pending += part;
  }

  expression(start: number, end: number): void {
    this.flush();
    this.interpolates = true;
    this.pieces.push({ start, end });
  }

  finish(): readonly StringPiece[] {
    this.flush();
    return this.pieces;
  }

  private flush(): void {
    if (this.pending !== "") this.pieces.push(this.pending);
    this.pending = "";
  }
}

const TWO_SIGNS: ReadonlyMap<string, Punctuation> = new Map(PUNCTUATION.filter((sign) => sign.length === 2).map((sign) => [sign, sign]));
const ONE_SIGN: ReadonlyMap<string, Punctuation> = new Map(PUNCTUATION.filter((sign) => sign.length === 1).map((sign) => [sign, sign]));
const STAR = 42;
const SLASH = 47;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const LETTER = /^\p{Alphabetic}$/u;
const WORD_CHARACTER = /^[\p{Alphabetic}\p{N}_]$/u;

function isDigit(char: string): boolean {
  return char >= "0" && char <= "9" && char !== "";
}

function isWordStartAscii(char: string): boolean {
  return (char >= "a" && char <= "z") || (char >= "A" && char <= "Z") || char === "_";
}

function isWordAscii(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95;
}

/** The character at an offset, both halves of a surrogate pair. */
function codePointText(text: string, offset: number): string {
  return String.fromCodePoint(text.codePointAt(offset) as number);
}
