import { test } from "uvu";
import * as assert from "uvu/assert";
import { diagnose, interfaces, lines } from "./checking.ts";

const exported = (modules: Record<string, string>, path: string): string[] => [...(interfaces(modules).get(path)?.exports ?? [])].sort();

test("with a pub fn only public things are exported, and every type and interface", () => {
  const text =
    "pub fn a() { return 1 }\nfn b() { return 2 }\ntype T = int\ninterface I { fn m(self) }\nstruct S { x: int }\npub enum E { V }";
  assert.equal(exported({ m: text }, "m"), ["E", "I", "T", "a"]);
});

test("without a pub fn every function is exported", () => {
  assert.equal(exported({ m: "fn a() { return 1 }\n@deprecated\nfn b() { return 2 }\npipeline p() { 1 }\nlet v = 1" }, "m"), ["a", "b"]);
});

test("pub import hands names on, with their types, through several modules", () => {
  const modules = {
    base: "pub fn lowest_of_all() { return 1 }\npub fn high() { return 2 }\ntype Id = int",
    some: 'pub import { high, Id } from "base"\npub fn own() { return 3 }',
    all: 'pub import "some"\npub fn more() { return 4 }',
  };
  assert.equal(exported(modules, "all"), ["Id", "high", "more", "own"]);
  assert.equal(lines(diagnose('import "all"\nlet n: Id = "s"\nhigh()\nlowest_of_all()', { modules })), [
    "error 2: 'n' declared as Id, but assigned string",
    "error 4: call target `lowest_of_all` is not defined or imported",
  ]);
});

test("a module that re-exports itself is no endless loop", () => {
  assert.equal(exported({ m: 'pub import "m"\npub fn a() { return 1 }' }, "m"), ["a"]);
});

test("a selective import may name private functions; other names stay unknown", () => {
  const modules = { m: "pub fn a() { return 1 }\nfn hidden() { return 2 }" };
  assert.equal(diagnose('import { hidden } from "m"\nhidden()', { modules }), []);
  assert.equal(lines(diagnose('import { a, gone } from "m"\na()\ngone()\nhidden()', { modules })), [
    "error 3: call target `gone` is not defined or imported",
    "error 4: call target `hidden` is not defined or imported",
  ]);
});

test("imported functions are known by name only, imported types in full", () => {
  const modules = { m: "pub fn area(w: int) -> int { return w }\npub struct P { x: int }\npub enum Axis { X, Y }" };
  const found = diagnose('import "m"\nlet s: string = area("s", 2)\nlet p = P {x: "1"}\nfn f(a: Axis) { match a { Axis.X -> { 1 } } }', {
    modules,
  });
  assert.equal(lines(found), [
    "error 3: Field 'x' in struct 'P' expects int, got string",
    'error 4: Non-exhaustive match on enum Axis: missing variants "Y"',
  ]);
});

test.run();
