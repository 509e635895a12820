/** Patterns as programs for the matcher: a flat list of instructions, with preference for the first branch of a split. */
import { type Assertion, type Flags, type Node, parseRegex, RegexError } from "./regex_parse.ts";
import { type CharSet, tabled, union } from "./regex_set.ts";

export type Instruction =
  | { readonly op: "char"; readonly code: number }
  | { readonly op: "set"; readonly set: CharSet }
  | { readonly op: "assert"; readonly what: Assertion }
  | { op: "split"; first: number; second: number }
  | { op: "jump"; to: number }
  | { readonly op: "save"; readonly slot: number }
  | { readonly op: "match" };

export interface Program {
  readonly code: readonly Instruction[];
  readonly groups: readonly (string | null)[];
  /** A text that every match begins with; searches skip to it. */
  readonly prefix: string;
  /** What a match can begin with; null when it may be empty. */
  readonly first: CharSet | null;
}

/** Counted repetitions are written out; a program beyond this is refused. */
const MAX_INSTRUCTIONS = 50_000;

export function compileRegex(text: string, flags: Flags): Program {
  const pattern = parseRegex(text, flags);
  const emitter = new Emitter();
  emitter.emit(pattern.root);
  emitter.code.push({ op: "match" });
  return { code: emitter.code, groups: pattern.groups, prefix: literalPrefix(pattern.root), first: firstSet(emitter.code) };
}

class Emitter {
  readonly code: Instruction[] = [];

  emit(node: Node): void {
    if (this.code.length > MAX_INSTRUCTIONS) throw new RegexError("compiled regex exceeds size limit");
    switch (node.kind) {
      case "empty":
        return;
      case "char":
        this.code.push({ op: "char", code: node.code });
        return;
      case "set":
        this.code.push({ op: "set", set: node.set });
        return;
      case "assert":
        this.code.push({ op: "assert", what: node.what });
        return;
      case "cat":
        for (const part of node.parts) this.emit(part);
        return;
      case "alt":
        this.alternatives(node.parts);
        return;
      case "group":
        this.code.push({ op: "save", slot: node.index * 2 });
        this.emit(node.body);
        this.code.push({ op: "save", slot: node.index * 2 + 1 });
        return;
      case "repeat":
        this.repeat(node);
    }
  }

  private alternatives(parts: readonly Node[]): void {
    const exits: { op: "jump"; to: number }[] = [];
    parts.forEach((part, i) => {
      if (i === parts.length - 1) {
        this.emit(part);
        return;
      }
      const split = this.split(true);
      this.emit(part);
      const exit = { op: "jump", to: 0 } as const satisfies Instruction;
      exits.push(exit as { op: "jump"; to: number });
      this.code.push(exit);
      split.away(this.code.length);
    });
    for (const exit of exits) exit.to = this.code.length;
  }

  private repeat(node: Node & { kind: "repeat" }): void {
    for (let i = 0; i < node.min; i++) this.emit(node.body);
    if (node.max === Number.POSITIVE_INFINITY) {
      const start = this.code.length;
      const split = this.split(node.greedy);
      this.emit(node.body);
      this.code.push({ op: "jump", to: start });
      split.away(this.code.length);
      return;
    }
    const splits: { away(to: number): void }[] = [];
    for (let i = node.min; i < node.max; i++) {
      splits.push(this.split(node.greedy));
      this.emit(node.body);
    }
    for (const split of splits) split.away(this.code.length);
  }

  /** A choice between going on and going elsewhere; `preferNext` says which is tried first. */
  private split(preferNext: boolean): { away(to: number): void } {
    const next = this.code.length + 1;
    const split: { op: "split"; first: number; second: number } = { op: "split", first: next, second: next };
    this.code.push(split);
    return {
      away(to) {
        if (preferNext) split.second = to;
        else split.first = to;
      },
    };
  }
}

function literalPrefix(root: Node): string {
  const parts = root.kind === "cat" ? root.parts : [root];
  let prefix = "";
  for (const part of parts) {
    if (part.kind !== "char") break;
    prefix += String.fromCodePoint(part.code);
  }
  return prefix;
}

/** The union of what the instructions take that are reached before any character is read. */
function firstSet(code: readonly Instruction[]): CharSet | null {
  const sets: CharSet[] = [];
  const seen = new Set<number>();
  const pending = [0];
  for (let pc = pending.pop(); pc !== undefined; pc = pending.pop()) {
    if (seen.has(pc)) continue;
    seen.add(pc);
    const instruction = code[pc] as Instruction;
    if (instruction.op === "match") return null;
    if (instruction.op === "jump") pending.push(instruction.to);
    else if (instruction.op === "split") pending.push(instruction.first, instruction.second);
    else if (instruction.op === "set") sets.push(instruction.set);
    else if (instruction.op === "char") sets.push((char) => char === instruction.code);
    else pending.push(pc + 1);
  }
  return tabled(union(sets));
}
