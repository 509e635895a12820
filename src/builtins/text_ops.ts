/** Text operations that functions and methods share. Each pays for its work and keeps to the limits. */
import type { NativeContext } from "../vm/native.ts";
import { codePoints } from "../vm/strings.ts";
import { checkItems, checkTextLength } from "./args.ts";

/** One unit of fuel stands for so many characters of a scan. */
const CHARS_A_STEP = 64;

/** Pays for a pass over that many characters. */
export function burnText(ctx: NativeContext, characters: number): void {
  if (characters > CHARS_A_STEP) ctx.burn(Math.ceil(characters / CHARS_A_STEP));
}

/** The pieces between separators, empty ones kept; an empty separator stands at every character boundary. */
export function splitText(ctx: NativeContext, text: string, separator: string): string[] {
  burnText(ctx, text.length);
  const parts = separator === "" ? ["", ...codePoints(text), ""] : text.split(separator);
  checkItems(ctx, parts.length);
  return parts;
}

/** Every occurrence replaced, literally; an empty `old` occurs at every character boundary. */
export function replaceText(ctx: NativeContext, text: string, old: string, replacement: string): string {
  burnText(ctx, text.length);
  const parts = old === "" ? ["", ...codePoints(text), ""] : text.split(old);
  const seams = parts.length - 1;
  checkTextLength(ctx, text.length - seams * old.length + seams * replacement.length);
  burnText(ctx, seams * replacement.length);
  return parts.join(replacement);
}

export function repeatText(ctx: NativeContext, text: string, times: number): string {
  if (times <= 0 || text === "") return "";
  checkTextLength(ctx, text.length * times);
  burnText(ctx, text.length * times);
  return text.repeat(times);
}

/** Texts put together with a separator. */
export function joinTexts(ctx: NativeContext, texts: readonly string[], separator: string): string {
  let length = separator.length * Math.max(0, texts.length - 1);
  for (const text of texts) length += text.length;
  checkTextLength(ctx, length);
  burnText(ctx, length);
  return texts.join(separator);
}

/** Lines without their `\n` or `\r\n`; a line break at the end adds no empty line. */
export function splitLines(ctx: NativeContext, text: string): string[] {
  burnText(ctx, text.length);
  const lines = text.split("\n");
  if (lines[lines.length - 1] === "") lines.pop();
  checkItems(ctx, lines.length);
  return lines.map((line, i) => (line.endsWith("\r") && (i < lines.length - 1 || text.endsWith("\n")) ? line.slice(0, -1) : line));
}
