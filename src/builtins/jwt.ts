/** JSON web tokens. Keys go through the host's web cryptography, which pages have too. */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { display } from "../vm/display.ts";
import { raise } from "../vm/errors.ts";
import type { Builtin, NativeContext } from "../vm/native.ts";
import { Dict, dictOf, typeName, type Value } from "../vm/values.ts";
import { BASE64, BASE64URL, decodeBase64, encodeBase64 } from "./base64.ts";
import { sameBytes, utf8Fault } from "./bytes.ts";
import { variadic } from "./define.ts";
import { lossyText } from "./encodings.ts";
import { JsonError, parseJson } from "./json_read.ts";
import { quoteJson, stringifyJson } from "./json_write.ts";

export function jwtFunctions(): Builtin[] {
  return [signing(), verifying()];
}

type HostKey = Awaited<ReturnType<typeof globalThis.crypto.subtle.importKey>>;
type KeyAlgorithm = "ES256" | "RS256";

const IMPORT = {
  ES256: { name: "ECDSA", namedCurve: "P-256" },
  RS256: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
} as const;

const SIGN = {
  ES256: { name: "ECDSA", hash: "SHA-256" },
  RS256: { name: "RSASSA-PKCS1-v1_5" },
} as const;

/** A key that is none; the message is the reason alone. */
class KeyFault extends Error {
  override readonly name = "KeyFault";
}

/** The bytes of a PEM text, as the host wants them: PKCS#8 for private keys, SPKI for public ones. */
function derOf(pem: string, kind: "PRIVATE KEY" | "PUBLIC KEY", alg: KeyAlgorithm): Uint8Array {
  const found = /-----BEGIN ([A-Z ]+)-----([A-Za-z0-9+/=\s]+)-----END \1-----/.exec(pem);
  if (found === null) throw new KeyFault("no PEM block found");
  const der = decodeBase64((found[2] as string).replace(/\s/g, ""), BASE64);
  if (typeof der === "string") throw new KeyFault(der);
  if (found[1] === kind) return der;
  if (alg === "RS256" && found[1] === `RSA ${kind}`) return kind === "PRIVATE KEY" ? pkcs8OfRsa(der) : spkiOfRsa(der);
  throw new KeyFault(`unexpected PEM block ${found[1]}`);
}

const RSA_IDENTIFIER = Uint8Array.of(0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00);

function pkcs8OfRsa(key: Uint8Array): Uint8Array {
  return tagged(0x30, Uint8Array.of(0x02, 0x01, 0x00), RSA_IDENTIFIER, tagged(0x04, key));
}

function spkiOfRsa(key: Uint8Array): Uint8Array {
  return tagged(0x30, RSA_IDENTIFIER, tagged(0x03, Uint8Array.of(0), key));
}

/** A DER value: tag, length, parts. */
function tagged(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Uint8Array.from([tag, ...size, ...parts.flatMap((part) => [...part])]);
}

async function importKey(pem: string, kind: "PRIVATE KEY" | "PUBLIC KEY", alg: KeyAlgorithm): Promise<HostKey> {
  const der = derOf(pem, kind, alg);
  const [format, use] = kind === "PRIVATE KEY" ? (["pkcs8", "sign"] as const) : (["spki", "verify"] as const);
  try {
    return await globalThis.crypto.subtle.importKey(format, new Uint8Array(der), IMPORT[alg], false, [use]);
  } catch (error) {
    throw new KeyFault(error instanceof Error && error.message !== "" ? error.message : "invalid key data");
  }
}

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const segment = (text: string): string => encodeBase64(encode(text), BASE64URL);

function signing(): Builtin {
  const fail = (text: string) => raise.runtime(`jwt_sign: ${text}`);
  return variadic(
    {
      name: "jwt_sign",
      signature: "(alg: string, claims: dict, private_key: string)",
      doc: "A token with these claims, signed with a private key in PEM form; `alg` is ES256 or RS256.",
      example:
        'println(unwrap_err(try { jwt_sign("HS256", {}, "k") }))  // -> Runtime error: jwt_sign: unsupported algorithm `HS256`; expected ES256 or RS256',
    },
    (ctx: NativeContext, args) => {
      if (args.length !== 3) throw fail("requires 3 arguments: alg, claims, private_key");
      const [alg, claims, pem] = args as [Value, Value, Value];
      if (typeof alg !== "string") throw fail(`alg must be a string, got ${typeName(alg)}`);
      if (alg !== "ES256" && alg !== "RS256") throw fail(`unsupported algorithm \`${alg}\`; expected ES256 or RS256`);
      if (!(claims instanceof Dict)) throw fail(`claims must be a dict, got ${typeName(claims)}`);
      if (typeof pem !== "string") throw fail(`private_key must be a PEM string, got ${typeName(pem)}`);
      const message = `${segment(`{"typ":"JWT","alg":${quoteJson(alg)}}`)}.${segment(stringifyJson(ctx, claims))}`;
      return ctx.parkOn(async () => {
        try {
          const key = await importKey(pem, "PRIVATE KEY", alg);
          const signature = await globalThis.crypto.subtle.sign(SIGN[alg], key, encode(message));
          return `${message}.${encodeBase64(new Uint8Array(signature), BASE64URL)}`;
        } catch (error) {
          if (error instanceof KeyFault) throw fail(`invalid ${alg} PEM private key: ${error.message}`);
          throw error;
        }
      });
    },
  );
}

function verifying(): Builtin {
  const fail = (text: string) => raise.thrown(`jwt_verify: ${text}`);
  return variadic(
    {
      name: "jwt_verify",
      signature: "(alg: string, token: string, key: string)",
      doc: "The claims of a token whose signature holds. The key is a secret text (HS256) or a public key in PEM form (ES256, RS256).",
      example: 'println(unwrap_err(try { jwt_verify("HS256", "a.b", "k") }))  // -> jwt_verify: InvalidToken',
    },
    (ctx: NativeContext, args) => {
      if (args.length < 3) throw fail("expected (alg, token, key)");
      const [alg, token, key] = args.map(display) as [string, string, string];
      if (alg === "HS256") {
        const parts = tokenParts(alg, token);
        if (typeof parts === "string") throw fail(parts);
        if (!sameBytes(parts.signature, hmac(sha256, encode(key), encode(parts.message)))) throw fail("InvalidSignature");
        return verified(parts);
      }
      if (alg !== "ES256" && alg !== "RS256") throw fail(`unsupported algorithm '${alg}'`);
      return ctx.parkOn(async () => {
        try {
          const publicKey = await importKey(key, "PUBLIC KEY", alg);
          const parts = tokenParts(alg, token);
          if (typeof parts === "string") throw fail(parts);
          const holds = await globalThis.crypto.subtle.verify(SIGN[alg], publicKey, new Uint8Array(parts.signature), encode(parts.message));
          if (!holds) throw fail("InvalidSignature");
          return verified(parts);
        } catch (error) {
          if (error instanceof KeyFault) throw fail(`invalid ${alg} public key: ${error.message}`);
          throw error;
        }
      });
    },
  );
}

interface TokenParts {
  /** What is signed. */
  readonly message: string;
  readonly signature: Uint8Array;
  readonly claims: Dict;
}

/** A token taken apart, or the word for what is wrong with it. */
function tokenParts(alg: string, token: string): TokenParts | string {
  const [head, body, tail, ...more] = token.split(".");
  if (head === undefined || body === undefined || tail === undefined || more.length > 0) return "InvalidToken";
  const [header, claims, signature] = [jsonSegment(head), jsonSegment(body), decodeBase64(tail, BASE64URL)];
  if (!(header instanceof Dict) || !(claims instanceof Dict) || typeof signature === "string") return "InvalidToken";
  if (header.map.get("alg") !== alg) return "InvalidAlgorithm";
  return { message: `${head}.${body}`, signature, claims };
}

function jsonSegment(text: string): Value {
  const bytes = decodeBase64(text, BASE64URL);
  if (typeof bytes === "string" || utf8Fault(bytes) !== null) return null;
  try {
    return parseJson(lossyText(bytes));
  } catch (error) {
    if (error instanceof JsonError) return null;
    throw error;
  }
}

function verified({ claims }: TokenParts): Value {
  if (claims.map.has("aud")) throw raise.thrown("jwt_verify: InvalidAudience");
  return dictOf({ valid: true, claims });
}
