/** Every expectation the parser can name, in the place that names it: one line of the table each. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseText } from "./support.ts";

/** Source text, and the plain form of its first error. */
const TABLE: readonly (readonly [source: string, plain: string])[] = [
  // operands
  ["let a = )", "Expected expression, got ) at 1:9"],
  ["1 +", "Unexpected end of file, expected expression"],
  ["a ** * b", "Expected expression, got * at 1:6"],
  ["+1", "Expected expression, got + at 1:1"],
  ["x ?? throw 1", "Expected expression, got throw at 1:6"],
  ["let v = select { a from b {} }", "Expected expression, got select at 1:9"],
  ['fn f() { import "x" }', "Expected expression, got import at 1:10"],
  ["f() { pipeline a() {} }", "Expected top-level item separator (`;` or newline), got { at 1:5"],
  ["else { }", "Expected expression, got else at 1:1"],
  ["a();; b()", "Expected expression, got ; at 1:5"],
  ["!\na", "Expected expression, got \\n at 1:2"],
  ["-\na", "Expected expression, got \\n at 1:2"],
  ["1 to\n3", "Expected expression, got \\n at 1:5"],
  ["a not\nin b", "Expected top-level item separator (`;` or newline), got id(not) at 1:3"],
  ["c ? a :\nb", "Expected expression, got \\n at 1:8"],
  ["try*\nf()", "Expected expression, got \\n at 1:5"],
  [
    "let a = <<EOT",
    'Expected an expression — heredocs are only valid inside LLM tool-call argument JSON; for multiline strings in source code use triple-quoted `"""..."""`, got `<<` heredoc-like syntax at 1:9',
  ],
  // found texts
  ["let a 1.50 = 1", "Expected =, got float(1.5) at 1:7"],
  ["let a 2.0 = 1", "Expected =, got float(2) at 1:7"],
  ["let a 99999999999999999999999 = 1", "Expected =, got float(100000000000000000000000) at 1:7"],
  ["let a 0.00000001 = 1", "Expected =, got float(0.00000001) at 1:7"],
  ["let a 5s = 1", "Expected =, got duration(5000ms) at 1:7"],
  ['let a r"q" = 1', "Expected =, got rstr(q) at 1:7"],
  ['let a "q${b}" = 1', "Expected =, got istr(...) at 1:7"],
  ['let a "q" = 1', "Expected =, got str(q) at 1:7"],
  // bindings and patterns
  ["let 5 = 1", "Expected variable name or destructuring pattern, got int(5) at 1:5"],
  ["var while = 1", "Expected variable name or destructuring pattern, got 'while' (reserved keyword) at 1:5"],
  ["let {a: 1} = b", "Expected alias name, got int(1) at 1:9"],
  ["let {1} = b", "Expected field name, got int(1) at 1:6"],
  ["let {type} = b", "Expected field name, got 'type' (reserved keyword) at 1:6"],
  ["let {a\n} = b", "Expected field name, got } at 2:1"],
  ["let [a\n] = b", "Expected element name, got ] at 2:1"],
  ["let [a,\n...r] = b", "Expected element name, got . at 2:1"],
  ["let [...1] = b", "Expected rest variable name, got int(1) at 1:9"],
  ["let [...r, a] = b", "Expected ], got , at 1:10"],
  ["let {a}: dict = b", "Expected =, got : at 1:8"],
  ["for (a, 1) in b {}", "Expected pair pattern element, got int(1) at 1:9"],
  ["for x of y {}", "Expected in, got id(of) at 1:7"],
  // signatures
  ["fn f(1) {}", "Expected parameter name, got int(1) at 1:6"],
  ["fn f(a\n) {}", "Expected parameter name, got ) at 2:1"],
  ["fn f(a = 1, b, c) {}", "Expected Required parameter cannot follow a parameter with a default value, got , at 1:14"],
  ["fn f(...a, b) {}", "Expected Rest parameter must be the last parameter, got , at 1:10"],
  ["fn f(...a,) {}", "Expected Rest parameter must be the last parameter, got , at 1:10"],
  ["fn f<1>(a) {}", "Expected type parameter name, got int(1) at 1:6"],
  ["fn f<T\n>(a) {}", "Expected type parameter name, got > at 2:1"],
  ["fn f<T>(a) where T: 1 {}", "Expected type bound, got int(1) at 1:21"],
  ["fn f()\n-> int {}", "Expected {, got -> at 2:1"],
  ["fn 1() {}", "Expected function name, got int(1) at 1:4"],
  ["let a: = 1", "Expected type name, got = at 1:8"],
  ["let a: list<> = 1", "Expected type name, got > at 1:13"],
  ["let a: list<int>= 1", "Expected >, got >= at 1:16"],
  ["let a: {1: int} = 1", "Expected field name, got int(1) at 1:9"],
  ["let a: {b int} = 1", "Expected :, got id(int) at 1:11"],
  ["let a: fn(int) = 1", "Expected ->, got = at 1:16"],
  ["let a: int? = 1", "Expected =, got ? at 1:11"],
  ["let a: | int = 1", "Expected type name, got | at 1:8"],
  ["let a: -x = 1", "Expected type name, got - at 1:8"],
  // declarations
  ["pipeline 1() {}", "Expected pipeline name, got int(1) at 1:10"],
  ["pipeline a(b: int) {}", "Expected parameter name, got : at 1:13"],
  ["pipeline a() extends 1 {}", "Expected parent pipeline name, got int(1) at 1:22"],
  ["override 1() {}", "Expected override name, got int(1) at 1:10"],
  ["tool 1() {}", "Expected tool name, got int(1) at 1:6"],
  ['tool t() { description "d" a }', "Expected tool body item separator (`;` or newline), got id(a) at 1:28"],
  ['tool t() { description r"d" }', "Expected statement separator (`;` or newline), got rstr(d) at 1:24"],
  ["enum 1 {}", "Expected enum name, got int(1) at 1:6"],
  ["enum E { A = 1 }", "Expected variant name, got = at 1:12"],
  ["enum E { tool }", "Expected variant name, got 'tool' (reserved keyword) at 1:10"],
  ["struct 1 {}", "Expected struct name, got int(1) at 1:8"],
  ["struct S { a: int = 1 }", "Expected field name, got = at 1:19"],
  ["interface 1 {}", "Expected interface name, got int(1) at 1:11"],
  ["interface I { fn 1() }", "Expected method name, got int(1) at 1:18"],
  ["interface I { type 1 }", "Expected associated type name, got int(1) at 1:20"],
  ["interface I { fn a(), fn b() }", "Expected fn, got , at 1:21"],
  ["impl 1 {}", "Expected type name, got int(1) at 1:6"],
  ["impl A { fn a() {}, fn b() {} }", "Expected fn, got , at 1:19"],
  ["impl A { gen fn a() {} }", "Expected fn, got id(gen) at 1:10"],
  ["type 1 = int", "Expected type name, got int(1) at 1:6"],
  ["pub let a = 1", "Expected fn, tool, skill, struct, enum, pipeline, or import after pub, got let at 1:5"],
  ["pub\nfn f() {}", "Expected fn, tool, skill, struct, enum, pipeline, or import after pub, got \\n at 1:4"],
  ["import 5", "Expected import path string, got int(5) at 1:8"],
  ['import "a${b}"', "Expected import path string, got istr(...) at 1:8"],
  ['import { 5 } from "a"', "Expected import name, got int(5) at 1:10"],
  ['import { a } "a"', "Expected from, got str(a) at 1:14"],
  ['import { a } from\n"a"', "Expected import path string, got \\n at 1:18"],
  ["@1 fn f() {}", "Expected attribute name, got int(1) at 1:2"],
  ['@a("${b}") fn f() {}', "Expected attribute argument value (literal or identifier), got istr(...) at 1:4"],
  ["@a(-b) fn f() {}", "Expected number after '-' in attribute argument, got id(b) at 1:5"],
  [
    "@a\nlet b = 1",
    "Expected fn/tool/skill/pipeline/struct/enum/type/interface/impl declaration after `@attr`, got non-declaration statement at 2:1",
  ],
  // control flow
  ["if a b", "Expected {, got id(b) at 1:6"],
  ["if a {} else\nif b {}", "Expected {, got if at 2:1"],
  ["while (a) && b {}", "Expected {, got && at 1:11"],
  ["retry (a) + 1 {}", "Expected {, got + at 1:11"],
  ["match a { 1 { } }", "Expected ->, got { at 1:13"],
  ["match a { 1 -> 2 }", "Expected {, got int(2) at 1:16"],
  ["try {} catch (match) {}", "Expected error variable, got 'match' (reserved keyword) at 1:15"],
  ["guard a {}", "Expected else, got { at 1:9"],
  ["select {}\n", "Expected at least one select case, got \\n at 1:10"],
  ["select { timeout 1s {} default {} };", "Expected select cannot have both timeout and default, got ; at 1:36"],
  ["select { 5 from a {} }", "Expected select case variable, got int(5) at 1:10"],
  ["select { timeout from a {} }", "Expected expression, got from at 1:18"],
  [
    "parallel each a with { limit: 1 } {}",
    "Expected known option (only `max_concurrent` is supported in `parallel ... with { ... }`; got `limit`), got limit at 1:24",
  ],
  ['parallel each a with { "x": 1 } {}', 'Expected option name in `parallel ... with { ... }` block, got StringLiteral("x") at 1:24'],
  ["parallel each a with { 5: 1 } {}", "Expected option name in `parallel ... with { ... }` block, got IntLiteral(5) at 1:24"],
  ["parallel each a {} as x", 'Expected `stream` after `parallel each ... as`, got Identifier("x") at 1:23'],
  ["parallel 3 {} as stream", "Expected `as stream` is only valid after `parallel each ... { ... }`, got `as stream` at 1:15"],
  // brackets, keys, separators
  ["f(1", "Unexpected end of file, expected )"],
  ["[1", "Unexpected end of file, expected ]"],
  ["a[1", "Unexpected end of file, expected ]"],
  ["{a: 1", "Unexpected end of file, expected }"],
  ["fn f() {", "Unexpected end of file, expected }"],
  ["(a", "Unexpected end of file, expected )"],
  ["[1,, 2]", "Expected expression, got , at 1:4"],
  ["{1: 2}", "Expected dict key, got int(1) at 1:2"],
  ["{require: 2}", "Expected dict key, got require at 1:2"],
  ["{a = 2}", "Expected :, got = at 1:4"],
  ["a.1", "Expected member name, got int(1) at 1:3"],
  ["a.select", "Expected member name, got select at 1:3"],
  ["a..b", "Expected member name, got . at 1:3"],
  ["a b", "Expected top-level item separator (`;` or newline), got id(b) at 1:3"],
  ["fn f() { a b }", "Expected statement separator (`;` or newline), got id(b) at 1:12"],
  ["f(1)(2)", "Expected top-level item separator (`;` or newline), got ( at 1:5"],
  ["if a {} }", "Expected top-level item separator (`;` or newline), got } at 1:9"],
  ["f() = 1", "Expected top-level item separator (`;` or newline), got = at 1:5"],
  ["a?.b = 1", "Expected top-level item separator (`;` or newline), got = at 1:6"],
  ["a[1:2] = 1", "Expected top-level item separator (`;` or newline), got = at 1:8"],
  ["a = b = 1", "Expected top-level item separator (`;` or newline), got = at 1:7"],
  ["1 to 2 to 3", "Expected top-level item separator (`;` or newline), got to at 1:8"],
  ["a ? b : c ? d : e", "Expected top-level item separator (`;` or newline), got ? at 1:11"],
  ["match a {} |> f", "Expected top-level item separator (`;` or newline), got |> at 1:12"],
  ["a ? 5s : 1", "Expected top-level item separator (`;` or newline), got duration(5000ms) at 1:5"],
  ["a /* one\nline */ b", ""],
];

for (const [source, plain] of TABLE) {
  test(JSON.stringify(source), () => {
    assert.is(parseText(source).plain ?? "", plain);
  });
}

test("the headline says found where the plain form says got", () => {
  const [first] = parseText("let a = )").diagnostics;
  assert.is(first?.message, "expected expression, found )");
  assert.is(first?.label, "unexpected token");
});

test("labels tell a line end and the end of the file", () => {
  assert.is(parseText("import 5").diagnostics[0]?.label, "unexpected token");
  assert.is(parseText("pub\n").diagnostics[0]?.label, "line break not allowed here");
  assert.is(parseText("f(").diagnostics[0]?.label, "file ends here");
});

test("a missing closer comes with help", () => {
  assert.is(parseText("f(1").diagnostics[0]?.help, "add a closing `)` to finish this expression or parameter list");
  assert.is(parseText("[1").diagnostics[0]?.help, "add a closing `]` to finish this list or subscript");
  assert.is(parseText("fn f() {").diagnostics[0]?.help, "add a closing `}` to finish this block");
  assert.is(parseText("let = 1").diagnostics[0]?.help, undefined);
});

test.run();
