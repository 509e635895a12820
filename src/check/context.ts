/**
 * What the parts of the checker share: where diagnostics go, and how a part has its nested nodes and blocks checked.
 *
 * Each `check-*.ts` file handles one group of nodes and knows the others only through this interface; checker.ts puts them together.
 */
import type { DiagnosticCode, Severity } from "../diagnostics/diagnostic.ts";
import type { Span } from "../source/text.ts";
import type { Block, Node } from "../syntax/ast.ts";
import type { Deprecation } from "./attributes.ts";
import type { Scope } from "./scope.ts";
import type { InferredType } from "./types.ts";

/** Which function the walk is in, as far as statements ask. */
export interface FunctionContext {
  /** Whether a rethrow has a target: inside a fn, tool, pipeline or closure. */
  readonly isFunction: boolean;
  /** Set inside a `gen fn`: the type of what it emits. */
  readonly stream: { readonly item: InferredType } | null;
}

export interface CheckContext {
  /** The scope of the whole file, which is what function bodies see of the variables outside. */
  readonly program: Scope;
  /** Whether call targets are resolved: the file has a path and all of its imports are known. */
  readonly resolvesNames: boolean;
  /** Whether every import is known, so that a struct without a declaration is an error. */
  readonly knowsImports: boolean;
  /** Top-level functions marked `@deprecated`. */
  readonly deprecated: ReadonlyMap<string, Deprecation>;
  readonly function: FunctionContext;
  report(severity: Severity, code: DiagnosticCode, message: string, span: Span | null, help?: string): void;
  /** Checks one node; declarations and bindings it makes go into `scope`. */
  node(node: Node, scope: Scope): void;
  /** Checks the statements of a block in `scope`, which the caller has made for it. */
  block(block: Block, scope: Scope): void;
  /** Runs `work` with another function context. */
  within(context: FunctionContext, work: () => void): void;
}
