/** The problems that the verifier's parts find in a chunk, and the limits that all tools of this folder hold chunks to. */
import type { FunctionProto } from "./chunk.ts";
import { rowAt } from "./instruction.ts";

/** More problems than these say nothing new about a chunk, and a damaged one could have millions. */
export const MAX_PROBLEMS = 100;

/** B and C hold 16 bits, so no instruction can name a register beyond. */
export const MAX_REGISTERS = 0x10000;

/** Functions nest at most so deep; the compiler's own limit on nesting is far below. */
export const MAX_FUNCTION_DEPTH = 500;

/** Guards and constants nest at most so deep, so that walking one cannot exhaust the host's stack. */
export const MAX_GUARD_DEPTH = 500;
export const MAX_CONSTANT_DEPTH = 500;

export class Report {
  readonly problems: string[] = [];

  get full(): boolean {
    return this.problems.length >= MAX_PROBLEMS;
  }

  /** `at`: the word that the problem is at, or null when it concerns the whole function. */
  add(proto: FunctionProto, at: number | null, text: string): void {
    if (this.full) return;
    const row = at === null ? undefined : rowAt(proto.code, at);
    const place = at === null ? "" : `, word ${at}${row === undefined ? "" : ` (${row.name})`}`;
    this.problems.push(`function ${JSON.stringify(proto.name)}${place}: ${text}`);
  }
}
