/**
 * The table of texts that a run must have produced: `error-texts.txt` in the root of the fixtures. One text a line, `<word>` stands for
 * any text, `#` starts a comment line, and a line `## title` names the part of the reference that follows.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface TextPattern {
  readonly text: string;
  readonly pattern: RegExp;
}

export function readTexts(root: string): TextPattern[] {
  const path = join(root, "error-texts.txt");
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.filter((line) => line.trim() !== "" && !line.startsWith("#")).map((text) => ({ text, pattern: patternOf(text) }));
}

/** `cannot index into <T> with <I>` → a pattern that matches it with any words in those places. */
export function patternOf(text: string): RegExp {
  const parts = text.split(/<[A-Za-z][A-Za-z0-9_]*>/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(parts.join("[^\\n]*?"));
}

/** Keeps what has not been seen yet. */
export class Unseen<T> {
  private readonly left: Map<T, RegExp>;

  constructor(patterns: readonly (readonly [T, RegExp])[]) {
    this.left = new Map(patterns);
  }

  see(output: string): void {
    for (const [item, pattern] of this.left) if (pattern.test(output)) this.left.delete(item);
  }

  rest(): T[] {
    return [...this.left.keys()];
  }
}
