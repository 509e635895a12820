/** After an error: where parsing goes on, what is reported, and what an embedding host is told. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseText } from "./support.ts";

function messages(text: string): string[] {
  return parseText(text).diagnostics.map(({ message }) => message);
}

test("a line that starts like an item is read again, one that starts with a name is not", () => {
  assert.equal(messages("let a = )\nlet b = ]"), ["expected expression, found )", "expected expression, found ]"]);
  assert.equal(messages("let a = )\nfoo(]\nlet c = %"), ["expected expression, found )", "expected expression, found %"]);
});

test("parsing goes on behind a semicolon", () => {
  assert.equal(messages("let a = ); foo(]"), ["expected expression, found )", "expected expression, found ]"]);
});

test("the rest of a broken body is read as items and its brace is ignored", () => {
  const { program, diagnostics } = parseText("fn f() {\n  let a = )\n  let b = 1\n}\nfn g() {}");
  assert.is(diagnostics.length, 1);
  assert.equal(
    program.items.map(({ kind }) => kind),
    ["LetBinding", "FnDecl"],
  );
});

test("the items around a broken one are in the tree", () => {
  const { program } = parseText("let a = 1\nlet = 2\nlet c = 3");
  assert.is(program.items.length, 2);
});

test("a missing separator ends the parse", () => {
  assert.equal(messages("a b\nlet c = )"), ["expected top-level item separator (`;` or newline), found id(b)"]);
});

test("behind other errors a missing separator is what a host is told but not what people see", () => {
  const result = parseText("let a = )\nlet b = 1 let c = 2");
  assert.equal(
    result.diagnostics.map(({ message }) => message),
    ["expected expression, found )"],
  );
  assert.is(result.plain, "Expected top-level item separator (`;` or newline), got let at 2:11");
});

test("the plain form is the first error", () => {
  assert.is(parseText("let a = )\nlet b = ]").plain, "Expected expression, got ) at 1:9");
  assert.is(parseText("let a = 1").plain, null);
});

test("a file that is no script at all reports a bounded number of errors", () => {
  assert.is(parseText("let\n".repeat(5000)).diagnostics.length, 1000);
});

test.run();
