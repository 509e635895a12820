/**
 * The rules for expressions.
 *
 * All binary operators are one rule, shaped by a precedence table while it runs; ternary, range and pipe, which are looser and have
 * rules of their own about line ends, stand above it. A pipe stays a `BinaryOp` with `|>`: what it calls is the compiler's business.
 */
import type { BinaryOperator, Block, Entry, Node, Param, Segment } from "./ast.ts";
import { SyntaxFailure } from "./failure.ts";
import { lex } from "./lexer.ts";
import { TypeParser } from "./parse-types.ts";
import { PRECEDENCE } from "./precedence.ts";
import type { Kind, StringPiece } from "./tokens.ts";

const HEREDOC =
  'an expression — heredocs are only valid inside LLM tool-call argument JSON; for multiline strings in source code use triple-quoted `"""..."""`';

/**
 * How many levels of nesting an interpolation inside an interpolation counts for. Its text is read once more at each level, so this
 * keeps the cost of a file of nothing but nested interpolations at some twenty readings.
 */
const INTERPOLATION_LEVELS = 10;

export abstract class ExpressionParser extends TypeParser {
  /** `'{' block '}'`, the opening brace possibly on a later line. */
  protected abstract block(): Block;
  /** Statements up to a closing brace, which is consumed. */
  protected abstract blockRest(): Block;
  /** `if match try retry parallel deadline spawn` as an operand. */
  protected abstract controlOperand(): Node | null;

  // --- Operators, loosest first --------------------------------------------------------------------------------------------------

  /** `expr = range { '|>' range }` */
  protected expression(): Node {
    this.skipNewlines();
    this.descend();
    let left = this.range();
    while (this.kindPastNewlines() === "|>") {
      this.skipNewlines();
      this.step();
      this.skipNewlines();
      const right = this.range();
      left = this.binaryNode("|>", left, right);
    }
    this.ascend();
    return left;
  }

  /** `range = tern [ ^'to' ^tern [ ^'exclusive' ] ]` */
  private range(): Node {
    const start = this.ternary();
    if (!this.take("to")) return start;
    const end = this.ternary();
    const inclusive = !this.take("exclusive");
    return { kind: "RangeExpr", span: this.spanFrom(start.span.start), start, end, inclusive };
  }

  /** `tern = or [ ^'?' ^or ':' ^or ]`; a `?` that is still there after the operand starts a ternary, see `questionMark`. */
  private ternary(): Node {
    const condition = this.binary(1);
    if (!this.take("?")) return condition;
    const trueExpr = this.binary(1);
    this.expect(":");
    const falseExpr = this.binary(1);
    return { kind: "Ternary", span: this.spanFrom(condition.span.start), condition, trueExpr, falseExpr };
  }

  /** Operands joined by operators that bind at least as tightly as `least`. */
  private binary(least: number): Node {
    let left = this.unary();
    for (;;) {
      const op = this.takeOperator(least);
      if (op === null) return left;
      this.skipNewlines();
      let right: Node;
      if (op === "**") {
        this.descend();
        right = this.binary(PRECEDENCE["**"]);
        this.ascend();
      } else right = this.binary(PRECEDENCE[op] + 1);
      left = this.binaryNode(op, left, right);
    }
  }

  private binaryNode(op: BinaryOperator, left: Node, right: Node): Node {
    this.links++;
    return { kind: "BinaryOp", span: this.spanFrom(left.span.start), op, left, right };
  }

  /** Steps over the next binary operator if it binds tightly enough and may stand where it stands. */
  private takeOperator(least: number): Exclude<BinaryOperator, "|>"> | null {
    const kind = this.kind();
    if (kind === "ident") {
      if (least > PRECEDENCE.not_in || !this.atWord("not") || this.kind(1) !== "in") return null;
      this.index += 2;
      return "not_in";
    }
    if (kind === "-" || kind === "in") {
      if (PRECEDENCE[kind] < least) return null;
      this.step();
      return kind;
    }
    const past = kind === "newline" ? this.kind(1) : kind;
    if (!isContinuingOperator(past) || PRECEDENCE[past] < least) return null;
    this.skipNewlines();
    this.step();
    return past;
  }

  /** `unary = ('!' | '-') ^unary | postfix` */
  protected unary(): Node {
    const kind = this.kind();
    if (kind !== "!" && kind !== "-") return this.postfix();
    this.descend();
    const start = this.start();
    this.step();
    const operand = this.unary();
    this.ascend();
    return { kind: "UnaryOp", span: this.spanFrom(start), op: kind, operand };
  }

  // --- Postfix -------------------------------------------------------------------------------------------------------------------

  private postfix(): Node {
    let node = this.primary();
    for (;;) {
      const next = this.postfixLink(node);
      if (next === null) return node;
      this.links++;
      node = next;
    }
  }

  private postfixLink(object: Node): Node | null {
    switch (this.kind()) {
      case ".":
      case "?.":
        return this.member(object);
      case "newline":
        return this.kind(1) === "." || this.kind(1) === "?." ? this.member(object) : null;
      case "[":
        return this.subscript(object);
      case "?":
        return this.questionMark(object);
      case "(":
        return object.kind === "Identifier" ? this.call(object.name, object.span) : null;
      case "<":
        return object.kind === "Identifier" ? this.genericCall(object.name, object.span) : null;
      case "{":
        return object.kind === "Identifier" && this.opensStruct(object.name) ? this.structLiteral(object.name, object.span.start) : null;
      default:
        return null;
    }
  }

  /** `('.' | '?.') KEY [ ^'(' args ')' ]` */
  private member(object: Node): Node {
    this.skipNewlines();
    const optional = this.kind() === "?.";
    this.step();
    const name = this.key("member name");
    if (!this.at("(")) {
      return { kind: "PropertyAccess", span: this.spanFrom(object.span.start), object, property: name, optional };
    }
    const args = this.args();
    return { kind: "MethodCall", span: this.spanFrom(object.span.start), object, method: name, args, optional };
  }

  /** `^'[' expr ']' | ^'[' [ expr ] ^':' [ ^expr ] ']'` */
  private subscript(object: Node): Node {
    this.step();
    const start = this.kindPastNewlines() === ":" ? null : this.expression();
    if (start === null) this.skipNewlines();
    if (start !== null && !this.at(":")) {
      this.expect("]");
      return { kind: "SubscriptAccess", span: this.spanFrom(object.span.start), object, index: start, optional: false };
    }
    this.step();
    const end = this.at("]") || this.at("newline") ? null : this.expression();
    this.expect("]");
    return { kind: "SliceAccess", span: this.spanFrom(object.span.start), object, start, end };
  }

  /** `e?[i]`, else the `?` of a ternary, which is left alone when an operand follows it on the line, else `e?`. */
  private questionMark(object: Node): Node | null {
    const next = this.kind(1);
    if (next === "[") {
      this.index += 2;
      const index = this.expression();
      this.expect("]");
      return { kind: "SubscriptAccess", span: this.spanFrom(object.span.start), object, index, optional: true };
    }
    if (TERNARY_BRANCH_STARTS.has(next)) return null;
    this.step();
    return { kind: "TryOperator", span: this.spanFrom(object.span.start), operand: object };
  }

  private call(name: string, nameSpan: Node["span"]): Node {
    const args = this.args();
    return { kind: "FunctionCall", span: this.spanFrom(nameSpan.start), name, nameSpan, typeArgs: [], args };
  }

  /** `name<types>(args)`; anything else behind `name` and `<` is a comparison. */
  private genericCall(name: string, nameSpan: Node["span"]): Node | null {
    if (!TYPE_STARTS.has(this.kindAfterLess())) return null;
    // The usual comparison is decided by one look, without trying and failing.
    if (this.kind(1) === "ident" && !AFTER_TYPE_NAME.has(this.kind(2))) return null;
    const typeArgs = this.attempt(() => {
      const types = this.typeArgs();
      return this.at("(") ? types : null;
    });
    if (typeArgs === null) return null;
    const args = this.args();
    return { kind: "FunctionCall", span: this.spanFrom(nameSpan.start), name, nameSpan, typeArgs, args };
  }

  private kindAfterLess(): Kind {
    return this.kind(1) === "newline" ? this.kind(2) : this.kind(1);
  }

  /** Whether `Name {` here is a struct literal and not the block of the construct around it. */
  private opensStruct(name: string): boolean {
    if (!/^\p{Uppercase}/u.test(name)) return false;
    const first = this.kind(1) === "newline" ? 2 : 1;
    const kind = this.kind(first);
    if (kind !== "ident" && kind !== "string") return kind === "}";
    return this.kind(this.kind(first + 1) === "newline" ? first + 2 : first + 1) === ":";
  }

  private structLiteral(structName: string, start: number): Node {
    this.step();
    const entries = this.entries();
    return { kind: "StructConstruct", span: this.spanFrom(start), structName, entries };
  }

  // --- Operands ------------------------------------------------------------------------------------------------------------------

  /** An operand; it must be the very next token. */
  protected primary(): Node {
    const span = this.tokenSpan(this.index);
    const value = this.tokens.values[this.index];
    switch (this.kind()) {
      case "ident":
        this.step();
        return { kind: "Identifier", span, name: value as string };
      case "string":
        this.step();
        return { kind: "StringLiteral", span, value: value as string };
      case "int":
        this.step();
        return { kind: "IntLiteral", span, value: value as bigint };
      case "(": {
        this.step();
        const inner = this.expression();
        this.expect(")");
        return inner;
      }
      case "{":
        return this.dictOrClosure();
      case "[":
        return this.listLiteral();
      case "fn":
        return this.functionExpression();
      default:
        return this.otherLiteral() ?? this.controlOperand() ?? this.noOperand();
    }
  }

  private otherLiteral(): Node | null {
    const span = this.tokenSpan(this.index);
    const value = this.tokens.values[this.index];
    switch (this.kind()) {
      case "interpolated":
        this.step();
        return { kind: "InterpolatedString", span, segments: this.segments(value as readonly StringPiece[]) };
      case "true":
      case "false":
        return { kind: "BoolLiteral", span, value: this.tokens.kinds[this.step()] === "true" };
      case "nil":
        this.step();
        return { kind: "NilLiteral", span };
      case "float":
        this.step();
        return { kind: "FloatLiteral", span, value: value as number };
      case "duration": {
        this.step();
        const ms = value as bigint;
        return { kind: "DurationLiteral", span, ms: ms < 2n ** 63n ? ms : null };
      }
      case "raw":
        this.step();
        return { kind: "RawStringLiteral", span, value: value as string };
      default:
        return null;
    }
  }

  private noOperand(): never {
    if (this.at("<") && this.kind(1) === "<" && this.kind(2) === "ident") throw this.failure(HEREDOC, "`<<` heredoc-like syntax");
    throw this.failure("expression");
  }

  /**
   * The parts of an interpolated string. Each expression is read on its own from its part of the file: what does not lex vanishes, what
   * does not parse is text, and what follows the expression is ignored.
   */
  private segments(pieces: readonly StringPiece[]): Segment[] {
    const segments: Segment[] = [];
    for (const piece of pieces) {
      const segment = typeof piece === "string" ? piece : this.interpolation(piece.start, piece.end);
      const last = segments.at(-1);
      if (typeof segment === "string" && typeof last === "string") segments[segments.length - 1] = last + segment;
      else if (segment !== null && segment !== "") segments.push(segment);
    }
    return segments;
  }

  private interpolation(start: number, end: number): Segment | null {
    const inner = lex(this.source, { start, end });
    this.work += end - start;
    if (inner.error !== null) return null;
    const { tokens, index, depth } = this;
    try {
      this.descend(INTERPOLATION_LEVELS, { start, end: start + 1 });
      this.tokens = inner.tokens;
      this.index = 0;
      return this.expression();
    } catch (thrown) {
      if (!(thrown instanceof SyntaxFailure) || thrown.code === "limit/nesting") throw thrown;
      return this.source.text.slice(start, end);
    } finally {
      this.tokens = tokens;
      this.index = index;
      this.depth = depth;
    }
  }

  // --- Lists, dicts, arguments, closures -----------------------------------------------------------------------------------------

  private args(): Node[] {
    this.step();
    const args = this.elements(")");
    this.expect(")");
    return args;
  }

  private listLiteral(): Node {
    const start = this.start();
    this.step();
    const items = this.elements("]");
    this.expect("]");
    return { kind: "ListLiteral", span: this.spanFrom(start), items };
  }

  /** `{ [ '...' ] expr ,? }` up to the closer, which stays. */
  private elements(closer: Kind): Node[] {
    const items: Node[] = [];
    for (this.skipNewlines(); !this.at(closer) && !this.at("eof"); this.skipNewlines()) {
      items.push(this.spread() ?? this.expression());
      this.skipNewlines();
      this.take(",");
    }
    return items;
  }

  private spread(): Node | null {
    const start = this.start();
    if (!this.takeEllipsis()) return null;
    const expr = this.expression();
    return { kind: "Spread", span: this.spanFrom(start), expr };
  }

  /** A brace where an operand is expected: empty dict, closure if there is an arrow directly inside, else dict. */
  private dictOrClosure(): Node {
    const start = this.start();
    const isClosure = this.tokens.values[this.index] === true;
    this.step();
    if (this.kindPastNewlines() !== "}" && isClosure) {
      const params = this.params("->");
      this.expect("->");
      const body = this.blockRest();
      return { kind: "Closure", span: this.spanFrom(start), params, body, fnSyntax: false };
    }
    const entries = this.entries();
    return { kind: "DictLiteral", span: this.spanFrom(start), entries };
  }

  /** `{ ( '...' expr | ( KEY | STRING | '[' expr ']' ) ':' expr ) ,? } '}'` */
  private entries(): Entry[] {
    const entries: Entry[] = [];
    for (this.skipNewlines(); !this.at("}") && !this.at("eof"); this.skipNewlines()) {
      const spread = this.spread();
      if (spread !== null) entries.push({ key: null, value: spread });
      else {
        const key = this.entryKey();
        this.expect(":");
        entries.push({ key, value: this.expression() });
      }
      this.skipNewlines();
      this.take(",");
    }
    this.expect("}");
    return entries;
  }

  private entryKey(): Node {
    const span = this.tokenSpan(this.index);
    if (this.at("string")) return { kind: "StringLiteral", span, value: this.tokens.values[this.step()] as string };
    if (this.take("[")) {
      const key = this.expression();
      this.expect("]");
      return key;
    }
    return { kind: "StringLiteral", span, value: this.key("dict key") };
  }

  /** `'fn' '(' params ')' '{' block '}'` */
  private functionExpression(): Node {
    const start = this.start();
    this.step();
    const params = this.parenthesisedParams();
    const body = this.block();
    return { kind: "Closure", span: this.spanFrom(start), params, body, fnSyntax: true };
  }

  protected parenthesisedParams(): Param[] {
    this.expect("(");
    const params = this.params(")");
    this.expect(")");
    return params;
  }

  /** `params = { [ '...' ] NAME [ ^':' type ] [ ^'=' expr ] ^,? }` up to the closer, which stays. */
  private params(closer: Kind): Param[] {
    const params: Param[] = [];
    let hasDefault = false;
    for (this.skipNewlines(); !this.at(closer) && !this.at("eof"); ) {
      const rest = this.takeEllipsis();
      this.skipNewlines();
      const start = this.start();
      const name = this.name("parameter name");
      const type = this.annotation();
      const fallback = this.take("=") ? this.expression() : null;
      params.push({ name, type, default: fallback, rest, span: this.spanFrom(start) });
      if (rest && !this.at(closer)) throw this.failure("Rest parameter must be the last parameter");
      if (fallback !== null) hasDefault = true;
      else if (hasDefault && !rest) throw this.failure("Required parameter cannot follow a parameter with a default value");
      if (this.take(",")) this.skipNewlines();
    }
    return params;
  }
}

type ContinuingOperator = Exclude<BinaryOperator, "|>" | "-" | "in" | "not_in">;

/** Operators that may start a line and so continue the line before; `-`, `in` and `not in` may not. */
const CONTINUING: ReadonlySet<string> = new Set(Object.keys(PRECEDENCE).filter((op) => op !== "-" && op !== "in" && op !== "not_in"));

function isContinuingOperator(kind: Kind): kind is ContinuingOperator {
  return CONTINUING.has(kind);
}

/** What may start the first branch of a ternary; before anything else a `?` propagates an error. */
const TERNARY_BRANCH_STARTS: ReadonlySet<Kind> = new Set<Kind>([
  "ident", "int", "float", "string", "interpolated", "true", "false", "nil", "(", "{", "!", "-", "fn",
]); // biome-ignore format: one line

const TYPE_STARTS: ReadonlySet<Kind> = new Set<Kind>(["ident", "{", "[", "nil", "true", "false", "string", "raw", "int", "-", "fn"]);

/** What may follow a bare type name inside the `<…>` of a generic call. */
const AFTER_TYPE_NAME: ReadonlySet<Kind> = new Set<Kind>([">", "<", ",", "|", "newline"]);
