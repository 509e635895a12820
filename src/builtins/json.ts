/** JSON functions: parse, stringify, and finding JSON in prose. */
import { display } from "../vm/display.ts";
import { raise } from "../vm/errors.ts";
import type { Builtin, NativeContext } from "../vm/native.ts";
import { Dict, share, type Value } from "../vm/values.ts";
import { textArg } from "./args.ts";
import { plain } from "./define.ts";
import { JsonError, parseJson } from "./json_read.ts";
import { stringifyJson } from "./json_write.ts";
import { trim } from "./whitespace.ts";

export function jsonFunctions(): Builtin[] {
  return [
    plain(
      {
        name: "json_stringify",
        signature: "(value) -> string",
        doc: "The value as compact JSON, keys in order.",
        example: 'println(json_stringify({b: 1, a: [nil]}))  // -> {"a":[null],"b":1}',
      },
      (ctx, value) => stringifyJson(ctx, value as Value),
    ),
    plain(
      {
        name: "json_parse",
        signature: "(text: string)",
        doc: "The value of a JSON text.",
        example: 'println(json_parse("[1, 2.0]"))  // -> [1, 2.0]',
      },
      (ctx, text) => parsed(ctx, textArg(ctx, text as Value, 0), "JSON parse error: "),
    ),
    plain(
      {
        name: "json_extract",
        signature: "(text: string, key?: string)",
        doc: "The first JSON value in a text: in a fenced block, else the first balanced object or array; with a key, that member of it.",
        example: 'println(json_extract("Sure: {\\"a\\": 1}!"))  // -> {a: 1}',
      },
      (ctx, text, key) => {
        if (ctx.argc === 0) throw raise.thrown("json_extract requires at least 1 argument: text");
        const value = parsed(ctx, jsonPart(display(text as Value)), "json_extract: failed to parse JSON: ");
        if (ctx.argc < 2) return value;
        const name = display(key as Value);
        if (!(value instanceof Dict)) throw raise.thrown("json_extract: parsed value is not a dict, cannot extract key");
        const member = value.map.get(name);
        if (member === undefined) throw raise.thrown(`json_extract: key '${name}' not found`);
        return share(member);
      },
    ),
  ];
}

function parsed(ctx: NativeContext, text: string, prefix: string): Value {
  ctx.burn(Math.ceil(text.length / 8));
  try {
    return parseJson(text, ctx.limits);
  } catch (error) {
    if (error instanceof JsonError) throw raise.thrown(prefix + error.message);
    throw error;
  }
}

const FENCE = "```";

function jsonPart(text: string): string {
  const whole = trim(text);
  return fenced(whole) ?? balanced(whole, "{", "}") ?? balanced(whole, "[", "]") ?? whole;
}

/** What stands in the first fence, without the rest of the fence's line. */
function fenced(text: string): string | null {
  const open = text.indexOf(FENCE);
  if (open < 0) return null;
  const lineEnd = text.indexOf("\n", open + FENCE.length);
  const start = lineEnd < 0 ? open + FENCE.length : lineEnd + 1;
  const close = text.indexOf(FENCE, start);
  return close < 0 ? null : trim(text.slice(start, close));
}

/** From the first opening bracket to the one that closes it; brackets in strings do not count. */
function balanced(text: string, open: string, close: string): string | null {
  const start = text.indexOf(open);
  if (start < 0) return null;
  let depth = 0;
  let inString = false;
  for (let i = start; i < text.length; i++) {
    const char = text[i];
    if (inString) {
      if (char === "\\") i++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === open) depth++;
    else if (char === close && --depth === 0) return text.slice(start, i + 1);
  }
  return null;
}
