/** A text through the whole front end, and what must hold for whatever comes out of it. */
import { isDeepStrictEqual } from "node:util";
import * as assert from "uvu/assert";
import { decodeArtefact, encodeArtefact } from "../../src/bytecode/artefact.ts";
import { assemble } from "../../src/bytecode/assemble.ts";
import type { Chunk, FunctionProto } from "../../src/bytecode/chunk.ts";
import { disassemble } from "../../src/bytecode/disassemble.ts";
import { verify } from "../../src/bytecode/verify.ts";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.ts";
import { renderDiagnostics } from "../../src/diagnostics/render.ts";
import { checkFile, compileFile, type Environment, type Imports, parseFile } from "../../src/engine/pipeline.ts";
import { SourceText } from "../../src/source/text.ts";

const ENVIRONMENT: Environment = { globals: new Set(["println", "len", "to_string", "pair", "Ok", "Err"]), hostSignatures: new Map() };
const NO_IMPORTS: Imports = { names: new Map(), interfaces: new Map(), resolved: true };

export interface FrontEndAnswer {
  readonly source: SourceText;
  /** Of the text as an entry file and as an imported one; none when it does not parse or the compiler refuses it. */
  readonly chunks: readonly Chunk[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Parses, checks and compiles; what does not parse is checked all the same, and what is wrong by its types is compiled all the same. */
export function throughFrontEnd(path: string, text: string): FrontEndAnswer {
  const source = new SourceText(path, text);
  const parsed = parseFile(source);
  const diagnostics = [...parsed.diagnostics, ...checkFile(parsed, ENVIRONMENT, NO_IMPORTS).diagnostics];
  const chunks: Chunk[] = [];
  for (const isEntry of parsed.plain === null ? [true, false] : []) {
    const { chunk, diagnostics: found } = compileFile(parsed, ENVIRONMENT, NO_IMPORTS, isEntry);
    diagnostics.push(...found);
    if (chunk !== null) chunks.push(chunk);
    else assert.ok(found.length > 0, "refused without a reason");
  }
  return { source, chunks, diagnostics };
}

/** Chunks pass the verifier and survive the assembler and the artefact; diagnostics lie inside the text; code grows with the text. */
export function assertSound({ source, chunks, diagnostics }: FrontEndAnswer): void {
  const { length } = source.text;
  for (const { span } of diagnostics) assert.ok(span === null || (span.start >= 0 && span.start <= span.end && span.end <= length));
  renderDiagnostics(diagnostics);
  for (const chunk of chunks) {
    assert.equal(verify(chunk), []);
    assert.ok(isDeepStrictEqual(assemble(disassemble(chunk, source)), chunk), "does not survive the assembler");
    assert.ok(isDeepStrictEqual(decodeArtefact(encodeArtefact(chunk)), chunk), "does not survive as an artefact");
    assert.ok(words(chunk.main) <= 50 + 30 * length, `${words(chunk.main)} words for ${length} characters`);
  }
}

function words(proto: FunctionProto): number {
  return proto.functions.reduce((sum, inner) => sum + words(inner), proto.code.length);
}
