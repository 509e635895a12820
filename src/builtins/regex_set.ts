/**
 * Sets of characters in patterns, as tests of a code point.
 *
 * Case folding is applied where a set is made from ranges or a property, before any negation, so `(?i)[^a]` refuses `A`.
 */

export type CharSet = (code: number) => boolean;

export const union = (sets: readonly CharSet[]): CharSet => {
  const [only] = sets;
  return sets.length === 1 && only !== undefined ? only : (code) => sets.some((set) => set(code));
};
export const negated =
  (set: CharSet): CharSet =>
  (code) =>
    !set(code);

export function rangeSet(from: number, to: number, ignoreCase: boolean): CharSet {
  const plain: CharSet = (code) => code >= from && code <= to;
  return ignoreCase ? folded(plain) : plain;
}

/** The set and everything that differs from a member by case only. */
export function folded(set: CharSet): CharSet {
  return (code) => set(code) || caseVariants(code).some(set);
}

/** Answers for ASCII from a table, since most texts are. */
export function tabled(set: CharSet): CharSet {
  const ascii = Array.from({ length: 128 }, (_, code) => set(code));
  return (code) => (code < 128 ? (ascii[code] as boolean) : set(code));
}

function byRegExp(pattern: RegExp): CharSet {
  return (code) => pattern.test(String.fromCodePoint(code));
}

export const digits = (): CharSet => tabled(byRegExp(/^\p{Nd}$/u));
export const spaces = (): CharSet => tabled(byRegExp(/^\p{White_Space}$/u));
export const wordChars = (): CharSet => tabled(byRegExp(/^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]$/u));

const POSIX: Readonly<Record<string, RegExp>> = {
  alnum: /^[0-9A-Za-z]$/,
  alpha: /^[A-Za-z]$/,
  ascii: /^\p{ASCII}$/u,
  blank: /^[\t ]$/,
  cntrl: /^(?=\p{ASCII})\p{Cc}$/u,
  digit: /^[0-9]$/,
  graph: /^[!-~]$/,
  lower: /^[a-z]$/,
  print: /^[ -~]$/,
  punct: /^[!-/:-@[-`{-~]$/,
  space: /^[\t\n\v\f\r ]$/,
  upper: /^[A-Z]$/,
  word: /^[0-9A-Za-z_]$/,
  xdigit: /^[0-9A-Fa-f]$/,
};

export function posixSet(name: string, ignoreCase: boolean): CharSet | null {
  const pattern = POSIX[name];
  if (pattern === undefined) return null;
  return ignoreCase ? folded(byRegExp(pattern)) : byRegExp(pattern);
}

/** A Unicode property by any of its usual spellings: `L`, `greek`, `Script=Greek`, `uppercase_letter`. */
export function propertySet(name: string, ignoreCase: boolean): CharSet | null {
  if (/^any$/i.test(name)) return () => true;
  const [left = "", right] = name.split(/[=:]/, 2);
  const spelled = titled(right ?? left);
  const candidates = right === undefined ? [spelled, spelled.toUpperCase(), `Script=${spelled}`] : [`${prefix(left)}=${spelled}`];
  for (const candidate of candidates) {
    const pattern = propertyPattern(candidate);
    if (pattern !== null) return ignoreCase ? folded(byRegExp(pattern)) : byRegExp(pattern);
  }
  return null;
}

function prefix(name: string): string {
  const key = name.toLowerCase();
  if (key === "gc" || key === "general_category") return "gc";
  return key === "scx" || key === "script_extensions" ? "scx" : "sc";
}

function titled(name: string): string {
  return name
    .trim()
    .split(/[_\s-]+/)
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1).toLowerCase())
    .join("_");
}

function propertyPattern(name: string): RegExp | null {
  if (!/^[A-Za-z0-9_=]+$/.test(name)) return null;
  try {
    return new RegExp(`^\\p{${name}}$`, "u");
  } catch {
    return null; // Not a property that the host knows.
  }
}

/** Groups of characters that fold together although no single case mapping leads from one to the other. */
const FOLD_GROUPS: readonly string[] = [
  "sS\u017f",
  "kK\u212a",
  "\u00e5\u00c5\u212b",
  "\u00df\u1e9e",
  "\u03b2\u0392\u03d0",
  "\u03b5\u0395\u03f5",
  "\u03b8\u0398\u03d1\u03f4",
  "\u03b9\u0399\u0345\u1fbe",
  "\u03ba\u039a\u03f0",
  "\u00b5\u03bc\u039c",
  "\u03c0\u03a0\u03d6",
  "\u03c1\u03a1\u03f1",
  "\u03c3\u03a3\u03c2",
  "\u03c6\u03a6\u03d5",
  "\u03c9\u03a9\u2126",
  "\u1e61\u1e60\u1e9b",
  "\u01c4\u01c5\u01c6",
  "\u01c7\u01c8\u01c9",
  "\u01ca\u01cb\u01cc",
  "\u01f1\u01f2\u01f3",
];

/** Dotless and dotted i have case mappings in the host, but do not fold. */
const UNFOLDED = "\u0130\u0131";

/** The characters that differ from this one by case only. */
export function caseVariants(code: number): number[] {
  const char = String.fromCodePoint(code);
  if (UNFOLDED.includes(char)) return [];
  const variants = new Set<number>();
  const add = (text: string) => {
    const first = text.codePointAt(0);
    if (first !== undefined && first !== code && text.length === (first > 0xffff ? 2 : 1)) variants.add(first);
  };
  add(char.toLowerCase());
  add(char.toUpperCase());
  for (const group of FOLD_GROUPS) if (group.includes(char)) for (const other of group) add(other);
  return [...variants];
}
