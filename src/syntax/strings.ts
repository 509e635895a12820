/**
 * What happens to the content of a `"""` string after it has been read: the first line feed and the common indent go away.
 *
 * Plain and interpolated strings follow different rules, and the interpolated rule has visible oddities (a blank text between two
 * expressions vanishes, so does the line feed before a line that starts with one). Scripts depend on them; keep them.
 */
import type { StringPiece } from "./tokens.ts";

/** The value of a `"""` string without interpolation. */
export function trimBlockString(content: string): string {
  const text = dropFirstLineFeed(content);
  const lines = text.split("\n");
  const indent = commonIndent(lines);
  if (indent === null) return text;
  if (indent === 0) return dropLastLineFeed(text);
  return dropLastLineFeed(lines.map((line) => (isBlank(line) ? "" : line.slice(indent))).join("\n"));
}

/** The pieces of a `"""` string with interpolation. */
export function trimBlockPieces(pieces: readonly StringPiece[]): StringPiece[] {
  const first = pieces[0];
  const trimmed = typeof first === "string" ? [dropFirstLineFeed(first), ...pieces.slice(1)] : pieces.slice();
  const literals = trimmed.filter((piece) => typeof piece === "string").join("");
  const indent = commonIndent(literals.split("\n")) ?? 0;
  if (indent === 0) {
    const last = trimmed.at(-1);
    if (typeof last === "string" && isBlank(last)) trimmed.pop();
    return withoutEmpty(trimmed);
  }
  return withoutEmpty(trimmed.map((piece) => (typeof piece === "string" ? dedent(piece, indent) : piece)));
}

function dedent(literal: string, indent: number): string {
  const lines = literal.split("\n").map((line) => (isBlank(line) ? "" : line.slice(Math.min(indent, indentOf(line)))));
  return dropLastLineFeed(lines.join("\n"));
}

/** The smallest indent of the lines that are not blank, or null when all are. */
function commonIndent(lines: readonly string[]): number | null {
  let least: number | null = null;
  for (const line of lines) {
    if (isBlank(line)) continue;
    const indent = indentOf(line);
    if (least === null || indent < least) least = indent;
  }
  return least;
}

function indentOf(line: string): number {
  let at = 0;
  while (line[at] === " " || line[at] === "\t") at++;
  return at;
}

/** Nothing but the characters Unicode calls white space, which is not quite the set that `String.trim` removes. */
export function isBlank(text: string): boolean {
  return /^\p{White_Space}*$/u.test(text);
}

function withoutEmpty(pieces: readonly StringPiece[]): StringPiece[] {
  return pieces.filter((piece) => piece !== "");
}

function dropFirstLineFeed(text: string): string {
  return text.startsWith("\n") ? text.slice(1) : text;
}

function dropLastLineFeed(text: string): string {
  return text.endsWith("\n") ? text.slice(0, -1) : text;
}
