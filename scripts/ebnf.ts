/** Reads `grammar/harn.ebnf`; its head explains the notation. The drawing, the recogniser and the sentence maker all work on this form. */

export type Expr =
  | { readonly kind: "token" | "word" | "class" | "rule" | "condition"; readonly text: string }
  | { readonly kind: "sequence" | "choice"; readonly parts: readonly Expr[] }
  | { readonly kind: "option" | "repeat" | "here" | "and" | "not"; readonly inner: Expr };

/** Rules by name, in the order of the file. */
export type Grammar = ReadonlyMap<string, Expr>;

const LEXEME = /\s+|\(\*[\s\S]*?\*\)|'[^']*'|"[^"]*"|\?[^?]*\?|[A-Za-z_]+|[=;|()[\]{}^&!]/y;

/**
 * Parses the text of a grammar.
 *
 * @throws Error naming the line for a text that is no grammar, a rule used but not defined, or one defined twice
 */
export function readGrammar(text: string): Grammar {
  const grammar = new Reader(lexemes(text)).grammar();
  for (const [name, expr] of grammar) {
    for (const used of rulesIn(expr)) if (!grammar.has(used)) throw new Error(`rule ${name} uses ${used}, which is not defined`);
  }
  return grammar;
}

interface Lexeme {
  readonly text: string;
  readonly line: number;
}

function lexemes(text: string): Lexeme[] {
  const found: Lexeme[] = [];
  let line = 1;
  for (LEXEME.lastIndex = 0; LEXEME.lastIndex < text.length; ) {
    const start = LEXEME.lastIndex;
    const match = LEXEME.exec(text);
    if (match === null) throw new Error(`line ${line}: unexpected ${text[start]}`);
    const [lexeme] = match;
    // A lone `'?'` is a token; the pattern tries quotes first, so a `?` here starts a condition.
    if (!/^(?:\s|\(\*)/.test(lexeme)) found.push({ text: lexeme, line });
    line += lexeme.split("\n").length - 1;
  }
  return found;
}

class Reader {
  private at = 0;

  constructor(private readonly lexemes: readonly Lexeme[]) {}

  grammar(): Grammar {
    const rules = new Map<string, Expr>();
    while (this.at < this.lexemes.length) {
      const name = this.next();
      if (rules.has(name)) throw this.error(`rule ${name} is defined twice`);
      this.expect("=");
      rules.set(name, this.choice());
      this.expect(";");
    }
    return rules;
  }

  private choice(): Expr {
    const parts = [this.sequence()];
    while (this.take("|")) parts.push(this.sequence());
    return parts.length === 1 ? (parts[0] as Expr) : { kind: "choice", parts };
  }

  private sequence(): Expr {
    const parts: Expr[] = [];
    while (!/^[;|)\]}]$/.test(this.peek())) parts.push(this.factor());
    return parts.length === 1 ? (parts[0] as Expr) : { kind: "sequence", parts };
  }

  private factor(): Expr {
    const text = this.next();
    switch (text) {
      case "(":
        return this.closed(")");
      case "[":
        return { kind: "option", inner: this.closed("]") };
      case "{":
        return { kind: "repeat", inner: this.closed("}") };
      case "^":
        return { kind: "here", inner: this.factor() };
      case "&":
        return { kind: "and", inner: this.factor() };
      case "!":
        return { kind: "not", inner: this.factor() };
    }
    if (text.startsWith("'")) return { kind: "token", text: text.slice(1, -1) };
    if (text.startsWith('"')) return { kind: "word", text: text.slice(1, -1) };
    if (text.startsWith("?")) return { kind: "condition", text: text.slice(1, -1).trim() };
    if (/^[A-Z]+$/.test(text)) return { kind: "class", text };
    if (/^\w+$/.test(text)) return { kind: "rule", text };
    throw this.error(`unexpected ${text}`);
  }

  private closed(closer: string): Expr {
    const inner = this.choice();
    this.expect(closer);
    return inner;
  }

  private peek(): string {
    return this.lexemes[this.at]?.text ?? ";";
  }

  private next(): string {
    const lexeme = this.lexemes[this.at++];
    if (lexeme === undefined) throw this.error("unexpected end of the grammar");
    return lexeme.text;
  }

  private take(text: string): boolean {
    if (this.peek() !== text) return false;
    this.at++;
    return true;
  }

  private expect(text: string): void {
    if (this.next() !== text) throw this.error(`expected ${text}`);
  }

  private error(message: string): Error {
    return new Error(`line ${this.lexemes[this.at - 1]?.line ?? 0}: ${message}`);
  }
}

function rulesIn(expr: Expr): string[] {
  if ("parts" in expr) return expr.parts.flatMap(rulesIn);
  if ("inner" in expr) return rulesIn(expr.inner);
  return expr.kind === "rule" ? [expr.text] : [];
}
