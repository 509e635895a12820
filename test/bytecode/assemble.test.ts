import { isDeepStrictEqual } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { assemble } from "../../src/bytecode/assemble.ts";
import { AssemblyError } from "../../src/bytecode/assembly-text.ts";
import type { Chunk } from "../../src/bytecode/chunk.ts";
import { disassemble } from "../../src/bytecode/disassemble.ts";
import { encodeInstruction } from "../../src/bytecode/instruction.ts";
import { OPCODES } from "../../src/bytecode/opcodes.ts";
import { forSeeds, mutated, soundChunk, wildChunk } from "./random-chunk.ts";

function roundTrip(chunk: Chunk): void {
  const text = disassemble(chunk);
  const again = assemble(text);
  if (isDeepStrictEqual(again, chunk)) return;
  assert.equal(again, chunk, text);
  assert.unreachable(`differs in a zero's sign or a type:\n${text}`);
}

function failure(text: string): string {
  try {
    assemble(text);
  } catch (error) {
    assert.instance(error, AssemblyError);
    return (error as AssemblyError).message;
  }
  return assert.unreachable("nothing was wrong") as never;
}

function inFunction(...lines: string[]): string {
  return ['.chunk 1 "a.harn"', '.function "main" registers 2 caches 0', ...lines, "RETNIL", ".end"].join("\n");
}

test("sound chunks survive the round trip", () => forSeeds(100, (random) => roundTrip(soundChunk(random))));

test("senseless chunks survive the round trip", () => forSeeds(200, (random) => roundTrip(wildChunk(random))));

test("damaged chunks survive the round trip", () => {
  forSeeds(200, (random) => {
    const chunk = mutated(random, soundChunk(random));
    roundTrip(chunk);
  });
});

test("every instruction is written by its name and fields", () => {
  OPCODES.forEach((row, opcode) => {
    const values = row.operands.map((operand, i) => (operand.field === "A" ? 0xffffff : 0x7fff - i));
    const code = Int32Array.from(encodeInstruction(opcode, values));
    const chunk = assemble(inFunction());
    const text = disassemble({ ...chunk, main: { ...chunk.main, code } });
    assert.match(text, new RegExp(`^ {2}${row.name}\\b`, "m"));
    assert.equal([...assemble(text).main.code], [...code]);
  });
});

test("labels may have any name and stand before or behind their jumps", () => {
  const chunk = assemble(inFunction("back:", "JMP ahead", "LOOP back", "ahead:"));
  assert.equal(
    [...chunk.main.code.subarray(0, 4)].map((word) => word >>> 0).filter((_, i) => i % 2 === 1),
    [4, 0],
  );
});

test("comments and spacing do not matter", () => {
  const plain = assemble(inFunction('.constant "a;b"', "LOADK r0 k0 @1..2"));
  const spaced = assemble(inFunction('   .constant   "a;b" ; first', "", "; nothing", "\tLOADK  r0  k0  @1..2;done"));
  assert.equal(spaced, plain);
});

test("what cannot be read is named with its line", () => {
  assert.is(failure(inFunction("FLY r1")), 'assembly line 3: "FLY" is no instruction');
  assert.is(failure(inFunction("LOADI r0")), "assembly line 3: the line ends too early");
  assert.is(failure(inFunction("LOADI r0 1 2")), 'assembly line 3: unexpected "2"');
  assert.is(failure(inFunction("LOADK r0 r1")), 'assembly line 3: value must be kN, not "r1"');
  assert.is(failure(inFunction("MOVE r0 r65536")), "assembly line 3: src is out of the range 0 to 65535");
  assert.is(failure(inFunction("LOADI r0 2147483648")), "assembly line 3: value is out of the range -2147483648 to 2147483647");
  assert.is(failure(inFunction("JMP nowhere")), "assembly line 3: the label nowhere is not defined");
  assert.is(failure(inFunction("a:", "a:")), "assembly line 4: the label a is defined twice");
  assert.is(failure(inFunction(".strange 1")), 'assembly line 3: ".strange" is no directive');
  assert.is(failure(inFunction('.constant "open')), 'assembly line 3: unexpected "\\"" in column 11');
  assert.is(
    failure(inFunction(".guard tuple()")),
    'assembly line 3: expected name or interface or literal or union or list or dict or shape, not "tuple"',
  );
  assert.is(failure(inFunction(`.guard ${"list(".repeat(600)}`)), "assembly line 3: the guard is nested too deeply");
  assert.is(failure(inFunction(".local x")), "assembly line 3: expected a string in quotes");
  assert.is(failure("RETNIL"), 'assembly line 1: "RETNIL" cannot stand outside a function');
  assert.is(failure(".assembly 2"), 'assembly line 1: only ".assembly 1" can be read');
  assert.is(failure(""), "assembly line 1: the text has no .chunk line");
  assert.is(failure('.chunk 1 "a"'), "assembly line 1: the text has no function");
  assert.is(failure('.chunk 1 "a"\n.function "f" registers 0 caches 0'), "assembly line 2: the text ends within a function");
});

test.run();
