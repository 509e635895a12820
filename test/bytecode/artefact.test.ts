import { isDeepStrictEqual } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ARTEFACT_FORMAT, ArtefactError, decodeArtefact, encodeArtefact } from "../../src/bytecode/artefact.ts";
import { OPCODE_TABLE_HASH } from "../../src/bytecode/op.ts";
import { assemble } from "../../src/bytecode/assemble.ts";
import { CHUNK_VERSION, type Chunk } from "../../src/bytecode/chunk.ts";
import { verify } from "../../src/bytecode/verify.ts";
import { forSeeds, mutated, soundChunk } from "./random-chunk.ts";

const CHUNK = assemble(`.chunk ${CHUNK_VERSION} "a.harn"\n.function "main" registers 1 caches 0\nLOADI r0 7\nRET r0\n.end`);

/** Decodes what must not decode; any other error than the one that is promised fails the test. */
function failure(text: string): ArtefactError {
  try {
    decodeArtefact(text);
  } catch (error) {
    assert.instance(error, ArtefactError);
    return error as ArtefactError;
  }
  return assert.unreachable("it decoded") as never;
}

/** An artefact with this body and a checksum that fits. */
function withBody(body: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < body.length; i++) hash = Math.imul(hash ^ body.charCodeAt(i), 0x01000193);
  const sum = (hash >>> 0).toString(16).padStart(8, "0");
  return `harnlet-artefact ${ARTEFACT_FORMAT} ${OPCODE_TABLE_HASH} ${body.length} ${sum}\n${body}`;
}

test("chunks survive the round trip", () => {
  forSeeds(150, (random) => {
    const chunk = soundChunk(random);
    const again = decodeArtefact(encodeArtefact(chunk));
    if (!isDeepStrictEqual(again, chunk)) assert.equal(again, chunk);
    assert.ok(isDeepStrictEqual(again, chunk), "differs in a zero's sign or a type");
  });
});

test("an artefact survives UTF-8", () => {
  forSeeds(20, (random) => {
    const text = encodeArtefact(soundChunk(random));
    assert.is(Buffer.from(text, "utf8").toString("utf8"), text);
  });
});

test("another text is no artefact", () => {
  for (const text of ["", "\n", "let x = 1\n", "{}", "harnlet-artefact", "harnlet-artefactual 1\n{}"]) {
    assert.is(failure(text).message, "not a compiled Harn program");
    assert.is(failure(text).reason, "foreign");
  }
});

test("another format, instruction set or version is out of date, not damaged", () => {
  const text = encodeArtefact(CHUNK);
  const format = failure(text.replace("artefact 1 ", "artefact 2 "));
  assert.equal([format.reason, format.message], ["outdated", "the compiled program has format 2, only 1 can be read"]);
  const table = failure(text.replace(OPCODE_TABLE_HASH, "00000000"));
  assert.equal([table.reason, table.message], ["outdated", "the compiled program is for another instruction set"]);
  const version = failure(encodeArtefact({ ...CHUNK, version: CHUNK_VERSION + 1 }));
  assert.is(version.reason, "outdated");
  assert.match(version.message, `has version ${CHUNK_VERSION + 1}, only ${CHUNK_VERSION} can be run`);
});

test("damage is noticed wherever it is", () => {
  forSeeds(20, (random) => {
    const text = encodeArtefact(soundChunk(random));
    for (let i = 0; i < 40; i++) {
      const at = random.below(text.length);
      const unit = String.fromCharCode(text.charCodeAt(at) ^ (1 << random.below(16)));
      failure(text.slice(0, at) + unit + text.slice(at + 1));
      failure(text.slice(0, at));
      failure(text.slice(0, at) + text.slice(at + 1));
    }
    assert.is(failure(`${text} `).message, "the compiled program is damaged: its checksum does not fit");
  });
});

test("a body with a fitting checksum is still read with care", () => {
  const why = (body: string) => failure(withBody(body)).message.replace("the compiled program is damaged: ", "");
  assert.is(why("{"), "it is no JSON");
  assert.is(why("[".repeat(200_000)), "it is no JSON");
  assert.is(why("null"), "the chunk is no object");
  assert.is(why("{}"), "version is no integer");
  const body = encodeArtefact(CHUNK).split("\n")[1] as string;
  assert.is(why(body.replace('"code":[', '"code":[4294967296,')), "a word of code has more than 32 bits");
  assert.is(why(body.replace('"code":[', '"code":[1.5,')), "a word of code is no integer");
  assert.is(why(body.replace('"registers":1', '"registers":0')), 'function "main", word 0 (LOADI): dst is register 0 of 0');
  assert.is(why(body.replace('"constants":[]', '"constants":[{"float":"1n"}]')), "a float is no number");
  assert.is(why(body.replace('"constants":[]', '"constants":[{"int":"x"}]')), "a number is none");
  assert.is(why(body.replace('"guards":[]', '"guards":[{"kind":"tuple"}]')), "a guard has no known kind");
  const deepConstant = `${'{"list":['.repeat(600)}1${"]}".repeat(600)}`;
  assert.is(why(body.replace('"constants":[]', `"constants":[${deepConstant}]`)), "a constant is nested too deeply");
  const deep = `${'{"kind":"list","item":'.repeat(600)}null${"}".repeat(600)}`;
  assert.is(why(body.replace('"guards":[]', `"guards":[${deep}]`)), "a guard is nested too deeply");
});

test("any value in any place is refused or gives a sound chunk", () => {
  const values = [null, true, -1, 1.5, 2 ** 40, "x", [], {}, [[]], { kind: "list" }];
  forSeeds(60, (random) => {
    const body = JSON.parse(encodeArtefact(soundChunk(random)).split("\n")[1] as string) as Record<string, unknown>;
    const spots: [Record<string, unknown>, string][] = [];
    const visit = (value: unknown): void => {
      if (typeof value !== "object" || value === null) return;
      for (const key of Object.keys(value)) {
        spots.push([value as Record<string, unknown>, key]);
        visit((value as Record<string, unknown>)[key]);
      }
    };
    visit(body);
    for (let i = 0; i < 10; i++) {
      const [holder, key] = random.pick(spots);
      const old = holder[key];
      holder[key] = random.pick(values);
      soundOrRefused(withBody(JSON.stringify(body)));
      holder[key] = old;
    }
  });
});

test("damaged chunks are refused or sound", () => {
  forSeeds(200, (random) => soundOrRefused(encodeArtefact(mutated(random, soundChunk(random)))));
});

function soundOrRefused(text: string): void {
  let chunk: Chunk;
  try {
    chunk = decodeArtefact(text);
  } catch (error) {
    assert.instance(error, ArtefactError);
    return;
  }
  assert.equal(verify(chunk), []);
}

test.run();
