/** Multipart forms (RFC 7578): written exactly, read strictly. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes } from "@noble/hashes/utils.js";
import { display } from "../vm/display.ts";
import { raise } from "../vm/errors.ts";
import type { Builtin, NativeContext } from "../vm/native.ts";
import { Bytes, Dict, dict, dictOf, isInt, List, list, typeName, type Value } from "../vm/values.ts";
import { countOr } from "./args.ts";
import { utf8Fault } from "./bytes.ts";
import { plain } from "./define.ts";
import { lossyText } from "./encodings.ts";
import { readMultipart, type Part } from "./multipart_read.ts";
import { burnText } from "./text_ops.ts";

export function multipartFunctions(): Builtin[] {
  return [writing(), reading(), ...fields()];
}

const FORM = "multipart_form_data";

interface Field {
  readonly head: string;
  readonly content: Uint8Array;
  readonly shown: string;
}

function writing(): Builtin {
  return plain(
    {
      name: FORM,
      signature: "(fields: list, options?: dict) -> dict",
      doc: "A dict of boundary, content type and body of a form. A field is a dict of `name`, `content`, and perhaps `filename`, `content_type`, `headers`.",
      example: 'println(len(multipart_form_data([{name: "a", content: "1"}], {boundary: "B"}).body))  // -> 59',
    },
    (ctx, value, options) => {
      if (!(value instanceof List)) throw raise.runtime(`${FORM}: fields must be a list, got ${typeName(value as Value)}`);
      const parts = value.items.slice(0, value.length).map((field, i) => readField(field, i + 1));
      const given = options instanceof Dict ? options.map.get("boundary") : undefined;
      const boundary = given === undefined || given === null ? freeBoundary(parts) : checkedBoundary(FORM, display(given));
      const encoder = new TextEncoder();
      const body = concatBytes(
        ...parts.flatMap((part) => [encoder.encode(`--${boundary}\r\n${part.head}\r\n`), part.content, encoder.encode("\r\n")]),
        encoder.encode(`--${boundary}--\r\n`),
      );
      burnText(ctx, body.length);
      return dictOf({ boundary, content_type: `multipart/form-data; boundary=${boundary}`, body: new Bytes(body) });
    },
  );
}

function readField(field: Value, number: number): Field {
  if (!(field instanceof Dict)) throw raise.runtime(`${FORM}: field ${number} must be a dict, got ${typeName(field)}`);
  const name = field.map.get("name");
  if (name === undefined) throw raise.runtime(`${FORM}: field is missing name`);
  if (typeof name !== "string") throw raise.runtime(`${FORM}: name must be a string, got ${typeName(name)}`);
  if (name === "") throw raise.runtime(`${FORM}: name must not be empty`);
  const filename = field.map.get("filename") ?? null;
  if (filename !== null && typeof filename !== "string")
    throw raise.runtime(`${FORM}: filename must be a string, got ${typeName(filename)}`);
  const content = field.map.get("content") ?? field.map.get("value");
  if (content === undefined) throw raise.runtime(`${FORM}: field is missing content`);
  if (typeof content !== "string" && !(content instanceof Bytes))
    throw raise.runtime(`${FORM}: content must be bytes or string, got ${typeName(content)}`);
  const quote = (text: string) => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
  let head = `Content-Disposition: form-data; name=${quote(name)}${filename === null ? "" : `; filename=${quote(filename)}`}\r\n`;
  const type = field.map.get("content_type") ?? null;
  if (type !== null) head += `Content-Type: ${display(type)}\r\n`;
  const headers = field.map.get("headers");
  if (headers instanceof Dict) {
    for (const [header, text] of headers.map) {
      if (/^content-(type|disposition)$/i.test(header)) throw raise.runtime(`${FORM}: ${header} is managed by ${FORM}`);
      head += `${header}: ${display(text)}\r\n`;
    }
  }
  return { head, content: typeof content === "string" ? new TextEncoder().encode(content) : content.data, shown: display(field) };
}

function checkedBoundary(name: string, boundary: string): string {
  if (boundary === "") throw raise.runtime(`${name}: boundary must not be empty`);
  if (!/^[0-9A-Za-z'()+_,\-./:=?]+$/.test(boundary)) {
    throw raise.runtime(`${name}: boundary contains a character that is not valid in multipart/form-data`);
  }
  if (boundary.length > 70) throw raise.runtime(`${name}: boundary must be at most 70 bytes`);
  return boundary;
}

/** A boundary from the fields' texts, with a number behind it while it occurs in some content. */
function freeBoundary(parts: readonly Field[]): string {
  const seed = new TextEncoder().encode(parts.map((part) => `${part.shown}\0`).join(""));
  const base = `----harn-boundary-${bytesToHex(sha256(seed).subarray(0, 8))}`;
  const contents = parts.map((part) => lossyText(part.content));
  let boundary = base;
  for (let n = 1; contents.some((content) => content.includes(boundary)); n++) boundary = `${base}-${n}`;
  return boundary;
}

function bytesOrText(ctx: NativeContext, name: string, value: Value, position: number): Uint8Array {
  if (value instanceof Bytes) return value.data;
  if (typeof value === "string") return new TextEncoder().encode(value);
  if (position > ctx.argc) throw raise.runtime(`${name}: missing argument ${position}`);
  throw raise.runtime(`${name}: expected bytes or string at argument ${position}, got ${typeName(value)}`);
}

function reading(): Builtin {
  const name = "multipart_parse";
  return plain(
    {
      name,
      signature: "(body, content_type: string, options?: dict) -> dict",
      doc: "The fields of a form's body. Options limit what is taken: `max_total_bytes`, `max_field_bytes`, `max_fields`.",
      example:
        'let m = multipart_form_data([{name: "a", content: "1"}])\nprintln(multipart_parse(m.body, m.content_type).fields[0].text)  // -> 1',
    },
    (ctx, bodyArg, type, options) => {
      const body = bytesOrText(ctx, name, bodyArg as Value, 1);
      if (ctx.argc < 2) throw raise.runtime(`${name}: missing argument 2`);
      burnText(ctx, body.length);
      const limit = (key: string, fallback: number) => {
        const given = options instanceof Dict ? options.map.get(key) : undefined;
        return isInt(given) ? countOr(given, fallback) : fallback;
      };
      const read = readMultipart(body, display(type as Value), {
        totalBytes: limit("max_total_bytes", 8_388_608),
        fieldBytes: limit("max_field_bytes", 8_388_608),
        fields: limit("max_fields", 128),
      });
      if (typeof read === "string") throw raise.runtime(`${name}: ${read}`);
      return dictOf({
        boundary: read.boundary,
        fields: list(read.parts.map(partDict)),
        field_count: read.parts.length,
        total_bytes: body.length,
      });
    },
  );
}

function partDict(part: Part): Dict {
  return dictOf({
    name: part.name,
    filename: part.filename,
    content_type: part.headers.get("content-type") ?? null,
    headers: dict(new Map(part.headers)),
    bytes: new Bytes(part.content),
    text: utf8Fault(part.content) === null ? lossyText(part.content) : null,
  });
}

function fields(): Builtin[] {
  const contentOf = (name: string, field: Value): Bytes => {
    const bytes = field instanceof Dict ? field.map.get("bytes") : undefined;
    if (!(bytes instanceof Bytes)) throw raise.runtime(`${name}: field is missing bytes`);
    return bytes;
  };
  const example = 'let m = multipart_form_data([{name: "a", content: "1"}])\nlet f = multipart_parse(m.body, m.content_type).fields[0]\n';
  return [
    plain(
      {
        name: "multipart_field_bytes",
        signature: "(field: dict) -> bytes",
        doc: "The bytes of a parsed field.",
        example: `${example}println(multipart_field_bytes(f))  // -> b"31"`,
      },
      (_ctx, field) => contentOf("multipart_field_bytes", field as Value),
    ),
    plain(
      {
        name: "multipart_field_text",
        signature: "(field: dict) -> string",
        doc: "The text of a parsed field.",
        example: `${example}println(multipart_field_text(f))  // -> 1`,
      },
      (_ctx, field) => {
        const { data } = contentOf("multipart_field_text", field as Value);
        const fault = utf8Fault(data);
        if (fault !== null) throw raise.runtime(`multipart_field_text: ${fault}`);
        return lossyText(data);
      },
    ),
  ];
}
