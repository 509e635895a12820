/** MD5 (RFC 1321) and SHA-1 (RFC 3174): only for names and old formats, not for security. */
import { padded } from "./blocks.ts";

const MD5_TURNS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
] as const;

const turn = (x: number, by: number): number => (x << by) | (x >>> (32 - by));

export function md5(message: Uint8Array): Uint8Array {
  const view = padded(message, 64, 8, true);
  const sines = Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0);
  const state = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
  for (let block = 0; block < view.byteLength; block += 64) {
    let [a, b, c, d] = state as [number, number, number, number];
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      const mixed = round === 0 ? (b & c) | (~b & d) : round === 1 ? (d & b) | (~d & c) : round === 2 ? b ^ c ^ d : c ^ (b | ~d);
      const word = [i, 5 * i + 1, 3 * i + 5, 7 * i][round] as number;
      const sum = (a + mixed + (sines[i] as number) + view.getInt32(block + (word % 16) * 4, true)) | 0;
      const moved = (b + turn(sum, (MD5_TURNS[round] as readonly number[])[i % 4] as number)) | 0;
      [a, d, c, b] = [d, c, b, moved];
    }
    [a, b, c, d].forEach((x, i) => {
      state[i] = ((state[i] as number) + x) | 0;
    });
  }
  return words(state, true);
}

export function sha1(message: Uint8Array): Uint8Array {
  const view = padded(message, 64, 8, false);
  const state = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476, 0xc3d2e1f0 | 0];
  const w = new Int32Array(80);
  for (let block = 0; block < view.byteLength; block += 64) {
    for (let i = 0; i < 16; i++) w[i] = view.getInt32(block + i * 4);
    for (let i = 16; i < 80; i++)
      w[i] = turn((w[i - 3] as number) ^ (w[i - 8] as number) ^ (w[i - 14] as number) ^ (w[i - 16] as number), 1);
    let [a, b, c, d, e] = state as [number, number, number, number, number];
    for (let i = 0; i < 80; i++) {
      const [mixed, constant] =
        i < 20
          ? [(b & c) | (~b & d), 0x5a827999]
          : i < 40
            ? [b ^ c ^ d, 0x6ed9eba1]
            : i < 60
              ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
              : [b ^ c ^ d, 0xca62c1d6];
      const sum = (turn(a, 5) + mixed + e + constant + (w[i] as number)) | 0;
      [e, d, c, b, a] = [d, c, turn(b, 30), a, sum];
    }
    [a, b, c, d, e].forEach((x, i) => {
      state[i] = ((state[i] as number) + x) | 0;
    });
  }
  return words(state, false);
}

function words(state: readonly number[], littleEndian: boolean): Uint8Array {
  const out = new DataView(new ArrayBuffer(state.length * 4));
  state.forEach((word, i) => {
    out.setInt32(i * 4, word, littleEndian);
  });
  return new Uint8Array(out.buffer);
}
