/** The frame, to the letter. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.ts";
import { toJson } from "../../src/diagnostics/json.ts";
import { renderDiagnostic, renderDiagnostics, renderFrame, renderRuntimeError } from "../../src/diagnostics/render.ts";
import { SourceText } from "../../src/source/text.ts";

const APP = new SourceText("app.harn", "pipeline main() {\n  log() + )\r\n}\n");

function diagnostic(over: Partial<Diagnostic> = {}): Diagnostic {
  const base = { severity: "error", code: "syntax/expected", source: APP, span: { start: 28, end: 29 } } as const;
  return { ...base, message: "expected expression, found )", label: "unexpected token", ...over };
}

test("headline, place, source row, carets with label", () => {
  assert.is(
    renderDiagnostic(diagnostic()),
    [
      "error: expected expression, found )",
      "  --> app.harn:2:11",
      "   |",
      " 2 |   log() + )",
      "   |           ^ unexpected token",
      "",
    ].join("\n"),
  );
});

test("without a label there is no caret row; help comes last", () => {
  const { label: _, ...plain } = diagnostic({ severity: "warning", help: "do otherwise" });
  assert.is(
    renderDiagnostic(plain),
    ["warning: expected expression, found )", "  --> app.harn:2:11", "   |", " 2 |   log() + )", "   = help: do otherwise", ""].join("\n"),
  );
});

test("behind the last line there is no source row", () => {
  const text = diagnostic({ span: { start: APP.text.length, end: APP.text.length }, label: "file ends here", help: "close it" });
  assert.is(renderDiagnostic(text).split("\n").slice(1).join("\n"), "  --> app.harn:4:1\n   |\n   = help: close it\n");
});

test("the gutter grows with the line number", () => {
  const source = new SourceText("app.harn", `${"\n".repeat(9)}let x`);
  assert.is(
    renderDiagnostic(diagnostic({ source, span: { start: 13, end: 14 } }))
      .split("\n")
      .slice(1)
      .join("\n"),
    "   --> app.harn:10:5\n    |\n 10 | let x\n    |     ^ unexpected token\n",
  );
});

test("carets count code points and may run past the end of the line", () => {
  const source = new SourceText("a", 'x "😀é" y');
  assert.ok(renderDiagnostic(diagnostic({ source, span: { start: 2, end: 7 } })).includes("\n   |   ^^^^ unexpected token"));
  assert.ok(renderDiagnostic(diagnostic({ source, span: { start: 9, end: 9 } })).includes("\n   |         ^ unexpected token"));
  assert.ok(renderDiagnostic(diagnostic({ source, span: { start: 8, end: 9 } })).includes("a:1:8"));
});

test("a diagnostic without a text is its headline and its help", () => {
  assert.is(renderDiagnostic(diagnostic({ source: null, span: null, help: "h" })), "error: expected expression, found )\n  = help: h\n");
});

test("several are printed back to back", () => {
  assert.is(renderDiagnostics([diagnostic(), diagnostic()]), renderDiagnostic(diagnostic()).repeat(2));
});

test("any head may stand in front of the headline", () => {
  const frame = {
    head: "lint[unused]",
    severity: "warning",
    message: "m",
    source: APP,
    span: { start: 0, end: 8 },
    label: "lint[unused]",
  } as const;
  assert.ok(renderFrame(frame).startsWith("lint[unused]: m\n"));
  assert.ok(renderFrame(frame).includes(" | ^^^^^^^^ lint[unused]\n"));
});

test("colours wrap words, bars, arrows and carets only", () => {
  const text = renderDiagnostic(diagnostic({ help: "h" }), { color: true });
  assert.ok(text.startsWith("\u001b[1;31merror\u001b[0m: expected"));
  assert.ok(text.includes("\u001b[1;34m-->\u001b[0m app.harn"));
  assert.ok(text.includes("\u001b[34m|\u001b[0m"));
  assert.ok(text.includes("\u001b[1;31m^\u001b[0m unexpected token"));
  assert.ok(text.includes("= \u001b[1;36mhelp\u001b[0m: h"));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for.
  assert.is(text.replace(/\u001b\[[\d;]*m/g, ""), renderDiagnostic(diagnostic({ help: "h" })));
});

test("a run-time error has bare carets and a note for each caller", () => {
  const source = new SourceText("demo.harn", "fn f(n) {\n  return n / 0\n}\n");
  const callers = [
    { name: "main", path: "demo.harn", line: 9 },
    { name: "pipeline", path: "demo.harn", line: 12 },
  ];
  assert.is(
    renderRuntimeError("Runtime error: Division by zero (line 2)", { source, span: { start: 23, end: 24 } }, callers),
    [
      "error: Runtime error: Division by zero (line 2)",
      "  --> demo.harn:2:14",
      "   |",
      " 2 |   return n / 0",
      "   |              ^",
      "  = note: called from main at demo.harn:9",
      "  = note: called from pipeline at demo.harn:12",
      "",
    ].join("\n"),
  );
  assert.is(renderRuntimeError("Thrown: x", null), "error: Thrown: x\n");
  const hidden = renderRuntimeError("Thrown: x", { source: new SourceText("demo.harn", "x", false), span: { start: 0, end: 1 } });
  assert.is(hidden, "error: Thrown: x\n  --> demo.harn:1:1\n   |\n");
});

test("the JSON form has the same facts as data", () => {
  assert.equal(toJson(diagnostic()), {
    severity: "error",
    code: "syntax/expected",
    message: "expected expression, found )",
    path: "app.harn",
    line: 2,
    column: 11,
    endLine: 2,
    endColumn: 12,
    label: "unexpected token",
    help: null,
  });
  assert.is(toJson(diagnostic({ source: null, span: null })).line, null);
});

test.run();
