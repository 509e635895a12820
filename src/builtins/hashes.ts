/** Hashes and keyed hashes. All but the newest ones hash the display text, whatever the kind. */
import { blake3 } from "@noble/hashes/blake3.js";
import { hmac } from "@noble/hashes/hmac.js";
import { md5 } from "@noble/hashes/legacy.js";
import { sha224, sha256, sha384, sha512, sha512_256 } from "@noble/hashes/sha2.js";
import { sha3_256, sha3_512 } from "@noble/hashes/sha3.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { display } from "../vm/display.ts";
import type { Builtin } from "../vm/native.ts";
import { Bytes, type Value } from "../vm/values.ts";
import { textArg } from "./args.ts";
import { encodeBase64 } from "./base64.ts";
import { sameBytes } from "./bytes.ts";
import { plain } from "./define.ts";
import { burnText } from "./text_ops.ts";

export function hashFunctions(): Builtin[] {
  return [
    ofText("md5", "MD5", "900150983cd24fb0d6963f7d28e17f72", md5),
    ofText("sha224", "SHA-224", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7", sha224),
    ofText("sha256", "SHA-256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", sha256),
    ofText("sha384", "SHA-384", "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7", sha384),
    ofText(
      "sha512",
      "SHA-512",
      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
      sha512,
    ),
    ofText("sha512_256", "SHA-512/256", "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23", sha512_256),
    ofData("sha3_256", "SHA3-256", "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532", sha3_256),
    ofData(
      "sha3_512",
      "SHA3-512",
      "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0",
      sha3_512,
    ),
    ofData("blake3", "BLAKE3", "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85", blake3),
    ...keyed(),
  ];
}

function ofText(name: string, title: string, abc: string, digest: (data: Uint8Array) => Uint8Array): Builtin {
  return row(
    name,
    `The ${title} of the value's text, in hexadecimal digits.`,
    abc,
    (value) => new TextEncoder().encode(display(value)),
    digest,
  );
}

function ofData(name: string, title: string, abc: string, digest: (data: Uint8Array) => Uint8Array): Builtin {
  const bytes = (value: Value) => (value instanceof Bytes ? value.data : new TextEncoder().encode(display(value)));
  return row(name, `The ${title} of bytes, or of the value's text, in hexadecimal digits.`, abc, bytes, digest);
}

function row(
  name: string,
  doc: string,
  abc: string,
  bytesOf: (value: Value) => Uint8Array,
  digest: (data: Uint8Array) => Uint8Array,
): Builtin {
  return plain({ name, signature: "(data) -> string", doc, example: `println(${name}("abc"))  // -> ${abc}` }, (ctx, value) => {
    const data = ctx.argc === 0 ? new Uint8Array(0) : bytesOf(value as Value);
    burnText(ctx, data.length * 16);
    return bytesToHex(digest(data));
  });
}

function keyed(): Builtin[] {
  const mac = (name: string, form: string, example: string, write: (data: Uint8Array) => string) =>
    plain(
      {
        name,
        signature: "(key, message) -> string",
        doc: `The HMAC-SHA-256 of a message, ${form}.`,
        example: `println(${name}("key", "message"))  // -> ${example}`,
      },
      (ctx, key, message) => {
        const encoder = new TextEncoder();
        const data = encoder.encode(textArg(ctx, message as Value, 1));
        burnText(ctx, data.length * 16);
        return write(hmac(sha256, encoder.encode(textArg(ctx, key as Value, 0)), data));
      },
    );
  return [
    mac("hmac_sha256", "in hexadecimal digits", "6e9ef29b75fffc5b7abae527d58fdadb2fe42e7219011976917343065f58ed4a", bytesToHex),
    mac("hmac_sha256_base64", "in base64", "bp7ym3X//Ft6uuUn1Y/a2y/kLnIZARl2kXNDBl9Y7Uo=", (data) => encodeBase64(data)),
    plain(
      {
        name: "constant_time_eq",
        signature: "(a, b) -> bool",
        doc: "Whether two texts are the same, in constant time.",
        example: 'println(constant_time_eq("a", "a"))  // -> true',
      },
      (ctx, a, b) => {
        const encoder = new TextEncoder();
        return sameBytes(encoder.encode(textArg(ctx, a as Value, 0)), encoder.encode(textArg(ctx, b as Value, 1)));
      },
    ),
  ];
}
