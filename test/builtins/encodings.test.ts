import { test } from "uvu";
import * as assert from "uvu/assert";
import { createHash, createHmac } from "node:crypto";
import { Bytes, dictOf, type Value } from "../../src/vm/values.ts";
import { failure, machine, show } from "./support.ts";

const m = machine();
const call = (name: string, ...args: Value[]) => show(m.call(name, ...args));

test("the hashes agree with the host's at every length around a block", () => {
  const names = ["md5", "sha224", "sha256", "sha384", "sha512", "sha512-256", "sha3-256", "sha3-512"];
  for (const length of [0, 1, 55, 56, 63, 64, 65, 71, 72, 111, 112, 127, 128, 135, 136, 137, 1000]) {
    const text = Array.from({ length }, (_, i) => String.fromCharCode((i * 7) % 128)).join("");
    for (const name of names) {
      assert.is(call(name.replace("-", "_"), text), createHash(name).update(text).digest("hex"), `${name} of ${length}`);
    }
    const key = text.slice(0, 100);
    assert.is(call("hmac_sha256", key, text), createHmac("sha256", key).update(text).digest("hex"));
  }
});

test("BLAKE3 of known inputs, one chunk and several", () => {
  const bytes = (length: number) => new Bytes(Uint8Array.from({ length }, (_, i) => i % 251));
  assert.is(call("blake3", bytes(0)), "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262");
  assert.is(call("blake3", bytes(1024)), "42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7");
  assert.is(call("blake3", bytes(3073)), "7124b49501012f81cc7f11ca069ec9226cecb8a2c850cfe644e327d22d3e1cd3");
});

test("what is encoded comes back", () => {
  for (const text of ["", "f", "fo", "foo", "foob", "üÿ?>", "日本"])
    for (const form of ["base64", "base64url", "base32", "hex"]) assert.is(call(`${form}_decode`, m.call(`${form}_encode`, text)), text);
});

test("decoders say where a text goes wrong", () => {
  const error = (name: string, text: string) => failure(() => call(name, text));
  assert.is(error("base64_decode", "not base64!"), "runtime: base64 decode error: Invalid symbol 32, offset 3.");
  assert.is(error("base64_decode", "a"), "runtime: base64 decode error: Invalid input length: 1");
  assert.is(error("base64_decode", "Zg"), "runtime: base64 decode error: Invalid padding");
  assert.is(error("base64url_decode", "Zg=="), "runtime: base64url decode error: Invalid padding");
  assert.is(error("base64_decode", "Zh=="), "runtime: base64 decode error: Invalid last symbol 104, offset 1.");
  assert.is(error("base64_decode", "Zh"), "runtime: base64 decode error: Invalid padding");
  assert.is(error("hex_decode", "abc"), "runtime: hex decode error: Odd number of digits");
  assert.is(error("bytes_from_hex", "xx"), "runtime: bytes_from_hex: Invalid character 'x' at position 0");
  assert.is(error("base32_decode", "MZXW"), "runtime: base32 decode error: invalid length at 0");
});

test("bytes", () => {
  assert.is(call("bytes_to_string", new Bytes(new TextEncoder().encode("né"))), "né");
  assert.is(
    failure(() => call("bytes_to_string", new Bytes(Uint8Array.of(0x61, 0xff)))),
    "runtime: bytes_to_string: invalid utf-8 sequence of 1 bytes from index 1",
  );
  assert.is(
    failure(() => call("bytes_to_string", new Bytes(Uint8Array.of(0xe2, 0x82)))),
    "runtime: bytes_to_string: incomplete utf-8 byte sequence from index 0",
  );
  assert.is(
    failure(() => call("bytes_slice", new Bytes(new Uint8Array(2)), 0)),
    "runtime: bytes_slice: missing argument 3",
  );
});

test("URLs and queries", () => {
  assert.is(
    call("url_parse", "http://h/?"),
    "{fragment: nil, host: h, password: nil, path: /, port: nil, query: , scheme: http, username: nil}",
  );
  assert.is(
    failure(() => call("url_parse", "/x")),
    "url_parse: relative URL without a base",
  );
  assert.is(
    failure(() => call("url_parse", "http://h:99999/")),
    "url_parse: invalid port number",
  );
  assert.is(
    failure(() => call("url_parse", "http://")),
    "url_parse: empty host",
  );
  assert.is(call("url_build", dictOf({ scheme: "http", host: "h", path: "a b" })), "http://h/a%20b");
  assert.is(call("url_decode", "a%zz+%41"), "a%zz A");
});

test("UUIDs", () => {
  assert.match(call("uuid"), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.match(call("uuid_v7"), /^00000000-03e8-7/);
  assert.is(call("uuid_parse", "{6BA7B810-9DAD-11D1-80B4-00C04FD430C8}"), "6ba7b810-9dad-11d1-80b4-00c04fd430c8");
  assert.is(call("uuid_parse", "x"), "nil");
});

test.run();
