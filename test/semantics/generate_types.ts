/** What the generator knows of the values it writes code for. */

/** `fn` is a function of one argument; `any` may be all of them. */
export const TYPES = [
  "int",
  "float",
  "string",
  "bool",
  "nil",
  "ints",
  "strings",
  "list",
  "dict",
  "range",
  "set",
  "pair",
  "fn",
  "enum",
  "struct",
  "result",
  "duration",
] as const;
export type Type = (typeof TYPES)[number];

export interface Variable {
  readonly name: string;
  readonly type: Type;
  readonly mutable: boolean;
}
export interface FunctionInfo {
  readonly name: string;
  readonly params: readonly Type[];
  /** How many must be passed. */
  readonly required: number;
  readonly result: Type;
}
export interface Scope {
  readonly variables: Variable[];
  readonly functions: FunctionInfo[];
  readonly inFunction: boolean;
  readonly inLoop: boolean;
}

/** A scope inside another one; what is added to it is not seen outside. */
export function inner(scope: Scope, changes: Partial<Scope> = {}): Scope {
  return { ...scope, variables: [...scope.variables], functions: [...scope.functions], ...changes };
}

/** Declarations that every script begins with. `see` shows in which order things are evaluated. */
export const PRELUDE = `enum Shape { Circle(r) Rect(w, h) Dot }
struct Point { x y tag }
impl Point {
  fn moved(self, by) { return Point {x: self.x + by, y: self.y, tag: self.tag} }
  fn label(self) { return "<\${self.tag}>" }
}
fn see(tag, v) {
  println("\${tag}: \${v}")
  return v
}
fn isEven(n) {
  if n <= 0 { return n == 0 }
  return isOdd(n - 1)
}
fn isOdd(n) {
  if n <= 0 { return false }
  let rest = isEven(n - 1)
  return rest
}
fn depth(n) {
  if n <= 0 { return 0 }
  return 1 + depth(n - 1)
}`;

export const PRELUDE_FUNCTIONS: readonly FunctionInfo[] = [
  { name: "depth", params: ["int"], required: 1, result: "int" },
  { name: "isEven", params: ["int"], required: 1, result: "bool" },
  { name: "isOdd", params: ["int"], required: 1, result: "bool" },
];

/** No other name is near to it, so that the error needs no suggestion. */
export const UNKNOWN_NAME = "qqqqqqqqqqqq";

/** Functions of an int that may be called before they are declared, from anywhere: names as far from all others as the unknown one. */
export const FORWARD = ["qqqqaaaaaaaa", "qqqqbbbbbbbb", "qqqqcccccccc"] as const;

export const INTS = ["0", "1", "2", "3", "5", "7", "10", "-1", "-2", "-7", "255", "9007199254740991", "9007199254740993", "-9007199254740992", "4611686018427387904", "9223372036854775807", "(-9223372036854775807 - 1)"]; // biome-ignore format: one line
export const SMALL_INTS = ["0", "1", "2", "3", "4", "-1", "-2", "-5"];
export const FLOATS = ["0.0", "-0.0", "1.0", "2.0", "0.5", "-1.5", "0.1", "2.75", "100.0", "0.000001", "1000000000000000.0", "123456789012345678.0", "9007199254740992.0", "(1.0 / 0.0)", "(0.0 / 0.0)"]; // biome-ignore format: one line
export const STRINGS = ['""', '"a"', '"b"', '"ab"', '"abc"', '"Zz"', '"a,b,,c"', '" x "', '"1"', '"é"', '"e\\u{301}"', '"🎈z"', '"line\\nbreak"', 'r"a\\b"', '"nil"']; // biome-ignore format: one line
export const DURATIONS = ["0ms", "5s", "90s", "1500ms", "2h"];
export const KEYS = ["a", "b", "c", "key", "value"];
