/**
 * Strings count in code points, the host's in UTF-16 units.
 *
 * A string without surrogates has the same index in both, and the engine answers "has it any?" at once for strings that it stores as one
 * byte a character: a class of surrogates cannot match there. Long strings with wider characters are remembered, the last few of them,
 * with the UTF-16 offset of every 128th code point, so a loop over such a string does not become quadratic.
 */

const SURROGATE = /[\ud800-\udfff]/;
const WIDE = /[^\0-\xff]/;

/** Strings up to this many units are counted each time; it is cheaper than to remember them. */
const SHORT = 256;
const STRIDE = 128;
const REMEMBERED = 4;

interface Marks {
  readonly text: string;
  readonly count: number;
  /** UTF-16 offset of code point `i * STRIDE`; null when every code point is one unit. */
  readonly offsets: Uint32Array | null;
}

/** Code points of a string; for repeated questions about long strings use a `StringIndex`. */
export function codePointCount(text: string): number {
  return SURROGATE.test(text) ? countPairs(text, 0, text.length) : text.length;
}

/** Whether code-point and UTF-16 indexes are the same. */
export function isUniform(text: string): boolean {
  return !SURROGATE.test(text);
}

/** The code points as strings. */
export function codePoints(text: string): string[] {
  return SURROGATE.test(text) ? [...text] : text.split("");
}

/** Answers by code-point index. It only remembers what it could compute again, so any number of them may exist. */
export class StringIndex {
  private readonly known: Marks[] = [];

  /** Code points of the text. */
  count(text: string): number {
    if (text.length <= SHORT) return codePointCount(text);
    return WIDE.test(text) ? this.marks(text).count : text.length;
  }

  /** The code point at an index from 0, as a string; null outside. */
  at(text: string, index: number): string | null {
    if (index < 0 || index >= text.length) return null;
    const offset = this.offset(text, index);
    if (offset >= text.length) return null;
    const unit = text.charCodeAt(offset);
    if (unit < 0xd800 || unit > 0xdbff) return text[offset] as string;
    return String.fromCodePoint(text.codePointAt(offset) as number);
  }

  /** The part from code point `start` up to, not including, `end`; both at least 0. */
  slice(text: string, start: number, end: number): string {
    if (start >= end) return "";
    return text.slice(this.offset(text, start), this.offset(text, end));
  }

  /** UTF-16 offset of a code point; the text's length when the index is at or behind the end. */
  offset(text: string, index: number): number {
    if (index >= text.length) return text.length;
    if (text.length <= SHORT) return SURROGATE.test(text) ? advance(text, 0, index) : index;
    if (!WIDE.test(text)) return index;
    const marks = this.marks(text);
    if (marks.offsets === null) return index;
    if (index >= marks.count) return text.length;
    return advance(text, marks.offsets[Math.floor(index / STRIDE)] as number, index % STRIDE);
  }

  /** Code-point index of a UTF-16 offset that lies on a boundary. */
  indexOfOffset(text: string, offset: number): number {
    if (text.length <= SHORT) return SURROGATE.test(text) ? countPairs(text, 0, offset) : offset;
    if (!WIDE.test(text)) return offset;
    const { offsets } = this.marks(text);
    if (offsets === null) return offset;
    let low = 0;
    let high = offsets.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((offsets[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return low * STRIDE + countPairs(text, offsets[low] as number, offset);
  }

  private marks(text: string): Marks {
    const found = this.known.find((m) => m.text === text);
    if (found !== undefined) return found;
    const made = mark(text);
    this.known.unshift(made);
    if (this.known.length > REMEMBERED) this.known.pop();
    return made;
  }
}

function mark(text: string): Marks {
  if (!SURROGATE.test(text)) return { text, count: text.length, offsets: null };
  const offsets: number[] = [];
  let count = 0;
  for (let offset = 0; offset < text.length; offset = next(text, offset)) {
    if (count % STRIDE === 0) offsets.push(offset);
    count++;
  }
  return { text, count, offsets: Uint32Array.from(offsets) };
}

/** The offset behind the code point at `offset`. A surrogate without its partner counts as one. */
function next(text: string, offset: number): number {
  const unit = text.charCodeAt(offset);
  if (unit < 0xd800 || unit > 0xdbff || offset + 1 >= text.length) return offset + 1;
  const second = text.charCodeAt(offset + 1);
  return second >= 0xdc00 && second <= 0xdfff ? offset + 2 : offset + 1;
}

function advance(text: string, from: number, points: number): number {
  let offset = from;
  for (let i = 0; i < points && offset < text.length; i++) offset = next(text, offset);
  return offset;
}

function countPairs(text: string, from: number, to: number): number {
  let count = 0;
  for (let offset = from; offset < to; offset = next(text, offset)) count++;
  return count;
}
