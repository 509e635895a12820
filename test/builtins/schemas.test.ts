import { test } from "uvu";
import * as assert from "uvu/assert";
import { dict, dictOf, list, share, type Value } from "../../src/vm/values.ts";
import { failure, machine, show } from "./support.ts";

const m = machine();
const value = (json: string): Value => m.call("json_parse", json);
const call = (name: string, ...args: Value[]) => show(m.call(name, ...args));
const why = (json: string, schema: string) => {
  const result = m.call("schema_check", value(json), value(schema));
  return show(m.call("is_ok", result)) === "true" ? "ok" : show(m.call("json_pointer", m.call("unwrap_err", result), "/errors"));
};

test("every error is gathered, in a fixed order", () => {
  const schema = `{"type": "object", "required": ["a", "z"], "additionalProperties": false,
    "properties": {"a": {"type": "string", "minLength": 2, "pattern": "b"}, "xs": {"type": "array", "items": {"type": "integer"}, "maxItems": 1}}}`;
  assert.is(
    why('{"a": "c", "xs": [1, "q"], "k": 1}', schema),
    "[at root: missing required key 'z', at a: expected length >= 2, got 1, at a: value does not match pattern 'b', " +
      "at xs: expected at most 1 items, got 2, at xs[1]: expected type 'int', got 'string', at root: unexpected key 'k']",
  );
});

test("unions, constants, enums and references", () => {
  assert.is(why("1", '{"type": ["integer", "null"]}'), "ok");
  assert.is(why("null", '{"type": "integer", "nullable": true}'), "ok");
  assert.is(why('"x"', '{"anyOf": [{"type": "int"}, {"type": "bool"}]}'), "[at root: value did not match any union branch]");
  assert.is(why("2", '{"const": 3}'), "[at root: expected constant 3, got 2]");
  assert.is(why('"q"', '{"enum": ["a", "b"]}'), "[at root: value must be one of [a, b]]");
  assert.is(
    why(
      '{"v": 1, "kids": [{}]}',
      '{"$ref": "#/definitions/n", "definitions": {"n": {"type": "dict", "required": ["v"], "properties": {"kids": {"items": {"$ref": "#/definitions/n"}}}}}}',
    ),
    "[at kids[0]: missing required key 'v']",
  );
  assert.is(why("1", '{"$ref": "#/nope"}'), "[at root: unresolved schema reference '#/nope']");
});

test("a schema that refers to itself without end is an error, not a hang", () => {
  assert.match(
    failure(() => m.call("schema_is", 1, value('{"$ref": "#"}'))),
    "schema is nested deeper",
  );
});

test("defaults are filled in at every level, and the input stays as it is", () => {
  const input = value('{"routes": [{}]}');
  share(input);
  const schema = value('{"properties": {"port": {"default": 80}, "routes": {"items": {"properties": {"m": {"default": "GET"}}}}}}');
  assert.is(call("schema_parse", input, schema), "Result.Ok({port: 80, routes: [{m: GET}]})");
  assert.is(show(input), "{routes: [{}]}");
});

test("what is no schema", () => {
  assert.is(
    failure(() => m.call("schema_is", 1, "int")),
    "schema must be a dict",
  );
  assert.is(call("schema_check", 1, null), "Result.Err({errors: [schema must be a dict], message: schema must be a dict})");
  assert.is(
    failure(() => m.call("schema_expect", 1, dictOf({ union: 3 }))),
    "schema union/all_of must be a list",
  );
  assert.is(
    failure(() => m.call("schema_pick", dict(new Map()), "a")),
    "schema_pick: keys must be a list",
  );
});

test("other schema languages", () => {
  assert.is(call("schema_from_json_schema", value('{"type": "array", "uniqueItems": true}')), "{type: set, x-harn-type: set}");
  assert.is(call("schema_to_json_schema", value('{"type": "set"}')), "{type: array, uniqueItems: true}");
  assert.is(call("schema_to_json_schema", value('{"type": "int", "min": 1, "nullable": true}')), "{minimum: 1.0, type: [integer, null]}");
  assert.is(call("schema_partial", value('{"required": ["a"], "items": {"required": ["b"]}}')), "{items: {}}");
  assert.is(
    call("schema_omit", value('{"properties": {"a": {}, "b": {}}, "required": ["a", "b"]}'), list(["a"])),
    "{properties: {b: {}}, required: [b]}",
  );
});

test.run();
