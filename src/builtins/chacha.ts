/** The seeded generator: ChaCha with 12 rounds as a stream of 32-bit words, and bounded draws from it. */

const CONSTANTS = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574] as const;
const MASK64 = (1n << 64n) - 1n;

export class ChaCha12 {
  private readonly key: Uint32Array;
  private counter = 0n;
  private block = new Uint32Array(16);
  private used = 16;

  /** @param seed any int; its 64 bits are spread over the key by a PCG step for each word */
  constructor(seed: number | bigint) {
    this.key = new Uint32Array(8);
    let state = BigInt.asUintN(64, BigInt(seed));
    for (let i = 0; i < 8; i++) {
      state = (state * 6364136223846793005n + 11634580027462260723n) & MASK64;
      const mixed = Number((((state >> 18n) ^ state) >> 27n) & 0xffffffffn);
      const turn = Number(state >> 59n);
      this.key[i] = (mixed >>> turn) | (mixed << ((32 - turn) % 32));
      if (turn === 0) this.key[i] = mixed;
    }
  }

  next32(): number {
    if (this.used === 16) this.refill();
    return this.block[this.used++] as number;
  }

  next64(): bigint {
    const low = BigInt(this.next32());
    return (BigInt(this.next32()) << 32n) | low;
  }

  /** In [0, 1). */
  nextFloat(): number {
    return Number(this.next64() >> 11n) * 2 ** -53;
  }

  /** One of `count` values, 0 < count <= 2^32, from one or two 32-bit draws. */
  below32(count: number): number {
    return Number(bounded(BigInt(count), 32n, () => BigInt(this.next32())));
  }

  /** One of `count` values, 0 < count < 2^64, from one or two 64-bit draws. */
  below64(count: bigint): bigint {
    return bounded(count, 64n, () => this.next64());
  }

  private refill(): void {
    const start = new Uint32Array(16);
    start.set(CONSTANTS, 0);
    start.set(this.key, 4);
    start[12] = Number(this.counter & 0xffffffffn);
    start[13] = Number(this.counter >> 32n);
    const x = start.slice();
    for (let round = 0; round < 6; round++) {
      for (let i = 0; i < 4; i++) quarter(x, i, 4 + i, 8 + i, 12 + i);
      for (let i = 0; i < 4; i++) quarter(x, i, 4 + ((i + 1) % 4), 8 + ((i + 2) % 4), 12 + ((i + 3) % 4));
    }
    for (let i = 0; i < 16; i++) this.block[i] = (x[i] as number) + (start[i] as number);
    this.counter = (this.counter + 1n) & MASK64;
    this.used = 0;
  }
}

function quarter(x: Uint32Array, a: number, b: number, c: number, d: number): void {
  x[a] = (x[a] as number) + (x[b] as number);
  x[d] = turned((x[d] as number) ^ (x[a] as number), 16);
  x[c] = (x[c] as number) + (x[d] as number);
  x[b] = turned((x[b] as number) ^ (x[c] as number), 12);
  x[a] = (x[a] as number) + (x[b] as number);
  x[d] = turned((x[d] as number) ^ (x[a] as number), 8);
  x[c] = (x[c] as number) + (x[d] as number);
  x[b] = turned((x[b] as number) ^ (x[c] as number), 7);
}

function turned(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

/** The high part of `draw · count`, with one more draw where the low part leaves the result in doubt. */
function bounded(count: bigint, width: bigint, draw: () => bigint): bigint {
  const size = 1n << width;
  const product = draw() * count;
  let result = product >> width;
  const fraction = product & (size - 1n);
  if (fraction > size - count) {
    const carry = (draw() * count) >> width;
    if (fraction + carry >= size) result++;
  }
  return result;
}

/** Numbers for shuffling: several small bounded values are taken out of one draw. */
export class ShuffleDraws {
  private pool = 0;
  private left = 0;

  constructor(private readonly source: { below32(count: number): number }) {}

  /** A value in 0 ..= i; to be asked for i = 0, 1, 2 … in turn. */
  upTo(i: number): number {
    if (i === 0) return 0;
    if (this.left === 0) {
      let product = i + 1;
      this.left = 1;
      for (let factor = i + 2; product * factor < 2 ** 32; factor++) {
        product *= factor;
        this.left++;
      }
      this.pool = this.source.below32(product);
    }
    this.left--;
    if (this.left === 0) return this.pool;
    const value = this.pool % (i + 1);
    this.pool = Math.floor(this.pool / (i + 1));
    return value;
  }
}
