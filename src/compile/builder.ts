/**
 * Builds one function: words, tables, registers, labels.
 *
 * It knows the instruction format and nothing of the language. Registers are a stack: a local takes the next free one for the length
 * of its scope, temporaries above it come and go. `place` is the last node that was begun; every instruction is located there, which
 * is the rule of the reference (an operator fails at the last leaf of its right operand, a call at its last argument).
 */
import type { CaptureSource, Constant, FunctionProto, Guard, Handler, InlinedCall, LocalName, ParamInfo } from "../bytecode/chunk.ts";
import type { Op } from "../bytecode/op.ts";
import { OPCODES, wordsOf } from "../bytecode/opcodes.ts";
import type { Span } from "../source/text.ts";

/** A place in the code that jumps name before it is known. */
export interface Label {
  at: number;
  readonly patches: number[];
}

const WORDS: readonly number[] = OPCODES.map(wordsOf);
const FIELD_LIMIT = 0xffff;

export class CodeBuilder {
  readonly code: number[] = [];
  readonly constants: Constant[] = [];
  readonly names: string[] = [];
  readonly lists: (readonly string[])[] = [];
  readonly guards: Guard[] = [];
  readonly functions: FunctionProto[] = [];
  readonly captures: CaptureSource[] = [];
  readonly handlers: Handler[] = [];
  readonly inlined: InlinedCall[] = [];
  readonly locals: LocalName[] = [];
  params: ParamInfo[] = [];
  place: Span = { start: 0, end: 0 };
  /** The first free register. */
  free = 0;
  /** Something did not fit its field: the function is too large. */
  overflow = false;
  private top = 0;
  private caches = 0;
  private readonly positions: number[] = [];
  private lastPlace: Span | null = null;
  private readonly constantIndex = new Map<string, number>();
  private readonly nameIndex = new Map<string, number>();
  private readonly guardIndex = new Map<Guard, number>();
  private readonly listIndex = new Map<string, number>();

  get here(): number {
    return this.code.length;
  }

  // --- Registers -----------------------------------------------------------------------------------------------------------------

  /** Takes the next register, or a run of them; returns the first. */
  take(count = 1): number {
    const register = this.free;
    this.free += count;
    if (this.free > this.top) this.top = this.free;
    return register;
  }

  // --- Instructions --------------------------------------------------------------------------------------------------------------

  private word0(op: Op, a: number): void {
    const { place } = this;
    if (place !== this.lastPlace) {
      this.positions.push(this.here, place.start, place.end);
      this.lastPlace = place;
    }
    if (a > 0xffffff) this.overflow = true;
    this.code.push(op | (a << 8));
  }

  /** An instruction with A, B, C, or fewer. */
  abc(op: Op, a: number, b = 0, c = 0): void {
    this.word0(op, a);
    this.word1(b, c);
    if (WORDS[op] !== 2) throw new Error(`${OPCODES[op]?.name} has another length`);
  }

  /** An instruction with a third word. */
  abce(op: Op, a: number, b: number, c: number, e: number): void {
    this.word0(op, a);
    this.word1(b, c);
    this.code.push(e);
    if (WORDS[op] !== 3) throw new Error(`${OPCODES[op]?.name} has another length`);
  }

  /** An instruction with A and the whole second word. */
  ad(op: Op, a: number, d = 0): void {
    this.word0(op, a);
    this.code.push(d);
    if (WORDS[op] !== 2) throw new Error(`${OPCODES[op]?.name} has another length`);
  }

  /** A, D and a third word. */
  ade(op: Op, a: number, d: number, e: number): void {
    this.word0(op, a);
    this.code.push(d, e);
    if (WORDS[op] !== 3) throw new Error(`${OPCODES[op]?.name} has another length`);
  }

  private word1(b: number, c: number): void {
    if (b > FIELD_LIMIT || c > FIELD_LIMIT) this.overflow = true;
    this.code.push(b | (c << 16));
  }

  // --- Labels --------------------------------------------------------------------------------------------------------------------

  label(): Label {
    return { at: -1, patches: [] };
  }

  bind(label: Label): void {
    label.at = this.here;
    for (const word of label.patches) this.code[word] = label.at;
  }

  /** JMP, LOOP, JT, JF … : the target is D. */
  jump(op: Op, a: number, to: Label): void {
    this.ad(op, a, to.at);
    if (to.at < 0) to.patches.push(this.here - 1);
  }

  /** Instructions whose target is E. */
  branch(op: Op, a: number, b: number, c: number, to: Label): void {
    this.abce(op, a, b, c, to.at);
    if (to.at < 0) to.patches.push(this.here - 1);
  }

  // --- Tables --------------------------------------------------------------------------------------------------------------------

  constant(value: Constant): number {
    return intern(this.constantIndex, this.constants, constantKey(value), value);
  }

  name(name: string): number {
    return intern(this.nameIndex, this.names, name, name);
  }

  list(names: readonly string[]): number {
    return intern(this.listIndex, this.lists, JSON.stringify(names), names);
  }

  /** The same object has one index. */
  guard(guard: Guard): number {
    let at = this.guardIndex.get(guard);
    if (at === undefined) {
      at = this.guards.push(guard) - 1;
      this.guardIndex.set(guard, at);
    }
    return at;
  }

  cache(): number {
    return this.caches++;
  }

  finish(name: string, generator = false, stream = false): FunctionProto {
    return {
      name,
      params: this.params,
      registers: this.top,
      code: Int32Array.from(this.code),
      constants: this.constants,
      names: this.names,
      lists: this.lists,
      guards: this.guards,
      functions: this.functions,
      captures: this.captures,
      handlers: this.handlers,
      inlined: this.inlined,
      positions: Int32Array.from(this.positions),
      locals: this.locals,
      generator,
      stream,
      caches: this.caches,
    };
  }
}

function intern<T>(index: Map<string, number>, table: T[], key: string, value: T): number {
  let at = index.get(key);
  if (at === undefined) {
    at = table.push(value) - 1;
    index.set(key, at);
  }
  return at;
}

function constantKey(value: Constant): string {
  if (typeof value !== "object" || value === null) return `${typeof value} ${value}`;
  switch (value.kind) {
    case "float":
      return `float ${Object.is(value.value, -0) ? "-0" : value.value}`;
    case "duration":
      return `duration ${value.ms}`;
    case "list":
      return `list ${value.items.map((item) => framed(constantKey(item))).join("")}`;
    case "dict":
      return `dict ${value.entries.map(([key, item]) => framed(key) + framed(constantKey(item))).join("")}`;
  }
}

/** With its length in front, so that no two lists of texts read alike. */
function framed(text: string): string {
  return `${text.length}:${text}`;
}
