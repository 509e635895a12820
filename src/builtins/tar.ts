/** Tar archives with GNU headers: only paths, modes and contents; times and owners are zero. */

export interface ArchiveEntry {
  readonly path: string;
  readonly content: Uint8Array;
  /** Permission bits. */
  readonly mode: number;
}

const BLOCK = 512;

export function writeTar(entries: readonly ArchiveEntry[]): Uint8Array[] {
  const blocks: Uint8Array[] = [];
  for (const entry of entries) {
    const path = new TextEncoder().encode(entry.path);
    if (path.length > 100) {
      const long = new Uint8Array(path.length + 1);
      long.set(path);
      blocks.push(header(new TextEncoder().encode("././@LongLink"), long.length, 0, "L"), filled(long));
    }
    blocks.push(header(path.subarray(0, 100), entry.content.length, entry.mode, "0"), filled(entry.content));
  }
  blocks.push(new Uint8Array(2 * BLOCK));
  return blocks;
}

function filled(content: Uint8Array): Uint8Array {
  const out = new Uint8Array(Math.ceil(content.length / BLOCK) * BLOCK);
  out.set(content);
  return out;
}

function header(path: Uint8Array, size: number, mode: number, type: string): Uint8Array {
  const out = new Uint8Array(BLOCK);
  const text = (at: number, value: string) => out.set(new TextEncoder().encode(value), at);
  const octal = (at: number, width: number, value: number) => text(at, `${value.toString(8).padStart(width - 1, "0")}\0`);
  out.set(path, 0);
  octal(100, 8, mode);
  octal(108, 8, 0);
  octal(116, 8, 0);
  octal(124, 12, size);
  octal(136, 12, 0);
  text(148, "        ");
  text(156, type);
  text(257, "ustar  \0");
  const sum = out.reduce((total, byte) => total + byte, 0);
  text(148, `${sum.toString(8).padStart(6, "0")}\0 `);
  return out;
}

/** The files of an archive, or what is wrong with it. */
export function readTar(data: Uint8Array): ArchiveEntry[] | string {
  const entries: ArchiveEntry[] = [];
  let longName: string | null = null;
  for (let at = 0; at + BLOCK <= data.length; ) {
    const head = data.subarray(at, at + BLOCK);
    if (head.every((byte) => byte === 0)) return entries;
    const sum = head.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 0x20 : byte), 0);
    if (sum !== octalAt(head, 148, 8)) return "archive header checksum mismatch";
    const size = octalAt(head, 124, 12);
    const start = at + BLOCK;
    if (size === null || start + size > data.length) return "unexpected end of archive";
    const content = data.slice(start, start + size);
    const type = String.fromCharCode(head[156] as number);
    if (type === "L") longName = textOf(content);
    else {
      const prefix = textOf(head.subarray(257, 263)) === "ustar" ? textOf(head.subarray(345, 500)) : "";
      const path: string = longName ?? (prefix === "" ? textOf(head.subarray(0, 100)) : `${prefix}/${textOf(head.subarray(0, 100))}`);
      longName = null;
      if (type === "0" || type === "\0") entries.push({ path, content, mode: (octalAt(head, 100, 8) ?? 0) & 0o7777 });
    }
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return entries;
}

function textOf(field: Uint8Array): string {
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}

function octalAt(head: Uint8Array, at: number, width: number): number | null {
  const digits = textOf(head.subarray(at, at + width)).trim();
  if (!/^[0-7]*$/.test(digits)) return null;
  return digits === "" ? 0 : Number.parseInt(digits, 8);
}
