/** The trees of statements and declarations, and the spans they carry. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { itemOf, itemsOf, parseText } from "./support.ts";

test("a function keeps everything of its signature", () => {
  assert.equal(itemOf("pub gen fn f<T, in U, out V>(a: list<T>, b = 1, ...c) -> A | B where T: Show, U: Eq { return }"), {
    kind: "FnDecl",
    name: "f",
    typeParams: [
      { name: "T", variance: "invariant" },
      { name: "U", variance: "in" },
      { name: "V", variance: "out" },
    ],
    params: [
      { name: "a", type: { kind: "ListType", item: { kind: "Named", name: "T" } }, default: null, rest: false },
      { name: "b", type: null, default: { kind: "IntLiteral", value: 1n }, rest: false },
      { name: "c", type: null, default: null, rest: true },
    ],
    returnType: {
      kind: "Union",
      members: [
        { kind: "Named", name: "A" },
        { kind: "Named", name: "B" },
      ],
    },
    where: [
      { typeName: "T", bound: "Show" },
      { typeName: "U", bound: "Eq" },
    ],
    body: [{ kind: "ReturnStmt", value: null }],
    isPub: true,
    isStream: true,
  });
});

test("built-in type constructors have kinds of their own at their arity", () => {
  const typeOf = (text: string): unknown => (itemOf(`type T = ${text}`) as { typeExpr: unknown }).typeExpr;
  const int = { kind: "Named", name: "int" };
  assert.equal(typeOf("[int]"), { kind: "ListType", item: int });
  assert.equal(typeOf("dict<int, int>"), { kind: "DictType", key: int, value: int });
  assert.equal(typeOf("Iter<int>"), { kind: "IterType", item: int });
  assert.equal(typeOf("generator<int>"), { kind: "GeneratorType", item: int });
  assert.equal(typeOf("stream<int>"), { kind: "StreamType", item: int });
  assert.equal(typeOf("list<int, int>"), { kind: "Applied", name: "list", args: [int, int] });
  assert.equal(typeOf("never"), { kind: "Never" });
  assert.equal(typeOf("true"), { kind: "Named", name: "bool" });
  assert.equal(typeOf("-3"), { kind: "LitInt", value: -3n });
  assert.equal(typeOf("fn(int) -> int | nil"), {
    kind: "FnType",
    params: [int],
    result: { kind: "Union", members: [int, { kind: "Named", name: "nil" }] },
  });
  assert.equal(typeOf("{a: int, type?: int}"), {
    kind: "Shape",
    fields: [
      { name: "a", type: int, optional: false },
      { name: "type", type: int, optional: true },
    ],
  });
});

test("else if is an else body of one if", () => {
  const item = itemOf("if a { 1 } else if b { 2 } else { 3 }") as { else: { kind: string; else: unknown[] }[] };
  assert.is(item.else.length, 1);
  assert.is(item.else[0]?.kind, "IfElse");
  assert.is(item.else[0]?.else.length, 1);
});

test("try has a form for each of its parts", () => {
  const kindOf = (text: string): string => (itemOf(text) as { kind: string }).kind;
  assert.is(kindOf("try { a }"), "TryExpr");
  assert.is(kindOf("try { a } finally { b }"), "TryCatch");
  assert.is(kindOf("try* a"), "TryStar");
  const typed = itemOf("try { a } catch (e: Oops) { b }") as Record<string, unknown>;
  assert.is(typed.errorVar, "e");
  assert.equal(typed.errorType, { kind: "Named", name: "Oops" });
  assert.is((itemOf("try { a } catch e { b }") as Record<string, unknown>).errorVar, "e");
  assert.is((itemOf("try { a } catch { b }") as Record<string, unknown>).errorVar, null);
});

test("parallel has its modes, options and parameter", () => {
  const modeOf = (text: string): unknown => (itemOf(text) as Record<string, unknown>).mode;
  assert.is(modeOf("parallel 3 { i -> i }"), "Count");
  assert.is(modeOf("parallel each xs with { max_concurrent: 2 } { x -> x }"), "Each");
  assert.is(modeOf("parallel settle xs { x -> x }"), "Settle");
  assert.is(modeOf("parallel each xs { x -> x } as stream"), "EachStream");
  assert.is((itemOf("parallel 3 {\n i -> i }") as Record<string, unknown>).variable, "i");
});

test("select keeps cases, timeout and default apart", () => {
  const item = itemOf("select { a from x { 1 }\n b from y { 2 } timeout 5s { 3 } }") as Record<string, unknown[]>;
  assert.is(item.cases?.length, 2);
  assert.is(item.default, null);
  assert.ok(item.timeout);
});

test("tool, skill and eval_pack", () => {
  const tool = itemOf('tool t(a: int) -> int { description "d"\n a }') as Record<string, unknown>;
  assert.is(tool.description, "d");
  const plain = itemOf("tool t() { description\n 1 }") as Record<string, unknown[]>;
  assert.is(plain.description, null);
  assert.is(plain.body?.length, 2);
  const skill = itemOf('skill s { name "x"\n run f(1) }') as Record<string, { name: string }[]>;
  assert.equal(
    skill.fields?.map((field) => field.name),
    ["name", "run"],
  );
  const pack = itemOf('eval_pack "p" "id" { cases: [1]\n f() }') as Record<string, unknown[]>;
  assert.is(pack.name, "p");
  assert.is(pack.id, "id");
  assert.is(pack.fields?.length, 1);
  assert.is(pack.body?.length, 1);
  assert.is((itemOf("eval_pack = 3") as { kind: string }).kind, "Assignment");
});

test("attributes keep their arguments and end up around the declaration", () => {
  const item = itemOf('@a\n@b(1, x: -2.5, y: [true, nil, "s", n])\npub fn f() {}') as Record<string, unknown>;
  assert.is(item.kind, "AttributedDecl");
  assert.equal((item.attributes as { args: unknown[] }[])[1]?.args, [
    { name: null, value: { kind: "int", value: 1n } },
    { name: "x", value: { kind: "float", value: -2.5 } },
    {
      name: "y",
      value: {
        kind: "list",
        items: [{ kind: "bool", value: true }, { kind: "nil" }, { kind: "string", value: "s" }, { kind: "name", value: "n" }],
      },
    },
  ]);
});

test("patterns of bindings", () => {
  assert.equal((itemOf("let {a, b: c = 1, ...rest} = d") as Record<string, unknown>).pattern, {
    kind: "DictPattern",
    fields: [
      { key: "a", alias: null, default: null, rest: false },
      { key: "b", alias: "c", default: { kind: "IntLiteral", value: 1n }, rest: false },
      { key: "rest", alias: null, default: null, rest: true },
    ],
  });
  assert.is((itemOf("for (k, v) in d {}") as { pattern: { kind: string } }).pattern.kind, "PairPattern");
});

test("separators: one semicolon, line ends, or a later line", () => {
  assert.is(itemsOf("a;b;\n\nc\nd;").length, 4);
  assert.is(itemsOf("a /*\n*/ b").length, 2);
  assert.is(itemsOf("a \\\n b").length, 2);
  assert.is(parseText("a /* */ b").diagnostics.length, 1);
  assert.is(itemsOf('"""x\n""" \\\n b').length, 2);
});

test("stray closing braces at the top level are ignored", () => {
  assert.is(itemsOf("}\n} a\n}\n}").length, 1);
});

test("spans run from the first token to the last and leave parentheses out", () => {
  const spanOf = (text: string): unknown => itemsOf(text)[0]?.span;
  assert.equal(spanOf("  foo(1) // c"), { start: 2, end: 8 });
  assert.equal(spanOf("(a)"), { start: 1, end: 2 });
  assert.equal(spanOf("pub fn f() {}"), { start: 0, end: 13 });
  assert.equal(spanOf("if a {}\n\nb"), { start: 0, end: 9 });
  const [call] = itemsOf("  foo(1)");
  assert.ok(call?.kind === "FunctionCall");
  assert.equal(call.nameSpan, { start: 2, end: 5 });
});

test.run();
