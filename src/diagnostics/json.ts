/** Diagnostics as tools read them: plain data with line and column, the same facts that the frame shows. */
import type { Diagnostic, Severity } from "./diagnostic.ts";

/** Lines and columns count from 1, columns in Unicode code points; the end is exclusive. All places are null without a text. */
export interface DiagnosticJson {
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  readonly path: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly endLine: number | null;
  readonly endColumn: number | null;
  readonly label: string | null;
  readonly help: string | null;
}

/**
 * One diagnostic as data that `JSON.stringify` takes as it is.
 *
 * @example toJson(diagnostic) // { severity: "error", code: "syntax/expected", message: "expected }, found \\n", line: 3, … }
 */
export function toJson(diagnostic: Diagnostic): DiagnosticJson {
  const { severity, code, message, source, span, label, help } = diagnostic;
  const start = source !== null && span !== null ? source.position(span.start) : null;
  const end = source !== null && span !== null ? source.position(span.end) : null;
  return {
    severity,
    code,
    message,
    path: source?.path ?? null,
    line: start?.line ?? null,
    column: start?.column ?? null,
    endLine: end?.line ?? null,
    endColumn: end?.column ?? null,
    label: label ?? null,
    help: help ?? null,
  };
}
