/** Hex and base32 texts. Decoders give the bytes, or say what is wrong with the text. */

export function decodeHex(text: string): Uint8Array | string {
  const chars = [...text];
  const bytes = new TextEncoder().encode(text);
  if (bytes.length % 2 !== 0) return "Odd number of digits";
  const bad = chars.findIndex((char) => !/^[0-9a-fA-F]$/.test(char));
  if (bad >= 0) return `Invalid character '${chars[bad]}' at position ${bad}`;
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(i * 2, i * 2 + 2), 16));
}

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/** Digits in the last group of eight, by the bytes that are in it. */
const DIGITS_OF = [0, 2, 4, 5, 7] as const;

export function encodeBase32(data: Uint8Array): string {
  let out = "";
  let held = 0;
  let bits = 0;
  for (const byte of data) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      out += BASE32[(held >> bits) & 31];
    }
    held &= 0xff;
  }
  if (bits > 0) out += BASE32[(held << (5 - bits)) & 31];
  return out.padEnd(Math.ceil(out.length / 8) * 8, "=");
}

export function decodeBase32(text: string): Uint8Array | string {
  const length = new TextEncoder().encode(text).length;
  if (length % 8 !== 0) return `invalid length at ${length - (length % 8)}`;
  const end = text.replace(/=+$/, "").length;
  const out: number[] = [];
  let held = 0;
  let bits = 0;
  for (let i = 0; i < end; i++) {
    const digit = BASE32.indexOf(text[i] as string);
    if (digit < 0) return `invalid symbol at ${i}`;
    held = ((held << 5) | digit) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      out.push((held >> bits) & 0xff);
    }
  }
  const last = end % 8;
  if (length - end >= 8 || !(DIGITS_OF as readonly number[]).includes(last)) return `invalid padding length at ${end}`;
  if ((held & ((1 << bits) - 1)) !== 0) return `non-zero trailing bits at ${end - 1}`;
  return Uint8Array.from(out);
}
