import { test } from "uvu";
import * as assert from "uvu/assert";
import { assemble } from "../../src/bytecode/assemble.ts";
import { disassemble } from "../../src/bytecode/disassemble.ts";
import { SourceText } from "../../src/source/text.ts";

const TEXT = `.assembly 1
.chunk 1 "count.harn"
.slot "total"                                    ; s0
.late "show"                                     ; t0
.import "lib/math" "add" "twice"                 ; i0
.import "lib/names" "first" slots 0              ; i1
.callable "show"
.export "show"
.function "main" registers 4 caches 1
  .constant 10                                   ; k0
  .name "println"                                ; n0
  .list "name" "size"                            ; l0
  .guard union(name "int", list(shape("a": dict(), "b"?: literal -5))) ; g0
  .handler from L4 to L11 target L16 register 2 deadlines 0
  .local "i" register 0 from L2 to L14
  LOADI r0 0                       @0..9         ; 0: r0 is "i"  | 1: var i = 0
L2:
  CLOSURE r3 f0                                  ; 2: "show"
L4:
  ADDK r0 r0 k0                    @10..20       ; 4: r0 is "i", 10  | 2: i = i + 10
  CALLB r1 0 n0 #0                 @21..31       ; 6: "println"  | 3: println(i)
  JF r0 L4                                       ; 9: r0 is "i"
L11:
  JNLTK r0 k0 L16                                ; 11: r0 is "i", 10
L14:
  RETNIL                                         ; 14:
L16:
  RETNIL                                         ; 16:
  .function "show" registers 1 caches 0 generator
    .param "x" default
    .param "more" rest
    .capture register 0                          ; c0
    GETCAP r0 c0                                 ; 0:
    .word 255                                    ; 2:
    .word 511                                    ; 3:
    RET r0                                       ; 4:
  .end
.end
`;

const SOURCE = new SourceText("count.harn", "var i = 0\ni = i + 10\nprintln(i)\n");

test("shows labels, operands by kind, what they mean, spans, source lines and nested functions", () => {
  assert.fixture(disassemble(assemble(TEXT), SOURCE), TEXT);
});

test("without the source there are spans but no lines", () => {
  const text = disassemble(assemble(TEXT));
  assert.match(text, "LOADI r0 0                       @0..9         ; 0: r0 is");
  assert.not.match(text, "| 1:");
});

test("positions that follow no instruction are written as they are", () => {
  const chunk = assemble(TEXT);
  const text = disassemble({ ...chunk, main: { ...chunk.main, positions: Int32Array.of(1, 2, 3) } });
  assert.match(text, "  .positions 1 2 3\n");
  assert.not.match(text, "@");
});

test("a jump into the middle of an instruction is written as a number", () => {
  const chunk = assemble(TEXT);
  const code = chunk.main.code.slice();
  code[10] = 5;
  assert.match(disassemble({ ...chunk, main: { ...chunk.main, code } }), "JF r0 5 ");
});

test("a list of arguments as the only argument is written as spread", () => {
  const chunk = assemble('.chunk 1 "a"\n.function "main" registers 2 caches 0\nCALL r0 65535 none r0\n.end');
  assert.match(disassemble(chunk), "CALL r0 spread none r0");
  assert.equal(assemble(disassemble(chunk)), chunk);
});

test.run();
