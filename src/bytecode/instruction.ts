/**
 * One instruction as words: reading its fields, writing them, and finding where the next one begins. The layout is the one that the head of
 * `opcodes.ts` draws; nobody else in this folder shifts bits.
 *
 * The run loop and the compiler do this inline for speed; the tools here take their time.
 */
import { type Field, OPCODES, type OpRow, wordsOf } from "./opcodes.ts";

/** The smallest and largest value of each field. */
export const FIELD_RANGE: Readonly<Record<Field, readonly [number, number]>> = {
  A: [0, 0xffffff],
  B: [0, 0xffff],
  C: [0, 0xffff],
  D: [-0x80000000, 0x7fffffff],
  E: [-0x80000000, 0x7fffffff],
};

/** Length in words by opcode number. */
const WORDS: readonly number[] = OPCODES.map(wordsOf);

/** The row of the instruction that begins at word `at`, or undefined when its opcode is unknown or the code ends within it. */
export function rowAt(code: Int32Array, at: number): OpRow | undefined {
  const opcode = (code[at] as number) & 0xff;
  const words = WORDS[opcode];
  return words === undefined || at + words > code.length ? undefined : OPCODES[opcode];
}

/** How many words the instruction at `at` takes; 1 for a word that is no instruction. */
export function wordsAt(code: Int32Array, at: number): number {
  const words = WORDS[(code[at] as number) & 0xff];
  return words === undefined || at + words > code.length ? 1 : words;
}

/** The value of one field of the instruction that begins at word `at`. */
export function fieldAt(code: Int32Array, at: number, field: Field): number {
  if (field === "A") return (code[at] as number) >>> 8;
  if (field === "B") return (code[at + 1] as number) & 0xffff;
  if (field === "C") return (code[at + 1] as number) >>> 16;
  return code[field === "D" ? at + 1 : at + 2] as number;
}

/**
 * The words of an instruction.
 *
 * @param opcode number of its row
 * @param values one per operand of the row, in the row's order, each within `FIELD_RANGE`; fields that the row does not name are 0
 */
export function encodeInstruction(opcode: number, values: readonly number[]): number[] {
  const row = OPCODES[opcode] as OpRow;
  const words = [opcode, 0, 0];
  row.operands.forEach((operand, i) => {
    const value = values[i] as number;
    if (operand.field === "A") words[0] = opcode | (value << 8) | 0;
    else if (operand.field === "B") words[1] = (words[1] as number) | value;
    else if (operand.field === "C") words[1] = (words[1] as number) | (value << 16);
    else words[operand.field === "D" ? 1 : 2] = value;
  });
  return words.slice(0, WORDS[opcode]);
}

/**
 * Marks the words at which an instruction begins.
 *
 * @returns one byte a word and one for the end of the code, which is a border as well: 1 at a border, else 0
 */
export function bordersOf(code: Int32Array): Uint8Array {
  const borders = new Uint8Array(code.length + 1);
  for (let at = 0; at < code.length; at += wordsAt(code, at)) borders[at] = 1;
  borders[code.length] = 1;
  return borders;
}
