/** Templates as trees. A template is checked whole before anything of it is rendered. */
import { type Expr, parseExpression, TemplateFault } from "./template_expr.ts";

/** Where a directive begins: line and column in characters, from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export type TemplateNode =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "value"; readonly at: Place; readonly expr: Expr; readonly bare: string | null }
  | { readonly kind: "if"; readonly at: Place; readonly branches: readonly Branch[]; readonly otherwise: readonly TemplateNode[] }
  | {
      readonly kind: "for";
      readonly at: Place;
      readonly names: readonly string[];
      readonly over: Expr;
      readonly body: readonly TemplateNode[];
      readonly otherwise: readonly TemplateNode[];
    }
  | { readonly kind: "include"; readonly at: Place; readonly path: Expr; readonly bindings: readonly (readonly [string, Expr])[] };

export interface Branch {
  readonly test: Expr;
  readonly at: Place;
  readonly body: readonly TemplateNode[];
}

/** A fault with its place. */
export class PlacedFault extends Error {
  override readonly name = "PlacedFault";
  constructor(
    readonly at: Place,
    readonly what: string,
  ) {
    super(what);
  }
}

/** A piece of a template: text, or what stands between `{{` and `}}`. */
type Piece = { readonly kind: "text"; readonly text: string } | { readonly kind: "directive"; readonly at: Place; readonly source: string };

/** @throws PlacedFault */
export function parseTemplate(text: string): readonly TemplateNode[] {
  const parser = new Parser(new Cutter(text).pieces());
  return parser.template();
}

/** Cuts the text at its directives, and does what the dashes say. */
class Cutter {
  private readonly out: Piece[] = [];
  private at = 0;
  private trimNext = false;

  constructor(private readonly text: string) {}

  pieces(): Piece[] {
    for (;;) {
      const open = this.text.indexOf("{{", this.at);
      if (open < 0) {
        this.addText(this.text.slice(this.at), false);
        return this.out;
      }
      if (this.text.startsWith("{{#", open)) this.comment(open);
      else this.directive(open);
    }
  }

  private comment(open: number): void {
    this.addText(this.text.slice(this.at, open), false);
    const close = this.text.indexOf("#}}", open + 3);
    if (close < 0) throw new PlacedFault(this.place(open), "unterminated comment");
    this.at = close + 3;
  }

  private directive(open: number): void {
    const at = this.place(open);
    const close = this.closing(open + 2);
    if (close < 0) throw new PlacedFault(at, "unterminated directive");
    let source = this.text.slice(open + 2, close);
    const trimBefore = source.startsWith("-") && !/^-[0-9]/.test(source);
    if (trimBefore) source = source.slice(1);
    const trimAfter = source.endsWith("-");
    if (trimAfter) source = source.slice(0, -1);
    this.addText(this.text.slice(this.at, open), trimBefore);
    this.at = close + 2;
    if (source.trim() === "raw") this.raw(at);
    else {
      this.out.push({ kind: "directive", at, source: source.trim() });
      this.trimNext = trimAfter;
    }
  }

  private raw(at: Place): void {
    const end = /\{\{-?\s*endraw\s*-?\}\}/g;
    end.lastIndex = this.at;
    const found = end.exec(this.text);
    if (found === null) throw new PlacedFault(at, "unterminated `{{ raw }}` block");
    this.out.push({ kind: "text", text: this.text.slice(this.at, found.index) });
    this.at = found.index + found[0].length;
    this.trimNext = false;
  }

  /** The offset of the `}}` that ends a directive; those in quotes do not. */
  private closing(from: number): number {
    let quote = "";
    for (let i = from; i < this.text.length; i++) {
      const char = this.text[i] as string;
      if (quote !== "") {
        if (char === "\\") i++;
        else if (char === quote) quote = "";
      } else if (char === '"' || char === "'") quote = char;
      else if (char === "}" && this.text[i + 1] === "}") return i;
    }
    return -1;
  }

  private addText(text: string, trimEnd: boolean): void {
    let kept = this.trimNext ? text.replace(/^[ \t]*(\r?\n)?/, "") : text;
    if (trimEnd) kept = trimmedEnd(kept);
    this.trimNext = false;
    if (kept !== "") this.out.push({ kind: "text", text: kept });
  }

  private place(offset: number): Place {
    const before = this.text.slice(0, offset);
    const lineStart = before.lastIndexOf("\n") + 1;
    return { line: before.split("\n").length, column: [...before.slice(lineStart)].length + 1 };
  }
}

/** Without spaces and tabs at the end, and then without one line break. */
function trimmedEnd(text: string): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === " " || text[end - 1] === "\t")) end--;
  if (end > 0 && text[end - 1] === "\n") {
    end--;
    if (end > 0 && text[end - 1] === "\r") end--;
  }
  return text.slice(0, end);
}

const MAX_NESTING = 200;

class Parser {
  private at = 0;
  private nesting = 0;

  constructor(private readonly pieces: readonly Piece[]) {}

  template(): TemplateNode[] {
    const nodes = this.nodes();
    const stray = this.pieces[this.at];
    if (stray?.kind === "directive") throw new PlacedFault(stray.at, `unexpected \`{{ ${keyword(stray.source)} }}\``);
    return nodes;
  }

  /** Nodes up to an `end`, `else` or `elif` that somebody above waits for. */
  private nodes(): TemplateNode[] {
    const nodes: TemplateNode[] = [];
    for (;;) {
      const piece = this.pieces[this.at];
      if (piece === undefined) return nodes;
      if (piece.kind === "text") {
        nodes.push(piece);
        this.at++;
        continue;
      }
      const word = keyword(piece.source);
      if (word === "end" || word === "else" || word === "elif") return nodes;
      this.at++;
      if (++this.nesting > MAX_NESTING) throw new PlacedFault(piece.at, `blocks are nested deeper than ${MAX_NESTING} levels`);
      nodes.push(this.node(piece.at, word, piece.source));
      this.nesting--;
    }
  }

  private node(at: Place, word: string, source: string): TemplateNode {
    if (word === "if") return this.conditional(at, source);
    if (word === "for") return this.loop(at, source);
    if (word === "include") return include(at, source.slice(word.length));
    const bare = /^[A-Za-z_][A-Za-z0-9_]*$/.test(source) ? source : null;
    if (bare !== null) return { kind: "value", at, expr: { kind: "path", name: bare, steps: [] }, bare };
    return { kind: "value", at, expr: expression(at, source), bare: null };
  }

  private conditional(at: Place, source: string): TemplateNode {
    const branches: Branch[] = [];
    let test = expression(at, source.slice(2));
    let testAt = at;
    for (;;) {
      branches.push({ test, at: testAt, body: this.nodes() });
      const next = this.directive();
      if (next === null) throw new PlacedFault(at, "`{{ if }}` missing matching `{{ end }}`");
      if (next.word === "end") return { kind: "if", at, branches, otherwise: [] };
      if (next.word === "else") return { kind: "if", at, branches, otherwise: this.otherwise(next.at) };
      test = expression(next.at, next.source.slice(4));
      testAt = next.at;
    }
  }

  /** What stands between `else` and `end`. */
  private otherwise(at: Place): TemplateNode[] {
    const nodes = this.nodes();
    const next = this.directive();
    if (next === null) throw new PlacedFault(at, "`{{ else }}` missing matching `{{ end }}`");
    if (next.word !== "end") throw new PlacedFault(next.at, `unexpected \`{{ ${next.word} }}\``);
    return nodes;
  }

  private loop(at: Place, source: string): TemplateNode {
    const { names, over } = loopHead(at, source.slice(3).trim());
    const body = this.nodes();
    const next = this.directive();
    if (next === null) throw new PlacedFault(at, "`{{ for }}` missing matching `{{ end }}`");
    if (next.word === "elif") throw new PlacedFault(next.at, "unexpected `{{ elif }}`");
    const otherwise = next.word === "else" ? this.otherwise(next.at) : [];
    return { kind: "for", at, names, over, body, otherwise };
  }

  private directive(): { at: Place; word: string; source: string } | null {
    const piece = this.pieces[this.at++];
    return piece?.kind === "directive" ? { at: piece.at, word: keyword(piece.source), source: piece.source } : null;
  }
}

function keyword(source: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*/.exec(source)?.[0] ?? "";
}

function expression(at: Place, source: string): Expr {
  try {
    return parseExpression(source);
  } catch (error) {
    if (error instanceof TemplateFault) throw new PlacedFault(at, error.message);
    throw error;
  }
}

function loopHead(at: Place, source: string): { names: string[]; over: Expr } {
  const found = /^(.*?)\sin\s(.*)$/s.exec(`${source} `);
  if (found === null) throw new PlacedFault(at, "expected `in` in for-loop");
  const names = (found[1] as string).split(",").map((name) => name.trim());
  const valid = names.every((name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  if (names.length === 1 && !valid) throw new PlacedFault(at, "invalid for-loop variable");
  if (names.length > 2 || !valid) throw new PlacedFault(at, "invalid for-loop variables");
  return { names, over: expression(at, found[2] as string) };
}

function include(at: Place, source: string): TemplateNode {
  const split = topLevel(source, /\swith(?=[\s{]|$)/y);
  if (split < 0) return { kind: "include", at, path: expression(at, source), bindings: [] };
  const path = expression(at, source.slice(0, split));
  const rest = source.slice(split).trim().slice("with".length).trim();
  if (!rest.startsWith("{") || !rest.endsWith("}")) throw new PlacedFault(at, "expected `{ ... }` after `with`");
  return { kind: "include", at, path, bindings: bindings(at, rest.slice(1, -1)) };
}

function bindings(at: Place, source: string): [string, Expr][] {
  const out: [string, Expr][] = [];
  let rest = source;
  while (rest.trim() !== "") {
    const comma = topLevel(rest, /,/y);
    const entry = comma < 0 ? rest : rest.slice(0, comma);
    rest = comma < 0 ? "" : rest.slice(comma + 1);
    const colon = entry.indexOf(":");
    if (colon < 0) throw new PlacedFault(at, "expected `key: value` in include bindings");
    const key = entry.slice(0, colon).trim();
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) throw new PlacedFault(at, "invalid include binding key");
    out.push([key, expression(at, entry.slice(colon + 1))]);
  }
  return out;
}

/** The first offset outside quotes and brackets where the sticky pattern matches, -1 if nowhere. */
function topLevel(text: string, pattern: RegExp): number {
  let quote = "";
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if (quote !== "") {
      if (char === "\\") i++;
      else if (char === quote) quote = "";
      continue;
    }
    pattern.lastIndex = i;
    if (depth === 0 && pattern.test(text)) return i;
    if (char === '"' || char === "'") quote = char;
    else if ("([{".includes(char)) depth++;
    else if (")]}".includes(char)) depth--;
  }
  return -1;
}
