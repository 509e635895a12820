/** How expressions group, where they may continue on the next line, and how ambiguous beginnings are decided. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { itemOf, parseText, shape } from "./support.ts";

const GROUPING: readonly (readonly [string, string])[] = [
  ["a ?? b + c", "(+ (?? a b) c)"],
  ["a ?? 0 > 1", "(> (?? a 0) 1)"],
  ["-2 ** 2", "(** (- 2) 2)"],
  ["2 ** 3 ** 4", "(** 2 (** 3 4))"],
  ["2 * 3 ** -4", "(* 2 (** 3 (- 4)))"],
  ["!k in d", "(in (! k) d)"],
  ["a not in b == c", "(== (not_in a b) c)"],
  ["a - b - c", "(- (- a b) c)"],
  ["a || b && c == d", "(|| a (&& b (== c d)))"],
  ["try* f() + 1", "(+ (try* (call f)) 1)"],
  ["a ? b : c |> f", "(|> (? a b c) f)"],
  ["a |> f |> g", "(|> (|> a f) g)"],
  ["1 to n + 1 exclusive", "(until 1 (+ n 1))"],
  ["a.b().c[1]?.d", "(?. ([] (. (.b a) c) 1) d)"],
  ["-a.b", "(- (. a b))"],
  ["(a + b) * c", "(* (+ a b) c)"],
  ["(f)(1)", "(call f 1)"],
  ["a ? [1]", "(?[] a 1)"],
  ["f()? + 1", "(+ (propagate (call f)) 1)"],
  ["(f()?).x", "(. (propagate (call f)) x)"],
  ["a < b", "(< a b)"],
  ["[f(1)(2)]", "[(call f 1) 2]"],
  ["[a - b]", "[(- a b)]"],
  ["[a b c]", "[a b c]"],
  ["42.abs", "(. 42 abs)"],
  ["not in b", "(in not b)"],
];

for (const [text, expected] of GROUPING) test(`grouping of ${text}`, () => assert.is(shape(text), expected));

const LINES: readonly (readonly [string, string])[] = [
  ["a\n+ b", "(+ a b)"],
  ["a +\n b", "(+ a b)"],
  ["a\n- b", "(let a) ; (- b)"],
  ["a -\n b", "(- a b)"],
  ["a\n.b\n?.c", "(?. (. a b) c)"],
  ["a\n|> f", "(|> a f)"],
  ["a\n(b)", "(let a) ; b"],
  ["a\n[b]", "(let a) ; [b]"],
  ["a in\n b", "(in a b)"],
  ["a ? b\n: c", "(? a b c)"],
  ["a ?\n b", "(let (propagate a)) ; b"],
  ["f(\na,\nb\n)", "(call f a b)"],
  ["[\na\nb\n]", "[a b]"],
  ["if a { 1 }\n-2", "(- IfElse 2)"],
  ["if a { 1 } else { 2 }\n-2", "(let IfElse) ; (- 2)"],
  ["try { a }\n[0]", "([] TryExpr 0)"],
  ["{ x -> x }", "(closure x: x)"],
];

for (const [text, expected] of LINES) test(`lines of ${JSON.stringify(text)}`, () => assert.is(shape(text), expected));

test("a brace with an arrow directly inside is a closure, any other a dict", () => {
  assert.is(shape("{ -> 1 }"), "(closure : 1)");
  assert.is(shape("{}"), "DictLiteral");
  assert.is(shape("{ a: { x -> x } }"), "DictLiteral");
  assert.is(shape("{ x, y ->\n x\n y }"), "(closure x y: x ; y)");
});

test("an upper-case name in front of a brace is a struct literal if the brace starts like one", () => {
  assert.is(shape("Point { x: 1 }"), "StructConstruct");
  assert.is(shape("Point {}"), "StructConstruct");
  assert.is(shape("Point {\n\n x\n : 1 }"), "StructConstruct");
  assert.is((itemOf("if READY { go() }") as { kind: string }).kind, "IfElse");
  assert.is(parseText("if READY { }").plain, "Unexpected end of file, expected {");
});

test("type arguments make a generic call when a parenthesis follows on the line", () => {
  const call = itemOf("let a = f<int, list<string>,>(1)") as { value: { kind: string; typeArgs: unknown[] } };
  assert.is(call.value.kind, "FunctionCall");
  assert.is(call.value.typeArgs.length, 2);
  assert.is(shape("a < b > c"), "(> (< a b) c)");
  assert.is(shape("a < b\n(c)"), "(let (< a b)) ; c");
});

test("a method call is no call of a name, and assignment is a statement", () => {
  const assignment = itemOf("a.b[0] += 1") as { kind: string; op: string };
  assert.is(assignment.kind, "Assignment");
  assert.is(assignment.op, "+");
  assert.is(parseText("f(a = 1)").plain, "Expected expression, got = at 1:5");
});

test("const is let", () => {
  assert.equal(itemOf("const a = 1"), itemOf("let a = 1"));
  assert.equal(itemOf("const {a, b} = c"), itemOf("let {a, b} = c"));
  assert.equal(itemOf("const [a] = c"), itemOf("let [a] = c"));
  assert.is((itemOf("const[0]") as { kind: string }).kind, "SubscriptAccess");
  assert.is((itemOf("const = 1") as { kind: string }).kind, "Assignment");
});

test("an int in range is exact, a larger one a float, an overlong duration has no value", () => {
  assert.equal(itemOf("9223372036854775807"), { kind: "IntLiteral", value: 9223372036854775807n });
  assert.equal(itemOf("9223372036854775808"), { kind: "FloatLiteral", value: 2 ** 63 });
  assert.equal(itemOf("9223372036854775807s"), { kind: "DurationLiteral", ms: null });
});

test.run();
