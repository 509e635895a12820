import { test } from "uvu";
import * as assert from "uvu/assert";
import { diagnose, lines } from "./checking.ts";

const TYPES = `enum Light { Red, Amber, Green }
type Mode = "on" | "off" | 3
type Event = {type: "add", n: int} | {type: "drop"} | {type: 7}
`;

/** A name, parameters, the match, and what is reported about it. */
const CASES: readonly (readonly [string, string, string, readonly string[]])[] = [
  [
    "an enum without all variants",
    "l: Light",
    "match l { Light.Red -> { 1 } }",
    ['error: Non-exhaustive match on enum Light: missing variants "Amber", "Green"'],
  ],
  [
    "an enum by variant name",
    "l: Light",
    'match l.variant { "Red" -> { 1 }\n "Green" -> { 2 } }',
    ['error: Non-exhaustive match on enum Light: missing variants "Amber"'],
  ],
  ["a name covers the rest", "l: Light", "match l { Light.Red -> { 1 }\n other -> { other } }", []],
  ["a guard counts as covering", "l: Light, b", "match l { Light.Red if b -> { 1 }\n Light.Amber -> { 1 }\n Light.Green -> { 1 } }", []],
  ["a payload pattern covers everything", "r: Result", "match r { Result.Ok(v) -> { v } }", []],
  ["a union of literals", "m: Mode", 'match m { "on" -> { 1 } }', ['error: Non-exhaustive match on literal union: missing "off", 3']],
  [
    "a tagged union",
    "e: Event",
    'match e.type { "drop" -> { 1 } }',
    ['error: Non-exhaustive match on tagged shape union: missing variants "add", 7'],
  ],
  [
    "a union of names",
    "x: int | string | nil",
    "match x { 1 -> { 1 } }",
    ["error: Non-exhaustive match on union type: missing string, nil"],
  ],
  ["mixed unions and bool are not judged", 'x: int | "a", b: bool', "match x { 1 -> { 1 } }\n match b { true -> { 1 } }", []],
  [
    "a literal of another type",
    "n: int",
    'match n { "one" -> { 1 }\n 1.5 -> { 2 }\n true -> { 3 }\n nil -> { 4 }\n _ -> { 5 } }',
    [
      "warning: Match pattern type mismatch: matching int against string literal",
      "warning: Match pattern type mismatch: matching int against bool literal",
    ],
  ],
  [
    "alternatives are literals",
    "x",
    "match x { 1 | nil | _ -> { 1 }\n a | 2 -> { 2 } }",
    [
      "error: Or-pattern alternatives must be literal patterns (string, int, float, bool, nil, or `_`). Identifier bindings and destructuring patterns are not allowed inside `|`.",
    ],
  ],
  ["bound names are known in the arm", "x", "match x { {run: go} -> { go(1) }\n [f, _] -> { f(2) }\n g -> { g(3) } }", []],
];

for (const [name, params, body, expected] of CASES) {
  test(name, () => {
    assert.equal(
      lines(diagnose(`${TYPES}fn f(${params}) {\n ${body}\n}`)).map((line) => line.replace(/ \d+:/, ":")),
      expected,
    );
  });
}

test.run();
