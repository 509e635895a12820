/** Functions on bytes. Unlike most builtins they refuse arguments of another kind. */
import { bytesToHex, concatBytes } from "@noble/hashes/utils.js";
import { raise } from "../vm/errors.ts";
import type { Builtin, NativeContext } from "../vm/native.ts";
import { Bytes, isInt, typeName, type Value } from "../vm/values.ts";
import { countOr } from "./args.ts";
import { BASE64, decodeBase64, encodeBase64 } from "./base64.ts";
import { plain } from "./define.ts";
import { lossyText } from "./encodings.ts";
import { decodeHex } from "./text_codes.ts";
import { burnText } from "./text_ops.ts";

export function bytesFunctions(): Builtin[] {
  return [...fromTexts(), ...toTexts(), ...parts()];
}

/** The bytes at a position counted from 1, or the error that there are none. */
export function bytesArg(ctx: NativeContext, name: string, value: Value, position: number): Uint8Array {
  if (value instanceof Bytes) {
    burnText(ctx, value.data.length);
    return value.data;
  }
  throw wrongArg(ctx, name, "bytes", value, position);
}

function wrongArg(ctx: NativeContext, name: string, expected: string, value: Value, position: number) {
  if (position > ctx.argc) return raise.runtime(`${name}: missing argument ${position}`);
  return raise.runtime(`${name}: expected ${expected} at argument ${position}, got ${typeName(value)}`);
}

function stringArg(ctx: NativeContext, name: string, value: Value, position: number): string {
  if (typeof value !== "string") throw wrongArg(ctx, name, "string", value, position);
  burnText(ctx, value.length);
  return value;
}

function fromTexts(): Builtin[] {
  const row = (name: string, doc: string, example: string, read: (text: string) => Uint8Array | string) =>
    plain({ name, signature: "(text: string) -> bytes", doc, example }, (ctx, value) => {
      const bytes = read(stringArg(ctx, name, value as Value, 1));
      if (typeof bytes === "string") throw raise.runtime(`${name}: ${bytes}`);
      return new Bytes(bytes);
    });
  return [
    row("bytes_from_string", "The text in UTF-8.", 'println(bytes_from_string("hi"))  // -> b"6869"', (text) =>
      new TextEncoder().encode(text),
    ),
    row("bytes_from_hex", "The bytes written in hexadecimal digits.", 'println(bytes_from_hex("00ff"))  // -> b"00ff"', decodeHex),
    row("bytes_from_base64", "The bytes written in base64.", 'println(bytes_from_base64("aGk="))  // -> b"6869"', (text) =>
      decodeBase64(text, BASE64),
    ),
  ];
}

function toTexts(): Builtin[] {
  const row = (name: string, doc: string, example: string, write: (data: Uint8Array) => string) =>
    plain({ name, signature: "(data: bytes) -> string", doc, example }, (ctx, data) => write(bytesArg(ctx, name, data as Value, 1)));
  return [
    row("bytes_to_string", "The text whose UTF-8 this is.", 'println(bytes_to_string(bytes_from_hex("6869")))  // -> hi', strictText),
    row(
      "bytes_to_string_lossy",
      "As text, with U+FFFD for what is no UTF-8.",
      'println(bytes_to_string_lossy(bytes_from_hex("6869")))  // -> hi',
      lossyText,
    ),
    row("bytes_to_hex", "As hexadecimal digits.", 'println(bytes_to_hex(bytes_from_string("hi")))  // -> 6869', bytesToHex),
    row("bytes_to_base64", "In base64.", 'println(bytes_to_base64(bytes_from_string("hi")))  // -> aGk=', (data) => encodeBase64(data)),
  ];
}

/** UTF-8 as text, or an error that says where it is none. */
export function strictText(data: Uint8Array): string {
  const fault = utf8Fault(data);
  if (fault === null) return lossyText(data);
  throw raise.runtime(`bytes_to_string: ${fault}`);
}

/** What is wrong with bytes as UTF-8, null if nothing. */
export function utf8Fault(data: Uint8Array): string | null {
  for (let i = 0; i < data.length; ) {
    const lead = data[i] as number;
    const length =
      lead < 0x80 ? 1 : lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
    if (length === 0) return `invalid utf-8 sequence of 1 bytes from index ${i}`;
    for (let k = 1; k < length; k++) {
      const next = data[i + k];
      if (next === undefined) return `incomplete utf-8 byte sequence from index ${i}`;
      const [low, high] = k === 1 ? secondByte(lead) : [0x80, 0xbf];
      if (next < low || next > high) return `invalid utf-8 sequence of ${k} bytes from index ${i}`;
    }
    i += length;
  }
  return null;
}

/** What may follow a lead byte: overlong forms, surrogates and code points beyond the last are excluded. */
function secondByte(lead: number): [number, number] {
  if (lead === 0xe0) return [0xa0, 0xbf];
  if (lead === 0xed) return [0x80, 0x9f];
  if (lead === 0xf0) return [0x90, 0xbf];
  return lead === 0xf4 ? [0x80, 0x8f] : [0x80, 0xbf];
}

function parts(): Builtin[] {
  const int = (ctx: NativeContext, name: string, value: Value, position: number): number => {
    if (!isInt(value)) throw wrongArg(ctx, name, "int", value, position);
    return countOr(value, 0);
  };
  return [
    plain(
      {
        name: "bytes_len",
        signature: "(data: bytes) -> int",
        doc: "The number of bytes.",
        example: 'println(bytes_len(bytes_from_hex("00ff")))  // -> 2',
      },
      (ctx, data) => bytesArg(ctx, "bytes_len", data as Value, 1).length,
    ),
    plain(
      {
        name: "bytes_concat",
        signature: "(a: bytes, b: bytes) -> bytes",
        doc: "The bytes of both.",
        example: 'println(bytes_concat(bytes_from_hex("00"), bytes_from_hex("ff")))  // -> b"00ff"',
      },
      (ctx, a, b) => new Bytes(concatBytes(bytesArg(ctx, "bytes_concat", a as Value, 1), bytesArg(ctx, "bytes_concat", b as Value, 2))),
    ),
    plain(
      {
        name: "bytes_slice",
        signature: "(data: bytes, start: int, end: int) -> bytes",
        doc: "The bytes from `start` up to, not including, `end`.",
        example: 'println(bytes_slice(bytes_from_hex("00ff11"), 1, 2))  // -> b"ff"',
      },
      (ctx, value, start, end) => {
        const data = bytesArg(ctx, "bytes_slice", value as Value, 1);
        const from = Math.min(Math.max(0, int(ctx, "bytes_slice", start as Value, 2)), data.length);
        const to = Math.min(Math.max(0, int(ctx, "bytes_slice", end as Value, 3)), data.length);
        return new Bytes(data.slice(from, Math.max(from, to)));
      },
    ),
    plain(
      {
        name: "bytes_eq",
        signature: "(a: bytes, b: bytes) -> bool",
        doc: "Whether both are the same, in constant time.",
        example: 'println(bytes_eq(bytes_from_hex("00"), bytes_from_hex("00")))  // -> true',
      },
      (ctx, a, b) => sameBytes(bytesArg(ctx, "bytes_eq", a as Value, 1), bytesArg(ctx, "bytes_eq", b as Value, 2)),
    ),
  ];
}

/** Takes as long for a difference in the first byte as for one in the last. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] ?? 0);
  return difference === 0;
}
