/**
 * A chunk as text for people: one instruction a line, with labels, and behind a `;` the word index, the meaning of its operands and the
 * source line. Nothing is lost: `assemble.ts` reads the text back into an equal chunk, whatever the chunk holds, so damaged code can be
 * looked at too.
 *
 *     .function "main" registers 3 caches 0
 *       .constant "hello"                          ; k0
 *       LOADK r1 k0                      @8..15    ; 0: "hello"
 *     L2:
 *       JMP L2                                     ; 2:
 *     .end
 *
 * `@8..15` is the span in the source, in UTF-16 offsets, from this instruction on. An instruction that no row of the opcode table explains is
 * written as `.word` and its raw words.
 */
import type { SourceText } from "../source/text.ts";
import { type Chunk, type Constant, type FunctionProto, type Guard, type LocalName, SPREAD_ARGS } from "./chunk.ts";
import { bordersOf, encodeInstruction, fieldAt, rowAt, wordsAt } from "./instruction.ts";
import { KINDS } from "./kinds.ts";
import type { Operand, OpRow } from "./opcodes.ts";

/** The first words of a text, with the version of the notation. */
export const ASSEMBLY_HEADER = ".assembly 1";

/** The column at which comments begin, when the line leaves room. */
const COMMENT_COLUMN = 48;

/**
 * Writes a chunk as assembly text.
 *
 * @param chunk any chunk, verified or not
 * @param source the text that it was compiled from, to show its lines beside the instructions
 * @returns the text, ending with a newline
 *
 *     console.log(disassemble(chunk, new SourceText("main.harn", text)));
 */
export function disassemble(chunk: Chunk, source?: SourceText): string {
  const out: string[] = [ASSEMBLY_HEADER, `.chunk ${numberText(chunk.version)} ${quote(chunk.path)}`];
  for (const [i, name] of chunk.slots.entries()) out.push(withComment(`.slot ${quote(name)}`, `s${i}`));
  for (const name of chunk.dynamic) out.push(`.dynamic ${quote(name)}`);
  for (const [i, name] of chunk.late.entries()) out.push(withComment(`.late ${quote(name)}`, `t${i}`));
  for (const [i, { path, names, slots }] of chunk.imports.entries()) {
    const words = [".import", quote(path), ...names.map(quote), ...(slots === null ? [] : ["slots", ...slots.map(numberText)])];
    out.push(withComment(words.join(" "), `i${i}`));
  }
  for (const name of chunk.functions) out.push(`.callable ${quote(name)}`);
  for (const name of chunk.exports) out.push(`.export ${quote(name)}`);
  new FunctionWriter(chunk, chunk.main, source, "", out).write();
  return `${out.join("\n")}\n`;
}

/** Writes one function and, within it, its nested functions. */
class FunctionWriter {
  /** Words that a jump, handler or local names; those at a border get a label. */
  private readonly labels = new Set<number>();
  private readonly borders: Uint8Array;
  /** Place in `positions` by word, or null when they do not follow the instructions and must be written as they are. */
  private readonly spans: Map<number, readonly [number, number]> | null;
  private readonly names: Map<number, LocalName[]>;
  private shownLine = 0;

  constructor(
    private readonly chunk: Chunk,
    private readonly proto: FunctionProto,
    private readonly source: SourceText | undefined,
    private readonly indent: string,
    private readonly out: string[],
  ) {
    this.borders = bordersOf(proto.code);
    this.spans = spansByWord(proto, this.borders);
    this.names = new Map();
    for (const local of proto.locals) {
      if (local.place !== "register") continue;
      const held = this.names.get(local.index);
      if (held) held.push(local);
      else this.names.set(local.index, [local]);
    }
  }

  write(): void {
    const { proto } = this;
    const generator = `${proto.generator ? " generator" : ""}${proto.stream ? " stream" : ""}`;
    this.line(
      `.function ${quote(proto.name)} registers ${numberText(proto.registers)} caches ${numberText(proto.caches)}${generator}`,
      "",
      this.indent,
    );
    for (const param of proto.params) {
      this.line(`.param ${quote(param.name)}${param.hasDefault ? " default" : ""}${param.rest ? " rest" : ""}`);
    }
    this.table("c", proto.captures, (c) => `.capture ${c.from} ${numberText(c.index)}`);
    this.table("k", proto.constants, (constant) => `.constant ${constantText(constant)}`);
    this.table("n", proto.names, (name) => `.name ${quote(name)}`);
    this.table("l", proto.lists, (names) => [".list", ...names.map(quote)].join(" "));
    this.table("g", proto.guards, (guard) => `.guard ${guardText(guard)}`);
    if (this.spans === null) this.line(`.positions ${[...proto.positions].join(" ")}`);
    for (const h of proto.handlers) {
      const range = `from ${this.place(h.start)} to ${this.place(h.end)} target ${this.place(h.target)}`;
      this.line(`.handler ${range} register ${numberText(h.register)} deadlines ${numberText(h.deadlines)}`);
    }
    for (const call of proto.inlined) {
      this.line(`.inlined from ${this.place(call.start)} to ${this.place(call.end)} call ${numberText(call.callStart)}`);
    }
    for (const l of proto.locals) {
      this.line(`.local ${quote(l.name)} ${l.place} ${numberText(l.index)} from ${this.place(l.start)} to ${this.place(l.end)}`);
    }
    this.writeCode();
    for (const inner of proto.functions) new FunctionWriter(this.chunk, inner, this.source, `${this.indent}  `, this.out).write();
    this.line(".end", "", this.indent);
  }

  /** The entries of a table, each with the operand that names it. */
  private table<T>(prefix: string, entries: readonly T[], text: (entry: T) => string): void {
    for (const [i, entry] of entries.entries()) this.line(text(entry), `${prefix}${i}`);
  }

  private writeCode(): void {
    const { code } = this.proto;
    for (let at = 0; at < code.length; at += wordsAt(code, at)) {
      const row = rowAt(code, at);
      for (const operand of row?.operands ?? []) {
        if (KINDS[operand.kind]?.pool === "code") this.place(fieldAt(code, at, operand.field));
      }
    }
    for (let at = 0; at < code.length; at += wordsAt(code, at)) {
      if (this.labels.has(at)) this.line(`L${at}:`, "", this.indent);
      this.writeInstruction(at);
    }
    if (this.labels.has(code.length)) this.line(`L${code.length}:`, "", this.indent);
  }

  private writeInstruction(at: number): void {
    const { code } = this.proto;
    const row = rowAt(code, at);
    const raw = [...code.subarray(at, at + wordsAt(code, at))];
    const values = row === undefined ? [] : row.operands.map((o) => fieldAt(code, at, o.field));
    const exact = row !== undefined && encodeInstruction((code[at] as number) & 0xff, values).every((word, i) => word === raw[i]);
    const text = exact
      ? [row.name, ...row.operands.map((o, i) => this.operand(o, values[i] as number))].join(" ")
      : `.word ${raw.join(" ")}`;
    const span = this.spans?.get(at);
    const notes = exact ? this.notes(row, values, at) : "";
    const line = span === undefined ? text : `${text.padEnd(COMMENT_COLUMN - 16)} @${span[0]}..${span[1]}`;
    this.line(line, `${at}: ${notes}${span === undefined ? "" : this.sourceLine(span[0])}`.trimEnd());
  }

  private operand(operand: Operand, value: number): string {
    const kind = KINDS[operand.kind];
    if (kind?.pool === "code") return this.place(value);
    if (operand.kind === "count" && value === SPREAD_ARGS) return "spread";
    if (kind?.optional) return value === 0 ? "none" : `${kind.prefix}${value - 1}`;
    return `${kind?.prefix ?? ""}${value}`;
  }

  /** What the operands stand for, as far as a number does not say it. */
  private notes(row: OpRow, values: readonly number[], at: number): string {
    const notes = row.operands.map((operand, i) => {
      const kind = KINDS[operand.kind];
      const index = (values[i] as number) - (kind?.optional ? 1 : 0);
      const { proto, chunk } = this;
      if (kind?.pool === "registers") return this.localAt(index, at);
      if (kind?.pool === "constants" && index in proto.constants) return constantText(proto.constants[index] as Constant);
      if (kind?.pool === "names") return quoted(proto.names[index]);
      if (kind?.pool === "lists") return proto.lists[index]?.map(quote).join(" ");
      if (kind?.pool === "guards" && index in proto.guards) return guardText(proto.guards[index] as Guard);
      if (kind?.pool === "functions") return quoted(proto.functions[index]?.name);
      if (kind?.pool === "slots") return quoted(chunk.slots[index]);
      if (kind?.pool === "late") return quoted(chunk.late[index]);
      if (kind?.pool === "imports") return quoted(chunk.imports[index]?.path);
      return undefined;
    });
    return [...new Set(notes.filter((note) => note !== undefined && note !== ""))].join(", ");
  }

  /** The local that a register holds after the instruction at `at` begins to work; its name starts with the next word for a definition. */
  private localAt(register: number, at: number): string | undefined {
    const next = at + wordsAt(this.proto.code, at);
    const local = this.names.get(register)?.findLast((l) => l.start <= next && at < l.end);
    return local === undefined ? undefined : `r${register} is ${quote(local.name)}`;
  }

  /** The source line of an offset, each time it differs from the one shown before. */
  private sourceLine(offset: number): string {
    if (this.source === undefined) return "";
    const line = this.source.line(offset);
    if (line === this.shownLine) return "";
    this.shownLine = line;
    return `  | ${line}: ${(this.source.lineText(line) ?? "").trim()}`;
  }

  /** A word as a label, or as a number when no instruction begins there. */
  private place(word: number): string {
    if (this.borders[word] !== 1) return numberText(word);
    this.labels.add(word);
    return `L${word}`;
  }

  private line(text: string, comment = "", indent = `${this.indent}  `): void {
    this.out.push(withComment(`${indent}${text}`, comment));
  }
}

/** Spans by word, if every triple belongs to an instruction and they ascend; null otherwise. */
function spansByWord(proto: FunctionProto, borders: Uint8Array): Map<number, readonly [number, number]> | null {
  const { positions, code } = proto;
  const spans = new Map<number, readonly [number, number]>();
  if (positions.length % 3 !== 0) return null;
  let last = -1;
  for (let i = 0; i < positions.length; i += 3) {
    const word = positions[i] as number;
    if (word <= last || word >= code.length || borders[word] !== 1) return null;
    last = word;
    spans.set(word, [positions[i + 1] as number, positions[i + 2] as number]);
  }
  return spans;
}

/** A constant in assembly text: `nil`, `true`, `"a"`, `12`, `12n`, `float 1.5`, `duration 250`, `list(1, 2)`, `dict("a": 1)`. */
export function constantText(value: Constant): string {
  if (value === null) return "nil";
  if (typeof value === "string") return quote(value);
  if (typeof value !== "object") return typeof value === "boolean" ? String(value) : numberText(value);
  switch (value.kind) {
    case "float":
      return `float ${numberText(value.value)}`;
    case "duration":
      return `duration ${numberText(value.ms)}`;
    case "list":
      return `list(${value.items.map(constantText).join(", ")})`;
    case "dict":
      return `dict(${value.entries.map(([key, item]) => `${quote(key)}: ${constantText(item)}`).join(", ")})`;
  }
}

/** A guard in assembly text: `union(name "int", list(name "string"))`, `shape("a": name "int", "b"?: dict())`. */
export function guardText(guard: Guard): string {
  switch (guard.kind) {
    case "name":
    case "interface":
      return `${guard.kind} ${quote(guard.name)}`;
    case "literal":
      return `literal ${constantText(guard.value)}`;
    case "union":
      return `union(${guard.members.map(guardText).join(", ")})`;
    case "list":
      return `list(${guard.item === null ? "" : guardText(guard.item)})`;
    case "dict":
      return `dict(${guard.value === null ? "" : guardText(guard.value)})`;
    case "shape":
      return `shape(${guard.fields.map((f) => `${quote(f.name)}${f.optional ? "?" : ""}: ${guardText(f.type)}`).join(", ")})`;
  }
}

function numberText(value: number | bigint): string {
  if (typeof value === "bigint") return `${value}n`;
  return Object.is(value, -0) ? "-0" : String(value);
}

function quote(text: string): string {
  return JSON.stringify(text);
}

function quoted(text: string | undefined): string | undefined {
  return text === undefined ? undefined : quote(text);
}

function withComment(text: string, comment: string): string {
  return comment === "" ? text : `${text.padEnd(COMMENT_COLUMN)} ; ${comment}`;
}
