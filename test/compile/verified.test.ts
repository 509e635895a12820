/** Whatever the compiler makes passes the verifier, survives the assembler's round trip and can be kept as an artefact. */
import { readdirSync, readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { decodeArtefact, encodeArtefact } from "../../src/bytecode/artefact.ts";
import { assemble } from "../../src/bytecode/assemble.ts";
import { disassemble } from "../../src/bytecode/disassemble.ts";
import { verify } from "../../src/bytecode/verify.ts";
import { compileProgram } from "../../src/compile/program.ts";
import { SourceText } from "../../src/source/text.ts";
import { parse } from "../../src/syntax/parse.ts";

const GLOBALS = new Set(["println", "len"]);

/** As entry file and as imported module. A file with syntax or compile errors has no chunk, which is fine here. */
function check(path: string, text: string): number {
  const source = new SourceText(path, text);
  const { program, diagnostics } = parse(source);
  let compiled = 0;
  for (const isEntry of diagnostics.length === 0 ? [true, false] : []) {
    const { chunk } = compileProgram({ source, program, isEntry, globals: GLOBALS, imported: new Map() });
    if (chunk === null) continue;
    compiled++;
    assert.equal(verify(chunk), [], path);
    assert.ok(isDeepStrictEqual(assemble(disassemble(chunk, source)), chunk), `${path} does not survive the assembler`);
    assert.ok(isDeepStrictEqual(decodeArtefact(encodeArtefact(chunk)), chunk), `${path} does not survive as an artefact`);
  }
  return compiled;
}

const PROGRAMS: Readonly<Record<string, string>> = {
  "leaving through finally": `
fn f(n) {
  for i in [1, 2, 3] {
    let x = try {
      if n == i {
        break
      }
      if n > i {
        continue
      }
      return i
    } catch (e) {
      e
    } finally {
      println(i)
    }
    println(x)
  }
}
println(f(2))`,
  "defer around the value of a block": `
fn f(n) {
  var x = 1
  x = if n > 0 {
    defer {
      println(x)
    }
    x + n
  } else {
    0
  }
  defer {
    println("end")
  }
  if n > 5 {
    return x
  }
  x
}
println(f(3))`,
  "errors and deadlines": `
fn g(n) {
  if n > 2 {
    throw "big"
  }
  n
}
fn f(n) {
  let r = try {
    g(n)
  }
  deadline 5s {
    println(r)
  }
  retry 3 {
    println(g(n))
  }
  g(n)
}
f(1)`,
  "closures capture what is bound": `
let a = 1
fn outer(b) {
  let c = b + a
  let f = { x -> x + c + b }
  return { y -> f(y) + c }
}
println(outer(2)(3))`,
};

for (const [name, text] of Object.entries(PROGRAMS)) test(name, () => assert.is(check(`${name}.harn`, text), 2));

test("every program of the conformance suite and the examples", () => {
  for (const folder of ["conformance", "examples"]) {
    for (const entry of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
      if (entry.endsWith(".harn")) check(entry, readFileSync(`${folder}/${entry}`, "utf8"));
    }
  }
});

test.run();
