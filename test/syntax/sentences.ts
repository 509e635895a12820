/**
 * Makes random programs from `grammar/harn.ebnf`, with random layout: line ends, comments and joined lines wherever the grammar lets
 * them stand. Conditions and look-aheads are not obeyed, so some sentences are no programs; who asks has the recogniser to tell.
 */
import type { Expr, Grammar } from "../../scripts/ebnf.ts";

const NAMES = [
  "a",
  "b",
  "xs",
  "_",
  "f",
  "item2",
  "größe",
  "each",
  "default",
  "not",
  "gen",
  "const",
  "timeout",
  "description",
  "Point",
  "out",
];
const SPELLINGS = {
  KEY: ["a", "b", "type", "match", "in", "to", "each"],
  STRING: ['""', '"x"', '"a\\n\\"b\\$"', '"{"', '"""\n  x\n    y\n"""'],
  INTERPOLATED: ['"${a}"', '"x ${f("k")} }${ {b: 1}.b }"', '"${"{" "}"}"', '"${"{}"}"', '"${)}"', '"""\n  ${a}\n  b ${-b}"""', '"${#}"'],
  RAW: ['r"a\\d"', 'r"${x}"'],
  INT: ["0", "1", "42", "9223372036854775807"],
  FLOAT: ["1.5", "0.25", "99999999999999999999", "1.0"],
  DURATION: ["5ms", "2s", "1w"],
};

/** A program of about `size` statements. */
export function makeProgram(grammar: Grammar, random: () => number, size: number): string {
  const maker = new SentenceMaker(grammar, random);
  const statements = Array.from({ length: size }, () => maker.make(random() < 0.8 ? "statement" : "item"));
  return `${statements.join(random() < 0.8 ? "\n" : ";")}\n`;
}

class SentenceMaker {
  private readonly words: string[] = [];
  /** How much more may be nested; below zero the shortest alternatives are taken. */
  private budget = 0;
  private readonly costs: ReadonlyMap<string, number>;

  constructor(
    private readonly grammar: Grammar,
    private readonly random: () => number,
  ) {
    this.costs = leastCosts(grammar);
  }

  make(rule: string): string {
    this.words.length = 0;
    this.budget = 10 + this.below(60);
    this.expr({ kind: "rule", text: rule }, true);
    return this.words.join("");
  }

  private expr(expr: Expr, here: boolean): void {
    switch (expr.kind) {
      case "token":
      case "word":
        this.word(expr.text, here);
        break;
      case "class":
        this.classWord(expr.text, here);
        break;
      case "rule":
        this.budget--;
        this.expr(this.grammar.get(expr.text) as Expr, here);
        break;
      case "condition":
        // A struct literal needs a name that is written like a type's.
        if (expr.text === "a struct literal") this.words[this.words.length - 1] = "Point";
        break;
      case "sequence": {
        const before = this.words.length;
        for (const part of expr.parts) this.expr(part, here && this.words.length === before);
        break;
      }
      case "choice":
        this.expr(this.choose(expr.parts), here);
        break;
      case "option":
        if (this.random() < (this.budget > 0 ? 0.4 : 0)) this.expr(expr.inner, here);
        break;
      case "repeat":
        for (let first = here; this.budget > 0 && this.random() < 0.35; first = false) this.expr(expr.inner, first);
        break;
      case "here":
        this.expr(expr.inner, true);
        break;
    }
  }

  private choose(parts: readonly Expr[]): Expr {
    const least = Math.min(...parts.map((part) => costOf(part, this.costs)));
    const affordable = this.budget > 0 ? parts : parts.filter((part) => costOf(part, this.costs) === least);
    return affordable[this.below(affordable.length)] as Expr;
  }

  private classWord(name: string, here: boolean): void {
    if (name === "NEWLINE") this.words.push("\n");
    else if (name !== "LINES") this.word(this.oneOf(this.spellings(name)), here);
  }

  private spellings(name: string): readonly string[] {
    // Most names are ordinary; the rest are words of the language in some places.
    if (name === "NAME") return this.random() < 0.7 ? NAMES.slice(0, 7) : NAMES;
    return SPELLINGS[name as keyof typeof SPELLINGS];
  }

  private word(text: string, here: boolean): void {
    const glued = text === "(" || text === "[" || text === "." || text === ",";
    if (this.words.length > 0) this.words.push(this.gap(here, glued));
    this.words.push(text);
  }

  private gap(here: boolean, glued: boolean): string {
    const chance = this.random();
    if (!here && chance < 0.06) return this.oneOf(["\n", "\n\n  ", " // note\n", "\r\n"]);
    if (chance < 0.08) return this.oneOf([" /* note */ ", " \\\n", "\t", " /* two\nlines */ "]);
    return glued && chance < 0.7 ? "" : " ";
  }

  private oneOf(list: readonly string[]): string {
    return list[this.below(list.length)] as string;
  }

  private below(limit: number): number {
    return Math.floor(this.random() * limit);
  }
}

/** How many rules deep each rule is at least; what a maker that has spent its budget goes by. */
function leastCosts(grammar: Grammar): Map<string, number> {
  const costs = new Map<string, number>();
  for (let changed = true; changed; ) {
    changed = false;
    for (const [name, expr] of grammar) {
      const cost = costOf(expr, costs) + 1;
      if (cost < (costs.get(name) ?? Number.POSITIVE_INFINITY)) {
        costs.set(name, cost);
        changed = true;
      }
    }
  }
  return costs;
}

function costOf(expr: Expr, costs: ReadonlyMap<string, number>): number {
  switch (expr.kind) {
    case "rule":
      return costs.get(expr.text) ?? Number.POSITIVE_INFINITY;
    case "sequence":
      return expr.parts.reduce((most, part) => Math.max(most, costOf(part, costs)), 0);
    case "choice":
      return Math.min(...expr.parts.map((part) => costOf(part, costs)));
    case "here":
      return costOf(expr.inner, costs);
    default:
      return 0;
  }
}
