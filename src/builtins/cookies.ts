/** Cookies, signed values and sessions kept in cookies. */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { compareStrings } from "../vm/dict.ts";
import type { Builtin, NativeContext } from "../vm/native.ts";
import { dict, dictOf, list, type Value } from "../vm/values.ts";
import { textArg } from "./args.ts";
import { BASE64URL, decodeBase64, encodeBase64 } from "./base64.ts";
import { sameBytes, utf8Fault } from "./bytes.ts";
import { secondsOf } from "./calendar.ts";
import { cookieError, cookieOptions, headerTexts, httpDate, parseCookies, serializeCookie } from "./cookie_text.ts";
import { plain } from "./define.ts";
import { lossyText } from "./encodings.ts";
import { JsonError, parseJson } from "./json_read.ts";
import { stringifyJson } from "./json_write.ts";

export function cookieFunctions(): Builtin[] {
  return [...writing(), ...reading(), ...signing(), ...sessions()];
}

function need(ctx: NativeContext, name: string, count: number): void {
  if (ctx.argc < count) throw cookieError(`${name} requires ${count} arguments`);
}

const GONE = "Thu, 01 Jan 1970 00:00:00 GMT";

function writing(): Builtin[] {
  return [
    plain(
      {
        name: "cookie_serialize",
        signature: "(name, value, options?: dict) -> string",
        doc: "A `Set-Cookie` value. Options: `path`, `domain`, `max_age`, `expires`, `http_only`, `secure`, `same_site`.",
        example: 'println(cookie_serialize("a", "1", {path: "/"}))  // -> a=1; Path=/',
      },
      (ctx, name, value, options) => {
        need(ctx, "cookie_serialize", 2);
        return serializeCookie(
          textArg(ctx, name as Value, 0),
          textArg(ctx, value as Value, 1),
          cookieOptions("cookie_serialize", options as Value),
        );
      },
    ),
    plain(
      {
        name: "cookie_delete",
        signature: "(name, options?: dict) -> string",
        doc: "A `Set-Cookie` value that removes a cookie.",
        example: `println(cookie_delete("a", {secure: false}))  // -> a=; Path=/; Max-Age=0; Expires=${GONE}; HttpOnly; SameSite=Lax`,
      },
      (ctx, name, options) => {
        need(ctx, "cookie_delete", 1);
        const defaults = { path: "/", maxage: 0, expires: GONE, httponly: true, secure: true, samesite: "Lax" };
        return serializeCookie(textArg(ctx, name as Value, 0), "", cookieOptions("cookie_delete", options as Value, defaults));
      },
    ),
  ];
}

function reading(): Builtin[] {
  return [
    plain(
      {
        name: "cookie_parse",
        signature: "(header) -> dict",
        doc: "The cookies of a `Cookie` header: first values by name, all pairs, names that occur more than once, and what is no cookie.",
        example: 'println(cookie_parse("a=1; b=2").cookies)  // -> {a: 1, b: 2}',
      },
      (_ctx, header) => {
        const { pairs, invalid } = parseCookies(headerTexts(header as Value, "cookie"));
        const values = new Map<string, string[]>();
        for (const [name, value] of pairs) values.set(name, [...(values.get(name) ?? []), value]);
        const repeated = [...values].filter(([, all]) => all.length > 1);
        return dictOf({
          cookies: dict(new Map([...values].map(([name, all]) => [name, all[0] as string]))),
          pairs: list(pairs.map(([name, value]) => dictOf({ name, value }))),
          duplicates: dict(new Map(repeated.map(([name, all]) => [name, list(all)]))),
          invalid: list(invalid.map(({ segment, reason }) => dictOf({ segment, reason }))),
        });
      },
    ),
    plain(
      {
        name: "cookie_round_trip",
        signature: "(request_or_set_cookie, set_cookie?) -> dict",
        doc: "What a browser with these cookies sends after it was told these `Set-Cookie` values.",
        example: 'println(cookie_round_trip("a=1", "b=2; Path=/").cookie_header)  // -> a=1; b=2',
      },
      (ctx, first, second) => {
        need(ctx, "cookie_round_trip", 1);
        const [request, setCookie] = ctx.argc === 1 ? [null, first] : [first, second];
        const jar = new Map<string, string>();
        for (const [name, value] of parseCookies(headerTexts(request as Value, "cookie")).pairs) if (!jar.has(name)) jar.set(name, value);
        for (const text of headerTexts(setCookie as Value, "set-cookie")) applySetCookie(ctx, jar, text);
        const sorted = [...jar].sort(([a], [b]) => compareStrings(a, b));
        return dictOf({
          cookie_header: sorted.map(([name, value]) => `${name}=${value}`).join("; "),
          cookies: dict(new Map(sorted)),
        });
      },
    ),
  ];
}

function applySetCookie(ctx: NativeContext, jar: Map<string, string>, text: string): void {
  const [first = "", ...attributes] = text.split(";");
  const [pair] = parseCookies([first]).pairs;
  if (pair === undefined) return;
  const attribute = (name: string): string | null => {
    const found = attributes.map((part) => /^\s*([^=\s]+)\s*=?\s*(.*?)\s*$/s.exec(part)).find((part) => part?.[1]?.toLowerCase() === name);
    return found?.[2] ?? null;
  };
  const maxAge = attribute("max-age");
  const expires = httpDate(attribute("expires") ?? "");
  const isOld = maxAge !== null ? Number(maxAge) <= 0 : expires !== null && secondsOf(expires) * 1000 <= ctx.nowMs();
  if (isOld) jar.delete(pair[0]);
  else jar.set(pair[0], pair[1]);
}

function signature(secret: string, text: string): string {
  const encoder = new TextEncoder();
  return encodeBase64(hmac(sha256, encoder.encode(secret), encoder.encode(text)), BASE64URL);
}

function sameText(a: string, b: string): boolean {
  const encoder = new TextEncoder();
  return sameBytes(encoder.encode(a), encoder.encode(b));
}

function signing(): Builtin[] {
  return [
    plain(
      {
        name: "cookie_sign",
        signature: "(value, secret) -> string",
        doc: "The value with a signature behind a dot.",
        example: 'println(cookie_sign("user-7", "k"))  // -> user-7.OW02bP7tal0nV5lXjUoTp5s0FHdT_tHqtj_TSFUGlGw',
      },
      (ctx, value, secret) => {
        need(ctx, "cookie_sign", 2);
        const text = textArg(ctx, value as Value, 0);
        if (/[\p{Cc};,]/u.test(text)) throw cookieError("cookie_sign value must not contain separators or control characters");
        return `${text}.${signature(textArg(ctx, secret as Value, 1), text)}`;
      },
    ),
    plain(
      {
        name: "cookie_verify",
        signature: "(signed, secret) -> dict",
        doc: "A dict of `ok`, the `value` before the signature, and the `error`: `malformed` or `invalid_signature`.",
        example: 'println(cookie_verify(cookie_sign("a", "k"), "k"))  // -> {error: nil, ok: true, value: a}',
      },
      (ctx, signed, secret) => {
        need(ctx, "cookie_verify", 2);
        const text = textArg(ctx, signed as Value, 0);
        const dot = text.lastIndexOf(".");
        const fail = (error: string) => dictOf({ ok: false, value: null, error });
        if (dot < 0) return fail("malformed");
        const value = text.slice(0, dot);
        if (!sameText(text.slice(dot + 1), signature(textArg(ctx, secret as Value, 1), value))) return fail("invalid_signature");
        return dictOf({ ok: true, value, error: null });
      },
    ),
  ];
}

function sessions(): Builtin[] {
  const sign = (ctx: NativeContext, payload: Value, secret: string): string => {
    const middle = encodeBase64(new TextEncoder().encode(stringifyJson(ctx, payload)), BASE64URL);
    return `v1.${middle}.${signature(secret, middle)}`;
  };
  const verify = (token: string, secret: string): Value => {
    const fail = (error: string) => dictOf({ ok: false, payload: null, error });
    const [version, middle, given, ...more] = token.split(".");
    if (version !== "v1" || middle === undefined || given === undefined || more.length > 0) return fail("malformed");
    if (!sameText(given, signature(secret, middle))) return fail("invalid_signature");
    const payload = readPayload(middle);
    return payload === undefined ? fail("malformed_payload") : dictOf({ ok: true, payload, error: null });
  };
  return [
    plain(
      {
        name: "session_sign",
        signature: "(payload, secret) -> string",
        doc: "A token that carries a payload, signed.",
        example: 'println(session_sign({uid: 4}, "k").starts_with("v1."))  // -> true',
      },
      (ctx, payload, secret) => {
        need(ctx, "session_sign", 2);
        return sign(ctx, payload as Value, textArg(ctx, secret as Value, 1));
      },
    ),
    plain(
      {
        name: "session_verify",
        signature: "(token, secret) -> dict",
        doc: "A dict of `ok`, the token's `payload`, and the `error`.",
        example: 'println(session_verify(session_sign({uid: 4}, "k"), "k").payload)  // -> {uid: 4}',
      },
      (ctx, token, secret) => {
        need(ctx, "session_verify", 2);
        return verify(textArg(ctx, token as Value, 0), textArg(ctx, secret as Value, 1));
      },
    ),
    plain(
      {
        name: "session_cookie",
        signature: "(name, payload, secret, options?: dict) -> string",
        doc: "A `Set-Cookie` value that carries a signed payload.",
        example: 'println(session_cookie("sid", {uid: 4}, "k").ends_with("SameSite=Lax"))  // -> true',
      },
      (ctx, name, payload, secret, options) => {
        need(ctx, "session_cookie", 3);
        const defaults = { path: "/", httponly: true, secure: true, samesite: "Lax" };
        const token = sign(ctx, payload as Value, textArg(ctx, secret as Value, 2));
        return serializeCookie(textArg(ctx, name as Value, 0), token, cookieOptions("session_cookie", options as Value, defaults));
      },
    ),
    plain(
      {
        name: "session_from_cookies",
        signature: "(header, name, secret) -> dict",
        doc: "The payload of a session cookie, as `session_verify` gives it.",
        example: 'println(session_from_cookies("a=1", "sid", "k").error)  // -> missing_cookie',
      },
      (ctx, header, name, secret) => {
        need(ctx, "session_from_cookies", 3);
        const wanted = textArg(ctx, name as Value, 1);
        const pair = parseCookies(headerTexts(header as Value, "cookie")).pairs.find(([found]) => found === wanted);
        if (pair === undefined) return dictOf({ ok: false, payload: null, error: "missing_cookie" });
        return verify(pair[1], textArg(ctx, secret as Value, 2));
      },
    ),
  ];
}

/** The payload of a token's middle part, undefined when it is none. */
function readPayload(middle: string): Value | undefined {
  const bytes = decodeBase64(middle, BASE64URL);
  if (typeof bytes === "string" || utf8Fault(bytes) !== null) return undefined;
  try {
    return parseJson(lossyText(bytes));
  } catch (error) {
    if (error instanceof JsonError) return undefined;
    throw error;
  }
}
