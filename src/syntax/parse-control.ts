/** The rules for control flow: everything with a block that is no declaration, as statement and, where allowed, as operand. */
import type { BindingPattern, Block, DictPatternField, ListPatternItem, MatchArm, Node, Parallel, SelectCase, TypeExpr } from "./ast.ts";
import { showLongHand } from "./failure.ts";
import { ExpressionParser } from "./parse-expressions.ts";

const KNOWN_OPTION = "max_concurrent";
const OPTION_PLACE = "`parallel ... with { ... }`";

export abstract class ControlParser extends ExpressionParser {
  protected controlOperand(): Node | null {
    switch (this.kind()) {
      case "if":
        return this.ifElse();
      case "match":
        return this.match();
      case "try":
        return this.tryForm();
      case "retry":
        return this.retry();
      case "parallel":
        return this.parallel();
      case "deadline":
        return this.deadline();
      case "spawn": {
        const start = this.start();
        this.step();
        const body = this.block();
        return { kind: "SpawnExpr", span: this.spanFrom(start), body };
      }
      default:
        return null;
    }
  }

  // --- Branches and loops --------------------------------------------------------------------------------------------------------

  /** An `if` without `else` swallows the line ends behind it, so as an operand it may be continued on the next line. */
  protected ifElse(): Node {
    const start = this.start();
    this.step();
    const condition = this.expression();
    const then = this.block();
    this.skipNewlines();
    const otherwise = this.take("else") ? this.elseBody() : null;
    return { kind: "IfElse", span: this.spanFrom(start), condition, then, else: otherwise };
  }

  private elseBody(): Block {
    if (!this.at("if")) return this.block();
    this.descend();
    const body = [this.ifElse()];
    this.ascend();
    return body;
  }

  /** `'for' ( ^'(' NAME ',' NAME ')' | pattern ) 'in' expr '{' block '}'` */
  protected forIn(): Node {
    const start = this.start();
    this.step();
    const pattern = this.at("(") ? this.pairPattern() : this.bindingPattern();
    this.expect("in");
    const iterable = this.expression();
    const body = this.block();
    return { kind: "ForIn", span: this.spanFrom(start), pattern, iterable, body };
  }

  /** A parenthesis right behind `while` holds the whole condition. */
  protected whileLoop(): Node {
    const start = this.start();
    this.step();
    const condition = this.at("(") ? this.primary() : this.expression();
    const body = this.block();
    return { kind: "WhileLoop", span: this.spanFrom(start), condition, body };
  }

  protected retry(): Node {
    this.descend();
    const start = this.start();
    this.step();
    const count = this.primary();
    const body = this.block();
    this.ascend();
    return { kind: "Retry", span: this.spanFrom(start), count, body };
  }

  protected deadline(): Node {
    this.descend();
    const start = this.start();
    this.step();
    const duration = this.primary();
    const body = this.block();
    this.ascend();
    return { kind: "DeadlineBlock", span: this.spanFrom(start), duration, body };
  }

  // --- Match ---------------------------------------------------------------------------------------------------------------------

  /** `'match' expr '{' { expr { ^'|' expr } [ ^'if' expr ] '->' '{' block '}' } '}'` */
  protected match(): Node {
    const start = this.start();
    this.step();
    const value = this.expression();
    this.expect("{");
    const arms: MatchArm[] = [];
    for (this.skipNewlines(); !this.at("}") && !this.at("eof"); this.skipNewlines()) arms.push(this.matchArm());
    this.expect("}");
    return { kind: "MatchExpr", span: this.spanFrom(start), value, arms };
  }

  private matchArm(): MatchArm {
    const start = this.start();
    const first = this.expression();
    let pattern = first;
    if (this.at("|")) {
      const alternatives = [first];
      while (this.take("|")) alternatives.push(this.expression());
      pattern = { kind: "OrPattern", span: this.spanFrom(start), alternatives };
    }
    const guard = this.take("if") ? this.expression() : null;
    this.expect("->");
    const body = this.block();
    return { pattern, guard, body, span: this.spanFrom(start) };
  }

  // --- Errors --------------------------------------------------------------------------------------------------------------------

  /** `try* e`, `try {…}` alone, or `try {…}` with `catch` and `finally`; without `finally` it swallows the line ends behind it. */
  protected tryForm(): Node {
    const start = this.start();
    this.step();
    if (this.at("*")) return this.tryStar(start);
    const body = this.block();
    this.skipNewlines();
    const hasCatch = this.take("catch");
    let errorVar: string | null = null;
    let errorType: TypeExpr | null = null;
    let catchBody: Block = [];
    if (hasCatch) {
      if (this.take("(")) {
        errorVar = this.name("error variable");
        errorType = this.annotation();
        this.expect(")");
      } else if (this.at("ident")) errorVar = this.name("error variable");
      catchBody = this.block();
      this.skipNewlines();
    }
    const finallyBody = this.take("finally") ? this.block() : null;
    const span = this.spanFrom(start);
    if (!hasCatch && finallyBody === null) return { kind: "TryExpr", span, body };
    return { kind: "TryCatch", span, body, hasCatch, errorVar, errorType, catchBody, finallyBody };
  }

  private tryStar(start: number): Node {
    this.descend();
    this.step();
    const operand = this.unary();
    this.ascend();
    return { kind: "TryStar", span: this.spanFrom(start), operand };
  }

  /** `'guard' expr 'else' '{' block '}'` */
  protected guard(): Node {
    const start = this.start();
    this.step();
    const condition = this.expression();
    this.expect("else");
    const elseBody = this.block();
    return { kind: "GuardStmt", span: this.spanFrom(start), condition, elseBody };
  }

  /** `'require' expr [ ^',' expr ]` */
  protected require(): Node {
    const start = this.start();
    this.step();
    const condition = this.expression();
    const message = this.take(",") ? this.expression() : null;
    return { kind: "RequireStmt", span: this.spanFrom(start), condition, message };
  }

  // --- Tasks ---------------------------------------------------------------------------------------------------------------------

  /** `'parallel' [ ^'each' | ^'settle' ] expr [ ^'with' options ] '{' [ NAME ^'->' ] block '}' [ ^'as' ^'stream' ]` */
  protected parallel(): Node {
    const start = this.start();
    this.step();
    let mode: Parallel["mode"] = "Count";
    if (this.takeWord("each")) mode = "Each";
    else if (this.takeWord("settle")) mode = "Settle";
    const expr = this.expression();
    const options = this.takeWord("with") ? this.parallelOptions() : [];
    this.expect("{");
    this.skipNewlines();
    let variable: string | null = null;
    if (this.at("ident") && this.kind(1) === "->") {
      variable = this.name("parameter name");
      this.step();
    }
    const body = this.blockRest();
    if (this.asStream(mode)) mode = "EachStream";
    return { kind: "Parallel", span: this.spanFrom(start), mode, expr, variable, body, options };
  }

  private asStream(mode: Parallel["mode"]): boolean {
    if (!this.atWord("as")) return false;
    if (mode !== "Each") {
      if (this.atWord("stream", 1)) throw this.failure("`as stream` is only valid after `parallel each ... { ... }`", "`as stream`");
      return false;
    }
    this.step();
    if (!this.atWord("stream")) throw this.failure("`stream` after `parallel each ... as`", showLongHand(this.tokens, this.index));
    this.step();
    return true;
  }

  private parallelOptions(): { key: string; value: Node }[] {
    const options: { key: string; value: Node }[] = [];
    this.expect("{");
    for (this.skipNewlines(); !this.at("}") && !this.at("eof"); this.skipNewlines()) {
      if (!this.at("ident")) throw this.failure(`option name in ${OPTION_PLACE} block`, showLongHand(this.tokens, this.index));
      const key = this.tokens.values[this.index] as string;
      if (key !== KNOWN_OPTION) {
        throw this.failure(`known option (only \`${KNOWN_OPTION}\` is supported in ${OPTION_PLACE}; got \`${key}\`)`, key);
      }
      this.step();
      this.expect(":");
      options.push({ key, value: this.expression() });
      this.skipNewlines();
      this.take(",");
    }
    this.expect("}");
    return options;
  }

  /** `select` with its cases; `timeout` and `default` are always the heads of those names. */
  protected select(): Node {
    const start = this.start();
    this.step();
    this.expect("{");
    const cases: SelectCase[] = [];
    let timeout: { duration: Node; body: Block } | null = null;
    let fallback: Block | null = null;
    for (this.skipNewlines(); !this.at("}") && !this.at("eof"); this.skipNewlines()) {
      if (this.takeWord("timeout")) timeout = { duration: this.expression(), body: this.block() };
      else if (this.takeWord("default")) fallback = this.block();
      else cases.push(this.selectCase());
    }
    this.expect("}");
    if (cases.length === 0 && timeout === null && fallback === null) throw this.failure("at least one select case");
    if (timeout !== null && fallback !== null) throw this.failure("select cannot have both timeout and default");
    return { kind: "SelectExpr", span: this.spanFrom(start), cases, timeout, default: fallback };
  }

  private selectCase(): SelectCase {
    const variable = this.name("select case variable");
    this.expect("from");
    const channel = this.expression();
    return { variable, channel, body: this.block() };
  }

  /** `mutex`, `defer`: a word and a block. */
  protected blockStatement(kind: "MutexBlock" | "DeferStmt"): Node {
    const start = this.start();
    this.step();
    const body = this.block();
    return { kind, span: this.spanFrom(start), body };
  }

  // --- Binding patterns ----------------------------------------------------------------------------------------------------------

  /** A name, `{…}` or `[…]`; a line end inside may only stand before a name. */
  protected bindingPattern(): BindingPattern {
    this.skipNewlines();
    const start = this.start();
    if (this.take("{")) return this.dictPattern(start);
    if (this.take("[")) return this.listPattern(start);
    const name = this.name("variable name or destructuring pattern");
    return { kind: "Name", name, span: this.spanFrom(start) };
  }

  private dictPattern(start: number): BindingPattern {
    const fields: DictPatternField[] = [];
    while (!this.at("}") && !this.at("eof")) {
      const from = this.start();
      if (this.takeEllipsis()) {
        const key = this.name("rest variable name");
        fields.push({ key, alias: null, default: null, rest: true, span: this.spanFrom(from) });
        break;
      }
      const key = this.name("field name");
      const alias = this.take(":") ? this.name("alias name") : null;
      const fallback = this.take("=") ? this.expression() : null;
      fields.push({ key, alias, default: fallback, rest: false, span: this.spanFrom(from) });
      this.take(",");
    }
    this.expect("}");
    return { kind: "DictPattern", fields, span: this.spanFrom(start) };
  }

  private listPattern(start: number): BindingPattern {
    const items: ListPatternItem[] = [];
    while (!this.at("]") && !this.at("eof")) {
      const from = this.start();
      if (this.takeEllipsis()) {
        items.push({ name: this.name("rest variable name"), default: null, rest: true, span: this.spanFrom(from) });
        break;
      }
      const name = this.name("element name");
      const fallback = this.take("=") ? this.expression() : null;
      items.push({ name, default: fallback, rest: false, span: this.spanFrom(from) });
      this.take(",");
    }
    this.expect("]");
    return { kind: "ListPattern", items, span: this.spanFrom(start) };
  }

  private pairPattern(): BindingPattern {
    const start = this.start();
    this.step();
    const first = this.name("pair pattern element");
    this.expect(",");
    const second = this.name("pair pattern element");
    this.expect(")");
    return { kind: "PairPattern", first, second, span: this.spanFrom(start) };
  }
}
