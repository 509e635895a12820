/**
 * Random bytes that replay: one stream for each fiber, and one for each step's handler, because a replay does not call it; drawn from
 * the run's recorded seed, so that a resumed run draws what it drew before. Block n of a stream is SHA-256 over seed, path and n; the seed
 * never leaves the state root.
 */
export class Chance {
  private readonly streams = new Map<string, { block: number; rest: Uint8Array }>();

  constructor(
    /** 32 bytes as hex. */
    private readonly seed: string,
    private readonly sha256: (text: string) => string,
  ) {}

  /** The next bytes of a stream. @param path the fiber's, with the scope of the step it is in */
  bytes(path: string, count: number): Uint8Array {
    let stream = this.streams.get(path);
    if (stream === undefined) {
      stream = { block: 0, rest: new Uint8Array() };
      this.streams.set(path, stream);
    }
    const out = new Uint8Array(count);
    for (let at = 0; at < count; ) {
      if (stream.rest.length === 0) stream.rest = fromHex(this.sha256(`${this.seed}\0${path}\0${stream.block++}`));
      const piece = stream.rest.subarray(0, count - at);
      out.set(piece, at);
      stream.rest = stream.rest.subarray(piece.length);
      at += piece.length;
    }
    return out;
  }
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

/** A UUIDv7: sortable by time. @param nowMs milliseconds since the epoch; random: at least 10 bytes */
export function uuidV7(nowMs: number, random: Uint8Array): string {
  const hex = Math.floor(nowMs).toString(16).padStart(12, "0") + toHex(random.subarray(0, 10));
  const variant = "89ab"[Number.parseInt(hex[16] as string, 16) & 3] as string;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
