/**
 * Diagnostics as people read them: the frame with its source line and carets.
 *
 * Rendering is the only place that turns offsets into lines and columns for people. It prints nothing; the command line and the engine
 * decide where the text goes.
 */
import { countCodePoints, type SourceText, type Span } from "../source/text.ts";
import type { Diagnostic, Severity } from "./diagnostic.ts";

export interface RenderOptions {
  /** ANSI colours; the caller knows whether its stream is a terminal and whether `NO_COLOR` is set. */
  readonly color?: boolean;
}

/** What a frame shows beside the headline; a `Diagnostic` is one, and so is what the run-time and lint printers make. */
export interface Frame {
  /** The word in front of the headline: a severity, or `lint[rule]`. */
  readonly head: string;
  readonly severity: Severity;
  readonly message: string;
  readonly source: SourceText | null;
  readonly span: Span | null;
  readonly label?: string | undefined;
  readonly help?: string | undefined;
  /** Lines under the frame, such as the callers of a failed call. */
  readonly notes?: readonly string[];
}

/** A place on the way to a run-time error: who called, and from which line. */
export interface Caller {
  readonly name: string;
  readonly path: string;
  readonly line: number;
}

/** One diagnostic as its frame, ending with a line feed. */
export function renderDiagnostic(diagnostic: Diagnostic, options: RenderOptions = {}): string {
  return renderFrame({ ...diagnostic, head: diagnostic.severity }, options);
}

/** Several diagnostics back to back, in the order given. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], options: RenderOptions = {}): string {
  return diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, options)).join("");
}

/**
 * An uncaught run-time error: carets without a label, and one note for each caller.
 *
 * @param message the error's display text, such as `Runtime error: Division by zero (line 2)`
 * @param callers from the innermost call outwards
 */
export function renderRuntimeError(
  message: string,
  place: { readonly source: SourceText; readonly span: Span } | null,
  callers: readonly Caller[] = [],
  options: RenderOptions = {},
): string {
  const notes = callers.map((caller) => `called from ${caller.name} at ${caller.path}:${caller.line}`);
  const frame = { head: "error", severity: "error", message, label: "", notes } as const;
  if (place === null) return renderFrame({ ...frame, source: null, span: null }, options);
  return renderFrame({ ...frame, source: place.source, span: firstWord(place.source.text, place.span) }, options);
}

/** What is underlined of a failed expression: the name or number it starts with, of any other only its first character. */
function firstWord(text: string, span: Span): Span {
  const word = /^(?:[0-9]+(?:\.[0-9]+)?|[\p{Alphabetic}\p{N}_]+)/u.exec(text.slice(span.start, span.start + LONGEST_WORD));
  return { start: span.start, end: span.start + (word?.[0].length ?? 1) };
}

/** Longer names are underlined up to here, in UTF-16 units. */
const LONGEST_WORD = 200;

/** A frame of any kind, ending with a line feed. Without a place there is only the headline, with help and notes under it. */
export function renderFrame(frame: Frame, options: RenderOptions = {}): string {
  const paint = options.color ? PAINTED : PLAIN;
  const rows = [`${paint.severity(frame.severity, frame.head)}: ${frame.message}`];
  let pad = " ";
  if (frame.source !== null && frame.span !== null) {
    const { line, column } = frame.source.position(frame.span.start);
    const width = String(line).length + 1;
    pad = " ".repeat(width);
    rows.push(`${pad}${paint.arrow("-->")} ${frame.source.path}:${line}:${column}`, `${pad} ${paint.bar("|")}`);
    rows.push(...sourceRows(frame, frame.source, frame.span, { line, column }, paint));
  }
  if (frame.help !== undefined) rows.push(`${pad} = ${paint.help("help")}: ${frame.help}`);
  for (const note of frame.notes ?? []) rows.push(`${pad}= ${paint.severity("note", "note")}: ${note}`);
  return `${rows.join("\n")}\n`;
}

/** The source line and, when there is a label, the carets under it; nothing for a line that the file does not have. */
function sourceRows(frame: Frame, source: SourceText, span: Span, place: { line: number; column: number }, paint: Paint): string[] {
  const text = source.isShown ? source.lineText(place.line) : null;
  if (text === null) return [];
  const width = String(place.line).length + 1;
  const rows = [`${String(place.line).padStart(width)} ${paint.bar("|")} ${text}`];
  if (frame.label === undefined) return rows;
  const carets = "^".repeat(Math.max(1, countCodePoints(source.text, span.start, span.end)));
  const painted = paint.severity(frame.severity, carets);
  rows.push(`${" ".repeat(width)} ${paint.bar("|")} ${" ".repeat(place.column - 1)}${painted} ${frame.label}`.trimEnd());
  return rows;
}

interface Paint {
  severity(severity: Severity, text: string): string;
  bar(text: string): string;
  arrow(text: string): string;
  help(text: string): string;
}

const PLAIN: Paint = { severity: (_severity, text) => text, bar: (text) => text, arrow: (text) => text, help: (text) => text };

const SEVERITY_COLORS: Readonly<Record<Severity, string>> = { error: "1;31", warning: "1;33", note: "1;35" };

const PAINTED: Paint = {
  severity: (severity, text) => ansi(SEVERITY_COLORS[severity], text),
  bar: (text) => ansi("34", text),
  arrow: (text) => ansi("1;34", text),
  help: (text) => ansi("1;36", text),
};

function ansi(code: string, text: string): string {
  return `\u001b[${code}m${text}\u001b[0m`;
}
