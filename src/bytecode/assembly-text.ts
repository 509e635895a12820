/**
 * The words of one line of assembly text, and a cursor that reads numbers, strings, constants and guards from them. What a line means is for
 * `assemble.ts` to say.
 */
import type { Constant, Guard } from "./chunk.ts";
import { MAX_CONSTANT_DEPTH, MAX_GUARD_DEPTH } from "./report.ts";

/** A text that cannot be assembled. Its message names the line. */
export class AssemblyError extends Error {
  override readonly name = "AssemblyError";

  constructor(
    /** Counted from 1. */
    readonly line: number,
    reason: string,
  ) {
    super(`assembly line ${line}: ${reason}`);
  }
}

interface Token {
  readonly text: string;
  readonly isString: boolean;
}

/** Lines end at LF alone, so `[^\n]` and not a dot, which stops at other line separators too. */
const TOKEN = /\s+|;[^\n]*|"(?:[^"\\]|\\[^\n])*"|\.\.|[(),:?@]|[^\s"(),:?@;.]+(?:\.[^\s"(),:?@;.]+)*|\.[a-z]+/y;

/** The tokens of a line without its comment. */
export function tokensOf(line: string, number: number): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < line.length) {
    const at = TOKEN.lastIndex;
    const text = TOKEN.exec(line)?.[0];
    if (text === undefined) throw new AssemblyError(number, `unexpected ${JSON.stringify(line[at])} in column ${at + 1}`);
    if (text.startsWith('"')) tokens.push({ text: unquote(text, number), isString: true });
    else if (!/^[\s;]/.test(text)) tokens.push({ text, isString: false });
  }
  return tokens;
}

function unquote(text: string, number: number): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    throw new AssemblyError(number, `${text} is no JSON string`);
  }
}

/** Reads the tokens of one line from left to right. */
export class Cursor {
  private at = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly line: number,
  ) {}

  fail(reason: string): never {
    throw new AssemblyError(this.line, reason);
  }

  done(): boolean {
    return this.at >= this.tokens.length;
  }

  end(): void {
    if (!this.done()) this.fail(`unexpected "${this.tokens[this.at]?.text}"`);
  }

  sees(text: string): boolean {
    const token = this.tokens[this.at];
    return token !== undefined && !token.isString && token.text === text;
  }

  accept(text: string): boolean {
    if (!this.sees(text)) return false;
    this.at++;
    return true;
  }

  expect(text: string): void {
    if (!this.accept(text)) this.fail(`expected "${text}"${this.done() ? "" : `, not "${this.tokens[this.at]?.text}"`}`);
  }

  word(): string {
    const token = this.tokens[this.at++];
    if (token === undefined || token.isString) return this.fail(token === undefined ? "the line ends too early" : "expected a word");
    return token.text;
  }

  string(): string {
    const token = this.tokens[this.at++];
    return token?.isString ? token.text : this.fail("expected a string in quotes");
  }

  /** The strings that follow, perhaps none. */
  strings(): string[] {
    const texts: string[] = [];
    while (this.tokens[this.at]?.isString) texts.push(this.string());
    return texts;
  }

  number(): number {
    return this.numberOf(this.word());
  }

  /** The numbers up to the end of the line. */
  numbers(): number[] {
    const numbers: number[] = [];
    while (!this.done()) numbers.push(this.number());
    return numbers;
  }

  numberOf(word: string): number {
    const value = Number(word);
    return Number.isNaN(value) && word !== "NaN" ? this.fail(`"${word}" is no number`) : value;
  }

  /** A number behind its key: `registers 3`. */
  keyed(key: string): number {
    this.expect(key);
    return this.number();
  }

  choice<T extends string>(...words: readonly T[]): T {
    const word = this.word();
    return words.find((w) => w === word) ?? this.fail(`expected ${words.join(" or ")}, not "${word}"`);
  }

  constant(depth = 0): Constant {
    if (depth > MAX_CONSTANT_DEPTH) this.fail("the constant is nested too deeply");
    if (this.tokens[this.at]?.isString) return this.string();
    const word = this.word();
    if (word === "nil") return null;
    if (word === "true" || word === "false") return word === "true";
    if (word === "float") return { kind: "float", value: this.number() };
    if (word === "duration") return { kind: "duration", ms: this.integer(this.word()) };
    if (word === "list" || word === "dict") {
      this.expect("(");
      if (word === "list") return { kind: "list", items: this.items(() => this.constant(depth + 1)) };
      return { kind: "dict", entries: this.items(() => this.entry(depth)) };
    }
    return this.integer(word);
  }

  private entry(depth: number): [string, Constant] {
    const key = this.string();
    this.expect(":");
    return [key, this.constant(depth + 1)];
  }

  private integer(word: string): number | bigint {
    return /^-?\d+n$/.test(word) ? BigInt(word.slice(0, -1)) : this.numberOf(word);
  }

  guard(depth = 0): Guard {
    if (depth > MAX_GUARD_DEPTH) this.fail("the guard is nested too deeply");
    const kind = this.choice("name", "interface", "literal", "union", "list", "dict", "shape");
    if (kind === "name" || kind === "interface") return { kind, name: this.string() };
    if (kind === "literal") return { kind, value: this.literal() };
    this.expect("(");
    if (kind === "union") return { kind, members: this.items(() => this.guard(depth + 1)) };
    if (kind === "shape") return { kind, fields: this.items(() => this.field(depth)) };
    const inner = this.sees(")") ? null : this.guard(depth + 1);
    this.expect(")");
    return kind === "list" ? { kind, item: inner } : { kind, value: inner };
  }

  private literal(): string | number | bigint {
    const value = this.constant();
    return value === null || typeof value === "object" || typeof value === "boolean" ? this.fail("a literal is a string or an int") : value;
  }

  private field(depth: number): { name: string; optional: boolean; type: Guard } {
    const name = this.string();
    const optional = this.accept("?");
    this.expect(":");
    return { name, optional, type: this.guard(depth + 1) };
  }

  /** Items with commas between them, up to the closing parenthesis. */
  private items<T>(item: () => T): T[] {
    const items: T[] = [];
    while (!this.accept(")")) {
      if (items.length > 0) this.expect(",");
      items.push(item());
    }
    return items;
  }
}
