/** A JSON parser that loses nothing: floats become `Float` objects and keep being floats, ints are exact to 64 bits. */
import { parseInt64 } from "../vm/numbers.ts";
import { Float } from "../vm/values.ts";
import type { Tree } from "./codec_read.ts";

const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const SPACE = /[ \t\r\n]*/y;
/** @throws SyntaxError when the text is no JSON, or an int is beyond 64 bits */
export function parseExact(text: string): Tree {
  const parser = new Parser(text);
  const tree = parser.value();
  parser.end();
  return tree;
}

class Parser {
  private at = 0;

  constructor(private readonly text: string) {}

  value(): Tree {
    this.skip(SPACE);
    switch (this.text[this.at]) {
      case "{":
        return this.object();
      case "[":
        return this.array();
      case '"':
        return this.string();
      case "t":
        return this.word("true", true);
      case "f":
        return this.word("false", false);
      case "n":
        return this.word("null", null);
      default:
        return this.number();
    }
  }

  end(): void {
    this.skip(SPACE);
    if (this.at < this.text.length) throw this.unexpected();
  }

  private object(): Tree {
    const object: Record<string, Tree> = Object.create(null) as Record<string, Tree>; // so that `__proto__` is a key like any other
    this.at++;
    if (this.takes("}")) return object;
    do {
      this.skip(SPACE);
      const key = this.string();
      if (!this.takes(":")) throw this.unexpected();
      object[key] = this.value();
    } while (this.takes(","));
    if (!this.takes("}")) throw this.unexpected();
    return object;
  }

  private array(): Tree {
    const items: Tree[] = [];
    this.at++;
    if (this.takes("]")) return items;
    do items.push(this.value());
    while (this.takes(","));
    if (!this.takes("]")) throw this.unexpected();
    return items;
  }

  private string(): string {
    const start = this.at;
    if (this.text[start] !== '"') throw this.unexpected();
    let end = start;
    do {
      end = this.text.indexOf('"', end + 1);
      if (end < 0) throw this.unexpected();
    } while (this.isEscaped(end));
    this.at = end + 1;
    return JSON.parse(this.text.slice(start, this.at)) as string; // the host's parser knows the escapes
  }

  private isEscaped(at: number): boolean {
    let backslashes = 0;
    while (this.text[at - 1 - backslashes] === "\\") backslashes++;
    return backslashes % 2 === 1;
  }

  private number(): Tree {
    const match = this.skip(NUMBER);
    if (match === null) throw this.unexpected();
    const [text, fraction, exponent] = match;
    if (fraction !== undefined || exponent !== undefined) return new Float(Number(text));
    const int = parseInt64(text);
    if (int === null) throw new SyntaxError(`int ${text} is beyond 64 bits`);
    return int;
  }

  private word<T extends Tree>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) throw this.unexpected();
    this.at += word.length;
    return value;
  }

  private takes(mark: string): boolean {
    this.skip(SPACE);
    if (this.text[this.at] !== mark) return false;
    this.at++;
    return true;
  }

  private skip(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match !== null) this.at = pattern.lastIndex;
    return match;
  }

  private unexpected(): SyntaxError {
    return new SyntaxError(`unexpected text at position ${this.at}`);
  }
}
