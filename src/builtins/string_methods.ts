/** Methods of strings. Arguments that stand for text are taken in their display form; counts and offsets are code points. */
import { display } from "../vm/display.ts";
import type { Builtin, NativeContext, PlainBody } from "../vm/native.ts";
import { codePoints } from "../vm/strings.ts";
import { list, type Value } from "../vm/values.ts";
import { checkItems, countOr, limitedText, textArg, textOr } from "./args.ts";
import { plain, withAliases } from "./define.ts";
import { burnText, repeatText, replaceText, splitLines, splitText } from "./text_ops.ts";
import { trim, trimEnd, trimStart } from "./whitespace.ts";

export function stringMethods(): Builtin[] {
  return [...sizes(), ...tests(), ...cutting(), ...searching(), ...rewriting()];
}

/** A row whose receiver is a string. */
function method(name: string, signature: string, doc: string, example: string, body: PlainBody): Builtin {
  return plain({ name, signature, doc, example }, body);
}

function sizes(): Builtin[] {
  const count = method("count", "() -> int", "The number of characters (code points).", 'println("héllo".count())  // -> 5', (ctx, self) =>
    ctx.strings.count(self as string),
  );
  return [
    ...withAliases(count, "len"),
    method("empty", "() -> bool", "Whether the text is empty.", 'println("".empty())  // -> true', (_ctx, self) => self === ""),
  ];
}

function tests(): Builtin[] {
  const test = (name: string, doc: string, example: string, holds: (self: string, part: string) => boolean) =>
    method(name, "(text) -> bool", doc, example, (ctx, self, part) => {
      burnText(ctx, (self as string).length);
      return holds(self as string, textArg(ctx, part as Value, 1));
    });
  return [
    test("contains", "Whether the text occurs in this one.", 'println("haystack".contains("st"))  // -> true', (s, p) => s.includes(p)),
    test("starts_with", "Whether this text begins so.", 'println("harn".starts_with("ha"))  // -> true', (s, p) => s.startsWith(p)),
    test("ends_with", "Whether this text ends so.", 'println("harn".ends_with("rn"))  // -> true', (s, p) => s.endsWith(p)),
  ];
}

function cutting(): Builtin[] {
  return [
    method(
      "split",
      "(sep?: string) -> list<string>",
      "The pieces between separators, a comma by default; empty pieces are kept.",
      'println("a,b,,c".split(","))  // -> [a, b, , c]',
      (ctx, self, sep) => list(splitText(ctx, self as string, textOr(ctx, sep as Value, 1, ","))),
    ),
    method(
      "lines",
      "() -> list<string>",
      "The lines without their line breaks; a line break at the end adds no empty line.",
      'println("a\\nb\\n".lines())  // -> [a, b]',
      (ctx, self) => list(splitLines(ctx, self as string)),
    ),
    method("chars", "() -> list<string>", "The characters.", 'println("añb".chars())  // -> [a, ñ, b]', (ctx, self) => {
      const chars = codePoints(self as string);
      checkItems(ctx, chars.length);
      return list(chars);
    }),
    method(
      "char_at",
      "(index?: int) -> string | nil",
      "The character at an index from 0, nil outside.",
      'println("abc".char_at(1))  // -> b',
      (ctx, self, at) => ctx.strings.at(self as string, countOr(at as Value, 0)),
    ),
    method(
      "substring",
      "(start?: int, end?: int) -> string",
      "The characters from `start` up to, not including, `end`; a negative end means to the end.",
      'println("abcdef".substring(1, 3))  // -> bc',
      (ctx, self, start, end) => {
        const text = self as string;
        const to = countOr(end as Value, -1);
        return ctx.strings.slice(text, Math.max(0, countOr(start as Value, 0)), to < 0 ? text.length : to);
      },
    ),
  ];
}

function searching(): Builtin[] {
  const search = (name: string, doc: string, example: string, find: (text: string, part: string) => number) =>
    method(name, "(text) -> int", doc, example, (ctx, self, part) => {
      const text = self as string;
      burnText(ctx, text.length);
      const offset = find(text, textArg(ctx, part as Value, 1));
      return offset < 0 ? -1 : ctx.strings.indexOfOffset(text, offset);
    });
  return [
    search("index_of", "Where the text first occurs, -1 if nowhere.", 'println("banana".index_of("an"))  // -> 1', (s, p) => s.indexOf(p)),
    search("last_index_of", "Where the text last occurs, -1 if nowhere.", 'println("banana".last_index_of("an"))  // -> 3', (s, p) =>
      s.lastIndexOf(p),
    ),
  ];
}

function rewriting(): Builtin[] {
  const map = (name: string, doc: string, example: string, change: (text: string) => string) =>
    method(name, "() -> string", doc, example, (ctx, self) => {
      burnText(ctx, (self as string).length);
      return limitedText(ctx, change(self as string));
    });
  const lower = map("lowercase", "All characters in lower case.", 'println("ÄB".lowercase())  // -> äb', (s) => s.toLowerCase());
  const upper = map("uppercase", "All characters in upper case.", 'println("straße".uppercase())  // -> STRASSE', (s) => s.toUpperCase());
  return [
    map("trim", "Without whitespace at both ends.", 'println("  a b ".trim())  // -> a b', trim),
    map("trim_start", "Without whitespace at the start.", 'println("  a".trim_start())  // -> a', trimStart),
    map("trim_end", "Without whitespace at the end.", 'println("a  ".trim_end())  // -> a', trimEnd),
    ...withAliases(lower, "lower", "to_lower"),
    ...withAliases(upper, "upper", "to_upper"),
    map("reverse", "The characters in reverse order.", 'println("abc".reverse())  // -> cba', (s) => codePoints(s).reverse().join("")),
    method(
      "replace",
      "(old: string, new: string) -> string",
      "Every occurrence of `old` replaced; nil unless both are given.",
      'println("a-b-c".replace("-", "+"))  // -> a+b+c',
      (ctx, self, old, replacement) =>
        ctx.argc < 3 ? null : replaceText(ctx, self as string, display(old as Value), display(replacement as Value)),
    ),
    method(
      "repeat",
      "(times?: int) -> string",
      "The text so many times in a row.",
      'println("ab".repeat(3))  // -> ababab',
      (ctx, self, n) => repeatText(ctx, self as string, countOr(n as Value, 1)),
    ),
    pad("pad_left", "Filled up at the start to a width.", 'println("7".pad_left(3, "0"))  // -> 007', (text, fill) => fill + text),
    pad("pad_right", "Filled up at the end to a width.", 'println("7".pad_right(3) + "]")  // -> 7  ]', (text, fill) => text + fill),
  ];
}

function pad(name: string, doc: string, example: string, join: (text: string, fill: string) => string): Builtin {
  return method(name, "(width: int, fill?: string) -> string", doc, example, (ctx, self, width, fill) => {
    const text = self as string;
    const missing = countOr(width as Value, 0) - ctx.strings.count(text);
    return missing <= 0 ? text : limitedText(ctx, join(text, fillText(ctx, fill as Value, missing)));
  });
}

function fillText(ctx: NativeContext, fill: Value, times: number): string {
  const first = codePoints(textOr(ctx, fill, 2, " "))[0] ?? " ";
  return repeatText(ctx, first, times);
}
