/**
 * The grammar of `jq` expressions, loosest first: pipe, comma, `and`/`or`, one comparison, `not`, primary.
 *
 * White space does not end a path, and a word behind it is a field: `.a and .b` reads `.a.and.b`. Write `(.a) and .b`.
 */
import { INT_MAX, wrap } from "../vm/numbers.ts";
import { Float, type Value } from "../vm/values.ts";
import { JsonError, parseJson } from "./json_read.ts";

export type Step =
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "slice"; readonly start: number | null; readonly end: number | null }
  | { readonly kind: "each" };

export type Query =
  | { readonly kind: "pipe" | "comma"; readonly left: Query; readonly right: Query }
  | { readonly kind: "and" | "or"; readonly left: Query; readonly right: Query }
  | { readonly kind: "compare"; readonly op: "==" | "!=" | "<" | ">"; readonly left: Query; readonly right: Query }
  | { readonly kind: "not" | "map" | "select"; readonly body: Query }
  | { readonly kind: "literal"; readonly value: Value }
  | { readonly kind: "length" | "keys" | "values" | "type" | "descend" }
  | { readonly kind: "path"; readonly steps: readonly Step[] }
  | { readonly kind: "object"; readonly entries: readonly (readonly [string, Query])[] };

/** A query that does not parse; the message is complete but for its prefix. */
export class JqError extends Error {
  override readonly name = "JqError";
}

/** Deeper nesting of brackets and prefixes is refused, since the reader is recursive. */
const MAX_NESTING = 200;

export function parseJq(text: string): Query {
  const parser = new Parser(text);
  const query = parser.pipe(true);
  parser.end();
  return query;
}

const IDENTIFIER = /[A-Za-z_][A-Za-z0-9_]*/y;

class Parser {
  private at = 0;
  private nesting = 0;

  constructor(private readonly text: string) {}

  end(): void {
    this.blanks();
    if (this.at < this.text.length) throw this.fail("unexpected input");
  }

  /** @param commas whether a comma belongs to the expression; in an object it ends the value */
  pipe(commas: boolean): Query {
    if (++this.nesting > MAX_NESTING) throw new JqError(`nested deeper than ${MAX_NESTING} levels`);
    let left = this.comma(commas);
    while (this.take("|")) left = { kind: "pipe", left, right: this.comma(commas) };
    this.nesting--;
    return left;
  }

  private comma(commas: boolean): Query {
    let left = this.logic();
    while (commas && this.take(",")) left = { kind: "comma", left, right: this.logic() };
    return left;
  }

  private logic(): Query {
    let left = this.comparison();
    for (;;) {
      const kind = this.takeWord("and") ? "and" : this.takeWord("or") ? "or" : null;
      if (kind === null) return left;
      left = { kind, left, right: this.comparison() };
    }
  }

  private comparison(): Query {
    const left = this.prefix();
    for (const op of ["==", "!=", "<", ">"] as const) {
      if (this.take(op)) return { kind: "compare", op, left, right: this.prefix() };
    }
    return left;
  }

  private prefix(): Query {
    let negations = 0;
    while (this.takeWord("not")) negations++;
    let query = this.primary();
    for (; negations > 0; negations--) query = { kind: "not", body: query };
    return query;
  }

  private primary(): Query {
    this.blanks();
    if (this.take("(")) {
      const inner = this.pipe(true);
      this.expect(")");
      return inner;
    }
    if (this.take("..")) return { kind: "descend" };
    const next = this.text[this.at];
    if (next === ".") return this.path();
    if (this.take("{")) return this.object();
    if (next === '"') return { kind: "literal", value: this.string() };
    if (next === "-" || (next !== undefined && /[0-9]/.test(next))) return { kind: "literal", value: this.number() };
    const word = this.identifier();
    if (word === null) throw this.fail("expected expression");
    return this.named(word);
  }

  private named(word: string): Query {
    switch (word) {
      case "true":
      case "false":
        return { kind: "literal", value: word === "true" };
      case "null":
      case "nil":
        return { kind: "literal", value: null };
      case "length":
      case "keys":
      case "values":
      case "type":
        return { kind: word };
      case "map":
      case "select": {
        this.expect("(");
        const body = this.pipe(true);
        this.expect(")");
        return { kind: word, body };
      }
      default:
        throw new JqError(`unknown identifier '${word}'`);
    }
  }

  private path(): Query {
    const steps: Step[] = [];
    this.at++;
    let dotted = false;
    for (;;) {
      this.blanks();
      const name = this.identifier();
      if (name !== null) steps.push({ kind: "field", name });
      else if (this.take("[")) steps.push(this.bracket());
      else if (dotted) throw this.fail("expected field name");
      else return { kind: "path", steps };
      dotted = this.take(".");
      if (!dotted) this.blanks();
    }
  }

  private bracket(): Step {
    this.blanks();
    if (this.take("]")) return { kind: "each" };
    if (this.text[this.at] === '"') {
      const name = this.string();
      this.expect("]");
      return { kind: "field", name };
    }
    const start = this.bound();
    if (this.take(":")) {
      const end = this.bound();
      this.expect("]");
      return { kind: "slice", start, end };
    }
    if (start === null) throw this.fail("expected ']'");
    this.expect("]");
    return { kind: "index", index: start };
  }

  private bound(): number | null {
    this.blanks();
    const digits = this.match(/-?[0-9]+/y);
    if (digits === null) return null;
    return Number(integer(digits));
  }

  private object(): Query {
    const entries: [string, Query][] = [];
    if (this.take("}")) return { kind: "object", entries };
    for (;;) {
      this.blanks();
      const key = this.text[this.at] === '"' ? this.string() : this.identifier();
      if (key === null) throw this.fail("expected object key");
      this.expect(":");
      entries.push([key, this.pipe(false)]);
      if (this.take("}")) return { kind: "object", entries };
      this.expect(",");
    }
  }

  private string(): string {
    const start = this.at;
    let end = start + 1;
    while (end < this.text.length && this.text[end] !== '"') end += this.text[end] === "\\" ? 2 : 1;
    if (end >= this.text.length) throw new JqError("unterminated string literal");
    this.at = end + 1;
    try {
      return parseJson(this.text.slice(start, this.at)) as string;
    } catch (error) {
      if (error instanceof JsonError) throw new JqError(`invalid string literal: ${error.message}`);
      throw error;
    }
  }

  private number(): Value {
    const start = this.at;
    const text = this.match(/-?[0-9]+(\.[0-9]+)?/y);
    if (text === null) {
      this.at = start;
      throw this.fail("invalid number");
    }
    return text.includes(".") ? new Float(Number(text)) : integer(text);
  }

  private identifier(): string | null {
    this.blanks();
    return this.match(IDENTIFIER);
  }

  private takeWord(word: string): boolean {
    this.blanks();
    const start = this.at;
    if (this.match(IDENTIFIER) === word) return true;
    this.at = start;
    return false;
  }

  private take(token: string): boolean {
    this.blanks();
    if (!this.text.startsWith(token, this.at)) return false;
    this.at += token.length;
    return true;
  }

  private expect(token: string): void {
    if (!this.take(token)) throw this.fail(`expected '${token}'`);
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? null;
    if (found !== null) this.at += found.length;
    return found;
  }

  private blanks(): void {
    while (/\s/.test(this.text[this.at] ?? "x")) this.at++;
  }

  private fail(what: string): JqError {
    return new JqError(`${what} near '${this.text.slice(this.at)}'`);
  }
}

function integer(digits: string): number | bigint {
  const value = BigInt(digits);
  if (value > INT_MAX || value < -INT_MAX - 1n) throw new JqError("invalid integer: number too large to fit in target type");
  return wrap(value);
}
