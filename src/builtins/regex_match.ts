/**
 * Runs a program over a text: all alternatives at once, one character after the other, so the time is the text's length times the
 * program's, whatever the pattern.
 *
 * Threads are kept in order of preference; a thread that matches cuts off those behind it. Offsets are in UTF-16 units.
 */
import type { Assertion } from "./regex_parse.ts";
import type { Instruction, Program } from "./regex_compile.ts";
import { wordChars } from "./regex_set.ts";

/** Start and end of each group, -1 where it took no part; the whole match is group 0. */
export type Match = readonly number[];

interface Thread {
  readonly pc: number;
  readonly slots: readonly number[];
}

export class Matcher {
  private readonly isWord = wordChars();
  /** The step at which an instruction was last added, to add it once only. */
  private readonly seen: Int32Array;
  private step = 0;
  private readonly slotCount: number;

  /** @param burn charged with the instructions run */
  constructor(
    private readonly program: Program,
    private readonly text: string,
    private readonly burn: (steps: number) => void,
  ) {
    this.seen = new Int32Array(program.code.length).fill(-1);
    this.slotCount = program.groups.length * 2;
  }

  /** All matches that do not overlap. An empty one that touches the end of the match before it does not count. */
  all(): Match[] {
    const matches: Match[] = [];
    let from = 0;
    let lastEnd = -1;
    while (from <= this.text.length) {
      const match = this.search(from);
      if (match === null) break;
      const [start, end] = [match[0] as number, match[1] as number];
      if (start === end && end === lastEnd) {
        from = this.after(end);
        continue;
      }
      matches.push(match);
      lastEnd = end;
      from = end;
      if (start === end) from = this.after(end);
    }
    return matches;
  }

  private after(offset: number): number {
    const code = this.text.codePointAt(offset);
    return offset + (code !== undefined && code > 0xffff ? 2 : 1);
  }

  /** The leftmost match from an offset on. */
  search(from: number): Match | null {
    const { text } = this;
    let found: Match | null = null;
    let threads: Thread[] = [];
    let work = 0;
    for (let at = from; ; ) {
      if (threads.length === 0) {
        if (found !== null) break;
        const candidate = this.candidate(at);
        if (candidate < 0) break;
        work += (candidate - at) >> 4;
        at = candidate;
        this.step++;
      }
      // A new attempt from here comes behind all that began further left; it shares their list of seen instructions.
      if (found === null) this.add(threads, 0, this.freshSlots(at), at);
      work += threads.length + 1;
      if (work > 4096) {
        this.burn(work);
        work = 0;
      }
      const char = text.codePointAt(at);
      const behind = at + (char !== undefined && char > 0xffff ? 2 : 1);
      const next = this.advance(threads, char, at, behind);
      if (next.found !== null) found = next.found;
      threads = next.threads;
      if (char === undefined) break;
      at = behind;
    }
    this.burn(Math.ceil(work / 16));
    return found;
  }

  /** One character for all threads; a thread that has matched cuts off those of less preference. */
  private advance(
    threads: readonly Thread[],
    char: number | undefined,
    at: number,
    behind: number,
  ): { threads: Thread[]; found: Match | null } {
    const next: Thread[] = [];
    this.step++;
    for (const thread of threads) {
      const instruction = this.program.code[thread.pc] as Instruction;
      if (instruction.op === "match") {
        const slots = [...thread.slots];
        slots[1] = at;
        return { threads: next, found: slots };
      }
      if (char !== undefined && accepts(instruction, char)) this.add(next, thread.pc + 1, thread.slots, behind);
    }
    return { threads: next, found: null };
  }

  /** The first offset from `at` on where a match may begin, -1 if nowhere. */
  private candidate(at: number): number {
    const { prefix, first } = this.program;
    if (prefix !== "") return this.text.indexOf(prefix, at);
    if (first === null) return at;
    for (let i = at; i < this.text.length; i++) {
      const code = this.text.codePointAt(i) as number;
      if (first(code)) return i;
      if (code > 0xffff) i++;
    }
    return -1;
  }

  private freshSlots(at: number): number[] {
    const slots = new Array<number>(this.slotCount).fill(-1);
    slots[0] = at;
    return slots;
  }

  /** Adds a thread, following everything that takes no character. The order of the list is the order of preference. */
  private add(threads: Thread[], start: number, startSlots: readonly number[], at: number): void {
    const pending: { pc: number; slots: readonly number[] }[] = [{ pc: start, slots: startSlots }];
    for (let item = pending.pop(); item !== undefined; item = pending.pop()) {
      let { pc, slots } = item;
      for (;;) {
        if (this.seen[pc] === this.step) break;
        this.seen[pc] = this.step;
        const instruction = this.program.code[pc] as Instruction;
        if (instruction.op === "jump") pc = instruction.to;
        else if (instruction.op === "split") {
          pending.push({ pc: instruction.second, slots });
          pc = instruction.first;
        } else if (instruction.op === "save") {
          const saved = [...slots];
          saved[instruction.slot] = at;
          slots = saved;
          pc++;
        } else if (instruction.op === "assert") {
          if (!this.holds(instruction.what, at)) break;
          pc++;
        } else {
          threads.push({ pc, slots });
          break;
        }
      }
    }
  }

  private holds(what: Assertion, at: number): boolean {
    const { text } = this;
    switch (what) {
      case "start":
        return at === 0;
      case "end":
        return at === text.length;
      case "line_start":
        return at === 0 || text[at - 1] === "\n";
      case "line_end":
        return at === text.length || text[at] === "\n";
    }
    const before = this.wordBefore(at);
    const code = text.codePointAt(at);
    const behind = code !== undefined && this.isWord(code);
    if (what === "word") return before !== behind;
    if (what === "not_word") return before === behind;
    return what === "word_start" ? !before && behind : before && !behind;
  }

  private wordBefore(at: number): boolean {
    if (at === 0) return false;
    const unit = this.text.charCodeAt(at - 1);
    const start = unit >= 0xdc00 && unit <= 0xdfff && at > 1 ? at - 2 : at - 1;
    return this.isWord(this.text.codePointAt(start) as number);
  }
}

function accepts(instruction: Instruction, char: number): boolean {
  return instruction.op === "char" ? instruction.code === char : instruction.op === "set" && instruction.set(char);
}
