/** Every construct that can contain itself, as text to be repeated. */

export const DEEP = 10_000;

/** Head, what is repeated in front, the middle, what is repeated behind. */
export const NESTED: Readonly<Record<string, readonly [string, string, string, string]>> = {
  parentheses: ["let a = ", "(", "1", ")"],
  lists: ["let a = ", "[", "1", "]"],
  dicts: ["let a = ", "{a: ", "1", "}"],
  structs: ["let a = ", "A {a: ", "1", "}"],
  calls: ["let a = ", "f(", "1", ")"],
  subscripts: ["let a = ", "b[", "1", "]"],
  spreads: ["let a = ", "[...", "b", "]"],
  closures: ["let a = ", "{ x -> ", "1", " }"],
  "function expressions": ["let a = ", "fn() { return ", "1", " }"],
  defaults: ["fn f(", "a = fn(", "", ") {}"],
  minus: ["let a = ", "-", "1", ""],
  not: ["let a = ", "!", "b", ""],
  "try*": ["let a = ", "try* ", "b", ""],
  interpolations: ["let a = ", '"${', "1", '}"'],
  ternaries: ["let a = ", "(a ? b : ", "c", ")"],
  powers: ["let a = 1", " ** 1", "", ""],
  "else if": ["if a {}", " else if b {}", "", ""],
  blocks: ["", "if a { ", "", "}"],
  loops: ["", "for x in y { ", "", "}"],
  "match arms": ["let a = ", "match b { 1 -> { ", "", "} }"],
  retries: ["let a = ", "retry ", "1", " {}"],
  deadlines: ["", "deadline ", "1", " {}"],
  spawns: ["let a = ", "spawn { ", "", "}"],
  selects: ["", "select { x from y { ", "", "} }"],
  functions: ["", "fn f() { ", "", "}"],
  "list types": ["let a: ", "list<", "int", ">"],
  "function types": ["let a: ", "fn() -> ", "int", ""],
  "shape types": ["let a: ", "{a: ", "int", "}"],
  "attribute lists": ["@a(", "[", "", "]"],
  "unclosed type arguments": ["let a = b", " < {a: b", "", ""],
};

/** What a chain of any length is made of. */
export const CHAINS: Readonly<Record<string, string>> = {
  sums: " + 1",
  pipes: " |> f",
  comparisons: " < b",
  coalescing: " ?? b",
  members: ".b",
  "optional members": "?.b",
  "method calls": ".b()",
  subscripts: "[0]",
};
