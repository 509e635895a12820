/**
 * SHA-2 (FIPS 180-4). The constants are what the standard says they are: digits of the roots of the first primes.
 *
 * An instance computes them once; make one where they are needed again and again.
 */
import { padded, primes, rootFraction } from "./blocks.ts";

const turn32 = (x: number, by: number): number => (x >>> by) | (x << (32 - by));
const MASK = (1n << 64n) - 1n;
const turn64 = (x: bigint, by: bigint): bigint => ((x >> by) | (x << (64n - by))) & MASK;

export class Sha2 {
  private readonly cubes = primes(80).map((p) => rootFraction(p, 3));
  private readonly squares = primes(16).map((p) => rootFraction(p, 2));
  private readonly cubes32 = Int32Array.from(this.cubes.slice(0, 64), (k) => Number(k >> 32n) | 0);

  sha256(message: Uint8Array): Uint8Array {
    return this.digest32(
      message,
      this.squares.slice(0, 8).map((h) => Number(h >> 32n)),
    );
  }

  sha224(message: Uint8Array): Uint8Array {
    const start = this.squares.slice(8).map((h) => Number(h & 0xffffffffn));
    return this.digest32(message, start).slice(0, 28);
  }

  sha512(message: Uint8Array): Uint8Array {
    return this.digest64(message, this.squares.slice(0, 8));
  }

  sha384(message: Uint8Array): Uint8Array {
    return this.digest64(message, this.squares.slice(8)).slice(0, 48);
  }

  sha512t256(message: Uint8Array): Uint8Array {
    const changed = this.squares.slice(0, 8).map((h) => h ^ 0xa5a5a5a5a5a5a5a5n);
    const start = new DataView(this.digest64(new TextEncoder().encode("SHA-512/256"), changed).buffer);
    return this.digest64(
      message,
      Array.from({ length: 8 }, (_, i) => start.getBigUint64(i * 8)),
    ).slice(0, 32);
  }

  /** HMAC-SHA-256 (RFC 2104). */
  hmac256(key: Uint8Array, message: Uint8Array): Uint8Array {
    const block = new Uint8Array(64);
    block.set(key.length > 64 ? this.sha256(key) : key);
    const inner = this.sha256(
      concat(
        block.map((b) => b ^ 0x36),
        message,
      ),
    );
    return this.sha256(
      concat(
        block.map((b) => b ^ 0x5c),
        inner,
      ),
    );
  }

  private digest32(message: Uint8Array, start: readonly number[]): Uint8Array {
    const view = padded(message, 64, 8, false);
    const state = Int32Array.from(start, (x) => x | 0);
    const w = new Int32Array(64);
    for (let block = 0; block < view.byteLength; block += 64) {
      for (let i = 0; i < 16; i++) w[i] = view.getInt32(block + i * 4);
      for (let i = 16; i < 64; i++) {
        const a = w[i - 15] as number;
        const b = w[i - 2] as number;
        const small = turn32(a, 7) ^ turn32(a, 18) ^ (a >>> 3);
        const large = turn32(b, 17) ^ turn32(b, 19) ^ (b >>> 10);
        w[i] = (w[i - 16] as number) + small + (w[i - 7] as number) + large;
      }
      this.rounds32(state, w);
    }
    const out = new DataView(new ArrayBuffer(32));
    state.forEach((word, i) => {
      out.setInt32(i * 4, word);
    });
    return new Uint8Array(out.buffer);
  }

  private rounds32(state: Int32Array, w: Int32Array): void {
    let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
    for (let i = 0; i < 64; i++) {
      const high = turn32(e, 6) ^ turn32(e, 11) ^ turn32(e, 25);
      const first = (h + high + ((e & f) ^ (~e & g)) + (this.cubes32[i] as number) + (w[i] as number)) | 0;
      const low = turn32(a, 2) ^ turn32(a, 13) ^ turn32(a, 22);
      const second = (low + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + first) | 0;
      d = c;
      c = b;
      b = a;
      a = (first + second) | 0;
    }
    const after = [a, b, c, d, e, f, g, h];
    for (let i = 0; i < 8; i++) state[i] = (state[i] as number) + (after[i] as number);
  }

  private digest64(message: Uint8Array, start: readonly bigint[]): Uint8Array {
    const view = padded(message, 128, 16, false);
    const state = [...start];
    const w = new Array<bigint>(80).fill(0n);
    for (let block = 0; block < view.byteLength; block += 128) {
      for (let i = 0; i < 16; i++) w[i] = view.getBigUint64(block + i * 8);
      for (let i = 16; i < 80; i++) {
        const a = w[i - 15] as bigint;
        const b = w[i - 2] as bigint;
        const small = turn64(a, 1n) ^ turn64(a, 8n) ^ (a >> 7n);
        const large = turn64(b, 19n) ^ turn64(b, 61n) ^ (b >> 6n);
        w[i] = ((w[i - 16] as bigint) + small + (w[i - 7] as bigint) + large) & MASK;
      }
      this.rounds64(state, w);
    }
    const out = new DataView(new ArrayBuffer(64));
    state.forEach((word, i) => {
      out.setBigUint64(i * 8, word);
    });
    return new Uint8Array(out.buffer);
  }

  private rounds64(state: bigint[], w: readonly bigint[]): void {
    let [a, b, c, d, e, f, g, h] = state as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
    for (let i = 0; i < 80; i++) {
      const high = turn64(e, 14n) ^ turn64(e, 18n) ^ turn64(e, 41n);
      const first = h + high + ((e & f) ^ (~e & MASK & g)) + (this.cubes[i] as bigint) + (w[i] as bigint);
      const low = turn64(a, 28n) ^ turn64(a, 34n) ^ turn64(a, 39n);
      const second = low + ((a & b) ^ (a & c) ^ (b & c));
      h = g;
      g = f;
      f = e;
      e = (d + first) & MASK;
      d = c;
      c = b;
      b = a;
      a = (first + second) & MASK;
    }
    const after = [a, b, c, d, e, f, g, h];
    for (let i = 0; i < 8; i++) state[i] = ((state[i] as bigint) + (after[i] as bigint)) & MASK;
  }
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
