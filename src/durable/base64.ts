/** Base64 with padding, for bytes in the journal; in plain code, because a browser has no Buffer. */

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export function toBase64(data: Uint8Array): string {
  let out = "";
  for (let i = 0; i < data.length; i += 3) {
    const left = data.length - i;
    const bits = ((data[i] as number) << 16) | ((data[i + 1] ?? 0) << 8) | (data[i + 2] ?? 0);
    out += ALPHABET[bits >> 18];
    out += ALPHABET[(bits >> 12) & 63];
    out += left > 1 ? ALPHABET[(bits >> 6) & 63] : "=";
    out += left > 2 ? ALPHABET[bits & 63] : "=";
  }
  return out;
}

/** @returns null for a text that is not padded base64 */
export function fromBase64(text: string): Uint8Array | null {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return null;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const data = new Uint8Array((text.length / 4) * 3 - padding);
  let at = 0;
  for (let i = 0; i < text.length; i += 4) {
    let bits = 0;
    for (let k = 0; k < 4; k++) bits = (bits << 6) | Math.max(0, ALPHABET.indexOf(text[i + k] as string));
    for (let shift = 16; shift >= 0 && at < data.length; shift -= 8) data[at++] = (bits >> shift) & 255;
  }
  return data;
}
