/**
 * Source text, spans and the line index.
 *
 * Everything inside the project counts in UTF-16 offsets, because that is what JavaScript strings index in O(1). Lines, code-point
 * columns and UTF-8 byte offsets are computed here, at the border, and only when somebody is shown a place.
 */

/** A half-open range of UTF-16 offsets into one source text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A place as people count: both from 1, the column in Unicode code points. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export class SourceText {
  /** Offsets at which each line starts; made at the first question. */
  private lineStarts: number[] | null = null;

  /**
   * @param path how the file is shown to people: as given on the command line, or the resolved path of an import
   * @param text its content, already decoded
   * @param isShown false for a text that people have not in front of them: errors name the place in it only
   */
  constructor(
    readonly path: string,
    readonly text: string,
    readonly isShown = true,
  ) {}

  /** Line and code-point column of an offset; an offset past the end is the end. */
  position(offset: number): Position {
    const starts = this.starts();
    const at = Math.max(0, Math.min(offset, this.text.length));
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: countCodePoints(this.text, starts[low] as number, at) + 1 };
  }

  /** The line's number only, which needs no walk along the line. */
  line(offset: number): number {
    const starts = this.starts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  /** The text of a 1-based line without its LF and CR, or null when there is no such line (also the empty one after a final LF). */
  lineText(line: number): string | null {
    const starts = this.starts();
    const start = starts[line - 1];
    if (start === undefined || (start === this.text.length && line > 1)) return null;
    const next = starts[line];
    const end = next === undefined ? this.text.length : next - 1;
    return this.text.slice(start, end).replace(/\r$/, "");
  }

  private starts(): number[] {
    if (this.lineStarts === null) {
      const starts = [0];
      for (let at = this.text.indexOf("\n"); at >= 0; at = this.text.indexOf("\n", at + 1)) starts.push(at + 1);
      this.lineStarts = starts;
    }
    return this.lineStarts;
  }
}

/** Code points in `text[start, end)`; a lone surrogate counts as one. */
export function countCodePoints(text: string, start = 0, end = text.length): number {
  let count = end - start;
  for (let i = start; i < end - 1; i++) {
    if ((text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      count--;
      i++;
    }
  }
  return count;
}
