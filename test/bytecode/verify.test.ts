import { test } from "uvu";
import * as assert from "uvu/assert";
import { assemble } from "../../src/bytecode/assemble.ts";
import type { Chunk, FunctionProto, Guard } from "../../src/bytecode/chunk.ts";
import { disassemble } from "../../src/bytecode/disassemble.ts";
import { fieldAt, rowAt, wordsAt } from "../../src/bytecode/instruction.ts";
import { KINDS } from "../../src/bytecode/kinds.ts";
import { visitRegisters } from "../../src/bytecode/registers.ts";
import { MAX_PROBLEMS } from "../../src/bytecode/report.ts";
import { verify } from "../../src/bytecode/verify.ts";
import { forSeeds, mutated, type Random, soundChunk, wildChunk } from "./random-chunk.ts";

/** The problems of a main function with four registers, without the function's name. */
function problems(...lines: string[]): string[] {
  return problemsOf(main(...lines));
}

function main(...lines: string[]): Chunk {
  return assemble(['.chunk 1 "a.harn"', '.function "main" registers 4 caches 1', ...lines, ".end"].join("\n"));
}

function problemsOf(chunk: Chunk): string[] {
  return verify(chunk).map((problem) => problem.replace(/^function "main"(, |: )/, ""));
}

function unwritten(word: number, name: string, label: string, register: number): string {
  return `word ${word} (${name}): ${label} reads register ${register}, which is not written on every path`;
}

test("sound chunks have no problems", () => {
  forSeeds(150, (random) => {
    const chunk = soundChunk(random);
    assert.equal(verify(chunk), [], disassemble(chunk));
  });
});

test("operands outside their tables are named", () => {
  assert.equal(problems("LOADK r0 k0", "RETNIL"), ["word 0 (LOADK): value is number 0 of 0 constants"]);
  assert.equal(problems(".constant 1", "LOADK r0 k-1", "RETNIL"), ["word 0 (LOADK): value is number -1 of 1 constants"]);
  assert.equal(problems("CLOSURE r0 f0", "RETNIL"), ["word 0 (CLOSURE): function is number 0 of 0 functions"]);
  assert.equal(problems("GETCAP r0 c0", "RETNIL"), ["word 0 (GETCAP): from is number 0 of 0 captures"]);
  assert.equal(problems('.name "x"', "GETSLOT r0 s0 n0", "RETNIL"), ["word 0 (GETSLOT): from is number 0 of 0 slots"]);
  assert.equal(problems("LOADI r0 1", "SETLATE t2 r0", "RETNIL"), ["word 2 (SETLATE): to is number 2 of 0 late"]);
  assert.equal(problems('.name "x"', "LOADI r0 1", "GETPROP r0 r0 n0 #1", "RETNIL"), ["word 2 (GETPROP): cache is number 1 of 1 caches"]);
  assert.equal(problems('.name "x"', "LOADI r0 1", "GUARD r0 n0 g0", "RETNIL"), ["word 2 (GUARD): type is number 0 of 0 guards"]);
  assert.equal(problems("LOADI r0 1", "DICTREST r0 r0 l0", "RETNIL"), ["word 2 (DICTREST): keys is number 0 of 0 lists"]);
  assert.equal(problems("IMPORT i0 r0", "RETNIL"), ["word 0 (IMPORT): what is number 0 of 0 imports"]);
});

test("an optional name may be none, but not beyond the table", () => {
  assert.equal(problems('.name "x"', "GETNAME r0 n0 none", "GETNAME r0 n0 n0", "RETNIL"), []);
  assert.equal(problems('.name "x"', "GETNAME r0 n0 n1", "RETNIL"), ["word 0 (GETNAME): suggestion is number 1 of 1 names"]);
});

test("registers, runs and call windows stay within the frame", () => {
  assert.equal(problems("LOADI r4 1", "RETNIL"), ["word 0 (LOADI): dst is register 4 of 4"]);
  assert.equal(problems("NEWLIST r0 r2 3", "RETNIL"), ["word 0 (NEWLIST): first is registers 2 to 4 of 4"]);
  assert.equal(problems("NEWLIST r0 r4 0", "RETNIL"), []);
  assert.equal(problems("CALLSELF r2 2 r2", "RETNIL"), ["word 0 (CALLSELF): window is registers 2 to 4 of 4"]);
  assert.equal(problems("CALLSELF r3 spread r3", "RETNIL"), ["word 0 (CALLSELF): window is registers 3 to 4 of 4"]);
});

test("jumps lead to instructions", () => {
  assert.equal(problems("JMP 1"), ["word 0 (JMP): the target of to, 1, is not the beginning of an instruction"]);
  assert.equal(problems("JMP 2"), ["word 0 (JMP): the target of to, 2, is not the beginning of an instruction"]);
  assert.equal(problems("JMP -2"), ["word 0 (JMP): the target of to, -2, is not the beginning of an instruction"]);
});

test("words that are no instructions are named", () => {
  assert.equal(problems(".word 255", "RETNIL"), ["word 0: 255 begins no instruction"]);
});

test("code ends with an instruction that does not run on", () => {
  assert.is(problems()[0], "there is no code");
  assert.equal(problems("LOADI r0 1"), ["word 0 (LOADI): runs past the end of the code"]);
  assert.equal(problems("LOADI r0 1", "JF r0 0"), ["word 2 (JF): runs past the end of the code"]);
  assert.equal(problems("RETNIL", "LOADI r0 1"), []);
});

test("a register must be written on every path before it is read", () => {
  assert.equal(problems("RET r0"), [unwritten(0, "RET", "value", 0)]);
  assert.equal(problems("LOADI r0 1", "JF r0 end", "LOADI r1 1", "end:", "RET r1"), [unwritten(6, "RET", "value", 1)]);
  assert.equal(problems("LOADI r0 1", "JF r0 else", "LOADI r1 1", "JMP end", "else:", "LOADI r1 2", "end:", "RET r1"), []);
  assert.equal(problems("loop:", "LOADI r0 1", "JT r0 loop", "RET r0"), []);
  assert.equal(problems("JMP in", "back:", "RET r0", "in:", "LOADI r0 1", "LOOP back"), []);
});

test("code that no path reaches may read anything", () => assert.equal(problems("RETNIL", "RET r3"), []));

test("a call takes its window and leaves only the result", () => {
  const load = ["LOADI r0 1", "LOADI r1 1", "LOADI r2 1"];
  assert.equal(problems(...load, "CALL r1 1 none r1", "ADD r0 r0 r1", "RETNIL"), []);
  assert.equal(problems(...load, "CALL r1 1 none r1", "RET r2"), [unwritten(9, "RET", "value", 2)]);
  assert.equal(problems(...load, "CALL r1 1 none r0", "RET r1"), [unwritten(9, "RET", "value", 1)]);
  assert.equal(problems(...load, "CALL r1 2 none r1", "RETNIL"), [unwritten(6, "CALL", "window", 3)]);
});

test("a call by name does not read the first register of its window", () => {
  assert.equal(problems("LOADI r1 1", "CALLSELF r0 1 r0", "RET r0"), []);
  assert.equal(problems("LOADI r1 1", "CALL r0 1 none r0", "RET r0"), [unwritten(2, "CALL", "window", 0)]);
});

test("a loop's item is written only while there is one", () => {
  const loop = ["LOADI r0 1", "ITER r1 r0", "JMP next", "body:", "MOVE r3 r2", "next:", "NEXT r1 r2 body"];
  assert.equal(problems(...loop, "RETNIL"), []);
  assert.equal(problems(...loop, "RET r2"), [unwritten(11, "RET", "value", 2)]);
});

test("an error may come from any instruction of the range", () => {
  const handler = ".handler from start to end target catch register 3 deadlines 0";
  const tail = ["end:", "RETNIL", "catch:"];
  assert.equal(problems(handler, "start:", "LOADI r0 1", ...tail, "RET r3"), []);
  assert.equal(problems(handler, "start:", "LOADI r0 1", ...tail, "RET r0"), [unwritten(4, "RET", "value", 0)]);
  assert.equal(problems(handler, "LOADI r0 1", "start:", "LOADI r1 1", ...tail, "RET r0"), []);
  assert.equal(problems(handler, "LOADI r0 1", "start:", "CALLSELF r0 0 r0", ...tail, "RET r0"), [unwritten(6, "RET", "value", 0)]);
  assert.equal(problems(handler, "LOADI r0 1", "start:", "CALLSELF r1 0 r1", ...tail, "RET r0"), []);
});

test("a range inside another one catches first, and is listed first", () => {
  const inner = ".handler from b to c target d register 1 deadlines 0";
  const outer = ".handler from a to d target e register 2 deadlines 0";
  const code = ["a:", "LOADI r0 1", "b:", "LOADI r0 2", "c:", "RETNIL", "d:", "RET r1", "e:", "RET r2"];
  assert.equal(problems(inner, outer, ...code), []);
  assert.equal(problems(outer, inner, ...code), ["handler 1 is hidden by the handlers before it"]);
});

test("handlers have ranges, targets and registers that exist", () => {
  const code = ["LOADI r0 1", "RETNIL"];
  const found = problems(".handler from 1 to 0 target 9 register 4 deadlines -1", ...code);
  assert.equal(found, [
    "the start of handler 0, 1, is not the beginning of an instruction",
    "handler 0 ends at 0, before its start 1",
    "the target of handler 0, 9, is not the beginning of an instruction",
    "handler 0 puts the error into register 4 of 4",
    "handler 0 expects -1 deadlines",
  ]);
});

test("parameters are written at entry and captures when the closure is made", () => {
  const inner = [
    '.function "f" registers 2 caches 0',
    '.param "a"',
    '.param "b" default',
    ".capture register 0",
    "ADD r0 r0 r1",
    "RET r0",
    ".end",
  ];
  assert.equal(problems("LOADI r0 1", "CLOSURE r1 f0", "RETNIL", ...inner), []);
  assert.equal(problems("CLOSURE r1 f0", "RETNIL", ...inner), [unwritten(0, "CLOSURE", "function", 0)]);
});

test("captures come from registers and captures that exist", () => {
  const inner = ['.function "f" registers 0 caches 0', ".capture register 4", ".capture capture 0", "RETNIL", ".end"];
  assert.equal(problems("RETNIL", ...inner), ['capture 0 of "f" takes register 4 of 4', 'capture 1 of "f" takes capture 0 of 0']);
});

test("an import writes as many registers as it binds, or none when it goes to slots", () => {
  const head = [
    '.chunk 1 "a.harn"',
    '.slot "x"',
    '.import "lib" "a" "b"',
    '.import "lib" "a" slots 0',
    '.function "main" registers 4 caches 0',
  ];
  const check = (...lines: string[]) => problemsOf(assemble([...head, ...lines, ".end"].join("\n")));
  assert.equal(check("IMPORT i0 r2", "RET r3"), []);
  assert.equal(check("IMPORT i0 r3", "RETNIL"), ["word 0 (IMPORT): first is registers 3 to 4 of 4"]);
  assert.equal(check("IMPORT i1 r0", "RET r0"), [unwritten(2, "RET", "value", 0)]);
});

test("side tables fit the code", () => {
  assert.equal(problems(".positions 1 5 4 2", "RETNIL"), [
    "the positions are no triples",
    "position 0 is at no later instruction",
    "position 0 has the span 5 to 4",
  ]);
  assert.equal(problems('.local "x" register 4 from 3 to 9', "RETNIL"), [
    'local "x" is in register 4 of 4',
    'local "x" lives from 3 to 9 of 2',
  ]);
});

test("frames and guards have limits", () => {
  const { main: proto, ...chunk } = main("RETNIL");
  const guards: Guard[] = [Array.from({ length: 600 }).reduce<Guard>((item) => ({ kind: "list", item }), { kind: "name", name: "int" })];
  assert.equal(problemsOf({ ...chunk, main: { ...proto, guards } }), ["guard 0 is nested too deeply"]);
  assert.equal(problemsOf({ ...chunk, main: { ...proto, registers: 70_000 } }), ["70000 registers are no frame"]);
  assert.equal(problemsOf({ ...chunk, main: { ...proto, caches: 7 } }), ["7 inline caches are not possible"]);
  const nested = Array.from({ length: 600 }).reduce<FunctionProto>((inner) => ({ ...proto, functions: [inner] }), proto);
  assert.equal(problemsOf({ ...chunk, main: nested }), ["functions are nested too deeply"]);
});

test("a long function is verified in about the time of its length", () => {
  const steps = (count: number) => Array.from({ length: count }, (_, i) => [`JF r0 l${i}`, "LOADI r1 1", `l${i}:`]).flat();
  assert.equal(problems("LOADI r0 1", ...steps(20_000), "RET r1"), [unwritten(80_002, "RET", "value", 1)]);
});

test("at most so many problems are listed", () => {
  assert.is(problems(...Array.from({ length: 500 }, () => "LOADI r9 1"), "RETNIL").length, MAX_PROBLEMS);
});

test("no chunk makes the verifier throw", () => {
  forSeeds(200, (random) => void verify(wildChunk(random)));
  forSeeds(300, (random) => void verify(mutated(random, mutated(random, soundChunk(random)))));
});

test("what passes can be walked at random without reading an unwritten register or leaving the code", () => {
  forSeeds(300, (random) => {
    const chunk = mutated(random, mutated(random, soundChunk(random)));
    if (verify(chunk).length > 0) return;
    const functions = [chunk.main];
    for (const proto of functions) {
      functions.push(...proto.functions);
      for (let i = 0; i < 5; i++) walk(random, chunk, proto);
    }
  });
});

/** Executes nothing, but keeps account of the registers; errors come up at random. */
function walk(random: Random, chunk: Chunk, proto: FunctionProto): void {
  const written = new Set(proto.params.keys());
  let at = 0;
  for (let steps = 0; steps < 300; steps++) {
    const row = rowAt(proto.code, at) ?? assert.unreachable(`no instruction at ${at}:\n${disassemble(chunk)}`);
    if (row === undefined) return;
    const jumps = row.flow === "jump" || (row.flow === "branch" && random.chance(2));
    const fails = random.chance(8);
    visitRegisters(chunk, proto, at, row, {
      read: (register) => assert.ok(written.has(register), `register ${register} is read at ${at}:\n${disassemble(chunk)}`),
      clobber(from) {
        for (const register of written) if (register >= from) written.delete(register);
      },
      write(register, onJump) {
        if (!fails && (!onJump || jumps)) written.add(register);
      },
    });
    const handler = fails ? proto.handlers.find(({ start, end }) => start <= at && at < end) : undefined;
    if (handler !== undefined) {
      written.add(handler.register);
      at = handler.target;
    } else if (row.flow === "leave" || fails) return;
    else {
      const target = row.operands.find((operand) => KINDS[operand.kind].pool === "code");
      at = jumps && target !== undefined ? fieldAt(proto.code, at, target.field) : at + wordsAt(proto.code, at);
    }
  }
}

test.run();
