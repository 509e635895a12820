/**
 * The parser's entry: a file's text in, its tree and its diagnostics out.
 *
 * It never throws. An error abandons the top-level item it stands in, and parsing resumes at the next place that looks like an item, so
 * one run reports several errors; a statement later in the broken body is then read as an item of the file. Nesting beyond the limits
 * ends the parse at once, because everything after it would be misread.
 */
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceText } from "../source/text.ts";
import type { AssignOperator, Block, Node, Program } from "./ast.ts";
import { nodeBeyond } from "./walk.ts";
import { nestingFailure, plainText, SyntaxFailure, TREE_DEPTH_LIMIT, toDiagnostic } from "./failure.ts";
import { lex } from "./lexer.ts";
import { DeclarationParser } from "./parse-declarations.ts";
import type { Kind } from "./tokens.ts";

export interface ParseResult {
  /** What could be read; with errors, the items around the broken ones. */
  readonly program: Program;
  /** In source order; empty when the text is a program. */
  readonly diagnostics: readonly Diagnostic[];
  /** Characters read and tokens stepped over, however often: a measure of work that stays in proportion to the text. */
  readonly work: number;
  /** The one line an embedding host is told (`Expected expression, got ) at 2:11`), null when there is no error. */
  readonly plain: string | null;
}

/**
 * Parses one file.
 *
 * @param source the file's text with the path it is shown under
 * @example
 * const { program, diagnostics } = parse(new SourceText("hello.harn", 'println("hello")'));
 */
export function parse(source: SourceText): ParseResult {
  try {
    const { tokens, error } = lex(source);
    return error === null ? new Parser(source, tokens).program() : onlyError(source, error);
  } catch (thrown) {
    return onlyError(source, toDiagnostic(source, asFailure(thrown, { start: 0, end: 0 })));
  }
}

function onlyError(source: SourceText, error: Diagnostic): ParseResult {
  const program = { items: [], span: { start: 0, end: source.text.length } };
  return { program, diagnostics: [error], work: source.text.length, plain: error.plain ?? error.message };
}

class Parser extends DeclarationParser {
  private readonly failures: SyntaxFailure[] = [];
  /** The missing separator between two items that ended the parse. */
  private unseparated: SyntaxFailure | null = null;
  private stopped = false;

  // --- The file ------------------------------------------------------------------------------------------------------------------

  program(): ParseResult {
    const items: Node[] = [];
    this.skipNewlines();
    while (!this.stopped && !this.at("eof")) {
      if (this.take("}")) this.skipNewlines();
      else this.topLevelItem(items);
    }
    const program = { items, span: { start: 0, end: this.source.text.length } };
    // A missing separator is what a host is told, while people see the failures before it, if there are any.
    const told = this.unseparated ?? this.failures[0];
    const shown = this.failures.length === 0 && told !== undefined ? [told] : this.failures;
    const diagnostics = shown.map((failure) => toDiagnostic(this.source, failure));
    return { program, diagnostics, work: this.work, plain: told === undefined ? null : plainText(this.source, told) };
  }

  private topLevelItem(items: Node[]): void {
    this.depth = 0;
    this.links = 0;
    try {
      const item = this.item();
      this.checkDepth(item);
      items.push(item);
      this.unseparated = this.missingSeparator("top-level item", false);
      this.stopped = this.unseparated !== null;
    } catch (thrown) {
      const failure = asFailure(thrown, this.tokenSpan(this.index));
      this.failures.push(failure);
      this.stopped = failure.code === "limit/nesting" || this.failures.length >= MOST_FAILURES;
      if (!this.stopped) this.synchronize();
    }
  }

  /** Chains of operators, members and calls make a tree deep without any nesting. */
  private checkDepth(item: Node): void {
    const tooDeep = this.links > LINKS_WORTH_MEASURING ? nodeBeyond(item, TREE_DEPTH_LIMIT) : null;
    if (tooDeep !== null) throw nestingFailure({ start: tooDeep.span.start, end: tooDeep.span.start + 1 }, TREE_DEPTH_LIMIT);
  }

  private item(): Node {
    switch (this.kind()) {
      case "import":
        return this.importDecl(this.start(), false);
      case "pipeline":
        return this.pipelineDecl(this.start(), false);
      default:
        return this.statement();
    }
  }

  /** Skips to the next place that looks like the start of an item. */
  private synchronize(): void {
    while (!this.at("eof") && !this.at("}")) {
      if (this.take(";")) {
        this.skipNewlines();
        return;
      }
      if (!this.take("newline")) this.step();
      else if (this.at("eof") || ITEM_STARTS.has(this.kind())) return;
    }
  }

  // --- Blocks and separators -----------------------------------------------------------------------------------------------------

  protected block(): Block {
    this.expect("{");
    return this.blockRest();
  }

  protected blockRest(): Block {
    this.descend();
    const statements: Node[] = [];
    for (this.skipNewlines(); !this.at("}") && !this.at("eof"); ) {
      statements.push(this.statement());
      this.separator("statement");
    }
    this.expect("}");
    this.ascend();
    return statements;
  }

  protected separator(after: string): void {
    const missing = this.missingSeparator(after, true);
    if (missing !== null) throw missing;
  }

  /**
   * Steps over one `;` or the line ends behind a statement. None is needed when the next token starts on a later line anyway, as after
   * a block comment of several lines.
   */
  private missingSeparator(after: string, inBlock: boolean): SyntaxFailure | null {
    if (this.take(";")) {
      this.skipNewlines();
      return null;
    }
    if (this.take("newline") || this.at("eof") || (inBlock && this.at("}"))) return null;
    if (this.startsLaterLine()) return null;
    return this.failure(`${after} separator (\`;\` or newline)`);
  }

  /** The next token stands on a later line than the end of the last one, which may be a line end that was swallowed. */
  private startsLaterLine(): boolean {
    const lineEnd = this.source.text.indexOf("\n", Math.max(0, this.end() - 1));
    return lineEnd >= 0 && lineEnd < this.start();
  }

  // --- Statements ----------------------------------------------------------------------------------------------------------------

  protected statement(): Node {
    const start = this.start();
    switch (this.kind()) {
      case "@":
        return this.attributedDecl();
      case "let":
      case "var":
        return this.binding(this.at("let") ? "LetBinding" : "VarBinding");
      case "fn":
        return this.fnDecl(start, false);
      case "tool":
        return this.toolDecl(start, false);
      case "skill":
        return this.skillDecl(start, false);
      case "enum":
        return this.enumDecl(start, false);
      case "struct":
        return this.structDecl(start, false);
      case "pub":
        return this.pubDecl();
      case "override":
        return this.overrideDecl();
      case "type":
        return this.typeDecl();
      case "interface":
        return this.interfaceDecl();
      case "impl":
        return this.implBlock();
      default:
        return this.controlStatement() ?? this.wordStatement(start) ?? this.expressionStatement();
    }
  }

  /** Statements that start with a reserved word and end at its block or its value, whatever follows. */
  private controlStatement(): Node | null {
    switch (this.kind()) {
      case "if":
      case "match":
      case "try":
      case "retry":
      case "parallel":
      case "deadline":
        return this.controlOperand();
      case "for":
        return this.forIn();
      case "while":
        return this.whileLoop();
      case "select":
        return this.select();
      case "guard":
        return this.guard();
      case "require":
        return this.require();
      case "mutex":
        return this.blockStatement("MutexBlock");
      case "defer":
        return this.blockStatement("DeferStmt");
      default:
        return this.leavingStatement();
    }
  }

  private leavingStatement(): Node | null {
    const start = this.start();
    const kind = this.kind();
    switch (kind) {
      case "return":
      case "yield": {
        this.step();
        const value = this.endsStatement() ? null : this.expression();
        const span = this.spanFrom(start);
        return kind === "return" ? { kind: "ReturnStmt", span, value } : { kind: "YieldExpr", span, value };
      }
      case "throw":
      case "emit": {
        this.step();
        const value = this.expression();
        const span = this.spanFrom(start);
        return kind === "throw" ? { kind: "ThrowStmt", span, value } : { kind: "EmitExpr", span, value };
      }
      case "break":
      case "continue":
        this.step();
        return { kind: kind === "break" ? "BreakStmt" : "ContinueStmt", span: this.spanFrom(start) };
      default:
        return null;
    }
  }

  private endsStatement(): boolean {
    return this.at("newline") || this.at("}") || this.at(";") || this.at("eof");
  }

  /** Statements that start with an ordinary identifier which is a keyword only here. */
  private wordStatement(start: number): Node | null {
    if (!this.at("ident")) return null;
    if (this.atWord("gen") && this.kind(1) === "fn") return this.fnDecl(start, false);
    if (this.atEvalPack()) return this.evalPackDecl(start, false);
    return this.atConst() ? this.binding("LetBinding") : null;
  }

  /** `const` binds when a pattern follows; directly in front of a `[` it is a variable that is indexed. */
  private atConst(): boolean {
    if (!this.atWord("const")) return false;
    const next = this.kind(1);
    if (next === "[") return (this.tokens.starts[this.index + 1] as number) > (this.tokens.ends[this.index] as number);
    return next === "{" || (next === "ident" && !(this.atWord("not", 1) && this.kind(2) === "in"));
  }

  /** `('let' | 'var') pattern [ ^':' type ] '=' expr`; only a plain name takes a type. */
  private binding(kind: "LetBinding" | "VarBinding"): Node {
    const start = this.start();
    this.step();
    const pattern = this.bindingPattern();
    const typeAnn = pattern.kind === "Name" ? this.annotation() : null;
    this.expect("=");
    const value = this.expression();
    const span = this.spanFrom(start);
    return kind === "LetBinding" ? { kind, span, pattern, typeAnn, value } : { kind, span, pattern, typeAnn, value };
  }

  /** `expr [ ^( '=' | '+=' | … ) expr ]` */
  private expressionStatement(): Node {
    const target = this.expression();
    const op = ASSIGNMENTS.get(this.kind());
    if (op === undefined || !isAssignable(target)) return target;
    this.step();
    const value = this.expression();
    return { kind: "Assignment", span: this.spanFrom(target.span.start), target, value, op };
  }
}

/** After so many errors in one file nobody reads on, and a file that is no script at all should not fill the memory with frames. */
const MOST_FAILURES = 1000;

/** Below this number of links no chain can make a tree too deep that nesting has not. */
const LINKS_WORTH_MEASURING = 50;

const ASSIGNMENTS: ReadonlyMap<Kind, AssignOperator | null> = new Map<Kind, AssignOperator | null>([
  ["=", null],
  ["+=", "+"],
  ["-=", "-"],
  ["*=", "*"],
  ["/=", "/"],
  ["%=", "%"],
]);

/** After an error, a line that starts with one of these is taken for an item. */
const ITEM_STARTS: ReadonlySet<Kind> = new Set<Kind>([
  "let", "var", "if", "for", "while", "match", "retry", "return", "throw", "fn", "pub", "try", "select", "pipeline", "import", "parallel",
  "enum", "struct", "interface", "emit", "guard", "require", "deadline", "yield", "mutex", "defer", "break", "continue", "tool", "skill",
  "impl",
]); // biome-ignore format: a list of words reads best filled

/** A name, or members and subscripts of one. */
function isAssignable(node: Node): boolean {
  let at = node;
  while ((at.kind === "PropertyAccess" || at.kind === "SubscriptAccess") && !at.optional) at = at.object;
  return at.kind === "Identifier";
}

/** A stack the host has nearly used up is the same to us as too deep a nesting; anything else unexpected is a defect and passes on. */
function asFailure(thrown: unknown, span: { start: number; end: number }): SyntaxFailure {
  if (thrown instanceof SyntaxFailure) return thrown;
  if (thrown instanceof RangeError) return new SyntaxFailure("limit/nesting", "nesting is too deep for the stack that is left", "", span);
  throw thrown;
}
