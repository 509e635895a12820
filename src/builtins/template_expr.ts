/** Expressions in templates: tokens and tree. There is no arithmetic, and no calls but filters. */
import { INT_MAX, INT_MIN, wrap } from "../vm/numbers.ts";
import { Float, type Value } from "../vm/values.ts";

/** What is wrong with a directive; its place is added by whoever knows it. */
export class TemplateFault extends Error {
  override readonly name = "TemplateFault";
}

export type PathStep = { readonly kind: "field"; readonly name: string } | { readonly kind: "index"; readonly index: number | bigint };

export type Expr =
  | { readonly kind: "literal"; readonly value: Value }
  | { readonly kind: "path"; readonly name: string; readonly steps: readonly PathStep[] }
  | { readonly kind: "not"; readonly body: Expr }
  | { readonly kind: "and" | "or"; readonly left: Expr; readonly right: Expr }
  | { readonly kind: "compare"; readonly op: string; readonly left: Expr; readonly right: Expr }
  | { readonly kind: "filter"; readonly input: Expr; readonly name: string; readonly args: readonly Expr[] };

interface Token {
  readonly kind: string;
  readonly text: string;
  readonly value: Value;
}

/** The whole text as one expression, filters included. */
export function parseExpression(text: string): Expr {
  const parser = new Parser(tokenize(text));
  const expr = parser.filters();
  parser.end();
  return expr;
}

const SYMBOLS: readonly (readonly [string, string])[] = [
  ["&&", "AndKw"],
  ["||", "OrKw"],
  ["==", "EqEq"],
  ["!=", "BangEq"],
  ["<=", "Le"],
  [">=", "Ge"],
  ["<", "Lt"],
  [">", "Gt"],
  ["!", "Bang"],
  ["(", "LParen"],
  [")", "RParen"],
  ["[", "LBracket"],
  ["]", "RBracket"],
  [".", "Dot"],
  [",", "Comma"],
  [":", "Colon"],
  ["|", "Pipe"],
];

const WORDS: Readonly<Record<string, string>> = {
  true: "True",
  false: "False",
  nil: "Nil",
  and: "AndKw",
  or: "OrKw",
  not: "NotKw",
};

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const add = (kind: string, source: string, value: Value = null) => {
    tokens.push({ kind, text: source, value });
    at += source.length;
  };
  while (at < text.length) {
    const rest = text.slice(at);
    const char = rest[0] as string;
    if (/\s/.test(char)) {
      at++;
      continue;
    }
    const word = /^[A-Za-z_][A-Za-z0-9_]*/.exec(rest)?.[0];
    if (word !== undefined) {
      add(WORDS[word] ?? "Ident", word);
      continue;
    }
    if (char === '"' || char === "'") {
      const [value, length] = quoted(rest);
      add("Str", rest.slice(0, length), value);
      continue;
    }
    const digits = numberText(rest, tokens.at(-1));
    if (digits !== null) {
      add(digits.includes(".") ? "Float" : "Int", digits, numberValue(digits));
      continue;
    }
    const symbol = SYMBOLS.find(([sign]) => rest.startsWith(sign));
    if (symbol === undefined) throw new TemplateFault(oddCharacter(char));
    add(symbol[1], symbol[0]);
  }
  return tokens;
}

function oddCharacter(char: string): string {
  if (char === "=") return "unexpected `=` (use `==`)";
  return char === "&" ? "unexpected `&`" : `unexpected character \`${char}\` in expression`;
}

/** A number that stands here; a minus belongs to it only where an operand may start. */
function numberText(rest: string, before: Token | undefined): string | null {
  const found = /^-?[0-9]+(\.[0-9]+)?/.exec(rest)?.[0] ?? null;
  if (found === null || !found.startsWith("-")) return found;
  const afterOperand =
    before !== undefined && ["Ident", "Str", "Int", "Float", "RParen", "RBracket", "True", "False", "Nil"].includes(before.kind);
  return afterOperand ? null : found;
}

function numberValue(digits: string): Value {
  if (digits.includes(".")) return new Float(Number(digits));
  const value = BigInt(digits);
  if (value > INT_MAX || value < INT_MIN) throw new TemplateFault(`invalid integer \`${digits}\``);
  return wrap(value);
}

/** A quoted text's value, and how long it is in the source. */
function quoted(rest: string): [string, number] {
  const quote = rest[0];
  let out = "";
  for (let i = 1; i < rest.length; i++) {
    const char = rest[i] as string;
    if (char === quote) return [out, i + 1];
    if (char === "\\" && i + 1 < rest.length) {
      const escaped = rest[++i] as string;
      out += ESCAPES[escaped] ?? escaped;
    } else out += char;
  }
  throw new TemplateFault("unterminated string literal");
}

const MAX_NESTING = 100;

class Parser {
  private at = 0;
  private nesting = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  end(): void {
    const token = this.tokens[this.at];
    if (token !== undefined) throw new TemplateFault(`unexpected token \`${tokenName(token)}\` in expression`);
  }

  filters(): Expr {
    let input = this.or();
    while (this.take("Pipe")) {
      const name = this.tokens[this.at];
      if (name?.kind !== "Ident") throw new TemplateFault("expected filter name after `|`");
      this.at++;
      const args: Expr[] = [];
      if (this.take("Colon")) {
        do args.push(this.or());
        while (this.take("Comma"));
      }
      input = { kind: "filter", input, name: name.text, args };
    }
    return input;
  }

  private or(): Expr {
    let left = this.and();
    while (this.take("OrKw")) left = { kind: "or", left, right: this.and() };
    return left;
  }

  private and(): Expr {
    let left = this.not();
    while (this.take("AndKw")) left = { kind: "and", left, right: this.not() };
    return left;
  }

  private not(): Expr {
    let negations = 0;
    while (this.take("NotKw") || this.take("Bang")) negations++;
    let expr = this.comparison();
    for (; negations > 0; negations--) expr = { kind: "not", body: expr };
    return expr;
  }

  private comparison(): Expr {
    const left = this.primary();
    const token = this.tokens[this.at];
    if (token === undefined || !["EqEq", "BangEq", "Lt", "Le", "Gt", "Ge"].includes(token.kind)) return left;
    this.at++;
    return { kind: "compare", op: token.text, left, right: this.primary() };
  }

  private primary(): Expr {
    const token = this.tokens[this.at];
    if (token === undefined) throw new TemplateFault("expected expression");
    this.at++;
    switch (token.kind) {
      case "Int":
      case "Float":
      case "Str":
      case "Nil":
        return { kind: "literal", value: token.value };
      case "True":
      case "False":
        return { kind: "literal", value: token.kind === "True" };
      case "Ident":
        return { kind: "path", name: token.text, steps: this.steps() };
      case "LParen": {
        if (++this.nesting > MAX_NESTING) throw new TemplateFault(`expression is nested deeper than ${MAX_NESTING} levels`);
        const inner = this.or();
        this.nesting--;
        if (!this.take("RParen")) throw new TemplateFault("expected `)`");
        return inner;
      }
      default:
        throw new TemplateFault(`unexpected token \`${tokenName(token)}\``);
    }
  }

  private steps(): PathStep[] {
    const steps: PathStep[] = [];
    for (;;) {
      if (this.take("Dot")) {
        const name = this.tokens[this.at];
        if (name?.kind !== "Ident") throw new TemplateFault("expected identifier after `.`");
        this.at++;
        steps.push({ kind: "field", name: name.text });
      } else if (this.take("LBracket")) {
        const key = this.tokens[this.at];
        if (key?.kind === "Int") steps.push({ kind: "index", index: key.value as number | bigint });
        else if (key?.kind === "Str") steps.push({ kind: "field", name: key.value as string });
        else throw new TemplateFault("expected integer or string inside `[...]`");
        this.at++;
        if (!this.take("RBracket")) throw new TemplateFault("expected `]`");
      } else return steps;
    }
  }

  private take(kind: string): boolean {
    if (this.tokens[this.at]?.kind !== kind) return false;
    this.at++;
    return true;
  }
}

/** A token as the error texts name it. */
function tokenName({ kind, text, value }: Token): string {
  if (kind === "Ident") return `Ident("${text}")`;
  if (kind === "Str") return `Str("${String(value).replaceAll("\\", "\\\\").replaceAll('"', '\\"')}")`;
  return kind === "Int" || kind === "Float" ? `${kind}(${text})` : kind;
}
