/**
 * Random chunks made from the opcode table alone: `wildChunk` is well-formed but senseless, `soundChunk` is senseless too but passes the
 * verifier, `mutated` damages a chunk. The same seed gives the same chunks.
 */
import type { Chunk, Constant, FunctionProto, Guard, Handler, LocalName } from "../../src/bytecode/chunk.ts";
import { CHUNK_VERSION, SPREAD_ARGS } from "../../src/bytecode/chunk.ts";
import { bordersOf, encodeInstruction, FIELD_RANGE } from "../../src/bytecode/instruction.ts";
import { KINDS } from "../../src/bytecode/kinds.ts";
import { OPCODES, type Operand, type OpRow, wordsOf } from "../../src/bytecode/opcodes.ts";

export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = (seed ^ 0x9e3779b9) | 0 || 1;
  }

  /** An integer from 0 up to, but not including, `limit`. */
  below(limit: number): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x;
    return Math.floor(((x >>> 0) / 0x100000000) * limit);
  }

  chance(oneIn: number): boolean {
    return this.below(oneIn) === 0;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }

  times<T>(limit: number, make: (index: number) => T): T[] {
    return Array.from({ length: this.below(limit) }, (_, i) => make(i));
  }
}

/** The seed of this run: `SEED` of the environment (`random`: a new one), or always the same. Tests print it when they fail. */
export function seedOfRun(): number {
  const given = process.env.SEED;
  if (given === undefined) return 20_260_101;
  return given === "random" ? Date.now() % 0x7fffffff : Number(given);
}

/** Runs `body` for `count` seeds; a failure names the seed that repeats it alone. */
export function forSeeds(count: number, body: (random: Random) => void): void {
  const first = seedOfRun();
  for (let seed = first; seed < first + (process.env.SEED === undefined || process.env.SEED === "random" ? count : 1); seed++) {
    try {
      body(new Random(seed));
    } catch (error) {
      console.error(`SEED=${seed}`);
      throw error;
    }
  }
}

const TEXTS = ["", "a", "println", "two words", 'quote " and \\', "line\nbreak", "; no comment", "\ud800", "e\u0301 🎈", "L3:", "\u2028"];
const LOADI = OPCODES.findIndex((row) => row.name === "LOADI");
const RETNIL = OPCODES.findIndex((row) => row.name === "RETNIL");

function constant(random: Random, depth = 0): Constant {
  const inner = () => constant(random, depth + 1);
  if (depth < 3 && random.chance(8)) {
    if (random.chance(2)) return { kind: "list", items: random.times(3, inner) };
    return { kind: "dict", entries: random.times(3, () => [random.pick(TEXTS), inner()] as const) };
  }
  return random.pick<Constant>([
    null,
    true,
    false,
    random.pick(TEXTS),
    random.below(1000) - 500,
    2 ** 53 - 1,
    -(2n ** 63n),
    9007199254740993n,
    { kind: "float", value: random.pick([0, -0, 1.5, -1e300, 5e-324, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) },
    { kind: "duration", ms: random.pick<number | bigint>([0, 250, -1, 2n ** 60n]) },
  ]);
}

function guard(random: Random, depth = 0): Guard {
  const inner = () => guard(random, depth + 1);
  const leaves = ["name", "literal", "interface"] as const;
  const kind = depth > 3 ? random.pick(leaves) : random.pick([...leaves, "union", "list", "dict", "shape"] as const);
  if (kind === "name" || kind === "interface") return { kind, name: random.pick(TEXTS) };
  if (kind === "literal") return { kind, value: random.pick<string | number | bigint>([random.pick(TEXTS), -3, 2n ** 62n]) };
  if (kind === "union") return { kind, members: random.times(4, inner) };
  if (kind === "list") return { kind, item: random.chance(3) ? null : inner() };
  if (kind === "dict") return { kind, value: random.chance(3) ? null : inner() };
  return { kind, fields: random.times(3, () => ({ name: random.pick(TEXTS), optional: random.chance(2), type: inner() })) };
}

/** Tables that a function's operands index; the code is added by whoever calls. */
function tables(random: Random, outer: { registers: number; captures: number }, depth: number, code: MakeCode): FunctionProto {
  const registers = 4 + random.below(40);
  const sources = [
    ...(outer.registers > 0 ? [{ from: "register", index: random.below(outer.registers) } as const] : []),
    ...(outer.captures > 0 ? [{ from: "capture", index: random.below(outer.captures) } as const] : []),
  ];
  const captures = sources.length === 0 ? [] : random.times(4, () => random.pick(sources));
  const params = depth === 0 ? [] : random.times(4, () => ({ name: random.pick(TEXTS), hasDefault: random.chance(2), rest: false }));
  const bare = {
    name: random.pick(TEXTS),
    params,
    registers,
    code: new Int32Array(0),
    constants: random.times(6, () => constant(random)),
    names: random.times(6, () => random.pick(TEXTS)),
    lists: random.times(4, () => random.times(4, () => random.pick(TEXTS))),
    guards: random.times(3, () => guard(random)),
    functions: depth > 2 ? [] : random.times(3, () => tables(random, { registers, captures: captures.length }, depth + 1, code)),
    captures,
    handlers: [],
    inlined: [],
    positions: new Int32Array(0),
    locals: [],
    generator: random.chance(5),
    stream: random.chance(8),
    caches: random.below(5),
  };
  return { ...bare, ...code(random, bare) };
}

type Coded = Pick<FunctionProto, "code" | "handlers" | "inlined" | "positions" | "locals">;
type MakeCode = (random: Random, proto: FunctionProto) => Coded;
type Counts = Pick<Chunk, "slots" | "late" | "imports" | "functions" | "exports">;

function chunkOf(random: Random, code: (counts: Counts) => MakeCode): Chunk {
  const slots = random.times(4, () => random.pick(TEXTS));
  const counts = {
    slots,
    late: random.times(4, () => random.pick(TEXTS)),
    dynamic: random.times(2, () => random.pick(TEXTS)),
    imports: random.times(3, () => {
      const names = random.times(3, () => random.pick(TEXTS));
      const toSlots = slots.length > 0 && random.chance(2);
      return { path: random.pick(TEXTS), names, slots: toSlots ? names.map(() => random.below(slots.length)) : null };
    }),
    functions: random.times(3, () => random.pick(TEXTS)),
    exports: random.times(3, () => random.pick(TEXTS)),
  };
  const main = tables(random, { registers: 0, captures: 0 }, 0, code(counts));
  return { version: CHUNK_VERSION, path: random.pick(TEXTS), main, ...counts };
}

/** Well-formed, but indexes, jumps and registers may be anything that the fields hold, and some words are no instructions. */
export function wildChunk(random: Random): Chunk {
  return chunkOf(random, () => () => {
    const words: number[] = [];
    for (let i = random.below(40); i > 0; i--) {
      const opcode = random.below(OPCODES.length);
      const row = OPCODES[opcode] as OpRow;
      if (random.chance(20)) words.push((random.below(0x100000000) | 0) >> random.below(32));
      else
        words.push(
          ...encodeInstruction(
            opcode,
            row.operands.map((operand) => wildValue(random, operand)),
          ),
        );
    }
    const code = Int32Array.from(words);
    return { code, ...sideTables(random, code) };
  });
}

function wildValue(random: Random, operand: Operand): number {
  const [low, high] = FIELD_RANGE[operand.field];
  if (random.chance(3)) return random.pick([low, high, random.below(high)]);
  return random.below(KINDS[operand.kind].pool === "code" ? 80 : 6);
}

/** Handlers, locals and positions, most of them at borders. */
function sideTables(random: Random, code: Int32Array): Omit<Coded, "code"> {
  const borders = bordersOf(code);
  const places = [...borders.keys()].filter((at) => borders[at] === 1);
  const place = () => (random.chance(10) ? random.below(100) - 5 : random.pick(places));
  const positions = places
    .filter((at) => at < code.length && random.chance(2))
    .flatMap((at) => [at, random.below(100), 100 + random.below(100)]);
  if (random.chance(6)) positions.push(random.below(9), random.below(9), random.below(9), ...random.times(2, () => 1));
  const handlers = random.times(3, (): Handler => {
    const [start, end, target] = [place(), place(), place()];
    return { start, end, target, register: random.below(9), deadlines: random.below(3) };
  });
  const locals = random.times(4, (): LocalName => {
    const [start, end] = [place(), place()];
    return { name: random.pick(TEXTS), place: random.pick(["register", "capture"] as const), index: random.below(9), start, end };
  });
  const inlined = random.times(2, () => ({ start: place(), end: place(), callStart: random.below(100) }));
  return { positions: Int32Array.from(positions), handlers, inlined, locals };
}

/**
 * Passes the verifier: every register is loaded at the beginning, again behind each call those that it took, and where a handler catches;
 * so whatever jumps, all registers are written at every instruction that reads.
 */
export function soundChunk(random: Random): Chunk {
  return chunkOf(random, (counts) => (r, proto) => new SoundCode(r, proto, counts).make());
}

class SoundCode {
  private readonly words: number[] = [];
  private readonly begins: number[] = [];
  private readonly jumps: { readonly word: number }[] = [];
  private readonly handlers: Handler[] = [];

  constructor(
    private readonly random: Random,
    private readonly proto: FunctionProto,
    private readonly counts: Counts,
  ) {}

  make(): Coded {
    const { random } = this;
    this.load(0);
    for (let i = 5 + random.below(30); i > 0; i--) this.instruction(random.below(OPCODES.length));
    if (random.chance(2)) this.handler();
    this.emit(RETNIL, []);
    for (const { word } of this.jumps) this.words[word] = random.pick(this.begins);
    const code = Int32Array.from(this.words);
    const positions = this.begins.filter(() => random.chance(2)).flatMap((at) => [at, at, at + random.below(9)]);
    const { registers } = this.proto;
    const locals = random.times(3, (i): LocalName => {
      return { name: `v${i}`, place: "register", index: random.below(registers), start: random.below(code.length), end: code.length };
    });
    const [a, b] = [random.pick(this.begins), random.pick(this.begins)];
    const inlined = [{ start: Math.min(a, b), end: Math.max(a, b), callStart: random.below(100) }];
    return { code, positions: Int32Array.from(positions), handlers: this.handlers, inlined, locals };
  }

  private load(from: number): void {
    for (let register = from; register < this.proto.registers; register++) this.emit(LOADI, [register, register]);
  }

  /** A range over some of the code so far; where it catches, everything is loaded again. */
  private handler(): void {
    const [a, b] = [this.random.pick(this.begins), this.random.pick(this.begins)];
    const register = this.random.below(this.proto.registers);
    this.emit(RETNIL, []);
    this.handlers.push({ start: Math.min(a, b), end: Math.max(a, b), target: this.words.length, register, deadlines: 0 });
    this.load(0);
  }

  private instruction(opcode: number): void {
    const row = OPCODES[opcode] as OpRow;
    // With those that must stand behind it.
    const opcodes = [opcode, ...row.before.map((names) => OPCODES.findIndex((other) => names.split("|").includes(other.name)))];
    const values = opcodes.map((other) => (OPCODES[other] as OpRow).operands.map((operand) => this.value(operand)));
    if (values.flat().includes(null) || (row.operands.some((o) => o.kind === "import") && this.proto.registers < 8)) return;
    opcodes.forEach((other, i) => this.emit(other, values[i] as number[]));
    const window = row.operands.findIndex((operand) => KINDS[operand.kind].access.startsWith("window"));
    if (window >= 0) this.load(values[0]?.[window] as number);
  }

  /** Null when the table that the operand indexes is empty. */
  private value(operand: Operand): number | null {
    const { random, proto, counts } = this;
    const kind = KINDS[operand.kind];
    if (kind.pool === "registers") {
      const run = kind.access.endsWith("Run") || kind.access.startsWith("window");
      return random.below(run ? proto.registers - 3 : proto.registers);
    }
    if (operand.kind === "count") return random.pick([0, 1, 2]);
    if (kind.pool === "none") return random.below(5);
    if (kind.pool === "code") return 0;
    const size =
      kind.pool === "caches"
        ? proto.caches
        : kind.pool === "slots" || kind.pool === "late" || kind.pool === "imports"
          ? counts[kind.pool].length
          : proto[kind.pool].length;
    if (kind.optional) return random.below(size + 1);
    return size === 0 ? null : random.below(size);
  }

  private emit(opcode: number, values: readonly number[]): void {
    const row = OPCODES[opcode] as OpRow;
    const at = this.words.length;
    this.begins.push(at);
    this.words.push(...encodeInstruction(opcode, values));
    const jump = row.operands.find((o) => KINDS[o.kind].pool === "code");
    if (jump !== undefined) this.jumps.push({ word: at + (jump.field === "D" ? 1 : 2) });
    if (this.words.length !== at + wordsOf(row)) throw new Error(`${row.name} has another length`);
  }
}

/** A copy with one number somewhere changed, or one entry of a table left out. */
export function mutated(random: Random, chunk: Chunk): Chunk {
  const copy = structuredClone(chunk);
  const spots: { readonly holder: Record<number | string, unknown>; readonly key: number | string }[] = [];
  // The entries of a dict are pairs: they lose no half.
  const visit = (value: unknown, ofPairs = false): void => {
    if (typeof value !== "object" || value === null) return;
    const holder = value as Record<number | string, unknown>;
    for (const key of Object.keys(holder)) {
      if (typeof holder[key] === "number" || (Array.isArray(holder[key]) && !ofPairs)) spots.push({ holder, key });
      visit(holder[key], key === "entries");
    }
  };
  visit(copy.main);
  visit(copy.imports);
  const { holder, key } = random.pick(spots);
  const old = holder[key];
  if (typeof old === "number") holder[key] = damagedNumber(random, old);
  else (old as unknown[]).splice(random.below((old as unknown[]).length), 1);
  return copy;
}

function damagedNumber(random: Random, old: number): number {
  const near = [old + 1, old - 1, -old, old ^ (1 << random.below(32)), old + (1 << (8 + random.below(4)))];
  return random.pick([...near, 0, 0x7fffffff, -0x80000000, SPREAD_ARGS, random.below(300), Number.NaN, 1.5]);
}
