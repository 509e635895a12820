/**
 * The walk over a file: which part of the checker handles which node.
 *
 * Recursion is as deep as the tree, whose depth the parser bounds; the checker counts again, because trees also come from elsewhere.
 */
import type { Diagnostic, DiagnosticCode, Severity } from "../diagnostics/diagnostic.ts";
import type { SourceText, Span } from "../source/text.ts";
import type { Block, Closure, Node, Program } from "../syntax/ast.ts";
import { forEachChild } from "../syntax/walk.ts";
import type { Deprecation } from "./attributes.ts";
import { checkAttributes } from "./attributes.ts";
import { checkAssignment, checkBinding } from "./check-bindings.ts";
import { checkCall, checkMethodCall, warnOfUncovered } from "./check-calls.ts";
import { checkFor, checkGuard, checkIf, checkParallel, checkSelect, checkTernary, checkTry, checkWhile } from "./check-control.ts";
import { checkEmit, checkFunction, checkImpl, checkPipeline, checkTool, checkYield } from "./check-functions.ts";
import { checkMatch } from "./check-match.ts";
import { checkOperator } from "./check-operators.ts";
import { checkStruct } from "./check-structs.ts";
import type { CheckContext, FunctionContext } from "./context.ts";
import { bareSignature, signatureOf } from "./declarations.ts";
import { statementExits } from "./exits.ts";
import { declareTypes } from "./register.ts";
import type { Scope } from "./scope.ts";
import { varianceErrors } from "./variance.ts";

const MAX_DEPTH = 2_000;
/** Diagnostics of one file; a file with more is not read any better by showing them. */
const MAX_DIAGNOSTICS = 2_000;
const TOP_LEVEL: FunctionContext = { isFunction: false, stream: null };

export class Checker implements CheckContext {
  readonly diagnostics: Diagnostic[] = [];
  function: FunctionContext = TOP_LEVEL;
  private depth = 0;

  constructor(
    private readonly source: SourceText,
    readonly program: Scope,
    readonly resolvesNames: boolean,
    readonly knowsImports: boolean,
    readonly deprecated: ReadonlyMap<string, Deprecation>,
  ) {}

  /**
   * Checks the items of a file in order. Each item has a scope of its own, so top-level bindings are known by name only to the others;
   * that a `var` may be assigned is known from its declaration on.
   */
  file(program: Program): void {
    for (const item of program.items) {
      const scope = this.program.child();
      this.node(item, scope);
      for (const [name, variable] of scope.variables) {
        if (variable.mutable && this.program.variables.get(name)?.mutable === false) this.program.set(name, { type: null, mutable: true });
      }
    }
  }

  report(severity: Severity, code: DiagnosticCode, message: string, span: Span | null, help?: string): void {
    if (this.diagnostics.length >= MAX_DIAGNOSTICS) return;
    const diagnostic: Diagnostic = { severity, code, message, source: this.source, span };
    this.diagnostics.push(help === undefined ? diagnostic : { ...diagnostic, help });
  }

  within(context: FunctionContext, work: () => void): void {
    const before = this.function;
    this.function = context;
    work();
    this.function = before;
  }

  /** Code after a statement that leaves the block is reported once and not looked at. */
  block(block: Block, scope: Scope): void {
    let left = false;
    for (const statement of block) {
      if (left) return this.report("warning", "type/unreachable", "unreachable code", statement.span);
      this.node(statement, scope);
      left = statementExits(statement);
    }
  }

  node(node: Node, scope: Scope): void {
    if (this.depth >= MAX_DEPTH) return;
    this.depth++;
    if (!this.declaration(node, scope)) this.statement(node, scope);
    this.depth--;
  }

  /** Handles declarations; false for every other node. */
  private declaration(node: Node, scope: Scope): boolean {
    switch (node.kind) {
      case "AttributedDecl":
        checkAttributes(this, node);
        this.node(node.inner, scope);
        return true;
      case "FnDecl":
        scope.defineFunction(signatureOf(node));
        if (scope.parent !== this.program || this.function !== TOP_LEVEL) this.variance(node, scope);
        checkFunction(this, node, scope);
        return true;
      case "ToolDecl":
        scope.defineFunction(bareSignature(node.name, node.returnType));
        checkTool(this, node, scope);
        return true;
      case "Pipeline":
        checkPipeline(this, node, scope);
        return true;
      case "OverrideDecl":
        checkPipeline(this, { ...node, kind: "Pipeline", returnType: null, extends: null, isPub: false }, scope);
        return true;
      case "SkillDecl":
      case "EvalPackDecl":
        scope.define(node.name, null);
        forEachChild(node, (child) => this.node(child, scope));
        return true;
      case "TypeDecl":
      case "StructDecl":
      case "EnumDecl":
      case "InterfaceDecl":
        declareTypes(node, scope);
        this.variance(node, scope);
        return true;
      case "ImplBlock":
        declareTypes(node, scope);
        checkImpl(this, node, scope);
        return true;
      case "ImportDecl":
      case "SelectiveImport":
        return true;
      default:
        return false;
    }
  }

  private variance(node: Node, scope: Scope): void {
    for (const message of varianceErrors(node, scope)) this.report("error", "type/variance", message, node.span);
  }

  private statement(node: Node, scope: Scope): void {
    switch (node.kind) {
      case "LetBinding":
      case "VarBinding":
        return checkBinding(this, node, scope);
      case "Assignment":
        return checkAssignment(this, node, scope);
      case "IfElse":
        return checkIf(this, node, scope);
      case "WhileLoop":
        return checkWhile(this, node, scope);
      case "ForIn":
        return checkFor(this, node, scope);
      case "GuardStmt":
        return checkGuard(this, node, scope);
      case "MatchExpr":
        return checkMatch(this, node, scope);
      case "TryCatch":
        return checkTry(this, node, scope);
      case "Parallel":
        return checkParallel(this, node, scope);
      case "SelectExpr":
        return checkSelect(this, node, scope);
      case "Retry":
        this.node(node.count, scope);
        return this.block(node.body, scope.child());
      case "DeadlineBlock":
        this.node(node.duration, scope);
        return this.block(node.body, scope.child());
      case "TryExpr":
      case "SpawnExpr":
      case "MutexBlock":
      case "DeferStmt":
        return this.block(node.body, scope.child());
      case "ThrowStmt":
        this.node(node.value, scope);
        return warnOfUncovered(this, "throw", node, scope);
      default:
        return this.expression(node, scope);
    }
  }

  private expression(node: Node, scope: Scope): void {
    switch (node.kind) {
      case "FunctionCall":
        return checkCall(this, node, scope);
      case "MethodCall":
        return checkMethodCall(this, node, scope);
      case "BinaryOp":
        return checkOperator(this, node, scope);
      case "StructConstruct":
        return checkStruct(this, node, scope);
      case "Closure":
        return this.closure(node, scope);
      case "Ternary":
        return checkTernary(this, node, scope);
      case "EmitExpr":
        return checkEmit(this, node, scope);
      case "YieldExpr":
        return checkYield(this, node, scope);
      case "TryStar":
        if (!this.function.isFunction) {
          const message = "try* requires an enclosing function (fn, tool, or pipeline) so the rethrow has a target";
          this.report("error", "type/try-star", message, node.span);
        }
        return this.node(node.operand, scope);
      case "InterpolatedString":
        return; // The reference checks no code inside text; what is wrong there is found when it runs.
      default:
        return forEachChild(node, (child) => this.node(child, scope));
    }
  }

  /** A closure sees the scope around it. */
  private closure(node: Closure, scope: Scope): void {
    const inner = scope.child();
    for (const param of node.params) {
      if (param.default !== null) this.node(param.default, inner);
      inner.define(param.name, param.rest ? null : param.type);
    }
    this.within({ isFunction: true, stream: this.function.stream }, () => this.block(node.body, inner));
  }
}
