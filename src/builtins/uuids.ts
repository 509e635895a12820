/** UUIDs: random ones, ones by time, and names. */
import { sha1 } from "@noble/hashes/legacy.js";
import { bytesToHex, concatBytes } from "@noble/hashes/utils.js";
import { display } from "../vm/display.ts";
import { raise } from "../vm/errors.ts";
import type { Builtin } from "../vm/native.ts";
import type { Value } from "../vm/values.ts";
import { textArg } from "./args.ts";
import { plain } from "./define.ts";
import { decodeHex } from "./text_codes.ts";

const NIL = "00000000-0000-0000-0000-000000000000";

const NAMESPACES: Readonly<Record<string, string>> = {
  dns: "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
  url: "6ba7b811-9dad-11d1-80b4-00c04fd430c8",
  oid: "6ba7b812-9dad-11d1-80b4-00c04fd430c8",
  x500: "6ba7b814-9dad-11d1-80b4-00c04fd430c8",
};

export function uuidFunctions(): Builtin[] {
  return [...making(), ...reading()];
}

function making(): Builtin[] {
  return [
    plain(
      {
        name: "uuid",
        signature: "() -> string",
        doc: "A random UUID (version 4).",
        example: "println(len(uuid()))  // -> 36",
        effect: "random",
      },
      (ctx) => formatted(ctx.randomBytes(16), 4),
    ),
    plain(
      {
        name: "uuid_v7",
        signature: "() -> string",
        doc: "A UUID by time (version 7): later ones sort behind.",
        example: "println(len(uuid_v7()))  // -> 36",
        effect: "random",
      },
      (ctx) => {
        const bytes = Uint8Array.from(ctx.randomBytes(16));
        const view = new DataView(bytes.buffer);
        const now = Math.floor(ctx.nowMs());
        view.setUint32(0, Math.floor(now / 2 ** 16));
        view.setUint16(4, now % 2 ** 16);
        return formatted(bytes, 7);
      },
    ),
    plain(
      { name: "uuid_nil", signature: "() -> string", doc: "The UUID of zeros.", example: `println(uuid_nil())  // -> ${NIL}` },
      () => NIL,
    ),
  ];
}

/** Sets version and variant, and writes the bytes as a UUID. */
function formatted(source: Uint8Array, version: number): string {
  const bytes = Uint8Array.from(source.subarray(0, 16));
  bytes[6] = ((bytes[6] as number) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return hyphenated(bytesToHex(bytes));
}

function hyphenated(digits: string): string {
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join("-");
}

function reading(): Builtin[] {
  return [
    plain(
      {
        name: "uuid_parse",
        signature: "(text) -> string | nil",
        doc: "The UUID in its usual form, nil if the text is none.",
        example: 'println(uuid_parse("{6BA7B810-9DAD-11D1-80B4-00C04FD430C8}"))  // -> 6ba7b810-9dad-11d1-80b4-00c04fd430c8',
      },
      (ctx, text) => parsed(textArg(ctx, text as Value, 0)),
    ),
    plain(
      {
        name: "uuid_v5",
        signature: "(namespace, name) -> string",
        doc: "The UUID of a name in a namespace: a UUID, or one of `dns`, `url`, `oid`, `x500`.",
        example: 'println(uuid_v5("dns", "example.org"))  // -> aad03681-8b63-5304-89e0-8ca8f49461b5',
      },
      (ctx, namespace, name) => {
        if (ctx.argc < 2) throw raise.runtime("uuid_v5(namespace, name): requires namespace and name");
        const text = display(namespace as Value);
        const id = NAMESPACES[text.toLowerCase().replace(/^namespace_/, "")] ?? parsed(text);
        if (id === null) throw raise.runtime("uuid_v5: namespace must be a UUID or one of dns/url/oid/x500");
        const prefix = decodeHex(id.replaceAll("-", "")) as Uint8Array;
        return formatted(sha1(concatBytes(prefix, new TextEncoder().encode(display(name as Value)))), 5);
      },
    ),
  ];
}

function parsed(text: string): string | null {
  const hyphens = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
  const found = new RegExp(`^(?:(${hyphens})|urn:uuid:(${hyphens})|\\{(${hyphens})\\}|([0-9a-f]{32}))$`, "i").exec(text);
  if (found === null) return null;
  return hyphenated((found[1] ?? found[2] ?? found[3] ?? found[4] ?? "").replaceAll("-", "").toLowerCase());
}
