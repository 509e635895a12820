/** Archives of files: tar and zip, from and to lists of entries. */
import { concatBytes } from "@noble/hashes/utils.js";
import { raise } from "../vm/errors.ts";
import type { Builtin, NativeContext } from "../vm/native.ts";
import { Bytes, Dict, dictOf, isInt, List, list, typeName, type Value } from "../vm/values.ts";
import { checkItems } from "./args.ts";
import { bytesArg } from "./bytes.ts";
import { throughStream } from "./compression.ts";
import { plain } from "./define.ts";
import { type ArchiveEntry, readTar, writeTar } from "./tar.ts";
import { burnText } from "./text_ops.ts";
import { crc32, readZip, writeZip, type ZipMember } from "./zip.ts";

export function archiveFunctions(): Builtin[] {
  return [...tar(), ...zip()];
}

const DEFAULT_MODE = 0o644;

function entriesArg(ctx: NativeContext, name: string, value: Value): ArchiveEntry[] {
  if (ctx.argc === 0) throw raise.runtime(`${name}: missing argument 1`);
  if (!(value instanceof List)) throw raise.runtime(`${name}: entries must be a list, got ${typeName(value)}`);
  checkItems(ctx, value.length);
  return value.items.slice(0, value.length).map((entry, i) => readEntry(`${name}: entry ${i + 1}`, entry));
}

function readEntry(label: string, entry: Value): ArchiveEntry {
  if (!(entry instanceof Dict)) throw raise.runtime(`${label} must be a dict, got ${typeName(entry)}`);
  const path = entry.map.get("path");
  if (path === undefined) throw raise.runtime(`${label} is missing path`);
  if (typeof path !== "string") throw raise.runtime(`${label} path must be a string, got ${typeName(path)}`);
  if (path === "") throw raise.runtime(`${label} path must not be empty`);
  const content = entry.map.get("content");
  if (content === undefined) throw raise.runtime(`${label} is missing content`);
  if (typeof content !== "string" && !(content instanceof Bytes)) {
    throw raise.runtime(`${label} content must be bytes or string, got ${typeName(content)}`);
  }
  const mode = entry.map.get("mode") ?? DEFAULT_MODE;
  if (!isInt(mode)) throw raise.runtime(`${label} mode must be an int, got ${typeName(mode)}`);
  if (mode < 0 || mode > 0o7777) throw raise.runtime(`${label} mode must be between 0 and 4095`);
  return { path, content: content instanceof Bytes ? content.data : new TextEncoder().encode(content), mode: Number(mode) };
}

function tar(): Builtin[] {
  return [
    plain(
      {
        name: "tar_create",
        signature: "(entries: list) -> bytes",
        doc: "A tar archive of entries: dicts of `path`, `content` and perhaps `mode`.",
        example: 'println(tar_extract(tar_create([{path: "a", content: "1"}]))[0].path)  // -> a',
      },
      (ctx, entries) => {
        const bytes = concatBytes(...writeTar(entriesArg(ctx, "tar_create", entries as Value)));
        burnText(ctx, bytes.length);
        return new Bytes(bytes);
      },
    ),
    plain(
      {
        name: "tar_extract",
        signature: "(data: bytes) -> list",
        doc: "A dict of path, mode and content for every file of a tar archive.",
        example: 'println(tar_extract(tar_create([{path: "a", content: "1"}]))[0].mode)  // -> 420',
      },
      (ctx, data) => {
        const entries = readTar(bytesArg(ctx, "tar_extract", data as Value, 1));
        if (typeof entries === "string") throw raise.runtime(`tar_extract: ${entries}`);
        checkItems(ctx, entries.length * 3);
        return list(entries.map(({ path, mode, content }) => dictOf({ path, mode, content: new Bytes(content) })));
      },
    ),
  ];
}

function zip(): Builtin[] {
  return [
    plain(
      {
        name: "zip_create",
        signature: "(entries: list) -> bytes",
        doc: "A zip archive of entries: dicts of `path` and `content`.",
        example: 'println(zip_extract(zip_create([{path: "a", content: "1"}]))[0].path)  // -> a',
      },
      (ctx, entries) => {
        const sources = entriesArg(ctx, "zip_create", entries as Value);
        return ctx.parkOn(async () => {
          const members: ZipMember[] = [];
          for (const { path, content } of sources) {
            const packed = await throughStream(ctx, "zip_create", content, new CompressionStream("deflate-raw"));
            members.push({ path, packed, deflated: true, size: content.length, crc: crc32(content) });
          }
          return new Bytes(concatBytes(...writeZip(members)));
        });
      },
    ),
    plain(
      {
        name: "zip_extract",
        signature: "(data: bytes) -> list",
        doc: "A dict of path and content for every file of a zip archive.",
        example: 'println(bytes_to_string(zip_extract(zip_create([{path: "a", content: "1"}]))[0].content))  // -> 1',
      },
      (ctx, data) => {
        const members = readZip(bytesArg(ctx, "zip_extract", data as Value, 1));
        if (typeof members === "string") throw raise.runtime(`zip_extract: ${members}`);
        checkItems(ctx, members.length * 2);
        return ctx.parkOn(async () => {
          const files: Value[] = [];
          for (const member of members) files.push(dictOf({ path: member.path, content: new Bytes(await unpacked(ctx, member)) }));
          return list(files);
        });
      },
    ),
  ];
}

async function unpacked(ctx: NativeContext, member: ZipMember): Promise<Uint8Array> {
  if (!member.deflated) return member.packed;
  const content = await throughStream(ctx, "zip_extract", member.packed, new DecompressionStream("deflate-raw"));
  if (crc32(content) !== member.crc) throw raise.runtime("zip_extract: Invalid checksum");
  return content;
}
