/** URLs that carry claims, a time of expiry and a signature over all of it. */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { compareStrings } from "../vm/dict.ts";
import { display } from "../vm/display.ts";
import { raise, type ScriptError } from "../vm/errors.ts";
import type { Builtin, NativeContext } from "../vm/native.ts";
import { addInts, parseInt64 } from "../vm/numbers.ts";
import { Dict, dict, dictOf, type Int, isInt, typeName, type Value } from "../vm/values.ts";
import { BASE64URL, encodeBase64 } from "./base64.ts";
import { sameBytes } from "./bytes.ts";
import { variadic } from "./define.ts";
import { percentEncode } from "./encodings.ts";
import { parseQuery, readUrl } from "./urls.ts";

export function signedUrlFunctions(): Builtin[] {
  return [signing(), verifying()];
}

/** An argument or option of the wrong kind; `name` is the builtin's. */
type Fail = (text: string) => ScriptError;
const failFor =
  (name: string): Fail =>
  (text) =>
    raise.runtime(`${name}: ${text}`);

function stringArg(fail: Fail, label: string, value: Value): string {
  if (typeof value !== "string") throw fail(`${label} must be a string, got ${typeName(value)}`);
  return value;
}

function intArg(fail: Fail, label: string, value: Value): Int {
  if (!isInt(value)) throw fail(`${label} must be an int, got ${typeName(value)}`);
  return value;
}

interface Options {
  readonly signature: string;
  readonly expiry: string;
  readonly kidParam: string;
  readonly kid: string | null;
  readonly skew: Int;
}

function readOptions(fail: Fail, value: Value | undefined): Options {
  if (value !== undefined && value !== null && !(value instanceof Dict)) throw fail(`options must be a dict, got ${typeName(value)}`);
  const given = value instanceof Dict ? value.map : new Map<string, Value>();
  const text = (key: string, fallback: string | null): string | null => {
    const option = given.get(key) ?? null;
    if (option === null) return fallback;
    if (typeof option !== "string") throw fail(`option \`${key}\` must be a string, got ${typeName(option)}`);
    if (option === "") throw fail(`option \`${key}\` cannot be empty`);
    return option;
  };
  const [signature, expiry, kidParam] = [text("signature_param", "sig"), text("expires_param", "exp"), text("kid_param", "kid")] as [
    string,
    string,
    string,
  ];
  if (new Set([signature, expiry, kidParam]).size < 3) throw fail("signature_param, expires_param, and kid_param must be distinct");
  const skew = given.get("skew_seconds") ?? 0;
  if (!isInt(skew)) throw fail(`option \`skew_seconds\` must be an int, got ${typeName(skew)}`);
  if (skew < 0) throw fail("skew_seconds must be greater than or equal to 0");
  return { signature, expiry, kidParam, kid: text("kid", null), skew };
}

type Pairs = readonly (readonly [string, string])[];

/** What is signed of an address: its resource, and the pairs of its query. */
function readAddress(fail: Fail, text: string): { resource: string; pairs: Pairs } {
  const base = text === "" ? "/" : text;
  if (base.startsWith("/")) {
    const [path = "", query = ""] = (base.split("#", 1)[0] as string).split(/\?(.*)/s);
    return { resource: normalPath(path), pairs: parseQuery(query) };
  }
  const url = readUrl(base);
  if (typeof url === "string") throw fail("expected an absolute URL or an absolute path starting with `/`");
  if (url.hostname === "") throw fail("expected an absolute URL with a host or an absolute path starting with `/`");
  return { resource: `${url.protocol}//${url.host}${url.pathname}`, pairs: parseQuery(url.search.slice(1)) };
}

/** Unreserved characters and slashes stay, escapes get upper-case digits, all else is escaped. */
function normalPath(path: string): string {
  return path.replace(/%[0-9a-fA-F]{2}|[^A-Za-z0-9\-_.~/]+/g, (part) =>
    /^%[0-9a-fA-F]{2}$/.test(part) ? part.toUpperCase() : percentEncode(new TextEncoder().encode(part)),
  );
}

function canonicalQuery(pairs: Pairs): string {
  const encode = (text: string) => percentEncode(new TextEncoder().encode(text));
  return pairs
    .map(([key, value]) => [encode(key), encode(value)] as const)
    .sort((a, b) => compareStrings(a[0], b[0]) || compareStrings(a[1], b[1]))
    .map(([key, value]) => `${key}=${value}`)
    .join("&");
}

function signatureOf(secret: string, resource: string, pairs: Pairs): string {
  const encoder = new TextEncoder();
  const message = `harn-signed-url-v1\n${resource}\n${canonicalQuery(pairs)}`;
  return encodeBase64(hmac(sha256, encoder.encode(secret), encoder.encode(message)), BASE64URL);
}

function signing(): Builtin {
  const fail = failFor("signed_url");
  return variadic(
    {
      name: "signed_url",
      signature: "(base: string, claims: dict, secret: string, expires_at: int, options?: dict)",
      doc: "The address with claims, a time of expiry (seconds since 1970) and a signature in its query.",
      example: 'println(verify_signed_url(signed_url("/d", {who: "ann"}, "k", 100), "k", 10).reason)  // -> ok',
    },
    (_ctx, args) => {
      if (args.length < 4 || args.length > 5) throw fail("requires 4 or 5 arguments: base, claims, secret, expires_at, options?");
      const [base, claims, secretArg, expires, given] = args as [Value, Value, Value, Value, Value | undefined];
      const address = stringArg(fail, "base", base);
      if (!(claims instanceof Dict)) throw fail(`claims must be a dict, got ${typeName(claims)}`);
      const secret = stringArg(fail, "secret", secretArg);
      const expiresAt = intArg(fail, "expires_at", expires);
      const options = readOptions(fail, given);
      const reserved = [options.signature, options.expiry, options.kidParam];
      for (const name of reserved) if (claims.map.has(name)) throw fail(`claims cannot contain reserved parameter \`${name}\``);
      const { resource, pairs } = readAddress(fail, address);
      const all: [string, string][] = [
        ...pairs.filter(([key]) => !reserved.includes(key)).map(([key, value]): [string, string] => [key, value]),
        ...[...claims.map].map(([key, value]): [string, string] => [key, display(value)]),
        [options.expiry, String(expiresAt)],
      ];
      if (options.kid !== null) all.push([options.kidParam, options.kid]);
      const signature = signatureOf(secret, resource, all);
      return `${resource}?${canonicalQuery([...all, [options.signature, signature]])}`;
    },
  );
}

function verifying(): Builtin {
  const fail = failFor("verify_signed_url");
  return variadic(
    {
      name: "verify_signed_url",
      signature: "(url: string, secret_or_keys, now: int, options?: dict) -> dict",
      doc: "Whether a signed address holds at a time, why not, and what it claims. Secrets may be a dict by key id.",
      example: 'println(verify_signed_url("/d", "k", 10).reason)  // -> missing_signature',
    },
    (_ctx: NativeContext, args) => {
      if (args.length < 3 || args.length > 4) throw fail("requires 3 or 4 arguments: url, secret_or_keys, now, options?");
      const [url, keys, nowArg, given] = args as [Value, Value, Value, Value | undefined];
      const address = stringArg(fail, "url", url);
      const now = intArg(fail, "now", nowArg);
      return verdict(fail, readAddress(fail, address), keys, now, readOptions(fail, given));
    },
  );
}

function verdict(fail: Fail, address: { resource: string; pairs: Pairs }, keys: Value, now: Int, options: Options): Dict {
  const answer = {
    valid: false,
    reason: "",
    signature_valid: false,
    expired: false,
    expires_at: null as Value,
    kid: null as Value,
    claims: dict(new Map()),
  };
  const because = (reason: string) => dictOf({ ...answer, reason });
  const all = (name: string) => address.pairs.filter(([key]) => key === name).map(([, value]) => value);
  const signatures = all(options.signature);
  if (signatures.length !== 1) return because("missing_signature");
  const expiries = all(options.expiry);
  if (expiries.length === 0) return because("missing_expiry");
  const expiresAt = expiries.length === 1 ? parseInt64(expiries[0] as string) : null;
  if (expiresAt === null) return because("invalid_expiry");
  answer.expires_at = expiresAt;
  const kids = all(options.kidParam);
  if (kids.length > 1) return because("duplicate_kid");
  answer.kid = kids[0] ?? null;
  const reserved = [options.signature, options.expiry, options.kidParam];
  answer.claims = dict(new Map(address.pairs.filter(([key]) => !reserved.includes(key))));
  const secret = secretFor(fail, keys, kids[0]);
  if (secret === null) return because("unknown_key");
  const expected = signatureOf(
    secret,
    address.resource,
    address.pairs.filter(([key]) => key !== options.signature),
  );
  const encoder = new TextEncoder();
  if (!sameBytes(encoder.encode(signatures[0]), encoder.encode(expected))) return because("bad_signature");
  answer.signature_valid = true;
  answer.expired = now > addInts(expiresAt, options.skew);
  answer.valid = !answer.expired;
  return because(answer.expired ? "expired" : "ok");
}

function secretFor(fail: Fail, keys: Value, kid: string | undefined): string | null {
  if (typeof keys === "string") return keys;
  if (!(keys instanceof Dict)) throw fail(`secret_or_keys must be a string or dict, got ${typeName(keys)}`);
  const secret = kid === undefined ? undefined : keys.map.get(kid);
  return secret === undefined ? null : display(secret);
}
