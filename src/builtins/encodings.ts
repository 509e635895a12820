/** Encodings of texts: base64 and its like, and those of URLs. Decoded bytes become text, with U+FFFD where they are no UTF-8. */
import { bytesToHex } from "@noble/hashes/utils.js";
import { raise } from "../vm/errors.ts";
import type { Builtin } from "../vm/native.ts";
import { Bytes, type Value } from "../vm/values.ts";
import { limitedText, textArg } from "./args.ts";
import { BASE64, BASE64URL, decodeBase64, encodeBase64 } from "./base64.ts";
import { plain } from "./define.ts";
import { decodeBase32, decodeHex, encodeBase32 } from "./text_codes.ts";
import { burnText } from "./text_ops.ts";

export function encodings(): Builtin[] {
  return [
    encoder("base64_encode", "The text or bytes in base64.", "hi", "aGk=", (data) => encodeBase64(data, BASE64)),
    decoder("base64", "The text behind a base64 text.", "aGk=", "hi", (text) => decodeBase64(text, BASE64)),
    encoder("base64url_encode", "The text in URL-safe base64 without padding.", "hi", "aGk", (data) => encodeBase64(data, BASE64URL)),
    decoder("base64url", "The text behind a URL-safe base64 text.", "aGk", "hi", (text) => decodeBase64(text, BASE64URL)),
    encoder("base32_encode", "The text in base32.", "foo", "MZXW6===", encodeBase32),
    decoder("base32", "The text behind a base32 text.", "MZXW6===", "foo", decodeBase32),
    encoder("hex_encode", "The text's bytes as hexadecimal digits.", "foo", "666f6f", bytesToHex),
    decoder("hex", "The text behind hexadecimal digits.", "666f6f", "foo", decodeHex),
    encoder("url_encode", "The text with all but letters, digits and `-_.~` as `%XX`.", "a b&c", "a%20b%26c", percentEncode),
    plain(
      {
        name: "url_decode",
        signature: "(text) -> string",
        doc: "The text with `%XX` and `+` decoded.",
        example: 'println(url_decode("a+b%26c"))  // -> a b&c',
      },
      (ctx, value) => {
        const text = textArg(ctx, value as Value, 0);
        burnText(ctx, text.length);
        return limitedText(ctx, formDecode(text));
      },
    ),
  ];
}

function encoder(name: string, doc: string, from: string, to: string, encode: (data: Uint8Array) => string): Builtin {
  return plain({ name, signature: "(data) -> string", doc, example: `println(${name}("${from}"))  // -> ${to}` }, (ctx, value) => {
    const data =
      name === "base64_encode" && value instanceof Bytes ? value.data : new TextEncoder().encode(textArg(ctx, value as Value, 0));
    burnText(ctx, data.length * 8);
    return limitedText(ctx, encode(data));
  });
}

function decoder(form: string, doc: string, from: string, to: string, decode: (text: string) => Uint8Array | string): Builtin {
  const name = `${form}_decode`;
  return plain({ name, signature: "(text) -> string", doc, example: `println(${name}("${from}"))  // -> ${to}` }, (ctx, value) => {
    const text = textArg(ctx, value as Value, 0);
    burnText(ctx, text.length * 8);
    const bytes = decode(text);
    if (typeof bytes === "string") throw raise.runtime(`${form} decode error: ${bytes}`);
    return lossyText(bytes);
  });
}

/** UTF-8 as text; what is none becomes U+FFFD. */
export function lossyText(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

/** Unreserved characters stay, every other byte becomes `%XX`. */
export function percentEncode(data: Uint8Array): string {
  let out = "";
  for (const byte of data) out += /[A-Za-z0-9\-_.~]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : percent(byte);
  return out;
}

/** The encoding of forms: a space is `+`, and only letters, digits and `*-._` stay. */
export function formEncode(text: string): string {
  let out = "";
  for (const byte of new TextEncoder().encode(text)) {
    const char = String.fromCharCode(byte);
    out += char === " " ? "+" : /[A-Za-z0-9*\-._]/.test(char) ? char : percent(byte);
  }
  return out;
}

function percent(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
}

/** Undoes both; a `%` that two hexadecimal digits do not follow is kept. */
export function formDecode(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const out = new Uint8Array(bytes.length);
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    const digits = byte === 0x25 ? String.fromCharCode(bytes[i + 1] ?? 0, bytes[i + 2] ?? 0) : "";
    if (/^[0-9a-fA-F]{2}$/.test(digits)) {
      out[length++] = Number.parseInt(digits, 16);
      i += 2;
    } else out[length++] = byte === 0x2b ? 0x20 : byte;
  }
  return lossyText(out.subarray(0, length));
}
