import { test } from "uvu";
import * as assert from "uvu/assert";
import { dictOf, list, type Value } from "../../src/vm/values.ts";
import { callable, failure, held, machine, show } from "./support.ts";

const m = machine();
const call = (name: string, ...args: Value[]) => show(m.call(name, ...args));
const handler = callable((x) => x);

function registry(...names: string[]): Value {
  return names.reduce((made: Value, name) => m.call("tool_define", made, name, "", dictOf({ handler })), m.call("tool_registry"));
}

test("a tool of the same name is replaced, and the old registry stays", () => {
  const before = registry("a", "b");
  const after = m.call("tool_define", before, "a", "again", dictOf({ handler, returns: dictOf({ type: "int" }) }));
  assert.is(call("tool_count", before), "2");
  assert.is(
    call("tool_list", m.call("tool_select", after, held("a"))),
    "[{description: again, executor: harn, name: a, outputSchema: {type: int}, parameters: {}}]",
  );
  assert.is(call("tool_count", m.call("tool_remove", after, "b")), "1");
  assert.is(call("tool_find", after, "c"), "nil");
});

test("who carries a tool out is checked", () => {
  const define = (config: Record<string, Value>) => failure(() => m.call("tool_define", registry(), "t", "", dictOf(config)));
  assert.match(define({}), 'tool "t" has no `handler` and no `executor`.');
  assert.match(define({ executor: "cloud" }), 'unknown executor "cloud" for tool "t". Expected one of: "harn", "host_bridge"');
  assert.match(define({ executor: "host_bridge" }), "is missing `host_capability`.");
  assert.match(define({ executor: "mcp_server" }), "is missing `mcp_server`.");
  assert.match(define({ executor: "provider_native", handler }), "also has a `handler`. Drop the handler");
  assert.match(define({ handler, params: 1 }), "tool_define: use 'parameters', not 'params'");
  assert.match(define({ handler, defer_loading: "yes" }), "`defer_loading` must be a bool, got string");
  const named = m.call("tool_define", registry(), "t", "", dictOf({ handler, executor: "harn_builtin" }));
  assert.match(call("tool_find", named, "t"), "executor: harn,");
});

test("names are looked up in the bound registry", () => {
  const own = machine();
  assert.match(
    failure(() => own.call("tool_ref", "a")),
    "tool_ref: no tool registry bound to this scope.",
  );
  own.call("tool_bind", registry("b", "a"));
  assert.is(own.call("tool_ref", "a"), "a");
  assert.match(
    failure(() => own.call("tool_def", "c")),
    'tool_def: unknown tool "c". Registered tools: b, a',
  );
  assert.match(
    failure(() => machine().call("tool_ref", "a")),
    "no tool registry bound",
  );
});

test("what a model is told", () => {
  const parameters = dictOf({ text: "string", limit: dictOf({ type: "integer" }) });
  const made = m.call(
    "tool_define",
    registry("z"),
    "find",
    "looks it up",
    dictOf({ handler, parameters, returns: dictOf({ type: "list" }) }),
  );
  assert.is(
    call("tool_describe", made),
    "Available tools:\n- find(limit: {type: integer}, text: string): looks it up\n  returns type: list\n- z(): ",
  );
  assert.match(
    call("tool_schema", made),
    "inputSchema: {properties: {limit: {type: integer}, text: {type: string}}, required: [limit, text], type: object}",
  );
  assert.match(call("tool_schema", made, dictOf({ schemas: dictOf({}) })), "{components: {schemas: {}}, schema_version: harn-tools/1.0");
  assert.match(call("tool_prompt", made), "### find\nlooks it up\nParameters: limit: {type: integer}, text: string\nReturns: type: list");
});

test("calls in an answer", () => {
  const answer = 'First <tool_call>{"name": "a"}</tool_call>, then <tool_call>{oops</tool_call><tool_call> [1] </tool_call> <tool_call>{}';
  assert.is(call("tool_parse_call", answer), "[{name: a}, [1]]");
  assert.is(call("tool_format_result", 'q"', list([1])), '<tool_result>{"name": "q\\"", "result": "[1]"}</tool_result>');
});

test.run();
