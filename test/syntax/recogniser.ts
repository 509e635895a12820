/**
 * Says whether a token stream is a program, going by `grammar/harn.ebnf` alone: a second, independent reading of the language to hold
 * the parser against. It takes the grammar literally, is slow, and knows no messages.
 */
import type { Expr, Grammar } from "../../scripts/ebnf.ts";
import type { SourceText } from "../../src/source/text.ts";
import { isKeyKind, type Kind, type TokenTable } from "../../src/syntax/tokens.ts";

const CLASSES: Readonly<Record<string, Kind>> = {
  NAME: "ident",
  STRING: "string",
  RAW: "raw",
  INTERPOLATED: "interpolated",
  INT: "int",
  FLOAT: "float",
  DURATION: "duration",
};

/** Whether the tokens of a file follow the rule `program`. */
export function recognises(grammar: Grammar, source: SourceText, tokens: TokenTable): boolean {
  return new Recogniser(grammar, source, tokens).match({ kind: "rule", text: "program" }, false);
}

class Recogniser {
  private at = 0;

  constructor(
    private readonly grammar: Grammar,
    private readonly source: SourceText,
    private readonly tokens: TokenTable,
  ) {}

  /** Steps over what `expr` describes, or stays and says no. `here`: no line end may stand in front. */
  match(expr: Expr, here: boolean): boolean {
    const start = this.at;
    const matched = this.tryMatch(expr, here);
    if (!matched) this.at = start;
    return matched;
  }

  private tryMatch(expr: Expr, here: boolean): boolean {
    switch (expr.kind) {
      case "token":
        return this.terminal(here, (kind) => kind === expr.text);
      case "word":
        return this.terminal(here, (kind, index) => kind === "ident" && this.tokens.values[index] === expr.text);
      case "class":
        return this.classOf(expr.text, here);
      case "rule":
        return this.match(this.grammar.get(expr.text) as Expr, here);
      case "condition":
        return this.condition(expr.text);
      case "sequence":
        return this.sequence(expr.parts, here);
      case "choice":
        return expr.parts.some((part) => this.match(part, here));
      case "option":
        this.match(expr.inner, here);
        return true;
      case "repeat": {
        // Only the first round is bound to the line; a round that takes nothing ends the repetition.
        for (let from = this.at, first = here; this.match(expr.inner, first) && this.at > from; first = false) from = this.at;
        return true;
      }
      case "here":
        return this.match(expr.inner, true);
      case "and":
      case "not": {
        const start = this.at;
        const follows = this.match(expr.inner, here);
        this.at = start;
        return follows === (expr.kind === "and");
      }
    }
  }

  /** A `^` in front of a sequence binds what is read first, which may be behind options that read nothing. */
  private sequence(parts: readonly Expr[], here: boolean): boolean {
    const start = this.at;
    return parts.every((part) => this.match(part, here && this.at === start));
  }

  private classOf(name: string, here: boolean): boolean {
    if (name === "LINES") {
      while (this.kind(this.at) === "newline") this.at++;
      return true;
    }
    if (name === "NEWLINE") return this.terminal(true, (kind) => kind === "newline");
    if (name === "KEY") return this.terminal(here, isKeyKind);
    const wanted = CLASSES[name];
    if (wanted === undefined) throw new Error(`no token class ${name}`);
    return this.terminal(here, (kind) => kind === wanted);
  }

  private terminal(here: boolean, accepts: (kind: Kind, index: number) => boolean): boolean {
    const index = here ? this.at : this.pastNewlines(this.at);
    if (!accepts(this.kind(index), index)) return false;
    this.at = index + 1;
    return true;
  }

  private condition(text: string): boolean {
    const { at } = this;
    switch (text) {
      case "the end":
        return this.kind(at) === "eof";
      case "a later line":
        return /\n/.test(this.source.text.slice(this.endBefore(at), this.tokens.starts[at])) || this.kind(at - 1) === "newline";
      case "a space":
        return (this.tokens.starts[at] as number) > this.endBefore(at);
      case "an arrow directly inside": {
        const brace = this.pastNewlines(at);
        return this.kind(brace) === "{" && this.kind(this.pastNewlines(brace + 1)) !== "}" && this.hasArrow(brace);
      }
      case "a struct literal":
        return this.kind(at) === "{" && this.startsLikeStruct(at);
      default:
        throw new Error(`no condition ${text}`);
    }
  }

  private hasArrow(brace: number): boolean {
    let depth = 0;
    for (let index = brace + 1; index < this.tokens.length; index++) {
      const kind = this.kind(index);
      if (kind === "->" && depth === 0) return true;
      if (kind === "{" || kind === "(" || kind === "[") depth++;
      else if ((kind === "}" || kind === ")" || kind === "]") && --depth < 0) return false;
    }
    return false;
  }

  private startsLikeStruct(brace: number): boolean {
    let name = brace - 1;
    while (this.kind(name) === ")" || this.kind(name) === "newline") name--;
    if (this.kind(name) !== "ident" || !/^\p{Lu}/u.test(this.tokens.values[name] as string)) return false;
    const first = this.pastNewlines(brace + 1);
    if (this.kind(first) === "}") return true;
    return (this.kind(first) === "ident" || this.kind(first) === "string") && this.kind(this.pastNewlines(first + 1)) === ":";
  }

  private kind(index: number): Kind {
    return this.tokens.kinds[index] ?? "eof";
  }

  private endBefore(index: number): number {
    return this.tokens.ends[index - 1] ?? 0;
  }

  private pastNewlines(index: number): number {
    let past = index;
    while (this.kind(past) === "newline") past++;
    return past;
  }
}
