/**
 * Containers that grow or change in a loop: the elements copied grow with the turns, not with their square. The loops stand at the top
 * of a file, in a function, and in a function of an imported module whose variables are the module's own.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { copiesOf } from "./copies.ts";
import { World } from "./world.ts";

/** Copied elements for each turn of a loop: arguments and literals of a turn are copied too. */
const MOST_A_TURN = 40;

/** What is needed before a loop, and the loop's body; `i` counts its turns, `n` is their number. */
interface Loop {
  readonly before: string;
  readonly body: string;
  /** What the variables show afterwards for n = 5. */
  readonly shows?: string;
}

const LOOPS: Readonly<Record<string, Loop>> = {
  "push to a list": { before: "var xs = []", body: "xs = xs.push(i)", shows: "[0, 1, 2, 3, 4]" },
  "push what a function gives": { before: "var xs = []", body: "xs = xs.push(same(i))", shows: "[0, 1, 2, 3, 4]" },
  "add a list": { before: "var xs = []", body: "xs = xs + [i]", shows: "[0, 1, 2, 3, 4]" },
  "add a list in place": { before: "var xs = []", body: "xs += [i]", shows: "[0, 1, 2, 3, 4]" },
  "push, then update": { before: "var xs = []", body: "xs = xs.push(0)\nxs[i / 2] = i\nxs[0] = xs[0] + 1", shows: "[5, 3, 4, 0, 0]" },
  "update items": { before: "var xs = filled(n)", body: "xs[i] = i\nxs[n - 1 - i] = xs[i]", shows: "[4, 3, 2, 3, 4]" },
  "add to items": { before: "var xs = filled(n)", body: "xs[i] += i\nxs[i] = xs[i] + 1", shows: "[1, 2, 3, 4, 5]" },
  "items of items": { before: "var xs = grid(n)", body: "xs[i % 3][i % 5] = i\nxs[0][1] += 1" },
  "push and pop": {
    before: "var xs = filled(n)",
    body: "xs = xs.push(i)\nxs = xs.pop()\nxs = xs.push(i)",
    shows: "[0, 0, 0, 0, 0, 0, 1, 2, 3, 4]",
  },
  "put into a dict": { before: "var d = {}", body: 'd["k${i}"] = i', shows: "{k0: 0, k1: 1, k2: 2, k3: 3, k4: 4}" },
  "count in a dict": { before: "var d = {}", body: 'd["k${i % 3}"] = (d["k${i % 3}"] ?? 0) + 1', shows: "{k0: 2, k1: 2, k2: 1}" },
  "a big dict's entries": {
    before: "var d = table(n)",
    body: 'd["k${i}"] += 1\nd["k0"] = d["k0"] + 1',
    shows: "{k0: 6, k1: 1, k2: 1, k3: 1, k4: 1}",
  },
  "lists in a dict": {
    before: "var d = {a: [], b: []}",
    body: 'let k = ["a", "b"][i % 2]\nd[k] = d[k].push(i)\nd[k] = d[k] + [0]\nd[k] += [1]',
    shows: "{a: [0, 0, 1, 2, 0, 1, 4, 0, 1], b: [1, 0, 1, 3, 0, 1]}",
  },
  "a list in a record": {
    before: "var s = {items: [], n: 0}",
    body: "s.items = s.items.push(i)\ns.n += 1\ns.items[0] = s.n",
    shows: "{items: [5, 1, 2, 3, 4], n: 5}",
  },
  "a list deep in records": {
    before: "var s = {a: {b: {items: []}}}",
    body: "s.a.b.items = s.a.b.items.push(i)\ns.a.b.items[0] = i\ns.a.b.items += [i]",
    shows: "{a: {b: {items: [4, 0, 1, 1, 2, 2, 3, 3, 4, 4]}}}",
  },
  "dicts in a list": {
    before: "var xs = [{}, {}]",
    body: 'xs[i % 2]["k${i}"] = i\nxs[0].n = i',
    shows: "[{k0: 0, k2: 2, k4: 4, n: 4}, {k1: 1, k3: 3}]",
  },
  "add to a set": { before: "var s = set()", body: "s = s.add(i)", shows: "set(0, 1, 2, 3, 4)" },
  "a set of a record": { before: "var r = {seen: set()}", body: "r.seen = r.seen.add(i)", shows: "{seen: set(0, 1, 2, 3, 4)}" },
  "look, then update": {
    before: "var xs = filled(n)\nvar seen = 0",
    body: "seen += len(xs) + xs.count() + xs.count\nif !xs.empty() && xs.first() != nil && xs.last() != nil && xs[i] == 0 { xs[i] = seen }",
    shows: "[15, 30, 45, 60, 75]",
  },
  "look into a dict, then update": {
    before: "var d = table(n)\nvar seen = 0",
    body: 'if d.has("k${i}") && !d.has("z") && d.get("k1", nil) != nil { d["k${i}"] = d.count() + d.get("k${i}") + len(d) }',
    shows: "{k0: 10, k1: 10, k2: 10, k3: 10, k4: 10}",
  },
  "look into a set, then add": {
    before: "var s = set()",
    body: "if !s.contains(i) && s.count() == i && len(s) == i { s = s.add(i) }",
    shows: "set(0, 1, 2, 3, 4)",
  },
  "look into a list of a record, then push": {
    before: "var s = {items: []}",
    body: "if s.items.count() == i && len(s.items) == i && s.items.count == i { s.items = s.items.push(i) }\nif i in [0] { s.items[0] = 7 }",
    shows: "{items: [7, 1, 2, 3, 4]}",
  },
  "texts and questions about types": {
    before: "var xs = filled(n)",
    body: 'assert(type_of(xs) == "list")\nassert(is_ok(Ok(1)) && xs[0] != nil)\nxs[i] = 1',
    shows: "[1, 1, 1, 1, 1]",
  },
  "a dict that holds a function": { before: "var d = table(n)\nd.twice = { x -> x * 2 }", body: 'd["k${i}"] = d.twice(i)' },
};

const STRUCTS: Readonly<Record<string, Loop>> = {
  "a list in a struct": {
    before: "var s = Box {items: []}",
    body: "s.items = s.items.push(i)\ns.items[0] = i\ns.items += [i]",
    shows: "Box {items: [4, 0, 1, 1, 2, 2, 3, 3, 4, 4]}",
  },
  "structs in a list": {
    before: "var xs = [Box {items: []}]",
    body: "xs[0].items = xs[0].items.push(i)",
    shows: "[Box {items: [0, 1, 2, 3, 4]}]",
  },
};

const HELPERS = `
fn same(x) { return x }
fn filled(n) {
  var xs = []
  for i in 0 to n exclusive { xs = xs.push(0) }
  return xs
}
fn grid(n) { return [filled(n + 5), filled(n + 5), filled(n + 5)] }
fn table(n) {
  var d = {}
  for i in 0 to n exclusive { d["k\${i}"] = 0 }
  return d
}
`;

const result = ({ before }: Loop): string => /^var (\w+)/.exec(before)?.[1] ?? "";
const indented = (body: string): string => body.replaceAll("\n", "\n  ");

function atTop(loop: Loop, n: number): Record<string, string> {
  const text = `struct Box { items: list }${HELPERS}let n = ${n}\n${loop.before}\nfor i in 0 to n exclusive {\n  ${indented(loop.body)}\n}\nreturn ${result(loop)}`;
  return { "/main.harn": text };
}

function inFunction(loop: Loop, n: number): Record<string, string> {
  const text = `struct Box { items: list }${HELPERS}fn work(n) {\n  ${indented(loop.before)}\n  var i = 0\n  while i < n {\n  ${indented(loop.body)}\n    i += 1\n  }\n  return ${result(loop)}\n}\nreturn work(${n})`;
  return { "/main.harn": text };
}

/** The variables are the module's own; they get their first values inside, because their initialisers see no function of the module. */
function inModule(loop: Loop, n: number): Record<string, string> {
  const names = loop.before.split("\n").flatMap((line) => /^var (\w+)/.exec(line)?.[1] ?? []);
  const variables = names.map((name) => `var ${name} = nil\n`).join("");
  const start = loop.before.replaceAll(/^var /gm, "");
  const module = `${variables}${HELPERS}pub fn begin(n) {\n  ${indented(start)}\n}\npub fn turn(i, n) {\n  ${indented(loop.body)}\n}\npub fn all(n) {\n  begin(n)\n  for i in 0 to n exclusive {\n    turn(i, n)\n  ${indented(loop.body.replaceAll("xs.pop()", "xs.pop()"))}\n  }\n  return ${result(loop)}\n}\npub fn once(n) {\n  begin(n)\n  for i in 0 to n exclusive { turn(i, n) }\n  return ${result(loop)}\n}\n`;
  return { "/m.harn": module, "/main.harn": `import { once } from "m"\nreturn once(${n})` };
}

async function copies(files: Record<string, string>): Promise<{ copied: number; text: string }> {
  const world = new World({ files });
  let text = "";
  const copied = await copiesOf(async () => {
    const ended = await world.runFile("/main.harn");
    assert.is(ended.error, null, ended.rendered);
    text = ended.text as string;
  });
  return { copied, text };
}

const PLACES = { "at the top": atTop, "in a function": inFunction, "in a module": inModule };

for (const [where, place] of Object.entries(PLACES)) {
  // Structs and impls mean nothing inside an imported module.
  const loops = Object.entries(where === "in a module" ? LOOPS : { ...LOOPS, ...STRUCTS });
  for (const [name, loop] of loops) {
    test(`${name}, ${where}`, async () => {
      if (loop.shows !== undefined) assert.is((await copies(place(loop, 5))).text, loop.shows);
      const small = (await copies(place(loop, 500))).copied;
      const large = (await copies(place(loop, 2000))).copied;
      assert.ok(large - small < 1500 * MOST_A_TURN, `${small} elements copied in 500 turns, ${large} in 2000`);
    });
  }
}

test.run();
