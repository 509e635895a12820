/**
 * Reading JSON, strictly by RFC 8259, with the reference's messages and positions.
 *
 * The host's own parser would do for neither: it cannot tell `1` from `1.0`, and its errors differ between versions.
 */
import { raise } from "../vm/errors.ts";
import type { Limits } from "../vm/limits.ts";
import { INT_MAX, INT_MIN, wrap } from "../vm/numbers.ts";
import { utf8Length } from "../vm/structural.ts";
import { dict, Float, list, type Value } from "../vm/values.ts";

const MAX_DEPTH = 127;

/** A JSON text that does not parse; the message is complete: `<what> at line L column C`. */
export class JsonError extends Error {
  override readonly name = "JsonError";
}

/**
 * The value of a JSON text.
 *
 * @param limits how many items a list or dict may have; without them as many as there are
 * @throws JsonError with line and byte column; a ScriptError when a limit is passed
 * @example parseJson("[1, 2.0]") // a list of an int and a float
 */
export function parseJson(text: string, limits?: Limits): Value {
  return new Reader(text, limits?.collectionItems ?? Number.POSITIVE_INFINITY).document();
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

class Reader {
  private at = 0;
  private depth = 0;

  constructor(
    private readonly text: string,
    private readonly mostItems: number,
  ) {}

  document(): Value {
    const value = this.value();
    this.blanks();
    if (this.at < this.text.length) throw this.fail("trailing characters", this.at);
    return value;
  }

  private value(): Value {
    this.blanks();
    const unit = this.text.charCodeAt(this.at);
    if (Number.isNaN(unit)) throw this.fail("EOF while parsing a value", this.at);
    switch (unit) {
      case QUOTE:
        return this.string();
      case 0x5b:
        return this.array();
      case 0x7b:
        return this.object();
      case 0x74:
        return this.word("true", true);
      case 0x66:
        return this.word("false", false);
      case 0x6e:
        return this.word("null", null);
    }
    if (unit === 0x2d || isDigit(unit)) return this.number();
    throw this.fail("expected value", this.at);
  }

  private blanks(): void {
    for (;;) {
      const unit = this.text.charCodeAt(this.at);
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return;
      this.at++;
    }
  }

  private word(word: string, value: Value): Value {
    for (let i = 1; i < word.length; i++) {
      const at = this.at + i;
      if (at >= this.text.length) throw this.fail("EOF while parsing a value", at);
      if (this.text[at] !== word[i]) throw this.fail("expected ident", at);
    }
    this.at += word.length;
    return value;
  }

  private array(): Value {
    this.enter();
    const items: Value[] = [];
    this.blanks();
    if (this.text[this.at] === "]") return this.leave(list(items));
    for (;;) {
      if (this.at >= this.text.length)
        throw this.fail(items.length === 0 ? "EOF while parsing a list" : "EOF while parsing a value", this.at);
      this.grow(items.push(this.value()));
      this.blanks();
      const next = this.text[this.at];
      if (next === "]") return this.leave(list(items));
      if (next === undefined) throw this.fail("EOF while parsing a list", this.at);
      if (next !== ",") throw this.fail("expected `,` or `]`", this.at);
      this.at++;
      this.blanks();
      if (this.text[this.at] === "]") throw this.fail("trailing comma", this.at);
    }
  }

  private object(): Value {
    this.enter();
    const entries = new Map<string, Value>();
    this.blanks();
    if (this.text[this.at] === "}") return this.leave(dict(entries));
    if (this.at >= this.text.length) throw this.fail("EOF while parsing an object", this.at);
    for (;;) {
      if (this.text[this.at] !== '"') throw this.fail("key must be a string", this.at);
      const key = this.string();
      this.blanks();
      if (this.at >= this.text.length) throw this.fail("EOF while parsing an object", this.at);
      if (this.text[this.at] !== ":") throw this.fail("expected `:`", this.at);
      this.at++;
      this.grow(entries.set(key, this.value()).size);
      this.blanks();
      const next = this.text[this.at];
      if (next === "}") return this.leave(dict(entries));
      if (next === undefined) throw this.fail("EOF while parsing an object", this.at);
      if (next !== ",") throw this.fail("expected `,` or `}`", this.at);
      this.at++;
      this.blanks();
      if (this.text[this.at] === "}") throw this.fail("trailing comma", this.at);
      if (this.at >= this.text.length) throw this.fail("EOF while parsing a value", this.at);
    }
  }

  private grow(items: number): void {
    if (items > this.mostItems) throw raise.fatal(`collection limit of ${this.mostItems} items exceeded`);
  }

  private enter(): void {
    if (++this.depth > MAX_DEPTH) throw this.fail("recursion limit exceeded", this.at);
    this.at++;
  }

  private leave(value: Value): Value {
    this.depth--;
    this.at++;
    return value;
  }

  private number(): Value {
    const start = this.at;
    if (this.text[this.at] === "-") this.at++;
    if (this.text[this.at] === "0") {
      this.at++;
      if (isDigit(this.text.charCodeAt(this.at))) throw this.fail("invalid number", this.at);
    } else this.digits();
    let whole = true;
    if (this.text[this.at] === ".") {
      whole = false;
      this.at++;
      this.digits();
    }
    if (this.text[this.at] === "e" || this.text[this.at] === "E") {
      whole = false;
      this.at++;
      if (this.text[this.at] === "+" || this.text[this.at] === "-") this.at++;
      this.digits();
    }
    return this.numberValue(this.text.slice(start, this.at), whole);
  }

  private digits(): void {
    if (this.at >= this.text.length) throw this.fail("EOF while parsing a value", this.at);
    if (!isDigit(this.text.charCodeAt(this.at))) throw this.fail("invalid number", this.at);
    while (isDigit(this.text.charCodeAt(this.at))) this.at++;
  }

  private numberValue(text: string, whole: boolean): Value {
    const x = Number(text);
    if (whole && text !== "-0") {
      if (Number.isSafeInteger(x)) return x;
      const exact = text.length <= 20 ? BigInt(text) : null;
      if (exact !== null && exact >= INT_MIN && exact <= INT_MAX) return wrap(exact);
    }
    if (!Number.isFinite(x)) throw this.fail("number out of range", this.at - 1);
    return new Float(x);
  }

  private string(): string {
    let out = "";
    let start = ++this.at;
    for (;;) {
      const unit = this.text.charCodeAt(this.at);
      if (unit === QUOTE) {
        out += this.text.slice(start, this.at++);
        return out;
      }
      if (Number.isNaN(unit)) throw this.fail("EOF while parsing a string", this.at);
      if (unit < 0x20) throw this.fail("control character (\\u0000-\\u001F) found while parsing a string", this.at);
      if (unit === BACKSLASH) {
        out += this.text.slice(start, this.at) + this.escape();
        start = this.at;
      } else this.at++;
    }
  }

  /** What stands behind a backslash, which `at` points to. */
  private escape(): string {
    const char = this.text[this.at + 1];
    if (char === undefined) throw this.fail("EOF while parsing a string", this.at + 1);
    this.at += 2;
    if (char === "u") return this.unicode();
    const plain = SIMPLE_ESCAPES[char];
    if (plain === undefined) throw this.fail("invalid escape", this.at - 1);
    return plain;
  }

  private unicode(): string {
    const first = this.hex4();
    if (first < 0xd800 || first > 0xdfff) return String.fromCharCode(first);
    const lone = () => this.fail("lone leading surrogate in hex escape", this.at - 1);
    if (first >= 0xdc00) throw lone();
    if (this.at >= this.text.length) throw this.fail("EOF while parsing a string", this.at);
    if (this.text[this.at] !== "\\") throw this.fail("unexpected end of hex escape", this.at);
    if (this.at + 1 >= this.text.length) throw this.fail("EOF while parsing a string", this.at + 1);
    if (this.text[this.at + 1] !== "u") throw this.fail("unexpected end of hex escape", this.at + 1);
    this.at += 2;
    const second = this.hex4();
    if (second < 0xdc00 || second > 0xdfff) throw lone();
    return String.fromCharCode(first, second);
  }

  private hex4(): number {
    const digits = this.text.slice(this.at, this.at + 4);
    if (digits.length < 4) throw this.fail("EOF while parsing a string", this.text.length);
    this.at += 4;
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw this.fail("invalid escape", this.at - 1);
    return Number.parseInt(digits, 16);
  }

  /** An error at a character; at the end of the input the column is that of the last byte. */
  private fail(what: string, at: number): JsonError {
    const before = this.text.slice(0, at);
    const lineStart = before.lastIndexOf("\n") + 1;
    const line = before.split("\n").length;
    const bytes = utf8Length(before.slice(lineStart));
    return new JsonError(`${what} at line ${line} column ${at >= this.text.length ? bytes : bytes + 1}`);
  }
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}
