/**
 * The diagnostic value: what every phase adds and none prints.
 *
 * A diagnostic is data (severity, code, place, label, help); `render.ts` turns it into the frame people read, `json.ts` into what
 * tools read. The texts are the reference's, letter for letter, because scripts and editors match on them.
 */
import type { SourceText, Span } from "../source/text.ts";

export type Severity = "error" | "warning" | "note";

/** Which phase found it; the second half of a code such as `syntax/expected` is free for the phase. */
export type DiagnosticCode = `${"lex" | "syntax" | "type" | "name" | "compile" | "import" | "runtime" | "limit" | "support"}/${string}`;

export interface Diagnostic {
  readonly severity: Severity;
  readonly code: DiagnosticCode;
  /** The headline without its severity word. */
  readonly message: string;
  /** The file it is about; null when it concerns no text (an unreadable file). */
  readonly source: SourceText | null;
  readonly span: Span | null;
  /** Written behind the carets. Without a label there is no caret row. */
  readonly label?: string;
  readonly help?: string;
  /** What an embedding host gets as the message where that differs from the headline (syntax errors). */
  readonly plain?: string;
}
