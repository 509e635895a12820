/** Names from one case style into another. */
import type { Builtin } from "../vm/native.ts";
import { lowerFirst, textRow, upperFirst } from "./text.ts";

export function caseStyles(): Builtin[] {
  const row = (name: string, doc: string, from: string, to: string, change: (text: string) => string) =>
    textRow(name, doc, `println(${name}("${from}"))  // -> ${to}`, change);
  return [
    row("snake_to_camel", "`my_name` as `myName`.", "my_name", "myName", (s) => camel(parts(s, "_"))),
    row("snake_to_pascal", "`my_name` as `MyName`.", "my_name", "MyName", (s) => parts(s, "_").map(upperFirst).join("")),
    row("snake_to_kebab", "`my_name` as `my-name`.", "my_name", "my-name", (s) => parts(s, "_").join("-")),
    row("kebab_to_camel", "`my-name` as `myName`.", "my-name", "myName", (s) => camel(parts(s, "-"))),
    row("kebab_to_snake", "`my-name` as `my_name`.", "my-name", "my_name", (s) => parts(s, "-").join("_")),
    row("camel_to_snake", "`myName` as `my_name`.", "myName", "my_name", (s) => separate(s, "_")),
    row("pascal_to_snake", "`MyName` as `my_name`.", "MyName", "my_name", (s) => separate(s, "_")),
    row("camel_to_kebab", "`myName` as `my-name`.", "myName", "my-name", (s) => separate(s, "-")),
    row("pascal_to_camel", "`MyName` as `myName`.", "MyName", "myName", lowerFirst),
    row("camel_to_pascal", "`myName` as `MyName`.", "myName", "MyName", upperFirst),
  ];
}

function parts(text: string, separator: string): string[] {
  return text
    .split(separator)
    .filter((part) => part !== "")
    .map((part) => part.toLowerCase());
}

function camel(words: readonly string[]): string {
  return words.map((word, i) => (i === 0 ? word : upperFirst(word))).join("");
}

const UPPER = /^\p{Uppercase}$/u;
const LOWER = /^\p{Lowercase}$/u;

/** A new word starts at an upper-case character behind a lower-case one or a digit, and at the last of a run before a lower-case one. */
function separate(text: string, separator: string): string {
  const chars = [...text];
  let out = "";
  chars.forEach((char, i) => {
    const before = chars[i - 1] ?? "";
    const after = chars[i + 1] ?? "";
    if (UPPER.test(char) && (LOWER.test(before) || /^[0-9]$/.test(before) || (UPPER.test(before) && LOWER.test(after)))) out += separator;
    out += char.toLowerCase();
  });
  return out;
}
