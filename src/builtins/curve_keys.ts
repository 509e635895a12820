/** Ed25519 signatures and X25519 agreement, on keys as hexadecimal texts, through the host's web cryptography. */
import { bytesToHex, concatBytes } from "@noble/hashes/utils.js";
import { raise } from "../vm/errors.ts";
import type { Builtin, NativeContext } from "../vm/native.ts";
import { dictOf, type Value } from "../vm/values.ts";
import { textArg } from "./args.ts";
import { BASE64URL, decodeBase64 } from "./base64.ts";
import { plain } from "./define.ts";
import { decodeHex } from "./text_codes.ts";

export function curveKeyFunctions(): Builtin[] {
  return [keypair("ed25519"), keypair("x25519"), signing(), verifying(), agreeing()];
}

type Curve = "ed25519" | "x25519";
type HostKey = Awaited<ReturnType<typeof globalThis.crypto.subtle.importKey>>;

/** Asked for when it is used: loading the host's web cryptography takes time. */
const subtle = () => globalThis.crypto.subtle;
const HOST_NAMES = { ed25519: "Ed25519", x25519: "X25519" } as const;
const USES = { ed25519: ["sign"], x25519: ["deriveBits"] } as const;
/** What stands before the 32 bytes of a private key in its PKCS#8 form. */
const PRIVATE_PREFIX = {
  ed25519: "302e020100300506032b657004220420",
  x25519: "302e020100300506032b656e04220420",
} as const;
const KEY_BYTES = 32;

function importPrivate(curve: Curve, key: Uint8Array, extractable = false): Promise<HostKey> {
  const der = concatBytes(decodeHex(PRIVATE_PREFIX[curve]) as Uint8Array, key);
  return subtle().importKey("pkcs8", new Uint8Array(der), { name: HOST_NAMES[curve] }, extractable, [...USES[curve]]);
}

/** The bytes of a key, or what is wrong with the text. */
function keyBytes(text: string): Uint8Array | { readonly hex: string } | null {
  const bytes = decodeHex(text);
  if (typeof bytes === "string") return { hex: bytes };
  return bytes.length === KEY_BYTES ? bytes : null;
}

function keypair(curve: Curve): Builtin {
  return plain(
    {
      name: `${curve}_keypair`,
      signature: "() -> dict",
      doc: "A dict of a new private key and its public key, in hexadecimal digits.",
      example: `println(keys(${curve}_keypair()))  // -> [private, public]`,
      effect: "random",
    },
    (ctx) => {
      const secret = Uint8Array.from(ctx.randomBytes(KEY_BYTES));
      return ctx.parkOn(async () => {
        const jwk = await subtle().exportKey("jwk", await importPrivate(curve, secret, true));
        return dictOf({ private: bytesToHex(secret), public: bytesToHex(decodeBase64(jwk.x ?? "", BASE64URL) as Uint8Array) });
      });
    },
  );
}

const message = (ctx: NativeContext, value: Value, position: number) => new TextEncoder().encode(textArg(ctx, value, position));

function signing(): Builtin {
  const fail = (text: string) => raise.thrown(`ed25519_sign: ${text}`);
  return plain(
    {
      name: "ed25519_sign",
      signature: "(private_hex: string, message: string) -> string",
      doc: "The signature of a message, in hexadecimal digits.",
      example: 'let k = ed25519_keypair()\nprintln(ed25519_verify(k.public, "m", ed25519_sign(k.private, "m")))  // -> true',
    },
    (ctx, secret, text) => {
      if (ctx.argc < 2) throw fail("expected (private_hex, message)");
      const key = keyBytes(textArg(ctx, secret as Value, 0));
      if (key === null) throw fail("private key must be 32 bytes");
      if (!(key instanceof Uint8Array)) throw fail(`invalid hex private key: ${key.hex}`);
      const data = message(ctx, text as Value, 1);
      return ctx.parkOn(async () => bytesToHex(new Uint8Array(await subtle().sign("Ed25519", await importPrivate("ed25519", key), data))));
    },
  );
}

function verifying(): Builtin {
  return plain(
    {
      name: "ed25519_verify",
      signature: "(public_hex: string, message: string, signature_hex: string) -> bool",
      doc: "Whether a signature of a message holds; false for anything malformed.",
      example: 'println(ed25519_verify("zz", "m", "00"))  // -> false',
    },
    (ctx, publicHex, text, signatureHex) => {
      if (ctx.argc < 3) throw raise.thrown("ed25519_verify: expected (public_hex, message, signature_hex)");
      const key = keyBytes(textArg(ctx, publicHex as Value, 0));
      const signature = decodeHex(textArg(ctx, signatureHex as Value, 2));
      if (!(key instanceof Uint8Array) || typeof signature === "string") return false;
      const data = message(ctx, text as Value, 1);
      return ctx.parkOn(async () => {
        try {
          const publicKey = await subtle().importKey("raw", new Uint8Array(key), { name: "Ed25519" }, false, ["verify"]);
          return await subtle().verify("Ed25519", publicKey, new Uint8Array(signature), data);
        } catch {
          return false; // The bytes are no point of the curve.
        }
      });
    },
  );
}

function agreeing(): Builtin {
  const fail = (text: string) => raise.thrown(`x25519_agree: ${text}`);
  const key = (ctx: NativeContext, value: Value, position: number, label: string): Uint8Array<ArrayBuffer> => {
    const bytes = keyBytes(textArg(ctx, value, position));
    if (bytes === null) throw fail(`${label} must be 32 bytes`);
    if (!(bytes instanceof Uint8Array)) throw fail(`invalid ${label} hex: ${bytes.hex}`);
    return new Uint8Array(bytes);
  };
  return plain(
    {
      name: "x25519_agree",
      signature: "(private_hex: string, peer_public_hex: string) -> string",
      doc: "The secret that two parties share, from one's private and the other's public key.",
      example:
        "let a = x25519_keypair()\nlet b = x25519_keypair()\nprintln(x25519_agree(a.private, b.public) == x25519_agree(b.private, a.public))  // -> true",
    },
    (ctx, secret, peer) => {
      if (ctx.argc < 2) throw fail("expected (private_hex, peer_public_hex)");
      const [own, other] = [key(ctx, secret as Value, 0, "private"), key(ctx, peer as Value, 1, "public")];
      return ctx.parkOn(async () => {
        const peerKey = await subtle().importKey("raw", other, { name: "X25519" }, false, []);
        const bits = await subtle().deriveBits({ name: "X25519", public: peerKey }, await importPrivate("x25519", own), KEY_BYTES * 8);
        return bytesToHex(new Uint8Array(bits));
      });
    },
  );
}
