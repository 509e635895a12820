/** Functions on texts. Arguments of any kind are taken in their display form, a missing one as the empty text. */
import { display } from "../vm/display.ts";
import { hasItem } from "../vm/equality.ts";
import { raise } from "../vm/errors.ts";
import type { Builtin, NativeContext } from "../vm/native.ts";
import { codePoints } from "../vm/strings.ts";
import { Dict, List, list, type Value } from "../vm/values.ts";
import { checkItems, countOr, limitedText, textArg, textOr } from "./args.ts";
import { plain, variadic } from "./define.ts";
import { burnText, joinTexts, repeatText, replaceText, splitText } from "./text_ops.ts";
import { isWhitespace, trim } from "./whitespace.ts";

export function textFunctions(): Builtin[] {
  return [...rewriting(), ...cutting(), ...searching(), ...formatting(), ...graphemes()];
}

/** A row for a function of one text. */
export function textRow(name: string, doc: string, example: string, change: (text: string) => string): Builtin {
  return plain({ name, signature: "(text) -> string", doc, example }, (ctx, value) => {
    const text = textArg(ctx, value as Value, 0);
    burnText(ctx, text.length);
    return limitedText(ctx, change(text));
  });
}

function rewriting(): Builtin[] {
  return [
    textRow("trim", "Without whitespace at both ends.", 'println(trim("  a b "))  // -> a b', trim),
    textRow("lowercase", "All characters in lower case.", 'println(lowercase("ÄB"))  // -> äb', (s) => s.toLowerCase()),
    textRow("uppercase", "All characters in upper case.", 'println(uppercase("straße"))  // -> STRASSE', (s) => s.toUpperCase()),
    textRow("uppercase_first", "The first character in upper case.", 'println(uppercase_first("harn"))  // -> Harn', upperFirst),
    textRow("lowercase_first", "The first character in lower case.", 'println(lowercase_first("Harn"))  // -> harn', lowerFirst),
    textRow(
      "title_case",
      "Every word with a first upper-case character, the rest lower.",
      'println(title_case("hello WORLD"))  // -> Hello World',
      titleCase,
    ),
    plain(
      {
        name: "replace",
        signature: "(text, old, new) -> string",
        doc: "Every occurrence of `old` replaced, literally.",
        example: 'println(replace("a-b-c", "-", "+"))  // -> a+b+c',
      },
      (ctx, text, old, replacement) =>
        replaceText(ctx, textArg(ctx, text as Value, 0), textArg(ctx, old as Value, 1), textArg(ctx, replacement as Value, 2)),
    ),
  ];
}

export function upperFirst(text: string): string {
  const first = codePoints(text.slice(0, 2))[0] ?? "";
  return first.toUpperCase() + text.slice(first.length);
}

export function lowerFirst(text: string): string {
  const first = codePoints(text.slice(0, 2))[0] ?? "";
  return first.toLowerCase() + text.slice(first.length);
}

export function titleCase(text: string): string {
  let out = "";
  let atStart = true;
  for (const char of text) {
    if (isWhitespace(char.charCodeAt(0))) {
      out += char;
      atStart = true;
    } else {
      out += atStart ? char.toUpperCase() : char.toLowerCase();
      atStart = false;
    }
  }
  return out;
}

function cutting(): Builtin[] {
  return [
    plain(
      {
        name: "split",
        signature: "(text, sep?)",
        doc: "The pieces between separators, a space by default; empty pieces are kept.",
        example: 'println(split("a b  c"))  // -> [a, b, , c]',
      },
      (ctx, text, sep) => list(splitText(ctx, textArg(ctx, text as Value, 0), textOr(ctx, sep as Value, 1, " "))),
    ),
    plain(
      {
        name: "join",
        signature: "(items, sep?) -> string",
        doc: "The items' texts put together with a separator, none by default; empty for anything that is no list.",
        example: 'println(join([1, 2], "-"))  // -> 1-2',
      },
      (ctx, items, sep) => {
        if (!(items instanceof List)) return "";
        checkItems(ctx, items.length);
        return joinTexts(ctx, items.items.slice(0, items.length).map(display), textOr(ctx, sep as Value, 1, ""));
      },
    ),
    plain(
      {
        name: "substring",
        signature: "(text, start?: int, length?: int) -> string",
        doc: "So many characters from a start; to the end when no length is given.",
        example: 'println(substring("abcdef", 1, 3))  // -> bcd',
      },
      (ctx, value, start, length) => {
        const text = textArg(ctx, value as Value, 0);
        const from = Math.max(0, countOr(start as Value, 0));
        return ctx.strings.slice(text, from, Math.min(text.length, from + Math.max(0, countOr(length as Value, text.length))));
      },
    ),
  ];
}

function searching(): Builtin[] {
  const test = (name: string, doc: string, example: string, holds: (text: string, part: string) => boolean) =>
    plain({ name, signature: "(text, part)", doc, example }, (ctx, text, part) => {
      const whole = textArg(ctx, text as Value, 0);
      burnText(ctx, whole.length);
      return holds(whole, textArg(ctx, part as Value, 1));
    });
  return [
    plain(
      {
        name: "contains",
        signature: "(container, value)",
        doc: "Whether a text has the part, or a list an equal item; false for other kinds.",
        example: "println(contains([1, 2], 2))  // -> true",
      },
      (ctx, container, value) => {
        if (container instanceof List) {
          ctx.burn(container.length);
          return hasItem(container.items, value as Value, container.length);
        }
        if (typeof container !== "string") return false;
        burnText(ctx, container.length);
        return container.includes(textArg(ctx, value as Value, 1));
      },
    ),
    test("starts_with", "Whether the text begins so.", 'println(starts_with("harn", "ha"))  // -> true', (s, p) => s.startsWith(p)),
    test("ends_with", "Whether the text ends so.", 'println(ends_with("harn", "rn"))  // -> true', (s, p) => s.endsWith(p)),
  ];
}

function formatting(): Builtin[] {
  return [
    variadic(
      {
        name: "format",
        signature: "(template, ...args) -> string",
        doc: "Puts the arguments in place of `{}` one after the other, or, given a dict, its values in place of `{key}`.",
        example: 'println(format("{} and {}", 1, "two"))  // -> 1 and two',
      },
      (ctx, args) => {
        const template = args.length === 0 ? "" : display(args[0] as Value);
        burnText(ctx, template.length);
        const named = args[1];
        const parts = named instanceof Dict ? fillNamed(template, named) : fillInOrder(template, args.slice(1));
        return joinTexts(ctx, parts, "");
      },
    ),
  ];
}

function fillInOrder(template: string, args: readonly Value[]): string[] {
  const pieces = template.split("{}");
  return pieces.flatMap((piece, i) => {
    if (i === pieces.length - 1) return [piece];
    return [piece, i < args.length ? display(args[i] as Value) : "{}"];
  });
}

function fillNamed(template: string, values: Dict): string[] {
  const parts: string[] = [];
  let from = 0;
  for (;;) {
    const open = template.indexOf("{", from);
    const close = open < 0 ? -1 : template.indexOf("}", open);
    if (close < 0) return [...parts, template.slice(from)];
    const value = values.map.get(template.slice(open + 1, close));
    parts.push(template.slice(from, open), value === undefined ? template.slice(open, close + 1) : display(value));
    from = close + 1;
  }
}

function graphemes(): Builtin[] {
  let segmenter: Intl.Segmenter | null = null;
  const split = (ctx: NativeContext, text: string): string[] => {
    ctx.burn(text.length);
    segmenter ??= new Intl.Segmenter("und", { granularity: "grapheme" });
    return Array.from(segmenter.segment(text), (part) => part.segment);
  };
  return [
    plain(
      {
        name: "unicode_normalize",
        signature: "(text, form?: string) -> string",
        doc: "The text in a Unicode normal form: NFC (the default), NFD, NFKC or NFKD.",
        example: 'println(len(unicode_normalize("é", "NFD")))  // -> 2',
      },
      (ctx, value, form) => {
        const name = textOr(ctx, form as Value, 1, "NFC").toUpperCase();
        if (!/^NFK?[CD]$/.test(name)) throw raise.runtime("unicode_normalize: form must be NFC, NFD, NFKC, or NFKD");
        const text = textArg(ctx, value as Value, 0);
        burnText(ctx, text.length);
        return limitedText(ctx, text.normalize(name));
      },
    ),
    plain(
      {
        name: "unicode_graphemes",
        signature: "(text) -> list",
        doc: "The text cut into what a reader sees as characters.",
        example: 'println(unicode_graphemes("añ"))  // -> [a, ñ]',
      },
      (ctx, value) => {
        const parts = split(ctx, textArg(ctx, value as Value, 0));
        checkItems(ctx, parts.length);
        return list(parts);
      },
    ),
    plain(
      {
        name: "str_pad",
        signature: "(text, width: int, fill?, side?: string) -> string",
        doc: 'Filled up to a width, counted as a reader sees it; on the side "right" (the default), "left" or "both".',
        example: 'println(str_pad("7", 3, "0", "left"))  // -> 007',
      },
      (ctx, value, width, fill, side) => {
        const text = textArg(ctx, value as Value, 0);
        const where = textOr(ctx, side as Value, 3, "right");
        if (where !== "left" && where !== "right" && where !== "both") throw raise.runtime("str_pad: side must be left, right, or both");
        const missing = countOr(width as Value, 0) - split(ctx, text).length;
        if (missing <= 0) return text;
        const unit = split(ctx, textOr(ctx, fill as Value, 2, " "))[0] ?? " ";
        const left = where === "left" ? missing : where === "both" ? Math.floor(missing / 2) : 0;
        return limitedText(ctx, repeatText(ctx, unit, left) + text + repeatText(ctx, unit, missing - left));
      },
    ),
  ];
}
