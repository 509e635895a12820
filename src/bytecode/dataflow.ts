/**
 * Follows the control flow of one function whose operands are known to be in range: no register is read before it was written on every path
 * that leads there, and no path runs past the end of the code.
 *
 * The usual forward analysis over basic blocks. A block's state is one bit a register, 1 for "written on every path"; states only ever lose
 * bits, and blocks are visited in reverse postorder, so a few rounds settle it. Three things are particular:
 *
 * - Parameters are written at entry, all of them: missing arguments are nil.
 * - A call runs its callee's frame over the registers from its window on, so only the result is written afterwards.
 * - An error may be raised at every instruction of a handler's range. Within a block a register that was written at its beginning stays so
 *   unless a call's window takes it, so the state at the handler is the block's state below the lowest window in it.
 */
import type { Chunk, FunctionProto } from "./chunk.ts";
import { fieldAt, rowAt, wordsAt } from "./instruction.ts";
import { KINDS } from "./kinds.ts";
import type { Operand, OpRow } from "./opcodes.ts";
import { type RegisterVisitor, visitRegisters } from "./registers.ts";
import type { Report } from "./report.ts";

/** Blocks times words of state; beyond it a function is refused, so that no input can ask for gigabytes (4 bytes each). */
const MAX_STATE_WORDS = 1 << 25;

interface Block {
  readonly start: number;
  end: number;
  /** Its last instruction. */
  last: number;
  /** The handler that catches here, by index, or -1. */
  handler: number;
  /** Blocks that follow without a jump, by a jump, and by an error; -1 for none. */
  next: number;
  jump: number;
  caught: number;
  /** Null until the block was reached. */
  state: Uint32Array | null;
  dirty: boolean;
}

/** Adds the problems of `proto` to the report. Time grows with the length of the code, times the registers over 32, times the loop depth. */
export function flowProblems(chunk: Chunk, proto: FunctionProto, report: Report): void {
  const blocks = blocksOf(proto);
  if (blocks.length * wordsOfState(proto) > MAX_STATE_WORDS) {
    report.add(proto, null, "the function is too large to verify");
    return;
  }
  const order = reversePostorder(blocks);
  const flow = new Flow(chunk, proto, report, blocks);
  flow.settle(order);
  flow.reportReads(order);
  for (const index of order) {
    const block = blocks[index] as Block;
    if (block.end === proto.code.length && fallsThrough(proto, block)) report.add(proto, block.last, "runs past the end of the code");
  }
  reportHidden(proto, blocks, report);
}

/** Runs instructions over a state; the same object serves all blocks of a function. */
class State implements RegisterVisitor {
  readonly bits: Uint32Array;
  /** The lowest register that a call took. */
  window = 0;
  /** Registers that the jump at the end of the block writes. */
  onJump: number[] = [];
  /** The instruction that is being looked at. */
  private at = 0;

  /** `report` is null while the states are not settled. */
  constructor(
    private readonly chunk: Chunk,
    private readonly proto: FunctionProto,
    private readonly report: Report | null,
  ) {
    this.bits = new Uint32Array(wordsOfState(proto));
  }

  run(block: Block): void {
    const { code, registers } = this.proto;
    this.bits.set(block.state as Uint32Array);
    this.window = registers;
    this.onJump = [];
    for (let at = block.start; at < block.end; at += wordsAt(code, at)) {
      this.at = at;
      visitRegisters(this.chunk, this.proto, at, rowAt(code, at) as OpRow, this);
    }
  }

  read(register: number, operand: Operand): void {
    if (this.report === null || hasBit(this.bits, register)) return;
    this.report.add(this.proto, this.at, `${operand.label} reads register ${register}, which is not written on every path`);
    setBit(this.bits, register);
  }

  clobber(from: number): void {
    clearFrom(this.bits, from);
    if (from < this.window) this.window = from;
  }

  write(register: number, onJump: boolean): void {
    if (onJump) this.onJump.push(register);
    else setBit(this.bits, register);
  }
}

class Flow {
  constructor(
    private readonly chunk: Chunk,
    private readonly proto: FunctionProto,
    private readonly report: Report,
    private readonly blocks: readonly Block[],
  ) {}

  settle(order: readonly number[]): void {
    const state = new State(this.chunk, this.proto, null);
    const first = this.blocks[0] as Block;
    first.state = new Uint32Array(wordsOfState(this.proto));
    first.dirty = true;
    for (let i = 0; i < this.proto.params.length; i++) setBit(first.state, i);
    for (let changed = true; changed; ) {
      changed = false;
      for (const index of order) {
        const block = this.blocks[index] as Block;
        if (!block.dirty) continue;
        block.dirty = false;
        changed = true;
        state.run(block);
        this.handOn(block, state);
      }
    }
  }

  /** Hands the state at the end of a block on to those that follow. */
  private handOn(block: Block, state: State): void {
    if (block.caught >= 0) {
      const caught = (block.state as Uint32Array).slice();
      clearFrom(caught, state.window);
      setBit(caught, this.proto.handlers[block.handler]?.register as number);
      this.meet(block.caught, caught);
    }
    if (block.next >= 0) this.meet(block.next, state.bits);
    for (const register of state.onJump) setBit(state.bits, register);
    if (block.jump >= 0) this.meet(block.jump, state.bits);
  }

  /** Looks at every read once, when the states are settled. */
  reportReads(order: readonly number[]): void {
    const state = new State(this.chunk, this.proto, this.report);
    for (const index of order) {
      const block = this.blocks[index] as Block;
      if (block.state !== null && !this.report.full) state.run(block);
    }
  }

  /** A register stays written in the target only if it is written on this path too. */
  private meet(target: number, state: Uint32Array): void {
    const block = this.blocks[target] as Block;
    if (block.state === null) {
      block.state = state.slice();
      block.dirty = true;
      return;
    }
    for (let i = 0; i < state.length; i++) {
      const both = ((block.state[i] as number) & (state[i] as number)) >>> 0;
      if (both === block.state[i]) continue;
      block.state[i] = both;
      block.dirty = true;
    }
  }
}

/** Cuts the code at jump targets, behind jumps, and where handlers begin, end and catch; then links the blocks. */
function blocksOf(proto: FunctionProto): Block[] {
  const { code, handlers } = proto;
  const cuts = new Uint8Array(code.length + 1);
  cuts[0] = 1;
  for (const { start, end, target } of handlers) cuts[start] = cuts[end] = cuts[target] = 1;
  for (let at = 0; at < code.length; at += wordsAt(code, at)) {
    if (rowAt(code, at)?.flow === "next") continue;
    cuts[at + wordsAt(code, at)] = 1;
    const target = targetOf(proto, at);
    if (target >= 0) cuts[target] = 1;
  }
  const blocks: Block[] = [];
  const blockAt = new Int32Array(code.length + 1).fill(-1);
  for (let at = 0; at < code.length; at += wordsAt(code, at)) {
    if (cuts[at] === 1) {
      blockAt[at] = blocks.length;
      blocks.push({ start: at, end: at, last: at, handler: -1, next: -1, jump: -1, caught: -1, state: null, dirty: false });
    }
    const block = blocks.at(-1) as Block;
    block.last = at;
    block.end = at + wordsAt(code, at);
  }
  assignHandlers(proto, blocks, blockAt);
  for (const block of blocks) {
    const target = targetOf(proto, block.last);
    if (target >= 0) block.jump = blockAt[target] as number;
    if (fallsThrough(proto, block)) block.next = blockAt[block.end] as number;
    if (block.handler >= 0) block.caught = blockAt[proto.handlers[block.handler]?.target as number] as number;
  }
  return blocks;
}

/** The first handler of the list that covers a block catches its errors. `free[i]` leads to the next block at or behind `i` without one. */
function assignHandlers(proto: FunctionProto, blocks: Block[], blockAt: Int32Array): void {
  const free = Int32Array.from({ length: blocks.length + 1 }, (_, i) => i);
  const nextFree = (from: number): number => {
    let at = from;
    while (free[at] !== at) {
      free[at] = free[free[at] as number] as number;
      at = free[at] as number;
    }
    return at;
  };
  for (const [index, { start, end }] of proto.handlers.entries()) {
    if (start === end) continue;
    for (let i = nextFree(blockAt[start] as number); i < blocks.length && (blocks[i] as Block).start < end; i = nextFree(i)) {
      (blocks[i] as Block).handler = index;
      free[i] = i + 1;
    }
  }
}

/** A handler that never catches stands behind one that covers its whole range: the order of the list is wrong. */
function reportHidden(proto: FunctionProto, blocks: readonly Block[], report: Report): void {
  const used = new Set(blocks.map((block) => block.handler));
  for (const [i, { start, end }] of proto.handlers.entries()) {
    if (start < end && !used.has(i)) report.add(proto, null, `handler ${i} is hidden by the handlers before it`);
  }
}

/** Indexes of the blocks that can be reached, each before the blocks that follow it where loops allow. */
function reversePostorder(blocks: readonly Block[]): number[] {
  const order: number[] = [];
  const seen = new Uint8Array(blocks.length);
  const stack: { index: number; step: number }[] = [{ index: 0, step: 0 }];
  seen[0] = 1;
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const block = blocks[top.index] as Block;
    const next = [block.caught, block.jump, block.next][top.step++];
    if (next === undefined) {
      order.push(top.index);
      stack.pop();
    } else if (next >= 0 && seen[next] === 0) {
      seen[next] = 1;
      stack.push({ index: next, step: 0 });
    }
  }
  return order.reverse();
}

function fallsThrough(proto: FunctionProto, block: Block): boolean {
  const flow = rowAt(proto.code, block.last)?.flow;
  return flow === "next" || flow === "branch";
}

/** Where the instruction at `at` may jump to, or -1. */
function targetOf(proto: FunctionProto, at: number): number {
  const operand = rowAt(proto.code, at)?.operands.find((o) => KINDS[o.kind]?.pool === "code");
  return operand === undefined ? -1 : fieldAt(proto.code, at, operand.field);
}

/** How many words hold one bit for each register. */
function wordsOfState(proto: FunctionProto): number {
  return (proto.registers + 31) >>> 5;
}

function setBit(state: Uint32Array, register: number): void {
  state[register >>> 5] = ((state[register >>> 5] as number) | (1 << (register & 31))) >>> 0;
}

function hasBit(state: Uint32Array, register: number): boolean {
  return ((state[register >>> 5] as number) & (1 << (register & 31))) !== 0;
}

/** Clears the bits of a register and of all behind it. */
function clearFrom(state: Uint32Array, register: number): void {
  const word = register >>> 5;
  if (word >= state.length) return;
  state[word] = (state[word] as number) & ((1 << (register & 31)) - 1);
  state.fill(0, word + 1);
}
