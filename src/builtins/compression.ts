/**
 * Compression with the host's own streams, which pages have too. They take no level: any level gives the same bytes, and those of other
 * programs differ anyway. Untrusted data may be a bomb, so what comes out is counted against the limits as it comes.
 */
import { concatBytes } from "@noble/hashes/utils.js";
import { raise } from "../vm/errors.ts";
import type { Builtin, NativeContext, Parked } from "../vm/native.ts";
import { Bytes, isInt, typeName, type Value } from "../vm/values.ts";

import { plain } from "./define.ts";
import { burnText } from "./text_ops.ts";

export function compressionFunctions(): Builtin[] {
  return [
    plain(
      {
        name: "gzip_encode",
        signature: "(data, level?: int) -> bytes",
        doc: "Bytes or a text, compressed.",
        example: 'println(bytes_to_string(gzip_decode(gzip_encode("hi"))))  // -> hi',
      },
      (ctx, data, level) => {
        const bytes = bytesOrText(ctx, "gzip_encode", data as Value, 1);
        checkLevel(ctx, "gzip_encode", level as Value);
        return transformed(ctx, "gzip_encode", bytes, new CompressionStream("gzip"));
      },
    ),
    plain(
      {
        name: "gzip_decode",
        signature: "(data: bytes) -> bytes",
        doc: "What was compressed.",
        example: 'println(bytes_to_string(gzip_decode(gzip_encode("hi"))))  // -> hi',
      },
      (ctx, data) => {
        if (!(data instanceof Bytes)) throw wrongArg(ctx, "gzip_decode", "bytes", data as Value, 1);
        return transformed(ctx, "gzip_decode", data.data, new DecompressionStream("gzip"));
      },
    ),
  ];
}

function wrongArg(ctx: NativeContext, name: string, expected: string, value: Value, position: number) {
  if (position > ctx.argc) return raise.runtime(`${name}: missing argument ${position}`);
  return raise.runtime(`${name}: expected ${expected} at argument ${position}, got ${typeName(value)}`);
}

export function bytesOrText(ctx: NativeContext, name: string, value: Value, position: number): Uint8Array {
  if (value instanceof Bytes) return value.data;
  if (typeof value === "string") return new TextEncoder().encode(value);
  throw wrongArg(ctx, name, "bytes or string", value, position);
}

function checkLevel(ctx: NativeContext, name: string, level: Value): void {
  if (ctx.argc < 2) return;
  if (!isInt(level)) throw raise.runtime(`${name}: level must be an int, got ${typeName(level)}`);
  if (level < 0 || level > 9) throw raise.runtime(`${name}: level must be between 0 and 9, got ${level}`);
}

type ByteStream = CompressionStream | DecompressionStream;

function transformed(ctx: NativeContext, name: string, data: Uint8Array, stream: ByteStream): Parked {
  burnText(ctx, data.length * 16);
  return ctx.parkOn(async () => new Bytes(await throughStream(ctx, name, data, stream)));
}

/** The bytes that come out of a stream when these go in. */
export async function throughStream(ctx: NativeContext, name: string, data: Uint8Array, stream: ByteStream): Promise<Uint8Array> {
  const writer = stream.writable.getWriter();
  // A refusal shows up on the reading side as well; here it only must not go unhandled.
  const written = writer
    .write(new Uint8Array(data))
    .then(() => writer.close())
    .catch(() => undefined);
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = stream.readable.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  for (;;) {
    let next: Awaited<ReturnType<typeof reader.read>>;
    try {
      next = await reader.read();
    } catch (error) {
      throw raise.runtime(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (next.done) break;
    parts.push(next.value);
    length += next.value.length;
    if (length > ctx.limits.stringLength) {
      await reader.cancel();
      throw raise.fatal(`string limit of ${ctx.limits.stringLength} UTF-16 units exceeded`);
    }
  }
  await written;
  return concatBytes(...parts);
}
