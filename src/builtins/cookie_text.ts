/** Cookies as text: reading `Cookie` and `Set-Cookie` headers, writing `Set-Cookie`. */
import { display } from "../vm/display.ts";
import { raise } from "../vm/errors.ts";
import { Dict, isInt, List, truthy, typeName, type Value } from "../vm/values.ts";

export const cookieError = (text: string) => raise.runtime(`cookie: ${text}`);

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const CONTROL = /\p{Cc}/u;

export interface CookiePairs {
  readonly pairs: readonly (readonly [name: string, value: string])[];
  readonly invalid: readonly { readonly segment: string; readonly reason: string }[];
}

/** The header texts in a string, a list of strings, a dict of headers, or nil. */
export function headerTexts(value: Value, header: "cookie" | "set-cookie"): string[] {
  const what = header === "cookie" ? "cookie headers" : "Set-Cookie headers";
  if (value === null) return [];
  if (typeof value === "string") return [value];
  if (value instanceof List) return listTexts(value);
  if (!(value instanceof Dict)) throw cookieError(`${what} must be a string, list, dict, or nil; got ${typeName(value)}`);
  for (const [name, entry] of value.map) {
    if (name.toLowerCase() !== header) continue;
    if (typeof entry === "string") return [entry];
    if (entry instanceof List) return listTexts(entry);
    throw cookieError(`${header === "cookie" ? "Cookie" : "Set-Cookie"} header must be a string or list, got ${typeName(entry)}`);
  }
  return [];
}

function listTexts(list: List): string[] {
  return list.items.slice(0, list.length).map((item) => {
    if (typeof item !== "string") throw cookieError(`cookie header list entries must be strings, got ${typeName(item)}`);
    return item;
  });
}

export function parseCookies(headers: readonly string[]): CookiePairs {
  const pairs: [string, string][] = [];
  const invalid: { segment: string; reason: string }[] = [];
  for (const raw of headers.flatMap((header) => header.split(";"))) {
    const segment = trimBlanks(raw);
    if (segment === "") continue;
    const parsed = parsePair(segment);
    if (typeof parsed === "string") invalid.push({ segment, reason: parsed });
    else pairs.push(parsed);
  }
  return { pairs, invalid };
}

/** Name and value, or why they are none. */
function parsePair(segment: string): [string, string] | string {
  const equals = segment.indexOf("=");
  if (equals < 0) return "missing '='";
  const name = trimBlanks(segment.slice(0, equals));
  if (!TOKEN.test(name)) return "invalid name";
  const value = trimBlanks(segment.slice(equals + 1)).replace(/^"(.*)"$/s, "$1");
  return CONTROL.test(value) ? "invalid value" : [name, value];
}

function trimBlanks(text: string): string {
  return text.replace(/^[ \t]+|[ \t]+$/g, "");
}

/** Options under any of their spellings: `max_age`, `maxAge`, `Max-Age`. */
export type CookieOptions = ReadonlyMap<string, Value>;

export function cookieOptions(name: string, value: Value, defaults: Readonly<Record<string, Value>> = {}): CookieOptions {
  if (value !== null && !(value instanceof Dict)) throw cookieError(`${name}: options must be a dict, got ${typeName(value)}`);
  const options = new Map<string, Value>(Object.entries(defaults));
  if (value !== null) for (const [key, option] of value.map) options.set(key.toLowerCase().replace(/[_-]/g, ""), option);
  return options;
}

/** A `Set-Cookie` value, attributes in a fixed order. */
export function serializeCookie(name: string, value: string, options: CookieOptions): string {
  if (!TOKEN.test(name)) throw cookieError("cookie name is empty or contains invalid characters");
  if (CONTROL.test(value) || /[ ",;\\]/.test(value)) {
    throw cookieError("cookie value contains spaces, quotes, separators, or control characters; encode it first");
  }
  let out = `${name}=${value}`;
  for (const [attribute, key] of [
    ["Path", "path"],
    ["Domain", "domain"],
  ] as const) {
    out += textAttribute(attribute, options.get(key));
  }
  const maxAge = options.get("maxage") ?? null;
  if (maxAge !== null) {
    if (!isInt(maxAge)) throw cookieError(`option max_age must be an int, got ${typeName(maxAge)}`);
    out += `; Max-Age=${maxAge}`;
  }
  out += textAttribute("Expires", options.get("expires"));
  if (truthy(options.get("httponly") ?? null)) out += "; HttpOnly";
  const secure = truthy(options.get("secure") ?? null);
  if (secure) out += "; Secure";
  return out + sameSite(options.get("samesite"), secure);
}

function textAttribute(attribute: string, value: Value | undefined): string {
  if (value === undefined || value === null) return "";
  const text = display(value);
  if (text === "" || text.includes(";") || CONTROL.test(text)) throw cookieError(`${attribute} contains an invalid cookie attribute value`);
  return `; ${attribute}=${text}`;
}

function sameSite(value: Value | undefined, secure: boolean): string {
  if (value === undefined || value === null) return "";
  const found = ["Lax", "Strict", "None"].find((mode) => mode.toLowerCase() === display(value).toLowerCase());
  if (found === undefined) throw cookieError("same_site must be one of Lax, Strict, or None");
  if (found === "None" && !secure) throw cookieError("SameSite=None requires Secure");
  return `; SameSite=${found}`;
}

const MONTH_NAMES = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** The parts of an HTTP date, null when the text is none. */
export function httpDate(text: string): { year: number; month: number; day: number; hour: number; minute: number; second: number } | null {
  const found = /(\d{1,2})[ -]([A-Za-z]{3})[ -](\d{4}) (\d{2}):(\d{2}):(\d{2})/.exec(text);
  const month = MONTH_NAMES.indexOf((found?.[2] ?? "").toLowerCase()) + 1;
  if (found === null || month === 0) return null;
  const [day, year, hour, minute, second] = [1, 3, 4, 5, 6].map((i) => Number(found[i])) as [number, number, number, number, number];
  return { year, month, day, hour, minute, second };
}
