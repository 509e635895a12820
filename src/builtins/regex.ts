/** Regular expressions. Patterns run in time linear in the text, so a pattern from anywhere cannot hang a host. */
import { raise } from "../vm/errors.ts";
import type { Builtin, NativeContext } from "../vm/native.ts";
import { dict, list, type Value } from "../vm/values.ts";
import { checkItems, textArg } from "./args.ts";
import { perInstance, plain, withAliases } from "./define.ts";
import { compileRegex, type Program } from "./regex_compile.ts";
import { type Match, Matcher } from "./regex_match.ts";
import { type Flags, NO_FLAGS, RegexError } from "./regex_parse.ts";
import { joinTexts } from "./text_ops.ts";

/** Compiles a pattern, or says why it is none. */
export type RegexCache = (ctx: NativeContext, pattern: string, flags: string) => Program | string;
type Compile = (ctx: NativeContext, pattern: string, flags: string) => Program;

export function regexFunctions(cache: RegexCache): Builtin[] {
  const compile: Compile = (ctx, pattern, flags) => {
    const program = cache(ctx, pattern, flags);
    if (typeof program === "string") throw raise.thrown(`Invalid regex: ${program}`);
    return program;
  };
  return [matching(compile), capturing(compile), ...replacing(compile), splitting(compile)];
}

const CACHED = 32;
const FLAGS: Readonly<Record<string, keyof Flags>> = { i: "ignoreCase", m: "multiline", s: "dotAll", x: "extended" };

/** Patterns are compiled once while they are among the last few used. */
export function regexCache(): RegexCache {
  const caches = perInstance(() => new Map<string, Program>());
  return (ctx, pattern, flags) => {
    const cache = caches(ctx);
    const key = `${flags}/${pattern}`;
    const known = cache.get(key);
    if (known !== undefined) return known;
    ctx.burn(pattern.length);
    const program = compiled(pattern, flags);
    if (typeof program === "string") return program;
    ctx.burn(program.code.length);
    cache.set(key, program);
    const [oldest] = cache.keys();
    if (cache.size > CACHED && oldest !== undefined) cache.delete(oldest);
    return program;
  };
}

function compiled(pattern: string, flagText: string): Program | string {
  const flags: Flags = { ...NO_FLAGS };
  for (const letter of flagText) {
    const flag = FLAGS[letter];
    if (flag === undefined) return `unsupported regex flag '${letter}', expected one of i/m/s/x`;
    flags[flag] = true;
  }
  try {
    return compileRegex(pattern, flags);
  } catch (error) {
    if (error instanceof RegexError) return parseError(pattern, error);
    throw error;
  }
}

/** The pattern with carets under its mistake; a pattern of several lines stands in front of the reason. */
function parseError(pattern: string, { place, message }: RegexError): string {
  if (place === null || pattern.includes("\n")) return `regex parse error: ${pattern}: ${message}`;
  const carets = " ".repeat(place.start) + "^".repeat(place.length);
  return `regex parse error:\n    ${pattern}\n    ${carets}\nerror: ${message}`;
}

/** Whether a text has a match somewhere. */
export function hasMatch(ctx: NativeContext, program: Program, text: string): boolean {
  return new Matcher(program, text, (steps) => ctx.burn(steps)).search(0) !== null;
}

function matchesOf(ctx: NativeContext, program: Program, text: string): Match[] {
  const matches = new Matcher(program, text, (steps) => ctx.burn(steps)).all();
  checkItems(ctx, matches.length);
  return matches;
}

function whole(text: string, match: Match): string {
  return text.slice(match[0], match[1]);
}

function group(text: string, match: Match, index: number): string | null {
  const start = match[index * 2];
  return start === undefined || start < 0 ? null : text.slice(start, match[index * 2 + 1]);
}

function matching(compile: Compile): Builtin {
  return plain(
    {
      name: "regex_match",
      signature: "(pattern: string, text: string, flags?: string)",
      doc: "All matches of the pattern, nil if there is none.",
      example: 'println(regex_match("[0-9]+", "a1 b22"))  // -> [1, 22]',
    },
    (ctx, pattern, text, flags) => {
      if (ctx.argc < 2) return null;
      const subject = textArg(ctx, text as Value, 1);
      const program = compile(ctx, textArg(ctx, pattern as Value, 0), textArg(ctx, flags as Value, 2));
      const matches = matchesOf(ctx, program, subject);
      return matches.length === 0 ? null : list(matches.map((match) => whole(subject, match)));
    },
  );
}

function capturing(compile: Compile): Builtin {
  return plain(
    {
      name: "regex_captures",
      signature: "(pattern: string, text: string) -> list",
      doc: "A dict for every match: its text, the texts of its groups, and one entry for each named group that took part.",
      example: 'println(regex_captures("(?P<k>[a-z])=([0-9])", "x=1"))  // -> [{groups: [x, 1], k: x, match: x=1}]',
    },
    (ctx, pattern, text) => {
      if (ctx.argc < 2) return list([]);
      const subject = textArg(ctx, text as Value, 1);
      const program = compile(ctx, textArg(ctx, pattern as Value, 0), "");
      const matches = matchesOf(ctx, program, subject);
      checkItems(ctx, matches.length * (program.groups.length + 2));
      return list(matches.map((match) => captures(program, subject, match)));
    },
  );
}

function captures(program: Program, text: string, match: Match): Value {
  const entries = new Map<string, Value>([["match", whole(text, match)]]);
  const groups: Value[] = [];
  for (let i = 1; i < program.groups.length; i++) groups.push(group(text, match, i));
  entries.set("groups", list(groups));
  program.groups.forEach((name, i) => {
    const value = name === null ? null : group(text, match, i);
    if (name !== null && value !== null) entries.set(name, value);
  });
  return dict(entries);
}

function replacing(compile: Compile): Builtin[] {
  const replace = plain(
    {
      name: "regex_replace",
      signature: "(pattern: string, replacement: string, text: string) -> string",
      doc: "All matches replaced; `$1` and `$name` (also in braces) stand for groups, `$$` for a dollar sign.",
      example: 'println(regex_replace("(a+) (b+)", "$2 $1", "aa b"))  // -> b aa',
    },
    (ctx, pattern, replacement, text) => {
      if (ctx.argc < 3) return null;
      const subject = textArg(ctx, text as Value, 2);
      const program = compile(ctx, textArg(ctx, pattern as Value, 0), "");
      const template = templateParts(textArg(ctx, replacement as Value, 1));
      const parts: string[] = [];
      let from = 0;
      for (const match of matchesOf(ctx, program, subject)) {
        parts.push(subject.slice(from, match[0]));
        for (const part of template) parts.push(part.group === null ? part.text : groupText(program, subject, match, part.group));
        from = match[1] as number;
      }
      parts.push(subject.slice(from));
      return joinTexts(ctx, parts, "");
    },
  );
  return withAliases(replace, "regex_replace_all");
}

interface TemplatePart {
  readonly text: string;
  /** A group's number or name; null for plain text. */
  readonly group: string | null;
}

function templateParts(template: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let from = 0;
  for (const found of template.matchAll(/\$(?:(\$)|([0-9A-Za-z_]+)|\{([^}]*)\})/g)) {
    parts.push({ text: template.slice(from, found.index), group: null });
    if (found[1] !== undefined) parts.push({ text: "$", group: null });
    else parts.push({ text: "", group: found[2] ?? found[3] ?? "" });
    from = found.index + found[0].length;
  }
  parts.push({ text: template.slice(from), group: null });
  return parts;
}

function groupText(program: Program, text: string, match: Match, name: string): string {
  const index = /^[0-9]+$/.test(name) ? Number(name) : program.groups.indexOf(name);
  return index < 0 ? "" : (group(text, match, index) ?? "");
}

function splitting(compile: Compile): Builtin {
  return plain(
    {
      name: "regex_split",
      signature: "(text: string, pattern: string, flags?: string) -> list",
      doc: "The pieces between the matches; empty ones are kept.",
      example: 'println(regex_split("a, b,c", ", *"))  // -> [a, b, c]',
    },
    (ctx, text, pattern, flags) => {
      const subject = textArg(ctx, text as Value, 0);
      const program = compile(ctx, textArg(ctx, pattern as Value, 1), textArg(ctx, flags as Value, 2));
      const pieces: Value[] = [];
      let from = 0;
      for (const match of matchesOf(ctx, program, subject)) {
        pieces.push(subject.slice(from, match[0]));
        from = match[1] as number;
      }
      pieces.push(subject.slice(from));
      return list(pieces);
    },
  );
}
