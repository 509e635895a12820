/** What the older hash functions share: a message is filled up with a bit, zeros and its length, and taken block by block. */

/** The message with its padding. `lengthBytes` is the room for the length in bits. */
export function padded(message: Uint8Array, blockBytes: number, lengthBytes: number, littleEndian: boolean): DataView {
  const total = Math.ceil((message.length + 1 + lengthBytes) / blockBytes) * blockBytes;
  const out = new Uint8Array(total);
  out.set(message);
  out[message.length] = 0x80;
  const view = new DataView(out.buffer);
  const bits = BigInt(message.length) * 8n;
  view.setBigUint64(littleEndian ? total - lengthBytes : total - 8, bits, littleEndian);
  return view;
}

export function hex(bytes: Uint8Array): string {
  let out = "";
  for (const byte of bytes) out += byte.toString(16).padStart(2, "0");
  return out;
}

/** The first primes. */
export function primes(count: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((p) => n % p !== 0)) found.push(n);
  return found;
}

/** The first 64 bits behind the point of the number's square (2) or cube (3) root. */
export function rootFraction(n: number, degree: 2 | 3): bigint {
  const scaled = BigInt(n) << BigInt(64 * degree);
  let low = 0n;
  let high = 1n << 72n;
  while (low < high) {
    const middle = (low + high + 1n) >> 1n;
    if (middle ** BigInt(degree) <= scaled) low = middle;
    else high = middle - 1n;
  }
  return BigInt.asUintN(64, low);
}
