/**
 * A chunk as a text that can be kept and loaded again: one header line and a JSON body.
 *
 *     harnlet-artefact <format> <hash of the opcode table> <length of the body> <checksum of the body>
 *     {"version":1,"path":"main.harn", …}
 *
 * JSON, because every engine parses it natively and fast, and because it keeps lone surrogates. The header tells a text of another version
 * from a damaged one, and neither is parsed. What was parsed is read field by field (`artefact-body.ts`) and verified, so whatever comes out
 * of `decodeArtefact` can be run.
 *
 * The border: this file knows nothing of files and caches; whoever keeps artefacts decides where, and under which key.
 */
import { DamagedBody, packChunk, unpackChunk } from "./artefact-body.ts";
import { checksum } from "./checksum.ts";
import { CHUNK_VERSION, type Chunk } from "./chunk.ts";
import { OPCODE_TABLE_HASH } from "./op.ts";
import { verify } from "./verify.ts";

/** Rises with every change of the header or of the body's shape. */
export const ARTEFACT_FORMAT = 1;

const MAGIC = "harnlet-artefact";

/** A text that cannot be loaded. To a cache every reason is the same: compile again. */
export class ArtefactError extends Error {
  override readonly name = "ArtefactError";

  constructor(
    /** `foreign`: no artefact at all; `outdated`: of another version; `damaged`: changed since it was written. */
    readonly reason: "foreign" | "outdated" | "damaged",
    message: string,
  ) {
    super(message);
  }
}

/**
 * Writes a chunk as an artefact.
 *
 * @param chunk a verified chunk
 * @returns the text; may hold lone surrogates only as JSON escapes, so that UTF-8 keeps it
 */
export function encodeArtefact(chunk: Chunk): string {
  const body = JSON.stringify(packChunk(chunk));
  return `${headerOf(body)}\n${body}`;
}

/**
 * Loads an artefact.
 *
 * @param text what `encodeArtefact` wrote, or anything else
 * @returns the chunk, verified
 * @throws ArtefactError, and nothing else, when the text is no artefact, belongs to another version, or was damaged
 *
 *     const chunk = decodeArtefact(encodeArtefact(compiled));
 */
export function decodeArtefact(text: string): Chunk {
  const end = text.indexOf("\n");
  const header = text.slice(0, Math.max(end, 0)).split(" ");
  if (header[0] !== MAGIC) throw new ArtefactError("foreign", "not a compiled Harn program");
  const body = text.slice(end + 1);
  const expected = headerOf(body).split(" ");
  if (header[1] !== expected[1]) {
    throw new ArtefactError("outdated", `the compiled program has format ${header[1]}, only ${ARTEFACT_FORMAT} can be read`);
  }
  if (header[2] !== expected[2]) throw new ArtefactError("outdated", "the compiled program is for another instruction set");
  if (header.join(" ") !== expected.join(" ")) throw damaged("its checksum does not fit");
  const chunk = parsed(body);
  if (chunk.version !== CHUNK_VERSION) {
    throw new ArtefactError("outdated", `the compiled program has version ${chunk.version}, only ${CHUNK_VERSION} can be run`);
  }
  const problem = verify(chunk)[0];
  if (problem !== undefined) throw damaged(problem);
  return chunk;
}

function parsed(body: string): Chunk {
  try {
    return unpackChunk(JSON.parse(body));
  } catch (error) {
    if (error instanceof DamagedBody) throw damaged(error.message);
    if (error instanceof SyntaxError) throw damaged("it is no JSON");
    throw error;
  }
}

function damaged(why: string): ArtefactError {
  return new ArtefactError("damaged", `the compiled program is damaged: ${why}`);
}

function headerOf(body: string): string {
  return [MAGIC, ARTEFACT_FORMAT, OPCODE_TABLE_HASH, body.length, checksum(body)].join(" ");
}
