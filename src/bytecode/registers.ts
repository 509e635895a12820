/**
 * Which registers an instruction reads, overwrites and leaves unusable, for the verifier and whoever else needs to know what is live. All of
 * it follows from the operand kinds of the row.
 */
import { type Chunk, type FunctionProto, SPREAD_ARGS } from "./chunk.ts";
import { fieldAt } from "./instruction.ts";
import { type Access, KINDS } from "./kinds.ts";
import { OPCODES, type Operand, type OpRow } from "./opcodes.ts";

/** Receives what an instruction does to registers: first all reads, then at most one `clobber`, then the writes. */
export interface RegisterVisitor {
  read(register: number, operand: Operand): void;
  /** A call runs its callee's frame over this register and all behind it. */
  clobber(from: number): void;
  /** `onJump`: only when the instruction jumps. */
  write(register: number, onJump: boolean): void;
}

/** A row's operands sorted by what they do, so that a visit need not ask each operand what it is. */
interface Plan {
  readonly reads: readonly Operand[];
  readonly window: Operand | undefined;
  readonly writes: readonly Operand[];
}

const READING: ReadonlySet<Access> = new Set(["read", "readWrite", "readRun", "window", "windowBehind"]);
const WRITING: ReadonlySet<Access> = new Set(["write", "readWrite", "writeOnJump", "writeRun"]);

function planOf(row: OpRow): Plan {
  const reads: Operand[] = [];
  const closures: Operand[] = [];
  const writes: Operand[] = [];
  let window: Operand | undefined;
  let elsewhere = false;
  for (const operand of row.operands) {
    const { access, pool } = KINDS[operand.kind];
    if (READING.has(access)) reads.push(operand);
    if (WRITING.has(access)) writes.push(operand);
    if (pool === "functions") closures.push(operand);
    if (access === "window" || access === "windowBehind") window = operand;
    elsewhere ||= access === "write";
  }
  reads.push(...closures);
  // A call without a register for its result leaves it in the first one of its window.
  if (window !== undefined && !elsewhere) writes.push(window);
  return { reads, window, writes };
}

const PLANS: ReadonlyMap<OpRow, Plan> = new Map(OPCODES.map((row) => [row, planOf(row)]));

/**
 * Tells a visitor what the instruction at word `at` does. Its registers and table indexes must be within their ranges.
 */
export function visitRegisters(chunk: Chunk, proto: FunctionProto, at: number, row: OpRow, visitor: RegisterVisitor): void {
  const { reads, window, writes } = PLANS.get(row) as Plan;
  for (const operand of reads) visitReads(chunk, proto, at, row, operand, visitor);
  if (window !== undefined) visitor.clobber(fieldAt(proto.code, at, window.field));
  for (const operand of writes) {
    const access = KINDS[operand.kind].access;
    const first = fieldAt(proto.code, at, operand.field);
    if (access === "writeRun") {
      const count = runLength(chunk, proto, at, row, operand);
      for (let i = 0; i < count; i++) visitor.write(first + i, false);
    } else visitor.write(first, access === "writeOnJump");
  }
}

function visitReads(chunk: Chunk, proto: FunctionProto, at: number, row: OpRow, operand: Operand, visitor: RegisterVisitor): void {
  const { access, pool } = KINDS[operand.kind];
  const value = fieldAt(proto.code, at, operand.field);
  if (pool === "functions") {
    // Making a closure copies the registers that the nested function captures.
    for (const capture of proto.functions[value]?.captures ?? []) {
      if (capture.from === "register") visitor.read(capture.index, operand);
    }
    return;
  }
  const count = runLength(chunk, proto, at, row, operand);
  for (let i = access === "windowBehind" ? 1 : 0; i < count; i++) visitor.read(value + i, operand);
}

/**
 * How many registers an operand stands for, beginning with the one that it names: for a call its window, callee and arguments, where a
 * spread list of arguments is one register; for a run what the row's count says, or as many as its import binds.
 */
export function runLength(chunk: Chunk, proto: FunctionProto, at: number, row: OpRow, operand: Operand): number {
  const access = KINDS[operand.kind]?.access;
  if (access === "window" || access === "windowBehind") {
    const count = operandValue(proto, at, row, "count");
    return 1 + (count === SPREAD_ARGS ? 1 : Math.max(0, count ?? 0));
  }
  if (access !== "readRun" && access !== "writeRun") return 1;
  const index = operandValue(proto, at, row, "import");
  if (index === undefined) return Math.max(0, operandValue(proto, at, row, "count") ?? 1);
  const entry = chunk.imports[index];
  return entry === undefined || entry.slots !== null ? 0 : entry.names.length;
}

/** The value of the row's operand of that kind, if it has one. */
function operandValue(proto: FunctionProto, at: number, row: OpRow, kind: "count" | "import"): number | undefined {
  const operand = row.operands.find((o) => o.kind === kind);
  return operand === undefined ? undefined : fieldAt(proto.code, at, operand.field);
}
