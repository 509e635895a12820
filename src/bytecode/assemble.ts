/**
 * Reads assembly text, as `disassemble.ts` writes it, back into a chunk: `assemble(disassemble(chunk))` equals the chunk, positions and
 * locals included. Comments and spacing do not matter, and labels may have any name, so tests can write code by hand.
 *
 * The border to `verify.ts`: the assembler checks that a line can be encoded, not that the code makes sense.
 */
import { Cursor, tokensOf } from "./assembly-text.ts";
import {
  type CaptureSource,
  type Chunk,
  type Constant,
  type FunctionProto,
  type Guard,
  type Handler,
  type InlinedCall,
  type ImportEntry,
  type LocalName,
  type ParamInfo,
  SPREAD_ARGS,
} from "./chunk.ts";
import { ASSEMBLY_HEADER } from "./disassemble.ts";
import { encodeInstruction, FIELD_RANGE } from "./instruction.ts";
import { KINDS } from "./kinds.ts";
import { OPCODES, type Operand, type OpRow, wordsOf } from "./opcodes.ts";

/** Opcode number by name. */
const NUMBERS: ReadonlyMap<string, number> = new Map(OPCODES.map((row, i) => [row.name, i]));

/** A word index: known, or the name of a label that is defined somewhere in the function. */
type Place = number | string;

/** A function while its lines are read. Places are settled at `.end`, when all labels are known. */
interface Draft {
  readonly name: string;
  readonly registers: number;
  readonly caches: number;
  readonly generator: boolean;
  readonly stream: boolean;
  readonly params: ParamInfo[];
  readonly captures: CaptureSource[];
  readonly constants: Constant[];
  readonly names: string[];
  readonly lists: string[][];
  readonly guards: Guard[];
  readonly functions: FunctionProto[];
  readonly inlined: { readonly cursor: Cursor; readonly places: readonly [Place, Place]; callStart: number }[];
  readonly handlers: { readonly cursor: Cursor; readonly places: readonly [Place, Place, Place]; register: number; deadlines: number }[];
  readonly locals: { readonly cursor: Cursor; readonly places: readonly [Place, Place]; local: Omit<LocalName, "start" | "end"> }[];
  readonly code: { readonly cursor: Cursor; readonly opcode: number; readonly words: number; readonly values: readonly Place[] }[];
  readonly positions: number[];
  readonly labels: Map<string, number>;
  length: number;
}

/**
 * Reads a chunk from assembly text.
 *
 * @param text the whole text
 * @returns the chunk, not verified
 * @throws AssemblyError with the line and what is wrong with it
 *
 *     const chunk = assemble('.assembly 1\n.chunk 1 "a.harn"\n.function "main" registers 0 caches 0\n  RETNIL\n.end\n');
 */
export function assemble(text: string): Chunk {
  return new Assembler().read(text);
}

class Assembler {
  private readonly slots: string[] = [];
  private readonly late: string[] = [];
  private readonly dynamic: string[] = [];
  private readonly imports: ImportEntry[] = [];
  private readonly functions: string[] = [];
  private readonly exports: string[] = [];
  private readonly open: Draft[] = [];
  private head: { version: number; path: string } | null = null;
  private main: FunctionProto | null = null;

  read(text: string): Chunk {
    const lines = text.split("\n");
    let cursor = new Cursor([], 1);
    lines.forEach((line, i) => {
      const tokens = tokensOf(line, i + 1);
      if (tokens.length === 0) return;
      cursor = new Cursor(tokens, i + 1);
      this.line(cursor);
      cursor.end();
    });
    if (this.open.length > 0) cursor.fail("the text ends within a function");
    if (this.head === null) return cursor.fail("the text has no .chunk line");
    if (this.main === null) return cursor.fail("the text has no function");
    const { slots, late, dynamic, imports, functions, exports } = this;
    return { ...this.head, main: this.main, slots, late, dynamic, imports, functions, exports };
  }

  private line(cursor: Cursor): void {
    const word = cursor.word();
    const draft = this.open.at(-1);
    if (word === ".function") this.open.push(newDraft(cursor));
    else if (draft === undefined) this.chunkLine(word, cursor);
    else if (word === ".end") {
      this.open.pop();
      const proto = finish(draft);
      const outer = this.open.at(-1);
      if (outer !== undefined) outer.functions.push(proto);
      else if (this.main === null) this.main = proto;
      else cursor.fail("a chunk has one function at its top level");
    } else if (word.startsWith(".")) functionLine(draft, word, cursor);
    else if (cursor.accept(":")) defineLabel(draft, word, cursor);
    else instructionLine(draft, word, cursor);
  }

  private chunkLine(word: string, cursor: Cursor): void {
    if (word === ".assembly") {
      if (`${word} ${cursor.number()}` !== ASSEMBLY_HEADER) cursor.fail(`only "${ASSEMBLY_HEADER}" can be read`);
    } else if (word === ".chunk") this.head = { version: cursor.number(), path: cursor.string() };
    else if (word === ".slot") this.slots.push(cursor.string());
    else if (word === ".late") this.late.push(cursor.string());
    else if (word === ".dynamic") this.dynamic.push(cursor.string());
    else if (word === ".import") this.imports.push({ path: cursor.string(), names: cursor.strings(), slots: slotsOf(cursor) });
    else if (word === ".callable") this.functions.push(cursor.string());
    else if (word === ".export") this.exports.push(cursor.string());
    else cursor.fail(`"${word}" cannot stand outside a function`);
  }
}

/** `slots 0 2` at the end of an import's line; without it the names go to registers. */
function slotsOf(cursor: Cursor): number[] | null {
  return cursor.accept("slots") ? cursor.numbers() : null;
}

function newDraft(cursor: Cursor): Draft {
  return {
    name: cursor.string(),
    registers: cursor.keyed("registers"),
    caches: cursor.keyed("caches"),
    generator: cursor.accept("generator"),
    stream: cursor.accept("stream"),
    params: [],
    captures: [],
    constants: [],
    names: [],
    lists: [],
    guards: [],
    functions: [],
    handlers: [],
    inlined: [],
    locals: [],
    code: [],
    positions: [],
    labels: new Map(),
    length: 0,
  };
}

/** A line of a function that begins with a dot. */
function functionLine(draft: Draft, word: string, cursor: Cursor): void {
  switch (word) {
    case ".param":
      draft.params.push({ name: cursor.string(), hasDefault: cursor.accept("default"), rest: cursor.accept("rest") });
      return;
    case ".capture":
      draft.captures.push({ from: cursor.choice("register", "capture"), index: cursor.number() });
      return;
    case ".constant":
      draft.constants.push(cursor.constant());
      return;
    case ".name":
      draft.names.push(cursor.string());
      return;
    case ".list":
      draft.lists.push(cursor.strings());
      return;
    case ".guard":
      draft.guards.push(cursor.guard());
      return;
    case ".positions":
      for (const number of cursor.numbers()) draft.positions.push(number);
      return;
    case ".handler": {
      const places = [placeAfter(cursor, "from"), placeAfter(cursor, "to"), placeAfter(cursor, "target")] as const;
      draft.handlers.push({ cursor, places, register: cursor.keyed("register"), deadlines: cursor.keyed("deadlines") });
      return;
    }
    case ".inlined": {
      const places = [placeAfter(cursor, "from"), placeAfter(cursor, "to")] as const;
      draft.inlined.push({ cursor, places, callStart: cursor.keyed("call") });
      return;
    }
    case ".local": {
      const local = { name: cursor.string(), place: cursor.choice("register", "capture"), index: cursor.number() };
      draft.locals.push({ cursor, local, places: [placeAfter(cursor, "from"), placeAfter(cursor, "to")] });
      return;
    }
    case ".word":
      rawLine(draft, cursor);
      return;
    default:
      cursor.fail(`"${word}" is no directive`);
  }
}

/** `.word 12 0`: words as they are, which stand in `values` with the opcode -1. */
function rawLine(draft: Draft, cursor: Cursor): void {
  const values: number[] = [];
  const at = draft.length;
  while (!cursor.done() && !cursor.sees("@")) values.push(cursor.number());
  draft.code.push({ cursor, opcode: -1, words: values.length, values });
  draft.length += values.length;
  spanOf(draft, cursor, at);
}

function instructionLine(draft: Draft, name: string, cursor: Cursor): void {
  const opcode = NUMBERS.get(name) ?? cursor.fail(`"${name}" is no instruction`);
  const row = OPCODES[opcode] as OpRow;
  const values = row.operands.map((operand) => operandOf(operand, cursor));
  const at = draft.length;
  draft.code.push({ cursor, opcode, words: wordsOf(row), values });
  draft.length += wordsOf(row);
  spanOf(draft, cursor, at);
}

/** The `@start..end` at the end of an instruction's line. */
function spanOf(draft: Draft, cursor: Cursor, at: number): void {
  if (!cursor.accept("@")) return;
  const start = cursor.number();
  cursor.expect("..");
  draft.positions.push(at, start, cursor.number());
}

function operandOf(operand: Operand, cursor: Cursor): Place {
  const kind = KINDS[operand.kind];
  if (kind?.pool === "code") return place(cursor);
  const word = cursor.word();
  if (operand.kind === "count" && word === "spread") return SPREAD_ARGS;
  if (kind?.optional && word === "none") return 0;
  const prefix = kind?.prefix ?? "";
  const digits = word.slice(prefix.length);
  if (!word.startsWith(prefix) || !/^-?\d+$/.test(digits)) {
    return cursor.fail(`${operand.label} must be ${prefix === "" ? "a number" : `${prefix}N`}, not "${word}"`);
  }
  const value = Number(digits) + (kind?.optional ? 1 : 0);
  const [low, high] = FIELD_RANGE[operand.field];
  if (value < low || value > high) cursor.fail(`${operand.label} is out of the range ${low} to ${high}`);
  return value;
}

function defineLabel(draft: Draft, name: string, cursor: Cursor): void {
  if (draft.labels.has(name)) cursor.fail(`the label ${name} is defined twice`);
  draft.labels.set(name, draft.length);
}

function placeAfter(cursor: Cursor, key: string): Place {
  cursor.expect(key);
  return place(cursor);
}

function place(cursor: Cursor): Place {
  const word = cursor.word();
  return /^(-?\d|-?Infinity$|NaN$)/.test(word) ? cursor.numberOf(word) : word;
}

/** Settles the labels and encodes the code. */
function finish(draft: Draft): FunctionProto {
  const settle = (cursor: Cursor, at: Place): number => {
    if (typeof at === "number") return at;
    return draft.labels.get(at) ?? cursor.fail(`the label ${at} is not defined`);
  };
  const code = new Int32Array(draft.length);
  let at = 0;
  for (const { cursor, opcode, words, values } of draft.code) {
    const numbers = values.map((value) => settle(cursor, value));
    code.set(opcode < 0 ? numbers : encodeInstruction(opcode, numbers), at);
    at += words;
  }
  const handlers = draft.handlers.map(({ cursor, places, register, deadlines }): Handler => {
    const [start, end, target] = places;
    return { start: settle(cursor, start), end: settle(cursor, end), target: settle(cursor, target), register, deadlines };
  });
  const inlined = draft.inlined.map(({ cursor, places: [start, end], callStart }): InlinedCall => {
    return { start: settle(cursor, start), end: settle(cursor, end), callStart };
  });
  const locals = draft.locals.map(
    ({ cursor, places, local }): LocalName => ({ ...local, start: settle(cursor, places[0]), end: settle(cursor, places[1]) }),
  );
  const { name, registers, caches, generator, stream, params, captures, constants, names, lists, guards, functions } = draft;
  const tables = { params, captures, constants, names, lists, guards, functions, handlers, inlined, locals };
  return { name, registers, caches, generator, stream, ...tables, code, positions: Int32Array.from(draft.positions) };
}
