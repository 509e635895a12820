import { test } from "uvu";
import * as assert from "uvu/assert";
import { dictOf, type Value } from "../../src/vm/values.ts";
import { memoryFiles } from "./memory_files.ts";
import { failure, machine, show } from "./support.ts";

const m = machine({
  files: memoryFiles({
    "/t/page.txt": '{{ include "part.txt" with { who: "Ann" } }}!',
    "/t/part.txt": "Hi {{ who }}",
    "/t/a.txt": '{{ include "b.txt" }}',
    "/t/b.txt": '{{ include "a.txt" }}',
    "/secret": "x",
    "/t/up.txt": '{{ include "../secret" }}',
  }),
});
const bindings: Value = m.call("json_parse", '{"name": "Ada", "xs": [1, 2], "d": {"b": 1, "a": 2}, "none": null, "n": 5}');
const render = (text: string) => show(m.call("render_string", text, bindings));
const error = (text: string) => failure(() => render(text));

test("values, paths and filters", () => {
  assert.is(render("{{ name }} {{ missing }} [{{ none }}] {{ xs[-1] }} {{ d.b }} {{ d['a'] }}"), "Ada {{missing}} [] 2 1 2");
  assert.is(render("{{ name | upper }} {{ xs | join: ', ' }} {{ missing | default: 7 }} {{ d | json }}"), 'ADA 1, 2 7 {"a":2,"b":1}');
});

test("blocks and trimming", () => {
  assert.is(render("{{ for x in xs }}{{ loop.index }}={{ x }}{{ if not loop.last }}, {{ end }}{{ end }}"), "1=1, 2=2");
  assert.is(render("{{ for k, v in d }}{{ k }}{{ v }} {{ end }}"), "a2 b1 ");
  assert.is(render("a  \n{{- if n > 3 -}}\n  b{{ end }}"), "a    b");
  assert.is(render("{{ raw }}{{ x }}{{ endraw }}{{# no #}}|"), "{{ x }}|");
});

test("faults have a place", () => {
  assert.is(error("ab\n {{ if n }}"), "at 2:2: `{{ if }}` missing matching `{{ end }}`");
  assert.is(error("{{ name | shout }}"), "at 1:1: unknown filter `shout`");
  assert.is(error("{{ n + 1 }}"), "at 1:1: unexpected character `+` in expression");
  assert.is(error("{{ n = 1 }}"), "at 1:1: unexpected `=` (use `==`)");
  assert.is(error('{{ n "y" }}'), 'at 1:1: unexpected token `Str("y")` in expression');
  assert.is(error("{{ for x in n }}{{ end }}"), "at 1:1: cannot iterate over int — expected list, dict, set, or range");
});

test("includes", () => {
  assert.is(show(m.call("render", "/t/page.txt")), "Hi Ann!");
  assert.match(
    failure(() => m.call("render", "/t/a.txt")),
    "circular include detected: /t/b.txt → /t/a.txt → /t/b.txt",
  );
  assert.match(
    failure(() => m.call("render", "/t/up.txt")),
    "include path ../secret escapes template root /t",
  );
  assert.match(
    failure(() => m.call("render", "none.txt", dictOf({}))),
    "Failed to read template /project/none.txt: No such file or directory (os error 2)",
  );
});

test.run();
