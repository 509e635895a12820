/** Reading multipart bodies. Line ends are CRLF, and the body begins with its first boundary. */
import { lossyText } from "./encodings.ts";

export interface Part {
  readonly name: string;
  readonly filename: string | null;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly content: Uint8Array;
}

export interface MultipartLimits {
  readonly totalBytes: number;
  readonly fieldBytes: number;
  readonly fields: number;
}

/** The parts of a body, or what is wrong with it. */
export function readMultipart(
  body: Uint8Array,
  contentType: string,
  limits: MultipartLimits,
): { readonly boundary: string; readonly parts: readonly Part[] } | string {
  if (body.length > limits.totalBytes) return `total body size ${body.length} exceeds max_total_bytes ${limits.totalBytes}`;
  const [type = "", ...parameters] = contentType.split(";");
  if (type.trim().toLowerCase() !== "multipart/form-data") return `expected multipart/form-data content type, got ${contentType}`;
  const found = parameters.map((text) => /^\s*boundary\s*=\s*(?:"(.*)"|(.*?))\s*$/i.exec(text)).find((match) => match !== null);
  const boundary = found?.[1] ?? found?.[2] ?? "";
  if (boundary === "") return "content type is missing boundary";
  const reader = new Reader(body, boundary, limits);
  return reader.parts();
}

class Reader {
  /** One character a byte, so that offsets in it are offsets in the body. */
  private readonly text: string;
  private readonly delimiter: string;

  constructor(
    private readonly body: Uint8Array,
    private readonly boundary: string,
    private readonly limits: MultipartLimits,
  ) {
    this.text = Array.from(body, (byte) => String.fromCharCode(byte)).join("");
    this.delimiter = `--${boundary}`;
  }

  parts(): { boundary: string; parts: Part[] } | string {
    const parts: Part[] = [];
    if (!this.text.startsWith(this.delimiter)) return "body does not start with multipart boundary";
    let at = this.delimiter.length;
    for (;;) {
      if (this.text.startsWith("--", at)) {
        const rest = this.text.slice(at + 2);
        if (rest !== "" && rest !== "\r\n") return "unexpected bytes after closing boundary";
        return { boundary: this.boundary, parts };
      }
      if (!this.text.startsWith("\r\n", at)) return "malformed boundary delimiter line";
      const headEnd = this.text.indexOf("\r\n\r\n", at);
      if (headEnd < 0) return "part is missing header terminator";
      const start = headEnd + 4;
      const end = this.text.indexOf(`\r\n${this.delimiter}`, start);
      if (end < 0) return "part is missing following boundary";
      if (parts.length >= this.limits.fields) return `field count exceeds max_fields ${this.limits.fields}`;
      if (end - start > this.limits.fieldBytes) return `field size ${end - start} exceeds max_field_bytes ${this.limits.fieldBytes}`;
      const part = readPart(lossyText(this.body.subarray(at + 2, headEnd)), this.body.slice(start, end));
      if (typeof part === "string") return part;
      parts.push(part);
      at = end + 2 + this.delimiter.length;
    }
  }
}

function readPart(head: string, content: Uint8Array): Part | string {
  const headers = new Map<string, string>();
  for (const line of head.split("\r\n")) {
    if (line === "") continue;
    const colon = line.indexOf(":");
    if (colon <= 0) return `malformed part header line \`${line}\``;
    headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  const disposition = headers.get("content-disposition");
  if (disposition === undefined) return "part is missing Content-Disposition header";
  const kind = (disposition.split(";", 1)[0] as string).trim();
  if (kind.toLowerCase() !== "form-data") return `expected form-data disposition, got ${kind}`;
  const name = parameter(disposition, "name");
  if (name === null) return "part Content-Disposition is missing name";
  return { name, filename: parameter(disposition, "filename"), headers, content };
}

function parameter(header: string, name: string): string | null {
  const found = new RegExp(`;\\s*${name}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]*))`, "i").exec(header);
  if (found === null) return null;
  return found[1] === undefined ? (found[2] ?? "") : found[1].replace(/\\(.)/g, "$1");
}
