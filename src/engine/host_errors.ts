/** The errors that a host catches. */
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { RunRefused } from "../durable/runs.ts";
import { renderDiagnostics, renderRuntimeError } from "../diagnostics/render.ts";
import type { CallSite, ScriptError as Failure } from "../vm/errors.ts";
import { uncaughtText } from "../vm/report.ts";
import type { Value } from "../vm/values.ts";
import { type HostValue, toHost } from "./convert.ts";

/** A program that cannot be run. `message` is its first error in one line, `diagnostics` has all, `rendered` is what `harn check` prints. */
export class CompileError extends Error {
  override readonly name = "CompileError";
  readonly rendered: string;
  constructor(readonly diagnostics: readonly Diagnostic[]) {
    const first = diagnostics.find((diagnostic) => diagnostic.severity === "error");
    super(first?.plain ?? first?.message ?? "the program has errors");
    this.rendered = renderDiagnostics(diagnostics);
  }
}

function handedOver(value: Value): HostValue {
  try {
    return toHost(value);
  } catch {
    return null;
  }
}

/** An error that a program did not catch. `message` is its display text. */
export class ScriptError extends Error {
  override readonly name = "ScriptError";
  /** The thrown value; null for errors of the language itself, and for a value too large to be handed over. */
  readonly value: HostValue;
  /**
   * `thrown`, `type`, `runtime`, `category`; `limit` for a limit of the host; `cancelled` when the host cancelled, `cause` is then the
   * reason of its signal; `refused` when the run is or has become another process's, `cause` is then a `RunRefused`; `internal` for a
   * fault of the interpreter.
   */
  readonly code: string;
  readonly path: string | null;
  /** Line and code-point column, from 1. */
  readonly line: number | null;
  readonly column: number | null;
  /** The calls that led there, inner to outer. */
  readonly calls: readonly CallSite[];
  /** As `harn run` prints it. */
  readonly rendered: string;

  /** @param signal of the execution */
  constructor(failure: Failure, signal?: AbortSignal) {
    super(uncaughtText(failure));
    const { origin } = failure;
    this.value = failure.kind === "thrown" ? handedOver(failure.value) : null;
    this.code = codeOf(failure);
    this.path = origin?.path ?? null;
    const position = origin?.source.position(origin.span.start);
    this.line = position?.line ?? null;
    this.column = position?.column ?? null;
    this.calls = failure.trace;
    this.rendered = renderRuntimeError(this.message, origin, failure.trace);
    if (failure.cause !== null) this.cause = failure.cause;
    else if (this.code === "cancelled" && signal?.aborted) this.cause = signal.reason;
  }
}

function codeOf(failure: Failure): string {
  if (failure.fatal) {
    if (failure.cause !== null) return failure.cause instanceof RunRefused ? "refused" : "internal";
    return failure.kind === "thrown" ? "cancelled" : "limit";
  }
  return failure.kind === "plain" ? "runtime" : failure.kind;
}
