/**
 * Random and damaged programs: the front end answers each, and whatever it compiles is sound.
 *
 * `MUTATIONS` says how many damaged ones (5,000 by default), `COUNT` how many whole ones, `SEED` repeats a run.
 */
import { readdirSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readGrammar } from "../../scripts/ebnf.ts";
import { Random } from "../bytecode/random-chunk.ts";
import { generateScript } from "../semantics/generate.ts";
import { mutate } from "../syntax/mutate.ts";
import { makeProgram } from "../syntax/sentences.ts";
import { chooseSeed, randomFrom } from "../syntax/support.ts";
import { assertSound, throughFrontEnd } from "./front_end.ts";

const GRAMMAR = readGrammar(readFileSync(new URL("../../grammar/harn.ebnf", import.meta.url), "utf8"));
const MUTATIONS = Number(process.env.MUTATIONS ?? 5000);
const COUNT = Number(process.env.COUNT ?? 200);

/** Checks a text and returns how many chunks it gave; a failure shows the text. */
function check(text: string): number {
  try {
    const answer = throughFrontEnd("random.harn", text);
    assertSound(answer);
    return answer.chunks.length;
  } catch (error) {
    throw new Error(`${(error as Error).stack}\n--- text\n${text}`);
  }
}

test(`${COUNT} random programs`, () => {
  const random = randomFrom(chooseSeed("programs"));
  let compiled = 0;
  for (let i = 0; i < COUNT; i++) {
    compiled += check(generateScript(new Random(Math.floor(random() * 0x7fffffff))));
    compiled += check(makeProgram(GRAMMAR, random, 1 + Math.floor(random() * 3)));
  }
  assert.ok(COUNT < 100 || compiled > COUNT);
});

test(`${MUTATIONS} damaged programs`, () => {
  const random = randomFrom(chooseSeed("damaged programs"));
  const suite = scripts("conformance");
  const origins = [
    () => suite[Math.floor(random() * suite.length)] as string,
    () => makeProgram(GRAMMAR, random, 1 + Math.floor(random() * 3)),
    () => generateScript(new Random(Math.floor(random() * 0x7fffffff))),
  ];
  let compiled = 0;
  for (let i = 0; i < MUTATIONS; i++) {
    let text = (origins[i % origins.length] as () => string)();
    for (let edits = 1 + Math.floor(random() * 3); edits > 0; edits--) text = mutate(text, random);
    compiled += check(text);
  }
  assert.ok(MUTATIONS < 1000 || compiled > MUTATIONS / 20, `only ${compiled} chunks`);
});

function scripts(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".harn"));
  return names.map((name) => readFileSync(`${folder}/${name}`, "utf8"));
}

test.run();
