import { test } from "uvu";
import * as assert from "uvu/assert";
import { dictOf, list, type Value } from "../../src/vm/values.ts";
import { failure, held, machine, show } from "./support.ts";

const m = machine();
const call = (name: string, ...args: Value[]) => show(m.call(name, ...args));

test("CSV: quotes, line ends, ragged rows", () => {
  assert.is(call("csv_parse", '"q, x","say ""hi""","two\nlines"\r\n,\r\n\r\na'), '[[q, x, say "hi", two\nlines], [, ], [a]]');
  assert.is(call("csv_parse", "a;b\n1\n", dictOf({ headers: true, delimiter: ";" })), "[{a: 1, b: }]");
  assert.is(call("csv_stringify", list([dictOf({ b: 1 }), dictOf({ a: 'x"y' })]), dictOf({ headers: true })), 'a,b\n,1\n"x""y",\n');
  assert.match(
    failure(() => call("csv_stringify", list([held(1, 2), held(1)]))),
    "found record with 1 fields, but the previous record has 2 fields",
  );
});

test("cookies", () => {
  const parsed = m.call("cookie_parse", 'a=1; b="two"; junk; bad name=1; a=2');
  assert.is(
    show(parsed),
    "{cookies: {a: 1, b: two}, duplicates: {a: [1, 2]}, invalid: [{reason: missing '=', segment: junk}, {reason: invalid name, segment: bad name=1}], pairs: [{name: a, value: 1}, {name: b, value: two}, {name: a, value: 2}]}",
  );
  assert.is(
    call("cookie_serialize", "n", "v", dictOf({ maxAge: 0, SameSite: "strict", secure: true })),
    "n=v; Max-Age=0; Secure; SameSite=Strict",
  );
  assert.is(
    failure(() => call("cookie_serialize", "n", "a b")),
    "runtime: cookie: cookie value contains spaces, quotes, separators, or control characters; encode it first",
  );
  assert.is(
    failure(() => call("cookie_serialize", "n", "v", dictOf({ same_site: "None" }))),
    "runtime: cookie: SameSite=None requires Secure",
  );
  assert.is(call("cookie_round_trip", "a=1; b=2", "b=; Max-Age=0"), "{cookie_header: a=1, cookies: {a: 1}}");
});

test("signatures notice a change in any part", () => {
  const token = show(m.call("session_sign", dictOf({ uid: 4 }), "k"));
  assert.is(call("session_verify", token, "k"), "{error: nil, ok: true, payload: {uid: 4}}");
  assert.is(call("session_verify", token.replace("v1.e", "v1.f"), "k"), "{error: invalid_signature, ok: false, payload: nil}");
  const url = show(m.call("signed_url", "/d?z=1", dictOf({ who: "ann" }), "k", 100));
  const verdict = (text: string, now = 10) => show(m.call("json_pointer", m.call("verify_signed_url", text, "k", now), "/reason"));
  assert.is(verdict(url), "ok");
  assert.is(verdict(url, 101), "expired");
  assert.is(verdict(url.replace("ann", "eve")), "bad_signature");
  assert.is(verdict("/d"), "missing_signature");
  assert.match(
    failure(() => m.call("signed_url", "/d", dictOf({ exp: 1 }), "k", 1)),
    "claims cannot contain reserved parameter `exp`",
  );
});

test("multipart bodies come back", () => {
  const form = m.call(
    "multipart_form_data",
    list([dictOf({ name: 'a"b', filename: "x\\y", content: "1\r\n--" })]),
    dictOf({ boundary: "B" }),
  );
  const part = (name: string) => m.call("json_pointer", form, `/${name}`);
  const parsed = m.call("multipart_parse", part("body"), part("content_type"));
  assert.is(show(m.call("json_pointer", parsed, "/fields/0/name")), 'a"b');
  assert.is(show(m.call("json_pointer", parsed, "/fields/0/filename")), "x\\y");
  assert.is(show(m.call("json_pointer", parsed, "/fields/0/text")), "1\r\n--");
  assert.match(
    failure(() => m.call("multipart_parse", "--B x", "multipart/form-data; boundary=B")),
    "malformed boundary delimiter line",
  );
});

test("archives and compression come back", async () => {
  const text = "to be or not to be, ".repeat(50);
  assert.is(show(m.call("bytes_to_string", await m.wait("gzip_decode", await m.wait("gzip_encode", text)))), text);
  const entries = list([dictOf({ path: `${"long/".repeat(30)}name`, content: text, mode: 493 })]);
  const back = show(m.call("json_pointer", m.call("tar_extract", m.call("tar_create", entries)), "/0/path"));
  assert.is(back, `${"long/".repeat(30)}name`);
  const unzipped = await m.wait("zip_extract", await m.wait("zip_create", entries));
  assert.is(show(m.call("bytes_to_string", m.call("json_pointer", unzipped, "/0/content"))), text);
  assert.match(
    failure(() => m.call("tar_create", list([dictOf({ content: "x" })]))),
    "tar_create: entry 1 is missing path",
  );
});

test("test reports", () => {
  const report = '<testcase classname="p" name="n" time="1.5"><failure message="a &lt; b">at 3</failure></testcase>';
  assert.is(
    call("parse_junit_xml", report),
    "[{duration_ms: 1500, message: a < b\nat 3, name: p::n, status: failed, stderr: nil, stdout: nil}]",
  );
});

test("what goes to the terminal", () => {
  m.call("capture_stderr_start");
  m.call("eprintln", "e");
  assert.is(call("capture_stderr_take"), "e\n");
  m.call("set_color_mode", "always");
  assert.is(call("color", "x", "bright_blue"), "\u001b[94mx\u001b[0m");
  m.call("mock_stdin", "a\nb\n");
  assert.equal([m.call("read_line"), m.call("read_line")], ["a", "b"]);
  m.out = "";
  m.call("log_warn", "w", dictOf({ n: 1 }));
  m.call("progress", "p", "m", dictOf({ mode: "bar", current: 1, total: 2, width: 4 }));
  assert.is(m.out, '{"ts":"1970-01-01T00:00:01.000Z","level":"warn","msg":"w","n":1}\n[p] [##--] m (1/2)\n');
});

test.run();
