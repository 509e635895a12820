/**
 * The part of the parser that knows tokens but no grammar: looking, stepping, expecting, counting depth.
 *
 * Why the parser is written by hand and not with a parser toolkit (chevrotain's EmbeddedActionsParser was the candidate): line ends are
 * allowed or forbidden place by place, and the message must name the line end where it is what stands in the way; every place has its
 * own exact expectation; elements of a list need no comma between them; and each rule of the toolkit costs several host frames, so
 * that 200 levels of nesting fill the stack that a host may have left. `grammar/harn.ebnf` describes the grammar, and a test holds it
 * against this parser in both directions.
 *
 * Line ends are tokens. A rule that may continue on a later line skips them explicitly (`skipNewlines`, `expect`, `name`); a rule that
 * must continue on the same line just asks for the very next token (`at`, `take`).
 */
import type { SourceText, Span } from "../source/text.ts";
import { NESTING_LIMIT, nestingFailure, SyntaxFailure, showInNamePlace, showToken } from "./failure.ts";
import { isKeyKind, type Kind, type TokenTable } from "./tokens.ts";

export abstract class Cursor {
  protected index = 0;
  protected depth = 0;
  /** Links of operator, member and call chains seen so far; a cheap bound that tells whether a tree's depth must be measured. */
  protected links = 0;
  /** Characters read and tokens stepped over, however often. */
  protected work: number;

  constructor(
    protected readonly source: SourceText,
    protected tokens: TokenTable,
  ) {
    this.work = source.text.length;
  }

  // --- Looking -------------------------------------------------------------------------------------------------------------------

  protected kind(ahead = 0): Kind {
    return this.tokens.kinds[this.index + ahead] ?? "eof";
  }

  /** The very next token is of this kind, on this line. */
  protected at(kind: Kind): boolean {
    return this.tokens.kinds[this.index] === kind;
  }

  /** The kind of the next token that is no line end. */
  protected kindPastNewlines(): Kind {
    return this.at("newline") ? this.kind(1) : this.kind();
  }

  protected atWord(word: string, ahead = 0): boolean {
    return this.kind(ahead) === "ident" && this.tokens.values[this.index + ahead] === word;
  }

  /** Three dots in a row, the only spelling of an ellipsis. */
  protected atEllipsis(): boolean {
    return this.at(".") && this.kind(1) === "." && this.kind(2) === ".";
  }

  // --- Stepping ------------------------------------------------------------------------------------------------------------------

  /** Steps over the current token and gives its index; the end of the file is never stepped over. */
  protected step(): number {
    const here = this.index;
    this.work++;
    if (here < this.tokens.length - 1) this.index++;
    return here;
  }

  protected take(kind: Kind): boolean {
    if (!this.at(kind)) return false;
    this.step();
    return true;
  }

  protected takeWord(word: string): boolean {
    if (!this.atWord(word)) return false;
    this.step();
    return true;
  }

  protected takeEllipsis(): boolean {
    if (!this.atEllipsis()) return false;
    this.index += 3;
    return true;
  }

  protected skipNewlines(): void {
    if (this.at("newline")) this.step();
  }

  // --- Expecting -----------------------------------------------------------------------------------------------------------------

  /** Steps over a fixed token, which may stand on a later line. */
  protected expect(kind: Kind, expected: string = kind): number {
    this.skipNewlines();
    return this.expectHere(kind, expected);
  }

  /** Steps over a fixed token, which must be the very next one. */
  protected expectHere(kind: Kind, expected: string = kind): number {
    if (!this.at(kind)) throw this.failure(expected);
    return this.step();
  }

  /** A name: an identifier, possibly on a later line. `expected` says what it names. */
  protected name(expected: string): string {
    this.skipNewlines();
    if (!this.at("ident")) throw this.failure(expected, showInNamePlace(this.tokens, this.index));
    return this.tokens.values[this.step()] as string;
  }

  /** A member name or key: an identifier or most reserved words, possibly on a later line. */
  protected key(expected: string): string {
    this.skipNewlines();
    if (!isKeyKind(this.kind())) throw this.failure(expected);
    const at = this.step();
    return this.tokens.kinds[at] === "ident" ? (this.tokens.values[at] as string) : (this.tokens.kinds[at] as string);
  }

  protected failure(expected: string, found = showToken(this.tokens, this.index)): SyntaxFailure {
    if (this.at("eof")) return new SyntaxFailure("syntax/end-of-file", expected, "", this.tokenSpan(this.index));
    return new SyntaxFailure("syntax/expected", expected, found, this.tokenSpan(this.index));
  }

  // --- Places --------------------------------------------------------------------------------------------------------------------

  protected start(): number {
    return this.tokens.starts[this.index] as number;
  }

  /** Where the token stepped over last ends; it may be a line end. */
  protected end(): number {
    return this.index > 0 ? (this.tokens.ends[this.index - 1] as number) : 0;
  }

  /** From an offset to the end of the token stepped over last. */
  protected spanFrom(start: number): Span {
    return { start, end: Math.max(start, this.end()) };
  }

  protected tokenSpan(index: number): Span {
    const start = this.tokens.starts[index] as number;
    const end = this.tokens.kinds[index] === "newline" ? start + 1 : (this.tokens.ends[index] as number);
    return { start, end };
  }

  // --- Depth ---------------------------------------------------------------------------------------------------------------------

  /** Every rule that can contain itself goes one level down first; a thrown failure leaves the counter to whoever catches it. */
  protected descend(levels = 1, place: Span | null = null): void {
    this.depth += levels;
    if (this.depth > NESTING_LIMIT) throw nestingFailure(place ?? this.tokenSpan(this.index), NESTING_LIMIT);
  }

  protected ascend(): void {
    this.depth--;
  }

  /**
   * Tries a rule; when it fails, everything is as it was and the answer is null. The nesting limit counts as a failure too: what is
   * tried next meets it again by itself.
   */
  protected attempt<T>(rule: () => T | null): T | null {
    const { index, depth, links } = this;
    try {
      const result = rule();
      if (result !== null) return result;
    } catch (thrown) {
      if (!(thrown instanceof SyntaxFailure)) throw thrown;
    }
    this.index = index;
    this.depth = depth;
    this.links = links;
    return null;
  }
}
