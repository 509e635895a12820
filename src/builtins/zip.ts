/** Zip archives: deflated or stored entries, without encryption and without the 64-bit extension. */

export interface ZipMember {
  readonly path: string;
  /** As it stands in the archive. */
  readonly packed: Uint8Array;
  readonly deflated: boolean;
  readonly size: number;
  readonly crc: number;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
/** Names are UTF-8. */
const UTF8_NAMES = 0x0800;
/** 1980-01-01, the earliest date there is. */
const NO_DATE = 0x0021;

export function writeZip(members: readonly ZipMember[]): Uint8Array[] {
  const parts: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let offset = 0;
  for (const member of members) {
    const name = new TextEncoder().encode(member.path);
    const local = record(30, (view) => {
      view.setUint32(0, LOCAL, true);
      common(view, 4, member, name);
    });
    central.push(
      record(46, (view) => {
        view.setUint32(0, CENTRAL, true);
        view.setUint16(4, 20, true);
        common(view, 6, member, name);
        view.setUint32(42, offset, true);
      }),
      name,
    );
    parts.push(local, name, member.packed);
    offset += local.length + name.length + member.packed.length;
  }
  const size = central.reduce((total, part) => total + part.length, 0);
  const end = record(22, (view) => {
    view.setUint32(0, END, true);
    view.setUint16(8, members.length, true);
    view.setUint16(10, members.length, true);
    view.setUint32(12, size, true);
    view.setUint32(16, offset, true);
  });
  return [...parts, ...central, end];
}

function record(length: number, fill: (view: DataView) => void): Uint8Array {
  const out = new Uint8Array(length);
  fill(new DataView(out.buffer));
  return out;
}

/** The fields that both headers have, in the same order. */
function common(view: DataView, at: number, member: ZipMember, name: Uint8Array): void {
  view.setUint16(at, 20, true);
  view.setUint16(at + 2, UTF8_NAMES, true);
  view.setUint16(at + 4, member.deflated ? 8 : 0, true);
  view.setUint16(at + 8, NO_DATE, true);
  view.setUint32(at + 10, member.crc, true);
  view.setUint32(at + 14, member.packed.length, true);
  view.setUint32(at + 18, member.size, true);
  view.setUint16(at + 22, name.length, true);
}

/** The files of an archive, still packed, or what is wrong with it. */
export function readZip(data: Uint8Array): ZipMember[] | string {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let end = data.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== END) end--;
  if (end < 0) return "invalid Zip archive: Could not find EOCD";
  const count = view.getUint16(end + 10, true);
  const members: ZipMember[] = [];
  let at = view.getUint32(end + 16, true);
  for (let i = 0; i < count; i++) {
    if (at + 46 > data.length || view.getUint32(at, true) !== CENTRAL) return "invalid Zip archive: Invalid central directory header";
    const member = readMember(data, view, at);
    if (typeof member === "string") return member;
    if (!member.path.endsWith("/")) members.push(member);
    at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return members;
}

function readMember(data: Uint8Array, view: DataView, at: number): ZipMember | string {
  const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
  if ((flags & 1) !== 0) return "unsupported Zip archive: Password required to decrypt file";
  if (method !== 0 && method !== 8) return "unsupported Zip archive: Compression method not supported";
  const [packedSize, size] = [view.getUint32(at + 20, true), view.getUint32(at + 24, true)];
  const path = new TextDecoder().decode(data.subarray(at + 46, at + 46 + view.getUint16(at + 28, true)));
  const local = view.getUint32(at + 42, true);
  if (local + 30 > data.length || view.getUint32(local, true) !== LOCAL) return "invalid Zip archive: Invalid local file header";
  const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  if (start + packedSize > data.length) return "invalid Zip archive: unexpected end of file";
  return { path, packed: data.slice(start, start + packedSize), deflated: method === 8, size, crc: view.getUint32(at + 16, true) };
}

/** CRC-32 as zip and gzip use it. */
export function crc32(data: Uint8Array): number {
  const table = Uint32Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    return c;
  });
  let crc = 0xffffffff;
  for (const byte of data) crc = (table[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
