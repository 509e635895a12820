/** Modules: what is loaded when, what an import binds, and what goes wrong. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Ended, World } from "./world.ts";

type Files = Readonly<Record<string, string>>;

async function run(files: Files, main = "/app/main.harn"): Promise<Ended & { out: string; world: World }> {
  const world = new World({ files });
  const ended = await world.runFile(main);
  return { ...ended, out: world.out, world };
}

async function prints(files: Files, out: string): Promise<void> {
  const ended = await run(files);
  assert.is(ended.error, null, ended.rendered);
  assert.is(ended.out, out);
}

/** The error, and that it was raised by the import in that line. */
async function fails(files: Files, text: string, line = 1): Promise<void> {
  const ended = await run(files);
  assert.is(ended.error, `Runtime error: ${text} (line ${line})`);
}

test("all exports, or the named ones", async () => {
  const lib = "pub fn a() { return 1 }\npub fn b() { return a() + 1 }\n";
  await prints({ "/app/lib.harn": lib, "/app/main.harn": 'import "lib"\nprintln(a() + b())' }, "3\n");
  await prints({ "/app/lib.harn": lib, "/app/main.harn": 'import { b } from "lib"\nprintln(b())' }, "2\n");
});

test("without any pub, every function is exported; with one, only those", async () => {
  await prints(
    { "/app/lib.harn": "fn a() { return 1 }\nfn b() { return 2 }", "/app/main.harn": 'import "lib"\nprintln(a() + b())' },
    "3\n",
  );
  const lib = "pub fn a() { return hidden() }\nfn hidden() { return 7 }";
  await prints(
    { "/app/lib.harn": lib, "/app/main.harn": 'import "lib"\nprintln(a())\nfn hidden() { return 1 }\nprintln(hidden())' },
    "7\n1\n",
  );
  await prints({ "/app/lib.harn": lib, "/app/main.harn": 'import { hidden } from "lib"\nprintln(hidden())' }, "7\n");
});

test("an unknown name says so", async () => {
  const lib = "pub fn a() { return 1 }";
  await fails({ "/app/lib.harn": lib, "/app/main.harn": 'import { z } from "lib"' }, "Import error: 'z' is not defined in /app/lib.harn");
  await fails(
    { "/app/lib.harn": "let v = 1", "/app/main.harn": 'import { v } from "lib"' },
    "Import error: 'v' is not defined in /app/lib.harn",
  );
});

test("a module is loaded once, whatever paths lead to it", async () => {
  const files = {
    "/app/count.harn": 'println("loading")\nvar n = 0\npub fn next() {\n  n = n + 1\n  return n\n}',
    "/app/left.harn": 'import { next } from "count"\npub fn left() { return next() }',
    "/app/sub/right.harn": 'import { next } from "../count.harn"\npub fn right() { return next() }',
    "/app/main.harn":
      'import "left"\nimport "./sub/right"\nimport { next } from "sub/../count"\nprintln([left(), right(), next(), left()])',
  };
  // Statements of a module are no part of loading it.
  await prints(files, "[1, 2, 3, 4]\n");
  const ended = await run(files);
  assert.is(ended.world.files.reads.filter((path) => path === "/app/count.harn").length, 1);
});

test("a link is the module that it leads to", async () => {
  const world = new World({
    files: {
      "/app/real.harn": "var n = 0\npub fn next() {\n  n = n + 1\n  return n\n}",
      "/app/other.harn": 'import { next } from "link"\npub fn other() { return next() }',
      "/app/main.harn": 'import { next } from "real"\nimport "other"\nprintln([next(), other(), next()])',
      "/app/link.harn": "",
    },
  });
  world.files.contents.delete("/app/link.harn");
  world.files.links.set("/app/link.harn", "/app/real.harn");
  assert.is((await world.runFile("/app/main.harn")).error, null);
  assert.is(world.out, "[1, 2, 3]\n");
});

test("loading: imports first, then variables in order, then functions; nothing else runs", async () => {
  await prints(
    {
      "/app/base.harn": "fn seed() { return 10 }",
      "/app/lib.harn": `import "base"
let first = seed()
let second = first + len("ab")
println("statement")
fn both() { return [first, second] }
pipeline default(task) { println("pipeline") }`,
      "/app/main.harn": 'import "lib"\nprintln(both())',
    },
    "[10, 12]\n",
  );
});

test("the importer's variables are never visible to the module, and the other way round", async () => {
  const lib = "let secret = 5\nfn peek() { return outer }";
  const ended = await run({ "/app/lib.harn": lib, "/app/main.harn": 'import "lib"\nlet outer = 1\nprintln(try { peek() })' });
  assert.match(ended.out, /^Result\.Err\((Runtime error: )?Undefined variable: outer/);
  const other = await run({ "/app/lib.harn": lib, "/app/main.harn": 'import "lib"\nprintln(try { secret })' });
  assert.match(other.out, /^Result\.Err\((Runtime error: )?Undefined variable: secret/);
});

test("module variables are shared by its functions; functions of the entry file keep snapshots", async () => {
  await prints(
    {
      "/app/lib.harn": "var n = 0\nfn add() {\n  n = n + 1\n}\nfn get() { return n }",
      "/app/main.harn":
        'import "lib"\nvar m = 0\nfn bump() {\n  m = m + 1\n  return m\n}\nadd()\nadd()\nprintln([get(), bump(), bump(), m])',
    },
    "[2, 1, 1, 0]\n",
  );
});

test("functions of a module may be passed on, and still use their own module", async () => {
  await prints(
    {
      "/app/lib.harn": "let factor = 3\npub fn scale(n) { return helper(n) * factor }\nfn helper(n) { return n }",
      "/app/main.harn":
        'import "lib"\nlet factor = 100\nfn helper(n) { return 0 }\nprintln([1, 2].map(scale))\nlet f = scale\nprintln(f(5))\nprintln(2 |> scale)',
    },
    "[3, 6]\n15\n6\n",
  );
});

test("modules that import each other: the inner import brings nothing", async () => {
  const files = {
    "/app/a.harn":
      'import { from_b } from "b"\nlet mine = "a"\npub fn from_a() { return "a" }\npub fn both() { return from_a() + from_b() }',
    "/app/b.harn": 'import { from_a } from "a"\npub fn from_b() { return "b" }\npub fn back() { return from_a() }',
    "/app/main.harn": 'import { both } from "a"\nimport { back } from "b"\nprintln(both())\nprintln(try { back() })',
  };
  const ended = await run(files);
  assert.is(ended.error, null, ended.rendered);
  assert.match(ended.out, /^ab\nResult\.Err\((Runtime error: )?Undefined builtin: from_a/);
});

test("a name that a circle cannot bring yet is no error, wherever the circle closes", async () => {
  await prints(
    {
      "/app/a.harn": 'import { nope } from "b"\npub fn a() { return 1 }\nfn nope2() { return 1 }',
      "/app/b.harn": 'import { a } from "a"\npub fn b() { return 2 }\npub fn nope() { return 3 }',
      "/app/main.harn": 'import "a"\nprintln(a())',
    },
    "1\n",
  );
  await prints(
    {
      "/app/self.harn": 'import "self"\nimport { later } from "self"\npub fn own() { return 1 }',
      "/app/main.harn": 'import "self"\nprintln(own())',
    },
    "1\n",
  );
});

test("the entry file is no module that is being loaded: it may be loaded again as one", async () => {
  await prints(
    {
      "/app/lib.harn": 'import { shout } from "main"\npub fn twice(s) { return shout(shout(s)) }',
      "/app/main.harn": 'import { twice } from "lib"\nfn shout(s) { return s + "!" }\nprintln(twice("a"))',
    },
    "a!!\n",
  );
});

test("collisions name the function and the way out", async () => {
  const text = (name: string, path: string): string =>
    `Import collision: '${name}' is already defined when importing ${path}. Use selective imports to disambiguate: import { ${name} } from "..."`;
  const a = "pub fn f() { return 1 }\npub fn g() { return 1 }";
  const b = "pub fn f() { return 2 }";
  await fails(
    { "/app/a.harn": a, "/app/b.harn": b, "/app/main.harn": 'import "a"\nimport "b"\nprintln(f())' },
    text("f", "/app/b.harn"),
    2,
  );
  await fails({ "/app/a.harn": a, "/app/main.harn": 'import "a"\nimport { f } from "a"' }, text("f", "/app/a.harn"), 2);
  await fails({ "/app/a.harn": a, "/app/main.harn": 'import "a"\nimport "a"' }, text("f", "/app/a.harn"), 2);
  await prints(
    { "/app/a.harn": a, "/app/b.harn": b, "/app/main.harn": 'import { g } from "a"\nimport "b"\nprintln([f(), g()])' },
    "[2, 1]\n",
  );
});

test("a function of one's own with an imported name is a redeclaration", async () => {
  const ended = await run({ "/app/a.harn": "pub fn f() { return 1 }", "/app/main.harn": 'import "a"\nfn f() { return 2 }\nprintln(f())' });
  assert.match(
    ended.error ?? "",
    /^Runtime error: Cannot redeclare immutable variable 'f' in the same scope \(use 'var' for mutable bindings\)/,
  );
});

test("re-exports: all, some, private ones, through several files", async () => {
  const base = "pub fn a() { return 1 }\npub fn b() { return 2 }\nfn p() { return 3 }";
  await prints(
    {
      "/app/base.harn": base,
      "/app/mid.harn": 'pub import "base"\npub fn c() { return a() + 10 }',
      "/app/main.harn": 'import "mid"\nprintln([a(), b(), c()])',
    },
    "[1, 2, 11]\n",
  );
  await prints(
    {
      "/app/base.harn": base,
      "/app/mid.harn": 'pub import { b } from "base"\nfn own() { return 5 }',
      "/app/main.harn": 'import "mid"\nfn a() { return 0 }\nprintln([a(), b()])',
    },
    "[0, 2]\n",
  );
  await prints(
    { "/app/base.harn": base, "/app/mid.harn": 'pub import { p } from "base"', "/app/main.harn": 'import "mid"\nprintln(p())' },
    "3\n",
  );
  await prints(
    {
      "/app/base.harn": base,
      "/app/mid.harn": 'pub import "base"',
      "/app/top.harn": 'pub import "mid"',
      "/app/main.harn": 'import { a } from "top"\nprintln(a())',
    },
    "1\n",
  );
  await fails(
    { "/app/base.harn": base, "/app/mid.harn": 'pub import { z } from "base"', "/app/main.harn": 'import "mid"' },
    "Import error: 'z' is not defined in /app/base.harn",
  );
});

test("two re-exports of one name collide; so does a function with a re-exported name", async () => {
  const a = "pub fn f() { return 1 }";
  const collision = await run({
    "/app/a.harn": a,
    "/app/b.harn": a,
    "/app/mid.harn": 'pub import "a"\npub import "b"',
    "/app/main.harn": 'import "mid"',
  });
  assert.match(collision.error ?? "", /^Runtime error: Import collision: 'f' is already defined when importing \/app\/b\.harn\./);
  const own = await run({ "/app/a.harn": a, "/app/mid.harn": 'pub import "a"\nfn f() { return 2 }', "/app/main.harn": 'import "mid"' });
  assert.match(own.error ?? "", /^Runtime error: Cannot redeclare immutable variable 'f' in the same scope/);
});

test("a diamond's module exists once, and its two users see each other's changes", async () => {
  await prints(
    {
      "/app/state.harn": "var items = []\npub fn put(x) {\n  items = items.push(x)\n}\npub fn all() { return items }",
      "/app/l.harn": 'import "state"\npub fn left() { put("l") }',
      "/app/r.harn": 'import { put } from "state"\npub fn right() { put("r") }',
      "/app/main.harn":
        'import "l"\nimport "r"\nimport { all } from "state"\nleft()\nlet before = all()\nright()\nprintln([before, all()])',
    },
    "[[l], [l, r]]\n",
  );
});

test("what cannot be read, read as text, or understood", async () => {
  const main = (path: string): Files => ({ "/app/main.harn": `let a = 1\nimport "${path}"` });
  await fails(main("gone"), "Import error: cannot read '/app/gone.harn': No such file or directory (os error 2)", 2);
  await fails(main("./gone.txt"), "Import error: cannot read '/app/gone.txt': No such file or directory (os error 2)", 2);
  await fails(main("../up/gone"), "Import error: cannot read '/up/gone.harn': No such file or directory (os error 2)", 2);
  await fails({ ...main("dir"), "/app/dir.harn/x": "" }, "Import error: cannot read '/app/dir.harn': Is a directory (os error 21)", 2);
  await fails(main("std/nothing"), "Unknown stdlib module: std/nothing", 2);
  const bad = await run({ "/app/bad.harn": "fn a( {", "/app/main.harn": 'import "bad"' });
  assert.match(bad.error ?? "", /^Runtime error: Import parse error: /);
  const torn = await run({ "/app/torn.harn": 'let a = "x', "/app/main.harn": 'import "torn"' });
  assert.match(torn.error ?? "", /^Runtime error: Import lex error: /);
  const world = new World({ files: { "/app/main.harn": 'import "raw"', "/app/raw.harn": "" } });
  world.files.writeBytes("/app/raw.harn", Uint8Array.of(0x66, 0xff, 0xfe));
  const raw = await world.runFile("/app/main.harn");
  assert.is(raw.error, "Runtime error: Import error: cannot read '/app/raw.harn': stream did not contain valid UTF-8 (line 1)");
});

test("an error while a module loads has its place there and ends the program", async () => {
  const ended = await run({
    "/app/lib.harn": "let a = 1\nlet b = a / 0\nfn f() { return b }",
    "/app/main.harn": 'println("never")\nimport "lib"',
  });
  assert.is(ended.error, "Runtime error: Division by zero (line 2)");
  assert.match(ended.rendered, /--> \/app\/lib\.harn:2:13\n/);
  assert.is(ended.out, "");
});

test("an error in a module's function names the calls that led there", async () => {
  const ended = await run({
    "/app/lib.harn": "pub fn outer(n) {\n  return inner(n) + 1\n}\nfn inner(n) {\n  return 1 / n\n}",
    "/app/main.harn": 'import "lib"\nfn go() {\n  return outer(0) + 1\n}\nprintln(go())',
  });
  assert.is(ended.error, "Runtime error: Division by zero (line 5)");
  assert.match(ended.rendered, /--> \/app\/lib\.harn:5:14\n/);
  const notes = ended.rendered.split("\n").filter((line) => line.includes("= note"));
  assert.equal(
    notes.map((line) => line.trim()),
    [
      "= note: called from pipeline at /app/lib.harn:2",
      "= note: called from go at /app/main.harn:3",
      "= note: called from pipeline at /app/main.harn:5",
    ],
  );
});

test("a folder of packages above the importer is searched, up to where a repository begins", async () => {
  const files = {
    "/repo/.git/HEAD": "",
    "/.harn/packages/far.harn": "pub fn far() { return 1 }",
    "/repo/.harn/packages/near.harn": "pub fn near() { return 2 }",
    "/repo/app/.harn/packages/tools/text.harn": "pub fn text() { return 3 }",
    "/repo/app/main.harn": 'import "near"\nimport "tools/text"\nprintln([near(), text()])',
    "/repo/app/other.harn": 'import "far"',
  };
  const ended = await run(files, "/repo/app/main.harn");
  assert.is(ended.out, "[2, 3]\n");
  const other = await run(files, "/repo/app/other.harn");
  assert.is(other.error, "Runtime error: Import error: cannot read '/repo/app/far.harn': No such file or directory (os error 2) (line 1)");
});

test("a file beats one with the extension, and both beat a package", async () => {
  const main = 'import "tool"\nprintln(which())';
  const which = (n: number): string => `pub fn which() { return ${n} }`;
  const files = { "/app/tool": which(1), "/app/tool.harn": which(2), "/app/.harn/packages/tool.harn": which(3), "/app/main.harn": main };
  await prints(files, "1\n");
  const { "/app/tool": _first, ...second } = files;
  await prints(second, "2\n");
  const { "/app/tool.harn": _second, ...third } = second;
  await prints(third, "3\n");
});

test("deep chains and many modules load", async () => {
  const files: Record<string, string> = {};
  for (let i = 0; i < 300; i++)
    files[`/app/m${i}.harn`] =
      i === 299 ? "pub fn f299() { return 0 }" : `import { f${i + 1} } from "m${i + 1}"\npub fn f${i}() { return f${i + 1}() + 1 }`;
  files["/app/main.harn"] = 'import "m0"\nprintln(f0())';
  await prints(files, "299\n");
});

test.run();
