/** SHA-3 (FIPS 202): the Keccak sponge over 25 lanes of 64 bits. */

const MASK = (1n << 64n) - 1n;

export function sha3(message: Uint8Array, outputBytes: 32 | 64): Uint8Array {
  const rate = 200 - 2 * outputBytes;
  const input = new Uint8Array((Math.floor(message.length / rate) + 1) * rate);
  input.set(message);
  input[message.length] = 0x06;
  input[input.length - 1] = (input[input.length - 1] as number) | 0x80;
  const view = new DataView(input.buffer);
  const lanes = new Array<bigint>(25).fill(0n);
  for (let block = 0; block < input.length; block += rate) {
    for (let i = 0; i < rate / 8; i++) lanes[i] = (lanes[i] as bigint) ^ view.getBigUint64(block + i * 8, true);
    permute(lanes);
  }
  const out = new DataView(new ArrayBuffer(outputBytes));
  for (let i = 0; i < outputBytes / 8; i++) out.setBigUint64(i * 8, lanes[i] as bigint, true);
  return new Uint8Array(out.buffer);
}

const turn = (x: bigint, by: number): bigint => (by === 0 ? x : ((x << BigInt(by)) | (x >> BigInt(64 - by))) & MASK);

function permute(lanes: bigint[]): void {
  let register = 1;
  for (let round = 0; round < 24; round++) {
    mixColumns(lanes);
    moveLanes(lanes);
    for (let y = 0; y < 25; y += 5) {
      const row = lanes.slice(y, y + 5);
      for (let x = 0; x < 5; x++) lanes[y + x] = (row[x] as bigint) ^ (~(row[(x + 1) % 5] as bigint) & MASK & (row[(x + 2) % 5] as bigint));
    }
    for (let bit = 0; bit < 7; bit++) {
      if (register & 1) lanes[0] = (lanes[0] as bigint) ^ (1n << BigInt((1 << bit) - 1));
      register = register & 0x80 ? ((register << 1) ^ 0x171) & 0xff : register << 1;
    }
  }
}

function mixColumns(lanes: bigint[]): void {
  const columns = Array.from({ length: 5 }, (_, x) => [0, 5, 10, 15, 20].reduce((sum, y) => sum ^ (lanes[x + y] as bigint), 0n));
  for (let i = 0; i < 25; i++) {
    const x = i % 5;
    lanes[i] = (lanes[i] as bigint) ^ (columns[(x + 4) % 5] as bigint) ^ turn(columns[(x + 1) % 5] as bigint, 1);
  }
}

function moveLanes(lanes: bigint[]): void {
  let [x, y] = [1, 0];
  let moving = lanes[1] as bigint;
  for (let t = 0; t < 24; t++) {
    [x, y] = [y, (2 * x + 3 * y) % 5];
    const at = x + 5 * y;
    const next = lanes[at] as bigint;
    lanes[at] = turn(moving, (((t + 1) * (t + 2)) / 2) % 64);
    moving = next;
  }
}
