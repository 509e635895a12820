/** BLAKE3, plain hash of 32 bytes: chunks of 1024 bytes, joined in a binary tree. */

const START = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19] as const;
const ORDER = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8] as const;
const CHUNK_START = 1;
const CHUNK_END = 2;
const PARENT = 4;
const ROOT = 8;
const BLOCK = 64;
const CHUNK = 1024;

/** What is still to be compressed: the root is compressed with a flag of its own, so the last step waits. */
interface Output {
  readonly input: readonly number[];
  readonly block: Int32Array;
  readonly counter: number;
  readonly length: number;
  readonly flags: number;
}

export function blake3(message: Uint8Array): Uint8Array {
  const root = tree(message, 0);
  const words = compress(root.input, root.block, 0, root.length, root.flags | ROOT);
  const out = new DataView(new ArrayBuffer(32));
  for (let i = 0; i < 8; i++) out.setInt32(i * 4, words[i] as number, true);
  return new Uint8Array(out.buffer);
}

/** The output of a part that starts at a chunk number; the left side is the largest power of two of chunks that leaves a right side. */
function tree(message: Uint8Array, firstChunk: number): Output {
  if (message.length <= CHUNK) return chunk(message, firstChunk);
  let left = CHUNK;
  while (left * 2 < message.length) left *= 2;
  const block = new Int32Array(16);
  block.set(chaining(tree(message.subarray(0, left), firstChunk)), 0);
  block.set(chaining(tree(message.subarray(left), firstChunk + left / CHUNK)), 8);
  return { input: START, block, counter: 0, length: BLOCK, flags: PARENT };
}

function chaining(output: Output): number[] {
  return compress(output.input, output.block, output.counter, output.length, output.flags);
}

function chunk(bytes: Uint8Array, number: number): Output {
  let input: readonly number[] = START;
  for (let at = 0; ; at += BLOCK) {
    const isLast = at + BLOCK >= bytes.length;
    const part = bytes.subarray(at, at + BLOCK);
    const flags = (at === 0 ? CHUNK_START : 0) | (isLast ? CHUNK_END : 0);
    const output: Output = { input, block: blockWords(part), counter: number, length: part.length, flags };
    if (isLast) return output;
    input = chaining(output);
  }
}

function blockWords(part: Uint8Array): Int32Array {
  const bytes = new Uint8Array(BLOCK);
  bytes.set(part);
  const view = new DataView(bytes.buffer);
  return Int32Array.from({ length: 16 }, (_, i) => view.getInt32(i * 4, true));
}

function compress(input: readonly number[], block: Int32Array, counter: number, length: number, flags: number): number[] {
  const state = Int32Array.from([
    ...input.map((x) => x | 0),
    ...START.slice(0, 4).map((x) => x | 0),
    counter | 0,
    Math.floor(counter / 2 ** 32),
    length,
    flags,
  ]);
  let words = block;
  for (let round = 0; round < 7; round++) {
    for (let i = 0; i < 4; i++) mix(state, i, 4 + i, 8 + i, 12 + i, words[2 * i] as number, words[2 * i + 1] as number);
    for (let i = 0; i < 4; i++) {
      const [b, c, d] = [4 + ((i + 1) % 4), 8 + ((i + 2) % 4), 12 + ((i + 3) % 4)];
      mix(state, i, b, c, d, words[8 + 2 * i] as number, words[9 + 2 * i] as number);
    }
    const before = words;
    words = Int32Array.from(ORDER, (from) => before[from] as number);
  }
  return Array.from({ length: 8 }, (_, i) => (state[i] as number) ^ (state[i + 8] as number));
}

function mix(s: Int32Array, a: number, b: number, c: number, d: number, x: number, y: number): void {
  s[a] = (s[a] as number) + (s[b] as number) + x;
  s[d] = turn((s[d] as number) ^ (s[a] as number), 16);
  s[c] = (s[c] as number) + (s[d] as number);
  s[b] = turn((s[b] as number) ^ (s[c] as number), 12);
  s[a] = (s[a] as number) + (s[b] as number) + y;
  s[d] = turn((s[d] as number) ^ (s[a] as number), 8);
  s[c] = (s[c] as number) + (s[d] as number);
  s[b] = turn((s[b] as number) ^ (s[c] as number), 7);
}

const turn = (word: number, by: number): number => (word >>> by) | (word << (32 - by));
