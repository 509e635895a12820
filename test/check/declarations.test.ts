import { test } from "uvu";
import * as assert from "uvu/assert";
import { diagnose, lines } from "./checking.ts";

const CASES: readonly (readonly [string, string, readonly string[]])[] = [
  [
    "struct fields are checked one by one",
    'struct P { x: int\n note?: string }\nlet a = P {x: "1", z: 2}\nlet b = P {note: 1, x: 2}\nlet c = Q {x: 1}',
    [
      "error 3: Field 'x' in struct 'P' expects int, got string",
      "warning 3: Unknown field 'z' in struct 'P'",
      "error 4: Field 'note' in struct 'P' expects string, got int",
      "error 5: unknown struct type `Q` — did you mean `P`?",
    ],
  ],
  ["a missing field warns", "struct P { x: int\n y: int }\nlet a = P {x: 1}", ["warning 3: Missing field 'y' in struct 'P' construction"]],
  [
    "a generic struct takes its types from the fields",
    'struct C<T> { a: T\n b: T }\nlet c = C {a: 1, b: "s"}',
    ["error 3: Field 'b' in struct 'C' expects int, got string"],
  ],
  [
    "an interface wants an implementation in the file",
    'interface Named { fn name(self) -> string\n fn rank(self, by: int) -> int }\nstruct Cat { n: string }\nimpl Cat { fn name(self) -> string { return self.n }\n fn rank(self, by: string) -> int { return 1 } }\nfn greet(x: Named) { return x }\nfn pass(x: Named) { return greet(x) }\ngreet(Cat {n: "tom"})',
    ["error 8: Argument 1 ('x'): expected Named, got Cat"],
  ],
  [
    "returns are compared with the declared result",
    'fn a(n: int) -> string { return n }\nfn b(n: int | nil) -> int {\n  if n == nil { return "none" }\n  return n\n}\nfn c() -> int {\n  for i in [1] { return "in a loop" }\n  let local = "s"\n  return local\n}\nfn d(p: int) -> string {\n  let p = "hidden"\n  return p\n}',
    ["error 1: return type doesn't match: expected string, got int", "error 3: return type doesn't match: expected int, got string"],
  ],
  [
    "a returned dict may be made of locals, but not of unknown values",
    'fn a(raw) -> {id: int, tags: list<string>} {\n  let id: int = raw.id\n  let tags = raw.tags\n  return {id: id, tags: tags}\n}\nfn b(raw) -> {id: int} { return {id: raw} }\nfn c() -> {id: int} {\n  let k = 1\n  return {id: "s", other: k}\n}',
    [
      "error 6: return type doesn't match: expected {id: int}, got {id: nil}",
      "error 9: return type doesn't match: expected {id: int}, got {id: string, other: nil}",
    ],
  ],
  [
    "streams emit, generators yield",
    'gen fn a() -> Stream<int> { emit "s" }\ngen fn b() { yield 1 }\nfn c() { emit 1 }\ngen fn d() -> int { emit 1 }',
    [
      "error 1: emit type doesn't match: expected int, got string",
      "error 2: `yield` is not a stream emit; use `emit` inside `gen fn`",
      "error 3: `emit` can only be used inside a `gen fn`",
      "error 0: `gen fn` must return Stream<T>, got int",
    ],
  ],
  [
    "try* wants a function around it",
    "let a = try* 5\nlet b = { -> try* 5 }\nfn c() { return try* 5 }",
    ["error 1: try* requires an enclosing function (fn, tool, or pipeline) so the rethrow has a target"],
  ],
  [
    "code behind an exit is marked once a block and not looked at",
    "fn f(c) {\n  if c { return 1 } else { throw 2 }\n  nowhere(1)\n  nowhere(2)\n}",
    ["warning 3: unreachable code"],
  ],
  [
    "variance markers hold in types and nested functions, not in functions of the file",
    "type Bad<out T> = fn(T) -> nil\nstruct Box<in T> { v: T }\nfn top<in T>() -> T { return nil }\nfn f() {\n  fn inner<in T>() -> T { return nil }\n}",
    [
      "error 1: type parameter 'T' is declared 'out' (covariant) but appears in a contravariant position in type alias 'Bad'",
      "error 2: type parameter 'T' is declared 'in' (contravariant) but appears in a invariant position in struct 'Box'",
      "error 5: type parameter 'T' is declared 'in' (contravariant) but appears in a covariant position in function 'inner'",
    ],
  ],
  [
    "attributes in the wrong place warn, twice on types",
    "@test\nfn a() { return 1 }\n@odd\nstruct S { x: int }\nlet s = S {x: 1}",
    [
      "warning 1: `@test` only applies to pipeline declarations",
      "warning 3: unknown attribute `@odd`",
      "warning 3: unknown attribute `@odd`",
    ],
  ],
  [
    "max_concurrent is an int",
    'parallel each [1] with { max_concurrent: "two" } { x -> x }',
    ['error 1: `max_concurrent` on `parallel` must be int, got Named("string")'],
  ],
  [
    "operands that cannot work together",
    "fn f(i: int, s: string, a: any, l: list, u) {\n  let r = [i + s, a + i, l + l, u + s, s * 3, s * s, i - s, l ** i]\n  return i < s || l < l || u < i\n}",
    [
      "error 2: can't add int and string",
      "error 2: can't add any and int",
      "error 2: can't multiply string and string (try string * int)",
      "error 2: can't use '-' on int and string (needs numeric operands)",
      "error 2: can't use '**' on list and int (needs numeric operands)",
      "warning 3: Comparing int with string using '<' may give unexpected results",
      "warning 3: Comparison '<' may not be meaningful for types list and list",
    ],
  ],
];

for (const [name, script, expected] of CASES) {
  test(name, () => {
    assert.equal(lines(diagnose(script)), expected);
  });
}

test.run();
