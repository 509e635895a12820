/** URLs by the WHATWG rules, and query strings. */
import { display } from "../vm/display.ts";
import { raise } from "../vm/errors.ts";
import type { Builtin } from "../vm/native.ts";
import { Dict, dictOf, isInt, List, list, type Value } from "../vm/values.ts";
import { checkItems, textArg } from "./args.ts";
import { plain } from "./define.ts";
import { formDecode, formEncode } from "./encodings.ts";
import { joinTexts } from "./text_ops.ts";

export function urlFunctions(): Builtin[] {
  return [parsing(), building(), ...queries()];
}

/** A URL, or why the text is none. */
export function readUrl(text: string): URL | string {
  try {
    return new URL(text);
  } catch {
    return reasonOf(text.trim());
  }
}

const SPECIAL = /^(https?|wss?|ftp):/i;

function reasonOf(text: string): string {
  if (!/^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(text)) return "relative URL without a base";
  const authority = /^[^:]+:[/\\]*([^/\\?#]*)/.exec(text)?.[1] ?? "";
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  if (SPECIAL.test(text) && /^(:|$)/.test(host)) return "empty host";
  const port = /:([^\]:]*)$/.exec(host)?.[1];
  if (port !== undefined && (!/^[0-9]*$/.test(port) || Number(port) > 65535)) return "invalid port number";
  if (host.startsWith("[")) return "invalid IPv6 address";
  return /^[0-9.]+$/.test(host) ? "invalid IPv4 address" : "invalid international domain name";
}

function parsing(): Builtin {
  return plain(
    {
      name: "url_parse",
      signature: "(text: string) -> dict",
      doc: "The parts of a URL; absent ones are nil, and so is a port that is the scheme's own.",
      example: 'println(url_parse("http://h:81/a?b").port)  // -> 81',
    },
    (ctx, text) => {
      const url = readUrl(textArg(ctx, text as Value, 0));
      if (typeof url === "string") throw raise.thrown(`url_parse: ${url}`);
      return dictOf({
        scheme: url.protocol.slice(0, -1),
        host: url.hostname === "" ? null : url.hostname,
        port: url.port === "" ? null : Number(url.port),
        path: url.pathname,
        query: partBehind(url.href, "?", url.search),
        fragment: partBehind(url.href, "#", url.hash),
        username: url.username === "" ? null : url.username,
        password: url.password === "" ? null : url.password,
      });
    },
  );
}

/** The host calls an empty query absent; the language tells `h?` from `h`. */
function partBehind(href: string, mark: string, part: string): string | null {
  if (part !== "") return part.slice(1);
  const before = mark === "?" ? href.split("#", 1)[0] : href;
  return before?.includes(mark) ? "" : null;
}

function building(): Builtin {
  return plain(
    {
      name: "url_build",
      signature: "(parts: dict) -> string",
      doc: "The URL of such parts as `url_parse` gives.",
      example: 'println(url_build({scheme: "http", host: "h", path: "/a b"}))  // -> http://h/a%20b',
    },
    (_ctx, parts) => {
      if (!(parts instanceof Dict)) throw raise.thrown("url_build: expected a dict of url parts");
      const part = (name: string): string | null => {
        const value = parts.map.get(name);
        return value === undefined || value === null ? null : display(value);
      };
      const scheme = part("scheme");
      if (scheme === null) throw raise.thrown("url_build: 'scheme' is required");
      const url = readUrl(assembled(scheme, part, parts.map.get("port")));
      if (typeof url === "string") throw raise.thrown(`url_build: ${url}`);
      return url.href;
    },
  );
}

function assembled(scheme: string, part: (name: string) => string | null, port: Value | undefined): string {
  const host = part("host");
  const path = part("path") ?? "/";
  let text = `${scheme}:`;
  if (host !== null) {
    const user = part("username");
    const password = part("password");
    text += `//${user === null ? "" : `${user}${password === null ? "" : `:${password}`}@`}${host}`;
    if (isInt(port)) text += `:${port}`;
    if (!path.startsWith("/")) text += "/";
  }
  const [query, fragment] = [part("query"), part("fragment")];
  return `${text}${path}${query === null ? "" : `?${query}`}${fragment === null ? "" : `#${fragment}`}`;
}

function queries(): Builtin[] {
  return [
    plain(
      {
        name: "query_parse",
        signature: "(text: string) -> list",
        doc: "The `{key, value}` pairs of a query string, decoded.",
        example: 'println(query_parse("a=1&b=x+y"))  // -> [{key: a, value: 1}, {key: b, value: x y}]',
      },
      (ctx, text) => {
        const pairs = parseQuery(textArg(ctx, text as Value, 0));
        checkItems(ctx, pairs.length * 2);
        return list(pairs.map(([key, value]) => dictOf({ key, value })));
      },
    ),
    plain(
      {
        name: "query_stringify",
        signature: "(pairs: list) -> string",
        doc: "The query string of `{key, value}` pairs, encoded.",
        example: 'println(query_stringify([{key: "a", value: "x y"}]))  // -> a=x+y',
      },
      (ctx, pairs) => {
        if (!(pairs instanceof List)) throw raise.thrown("query_stringify: expected a list of {key, value} dicts");
        checkItems(ctx, pairs.length);
        const texts = pairs.items.slice(0, pairs.length).map((pair) => {
          const [key, value] = pair instanceof Dict ? [pair.map.get("key"), pair.map.get("value")] : [];
          if (key === undefined || value === undefined) throw raise.thrown("query_stringify: each item must be a {key, value} dict");
          return `${formEncode(display(key))}=${formEncode(display(value))}`;
        });
        return joinTexts(ctx, texts, "&");
      },
    ),
  ];
}

/** Pairs in order, decoded; one question mark in front does not count. */
export function parseQuery(text: string): [string, string][] {
  return (text.startsWith("?") ? text.slice(1) : text)
    .split("&")
    .filter((piece) => piece !== "")
    .map((piece) => {
      const at = piece.indexOf("=");
      return at < 0 ? [formDecode(piece), ""] : [formDecode(piece.slice(0, at)), formDecode(piece.slice(at + 1))];
    });
}
