/**
 * Says whether a chunk can be run without looking outside its tables, its code or its registers. The run loop checks none of that itself.
 *
 * This file checks what can be seen at each instruction and table entry alone: operands within their tables, jumps at instruction borders,
 * call windows within the frame, handler ranges. When a function passes, `dataflow.ts` follows its control flow. Everything about
 * instructions comes from the opcode table and `kinds.ts`.
 */
import type { Chunk, FunctionProto, Guard } from "./chunk.ts";
import { flowProblems } from "./dataflow.ts";
import { bordersOf, fieldAt, rowAt, wordsAt } from "./instruction.ts";
import { KINDS, type KindRow } from "./kinds.ts";
import type { Operand, OpRow } from "./opcodes.ts";
import { runLength } from "./registers.ts";
import { MAX_FUNCTION_DEPTH, MAX_GUARD_DEPTH, MAX_REGISTERS, Report } from "./report.ts";

/**
 * Checks a whole chunk, nested functions included.
 *
 * @param chunk any chunk, also a damaged one
 * @returns one line per problem with the function and the word index, at most `MAX_PROBLEMS`; empty when the chunk is safe to run
 *
 *     const problems = verify(chunk);
 *     if (problems.length > 0) throw new Error(problems[0]);
 */
export function verify(chunk: Chunk): string[] {
  const report = new Report();
  checkImports(chunk, report);
  if (chunk.main.captures.length > 0) report.add(chunk.main, null, "the main function has nothing to capture from");
  if (chunk.main.params.length > 0) report.add(chunk.main, null, "the main function takes no arguments");
  const pending: { proto: FunctionProto; depth: number }[] = [{ proto: chunk.main, depth: 0 }];
  for (let next = pending.pop(); next !== undefined && !report.full; next = pending.pop()) {
    const { proto, depth } = next;
    new FunctionCheck(chunk, proto, report).check();
    if (depth >= MAX_FUNCTION_DEPTH) report.add(proto, null, "functions are nested too deeply");
    else for (const inner of proto.functions.toReversed()) pending.push({ proto: inner, depth: depth + 1 });
  }
  return report.problems;
}

function checkImports(chunk: Chunk, report: Report): void {
  for (const [i, entry] of chunk.imports.entries()) {
    if (entry.slots === null) continue;
    if (entry.slots.length !== entry.names.length) report.add(chunk.main, null, `import ${i} has another number of slots than of names`);
    for (const slot of entry.slots) {
      if (!isIndex(slot, chunk.slots.length)) report.add(chunk.main, null, `import ${i} goes to slot ${slot} of ${chunk.slots.length}`);
    }
  }
}

class FunctionCheck {
  private borders: Uint8Array = new Uint8Array(0);

  constructor(
    private readonly chunk: Chunk,
    private readonly proto: FunctionProto,
    private readonly report: Report,
  ) {}

  check(): void {
    const { proto, report } = this;
    const before = report.problems.length;
    this.borders = bordersOf(proto.code);
    this.checkShape();
    for (let at = 0; at < proto.code.length && !report.full; at += wordsAt(proto.code, at)) this.checkInstruction(at);
    this.checkHandlers();
    this.checkInlined();
    this.checkPositions();
    this.checkLocals();
    if (report.problems.length === before) flowProblems(this.chunk, proto, report);
  }

  private fail(at: number | null, text: string): void {
    this.report.add(this.proto, at, text);
  }

  private checkShape(): void {
    const { registers, params, code, caches, functions, captures } = this.proto;
    if (code.length === 0) this.fail(null, "there is no code");
    if (!isIndex(registers, MAX_REGISTERS + 1)) this.fail(null, `${registers} registers are no frame`);
    if (params.length > registers) this.fail(null, `${params.length} parameters do not fit ${registers} registers`);
    if (params.findIndex((p) => p.rest) !== -1 && params.findIndex((p) => p.rest) !== params.length - 1) {
      this.fail(null, "only the last parameter takes the rest");
    }
    if (!isIndex(caches, code.length + 1)) this.fail(null, `${caches} inline caches are not possible`);
    for (const inner of functions) {
      for (const [i, { from, index }] of inner.captures.entries()) {
        const count = from === "register" ? registers : captures.length;
        if (!isIndex(index, count)) this.fail(null, `capture ${i} of ${JSON.stringify(inner.name)} takes ${from} ${index} of ${count}`);
      }
    }
    for (const [i, guard] of this.proto.guards.entries()) {
      if (!guardFits(guard, 0)) this.fail(null, `guard ${i} is nested too deeply`);
    }
  }

  private checkInstruction(at: number): void {
    const { code } = this.proto;
    const row = rowAt(code, at);
    if (row === undefined) this.fail(at, `${code[at]} begins no instruction`);
    let next = at;
    for (const names of row?.before ?? []) {
      next += wordsAt(code, next);
      if (!names.split("|").includes(rowAt(code, next)?.name ?? "")) this.fail(at, `${row?.name} stands before no ${names}`);
    }
    for (const operand of row?.operands ?? []) {
      const kind = KINDS[operand.kind];
      const value = fieldAt(code, at, operand.field);
      if (kind === undefined || kind.pool === "none") continue;
      if (kind.pool === "registers") this.checkRegisters(at, row as OpRow, operand, value);
      else if (kind.pool === "code") this.checkPlace(at, `the target of ${operand.label}`, value);
      else this.checkIndex(at, operand, kind, value);
    }
  }

  private checkIndex(at: number, operand: Operand, kind: KindRow, value: number): void {
    if (kind.optional && value === 0) return;
    const index = kind.optional ? value - 1 : value;
    const size = this.sizeOf(kind);
    if (!isIndex(index, size)) this.fail(at, `${operand.label} is number ${index} of ${size} ${kind.pool}`);
  }

  private checkRegisters(at: number, row: OpRow, operand: Operand, first: number): void {
    const { registers } = this.proto;
    const count = runLength(this.chunk, this.proto, at, row, operand);
    if (count > 0 && first + count > registers) {
      const last = first + count - 1;
      this.fail(at, `${operand.label} is ${count === 1 ? `register ${first}` : `registers ${first} to ${last}`} of ${registers}`);
    }
  }

  private checkPlace(at: number | null, what: string, place: number): void {
    const inside = isIndex(place, this.proto.code.length) && this.borders[place] === 1;
    if (!inside) this.fail(at, `${what}, ${place}, is not the beginning of an instruction`);
  }

  private checkHandlers(): void {
    for (const [i, { start, end, target, register, deadlines }] of this.proto.handlers.entries()) {
      const { code, registers } = this.proto;
      this.checkPlace(null, `the start of handler ${i}`, start);
      if (end !== code.length) this.checkPlace(null, `the end of handler ${i}`, end);
      if (!(start <= end)) this.fail(null, `handler ${i} ends at ${end}, before its start ${start}`);
      this.checkPlace(null, `the target of handler ${i}`, target);
      if (!isIndex(register, registers)) this.fail(null, `handler ${i} puts the error into register ${register} of ${registers}`);
      if (!isIndex(deadlines, code.length)) this.fail(null, `handler ${i} expects ${deadlines} deadlines`);
    }
  }

  private checkInlined(): void {
    const { inlined, code } = this.proto;
    for (const [i, { start, end, callStart }] of inlined.entries()) {
      this.checkPlace(null, `the start of inlined call ${i}`, start);
      if (end !== code.length) this.checkPlace(null, `the end of inlined call ${i}`, end);
      if (!(start <= end) || callStart < 0) this.fail(null, `inlined call ${i} goes from ${start} to ${end}`);
    }
  }

  private checkPositions(): void {
    const { positions, code } = this.proto;
    if (positions.length % 3 !== 0) this.fail(null, "the positions are no triples");
    for (let i = 0, last = -1; i + 2 < positions.length && !this.report.full; i += 3) {
      const [word, start, end] = positions.subarray(i, i + 3) as unknown as [number, number, number];
      if (word <= last || word >= code.length || this.borders[word] !== 1) this.fail(null, `position ${i / 3} is at no later instruction`);
      if (start < 0 || end < start) this.fail(null, `position ${i / 3} has the span ${start} to ${end}`);
      last = word;
    }
  }

  private checkLocals(): void {
    const { locals, code, registers, captures } = this.proto;
    for (const { name, place, index, start, end } of locals) {
      const count = place === "register" ? registers : captures.length;
      if (!isIndex(index, count)) this.fail(null, `local ${JSON.stringify(name)} is in ${place} ${index} of ${count}`);
      if (!isIndex(start, end + 1) || !isIndex(end, code.length + 1)) {
        this.fail(null, `local ${JSON.stringify(name)} lives from ${start} to ${end} of ${code.length}`);
      }
    }
  }

  /** How many entries the table has that operands of a kind index. */
  private sizeOf(kind: KindRow): number {
    const { proto, chunk } = this;
    switch (kind.pool) {
      case "slots":
      case "late":
      case "imports":
        return chunk[kind.pool].length;
      case "caches":
        return proto.caches;
      case "constants":
      case "names":
      case "lists":
      case "guards":
      case "functions":
      case "captures":
        return proto[kind.pool].length;
      default:
        return 0;
    }
  }
}

function isIndex(value: number, size: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < size;
}

function guardFits(guard: Guard, depth: number): boolean {
  if (depth > MAX_GUARD_DEPTH) return false;
  if (guard.kind === "union") return guard.members.every((member) => guardFits(member, depth + 1));
  if (guard.kind === "shape") return guard.fields.every((field) => guardFits(field.type, depth + 1));
  const inner = guard.kind === "list" ? guard.item : guard.kind === "dict" ? guard.value : null;
  return inner === null || guardFits(inner, depth + 1);
}
