/**
 * What each operand kind of the opcode table means to the tools: how assembly text writes it, what its number indexes, and what it does to
 * the registers of the frame.
 *
 * The border to `opcodes.ts`: that table says which operands an instruction has; this one says, once for all instructions, what a kind is.
 * A kind that is added there must get its row here, and the type checker asks for it.
 */
import type { OperandKind } from "./opcodes.ts";

/** The table that a number indexes; `none` for immediates. */
export type Pool =
  | "registers"
  | "constants"
  | "names"
  | "lists"
  | "guards"
  | "functions"
  | "captures"
  | "slots"
  | "late"
  | "imports"
  | "caches"
  | "code"
  | "none";

/**
 * What happens to the register that the operand names. `readRun` and `writeRun` stand for as many registers as the row's count says;
 * `window` for a call that reads its first register, `windowBehind` for one that reads only those behind it; `writeOnJump` for a write that
 * happens on the jump's edge alone.
 */
export type Access = "none" | "read" | "write" | "readWrite" | "writeOnJump" | "readRun" | "writeRun" | "window" | "windowBehind";

export interface KindRow {
  /** What assembly text puts before the number. */
  readonly prefix: string;
  readonly pool: Pool;
  readonly access: Access;
  /** The field holds the index plus one, and 0 says that there is none. */
  readonly optional: boolean;
}

function kind(prefix: string, pool: Pool, access: Access = "none", optional = false): KindRow {
  return { prefix, pool, access, optional };
}

export const KINDS: Readonly<Record<OperandKind, KindRow>> = {
  r: kind("r", "registers", "read"),
  w: kind("r", "registers", "write"),
  rw: kind("r", "registers", "readWrite"),
  "w>": kind("r", "registers", "writeOnJump"),
  "r*": kind("r", "registers", "readRun"),
  "w*": kind("r", "registers", "writeRun"),
  call: kind("r", "registers", "window"),
  args: kind("r", "registers", "windowBehind"),
  const: kind("k", "constants"),
  name: kind("n", "names"),
  "name?": kind("n", "names", "none", true),
  list: kind("l", "lists"),
  guard: kind("g", "guards"),
  fn: kind("f", "functions"),
  capture: kind("c", "captures"),
  slot: kind("s", "slots"),
  late: kind("t", "late"),
  import: kind("i", "imports"),
  cache: kind("#", "caches"),
  jump: kind("", "code"),
  int: kind("", "none"),
  count: kind("", "none"),
};
