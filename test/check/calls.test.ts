import { test } from "uvu";
import * as assert from "uvu/assert";
import { diagnose, lines } from "./checking.ts";

const CASES: readonly (readonly [string, string, readonly string[]])[] = [
  [
    "an unknown target is an error, with the nearest name",
    "fn area(w) { return w }\nprintln(arae(2))\nfrobnicate(1)",
    [
      "error 2: call target `arae` is not defined or imported — did you mean `area`?",
      "error 3: call target `frobnicate` is not defined or imported",
    ],
  ],
  [
    "a builtin goes before a function of the file when both are as near",
    "fn leng(x) { return x }\nlenn(1)",
    ["error 2: call target `lenn` is not defined or imported — did you mean `len`?"],
  ],
  [
    "forward, recursive and nested functions resolve",
    "fn a(n) { return b(n) }\nfn b(n) {\n  fn c(k) { return d(k) }\n  fn d(k) { return k }\n  return c(n)\n}\na(1)",
    [],
  ],
  [
    "what a function can reach at run time is no unknown target",
    "fn f(cb, c) {\n  if c {\n    fn g(n) { return cb(n) + g(n) }\n    return g(1)\n  }\n  let h = { x -> cb(x) }\n  fn k() { return h(1) }\n  return k()\n}",
    [],
  ],
  [
    "a function inside a block is not known outside of it",
    "fn f(c) {\n  if c {\n    fn helper_of_f() { return 1 }\n  }\n  helper_of_f()\n}",
    ["error 5: call target `helper_of_f` is not defined or imported"],
  ],
  [
    "reserved prefixes, constructors and task forms resolve",
    "fn f(x) {\n  __internal(x)\n  hostlib_any(x)\n  let t = spawn { Ok(x) }\n  await(t)\n  cancel(t)\n  return [Err(x), Some(x), None()]\n}",
    [],
  ],
  ["code inside of text is not checked", 'println("${nothing_here(1) + nil}")', []],
  [
    "arguments are compared one by one, each reported once",
    'fn f(a: int, b: string = "x", ...more: bool) { return [a, b, more] }\nf("1", 2, 3)\nf(1)\nf(1, "s", true, 4)',
    [
      "error 2: Argument 1 ('a'): expected int, got string",
      "error 2: Argument 2 ('b'): expected string, got int",
      "error 2: Argument 3 ('more'): expected bool, got int",
    ],
  ],
  [
    "a wrong number of arguments warns",
    "fn one(a) { return a }\nfn two(a, b = 1) { return [a, b] }\none()\ntwo(1, 2, 3)\none(...[1, 2])\ntool t(q) { q }\nt(1)",
    [
      "warning 3: Function 'one' expects 1 arguments, got 0",
      "warning 4: Function 'two' expects 1-2 arguments, got 3",
      "warning 7: Function 't' expects 0 arguments, got 1",
    ],
  ],
  ["a parameter or local hides the function of the same name", 'fn show(n: int) { return n }\nfn f(show) {\n  return show("text")\n}', []],
  [
    "type parameters bind from arguments and must agree",
    'fn same<T>(a: T, b: T) -> T { return a }\nlet n: string = same(1, 2)\nsame(1, "s")',
    [
      "error 2: 'n' declared as string, but assigned int",
      "error 3: type parameter 'T' was inferred as both int and string",
      "error 3: Argument 2 ('b'): expected int, got string",
    ],
  ],
  [
    "explicit type arguments bind first and are counted",
    'fn id<T>(a: T) -> T { return a }\nfn plain(a) { return a }\nid<int>("s")\nid<int, string>(1)\nplain<int>(1)\nlen<int>("x")',
    [
      "error 3: type parameter 'T' was inferred as both int and string",
      "error 3: Argument 1 ('a'): expected int, got string",
      "error 4: Function 'id' expects 1 type arguments, got 2",
      "error 5: Function 'plain' does not declare type parameters",
      "error 6: Builtin function 'len' does not declare type parameters",
    ],
  ],
  [
    "a schema binds the type of the value it lets through",
    'type Job = {id: int, cmd: string}\nfn f(raw) {\n  let job = schema_expect(raw, Job)\n  let id: string = job.id\n  let n: string = schema_expect(raw, {type: "integer", nullable: true})\n  return [id, n]\n}',
    ["error 4: 'id' declared as string, but assigned int", "error 5: 'n' declared as string, but assigned int | nil"],
  ],
  [
    "what people are asked for has the type that the question gives it",
    'fn job() -> string { return "x" }\nfn f() {\n  let a: string = ask_user("q", {default: 5})\n  let b: int = dual_control(1, 2, job, nil)\n  let c: int = request_approval("ship").reviewers\n  let d: int = escalate_to("ops", "x").reviewer\n  let open: int = ask_user("q")\n  return [a, b, c, d, open]\n}',
    [
      "error 3: 'a' declared as string, but assigned int",
      "error 4: 'b' declared as int, but assigned string",
      "error 5: 'c' declared as int, but assigned list<string>",
      "error 6: 'd' declared as int, but assigned string | nil",
    ],
  ],
  [
    "bounds of type parameters are checked where they are bound",
    'interface Pet {\n  fn speak(self) -> string\n}\nstruct Dog { n: string }\nimpl Dog { fn speak(self) -> string { return self.n } }\nfn play<T>(p: T) where T: Pet {\n  p.fetch()\n  return p.speak()\n}\nplay(Dog {n: "rex"})\nplay(5)\nplay([1])',
    [
      "warning 7: Method 'fetch' not found in interface 'Pet' (constraint on 'T')",
      "error 11: Type 'int' does not satisfy interface 'Pet': missing method(s): speak (required by constraint `where T: Pet`)",
      "error 12: Type 'list<int>' does not satisfy interface 'Pet': only named types can satisfy interfaces (required by constraint `where T: Pet`)",
    ],
  ],
  [
    "deprecated functions warn twice a call",
    '@deprecated(since: "2", use: "fresh")\nfn old() { return 1 }\nold()',
    ["warning 3: `old` is deprecated (since 2)", "warning 3: `old` is deprecated (since 2)"],
  ],
];

for (const [name, script, expected] of CASES) {
  test(name, () => {
    assert.equal(lines(diagnose(script)), expected);
  });
}

test("without resolved imports, call targets are not judged", () => {
  assert.equal(diagnose('import "./missing"\nanything(1)', { resolved: false }), []);
});

test("a host function with an enforced signature is checked like one of the script", () => {
  const found = diagnose('price("x", 2)\nlet s: string = price(1)\nprice()', { signatures: { price: "(sku: int, count?: int) -> float" } });
  assert.equal(lines(found), [
    "error 1: Argument 1 ('sku'): expected int, got string",
    "error 2: 's' declared as string, but assigned float",
    "warning 3: Function 'price' expects 1-2 arguments, got 0",
  ]);
});

test("a suggestion is in the message and in the help", () => {
  assert.is(diagnose("prntln(1)")[0]?.help, "did you mean `println`?");
});

test.run();
