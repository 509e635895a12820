/**
 * Glob patterns as tests of a relative path.
 *
 * `*` and `?` match any characters, the slash included; `**` followed by a slash stands for any number of folders.
 */

/** A glob that is none; the message says why. */
export class GlobError extends Error {
  override readonly name = "GlobError";
}

/** @throws GlobError for an unclosed class or choice */
export function globTest(pattern: string): (path: string) => boolean {
  const source = new GlobReader(pattern).source();
  const test = new RegExp(`^(?:${source})$`, "su");
  return (path) => test.test(path);
}

class GlobReader {
  private readonly chars: string[];
  private at = 0;
  private choices = 0;

  constructor(pattern: string) {
    this.chars = [...pattern];
  }

  /** The pattern as a regular expression without unbounded repetition inside repetition, so it cannot run away. */
  source(): string {
    let out = "";
    while (this.at < this.chars.length) out += this.item();
    if (this.choices > 0) throw new GlobError("unclosed alternate group; missing '}'");
    return out;
  }

  private item(): string {
    const char = this.chars[this.at++] as string;
    switch (char) {
      case "*":
        return this.stars();
      case "?":
        return ".";
      case "[":
        return this.charClass();
      case "{":
        this.choices++;
        return "(?:";
      case "}":
        if (this.choices === 0) throw new GlobError("unopened alternate group; missing '{'");
        this.choices--;
        return ")";
      case ",":
        return this.choices > 0 ? "|" : ",";
      case "\\":
        return escaped(this.chars[this.at++] ?? "\\");
      default:
        return escaped(char);
    }
  }

  private stars(): string {
    const atStart = this.at === 1 || this.chars[this.at - 2] === "/";
    let stars = 1;
    while (this.chars[this.at] === "*") {
      this.at++;
      stars++;
    }
    if (stars < 2 || !atStart || this.chars[this.at] !== "/") return ".*";
    this.at++;
    return "(?:.*/)?";
  }

  private charClass(): string {
    let close = this.at + (this.chars[this.at] === "!" || this.chars[this.at] === "^" ? 2 : 1);
    while (close < this.chars.length && this.chars[close] !== "]") close++;
    if (close >= this.chars.length) throw new GlobError("unclosed character class; missing ']'");
    const inner = this.chars.slice(this.at, close);
    this.at = close + 1;
    const inverted = inner[0] === "!" || inner[0] === "^";
    const members = (inverted ? inner.slice(1) : inner).map((char) => (char === "-" ? "-" : char.replace(/[\\\]^[&~]/u, "\\$&")));
    return `[${inverted ? "^" : ""}${members.join("")}]`;
  }
}

function escaped(char: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(char) ? `\\${char}` : char;
}
