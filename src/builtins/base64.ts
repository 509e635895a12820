/** Base64, both alphabets. Decoding is strict and says where a text goes wrong. */

const STANDARD = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

export interface Base64Form {
  readonly alphabet: string;
  /** Whether texts are filled up with `=` to whole groups of four, and must be when they are read. */
  readonly padded: boolean;
}

export const BASE64: Base64Form = { alphabet: STANDARD, padded: true };
export const BASE64URL: Base64Form = { alphabet: URL_SAFE, padded: false };

export function encodeBase64(data: Uint8Array, form: Base64Form = BASE64): string {
  const { alphabet } = form;
  let out = "";
  for (let i = 0; i < data.length; i += 3) {
    const [a, b, c] = [data[i] as number, data[i + 1], data[i + 2]];
    const group = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    out += (alphabet[group >> 18] as string) + alphabet[(group >> 12) & 63];
    if (b !== undefined) out += alphabet[(group >> 6) & 63];
    else if (form.padded) out += "=";
    if (c !== undefined) out += alphabet[group & 63];
    else if (form.padded) out += "=";
  }
  return out;
}

/**
 * The bytes of a base64 text.
 *
 * @returns the bytes, or what is wrong with the text
 * @example decodeBase64("aGk=") // bytes of "hi"
 */
export function decodeBase64(text: string, form: Base64Form = BASE64): Uint8Array | string {
  const bytes = new TextEncoder().encode(text);
  let end = bytes.length;
  while (end > 0 && bytes.length - end < 2 && bytes[end - 1] === 0x3d) end--;
  const digits = new Uint8Array(end);
  for (let i = 0; i < end; i++) {
    const digit = form.alphabet.indexOf(String.fromCharCode(bytes[i] as number));
    if (digit < 0) return `Invalid symbol ${bytes[i]}, offset ${i}.`;
    digits[i] = digit;
  }
  const padding = bytes.length - end;
  const rest = end % 4;
  if (rest === 1) return padding > 0 ? `Invalid symbol 61, offset ${end}.` : `Invalid input length: ${end}`;
  if (padding > 0 && rest === 0) return `Invalid symbol 61, offset ${end}.`;
  if (padding !== (form.padded ? (4 - rest) % 4 : 0)) return "Invalid padding";
  const unused = rest === 2 ? 0x0f : rest === 3 ? 0x03 : 0;
  if (unused !== 0 && ((digits[end - 1] as number) & unused) !== 0) return `Invalid last symbol ${bytes[end - 1]}, offset ${end - 1}.`;
  return unpack(digits);
}

function unpack(digits: Uint8Array): Uint8Array {
  const out = new Uint8Array(Math.floor((digits.length * 6) / 8));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const digit of digits) {
    held = ((held << 6) | digit) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out[at++] = (held >> bits) & 0xff;
    }
  }
  return out;
}
