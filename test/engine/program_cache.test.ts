/** Compiled programs in the state folder: used while nothing changed, refused otherwise, never in the way. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { encodeArtefact } from "../../src/bytecode/artefact.ts";
import { renderDiagnostics } from "../../src/diagnostics/render.ts";
import { nodeDoor } from "../../src/engine/doors/node.ts";
import { LANGUAGE_ONLY } from "../../src/engine/environment.ts";
import { runFile } from "../../src/engine/files.ts";
import { type LoadedProgram, type LoadResult, ProgramLoader } from "../../src/engine/load.ts";
import { ProgramCache } from "../../src/engine/program_cache.ts";
import { SourceText } from "../../src/source/text.ts";
import { type Door, OsFailure } from "../../src/vm/door.ts";

interface Place {
  folder: string;
  main: string;
  state: string;
}

const test = suite<Place>("program cache");
test.before.each((place) => {
  place.folder = realpathSync(mkdtempSync(join(tmpdir(), "harn-cache-")));
  place.main = join(place.folder, "main.harn");
  place.state = join(place.folder, ".harn");
  mkdirSync(place.state);
  writeFileSync(place.main, 'import "lib/a"\nprintln(twice(base()))\n');
  mkdirSync(join(place.folder, "lib"));
  writeFileSync(join(place.folder, "lib/a.harn"), 'pub import { base } from "b"\npub fn twice(n) { return n * 2 }\n');
  writeFileSync(join(place.folder, "lib/b.harn"), "pub fn base() { return 21 }\n");
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

const door = nodeDoor({ stdout() {}, stderr() {} });
const cacheOf = ({ state }: Place, stamp = "1", files: Door["files"] = door.files) => new ProgramCache({ ...door, files }, state, stamp);
const sourceOf = ({ main }: Place) => new SourceText(main, readFileSync(main, "utf8"));
const compiled = (place: Place) => new ProgramLoader(LANGUAGE_ONLY.environment, door.files).load(sourceOf(place), place.main);
const read = (place: Place, cache = cacheOf(place)) => cache.read(sourceOf(place), place.main);

async function keep(place: Place): Promise<LoadResult> {
  const loaded = compiled(place);
  await cacheOf(place).write(place.main, loaded);
  return loaded;
}

/** All that a program is, as data. */
function contents({ entry, modules, sources }: LoadedProgram): unknown {
  const unit = ({ chunk, imports, source }: LoadedProgram["entry"]) => {
    const targets = [...imports].map(([written, target]) => [written, "path" in target ? target.path : null]);
    return [encodeArtefact(chunk), targets, source.path, source.text];
  };
  const byPath = new Map([...modules].sort().map(([path, module]) => [path, unit(module)]));
  return [unit(entry), byPath, sources.map(({ path, text }) => [path, text])];
}

test("what is kept is what was compiled", async (place) => {
  const loaded = await keep(place);
  const kept = read(place);
  assert.equal(contents(kept!.program!), contents(loaded.program!));
  assert.equal(readdirSync(join(place.state, "cache")).length, 1);
});

test("a program that is kept prints the same", async (place) => {
  const run = async (): Promise<string> => {
    let out = "";
    const take = (text: string): void => {
      out += text;
    };
    assert.is(await runFile(place.main, { argv: [], state: place.state, cacheStamp: "1", stdout: take, stderr: take }), 0, out);
    return out;
  };
  assert.is(await run(), "42\n");
  assert.ok(read(place) !== null);
  assert.is(await run(), "42\n");
});

test("with a warm cache neither parser nor checker is loaded", (place) => {
  const load = (): string[] => {
    const coverage = mkdtempSync(join(place.folder, "coverage-"));
    const runner = fileURLToPath(new URL("./run_file.ts", import.meta.url));
    const { stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", runner, place.main, place.state], {
      env: { ...process.env, NODE_V8_COVERAGE: coverage },
      encoding: "utf8",
    });
    assert.is(stdout, "42\n", stderr);
    return readdirSync(coverage).flatMap((name) => {
      const { result } = JSON.parse(readFileSync(join(coverage, name), "utf8")) as { result: { url: string }[] };
      return result.map(({ url }) => /\/src\/(.*)$/.exec(url)?.[1] ?? "");
    });
  };
  const front = (path: string): boolean => /^(?:syntax|check|compile)\//.test(path);
  assert.ok(load().some(front));
  const warm = load();
  assert.ok(warm.includes("vm/run.ts"));
  assert.equal(warm.filter(front), []);
});

test("a change of any text is seen", async (place) => {
  for (const file of ["main.harn", "lib/a.harn", "lib/b.harn"]) {
    await keep(place);
    assert.ok(read(place) !== null);
    const path = join(place.folder, file);
    const text = readFileSync(path, "utf8");
    writeFileSync(path, `${text}// changed\n`);
    assert.is(read(place), null, file);
    rmSync(path);
    if (file !== "main.harn") assert.is(read(place), null, `${file} is gone`);
    writeFileSync(path, text);
  }
});

test("an import that leads to another file by now is seen", async (place) => {
  await keep(place);
  writeFileSync(join(place.folder, "lib/a"), "pub fn twice(n) { return 0 }\npub fn base() { return 0 }\n");
  assert.is(read(place), null);
});

test("another compiler's program is not used", async (place) => {
  await keep(place);
  assert.is(read(place, cacheOf(place, "2")), null);
});

test("a damaged file is compiled again", async (place) => {
  await keep(place);
  const folder = join(place.state, "cache");
  const path = join(folder, readdirSync(folder)[0]!);
  const bytes = readFileSync(path);
  for (let at = 0; at < bytes.length; at += 7) {
    const changed = Buffer.from(bytes);
    changed[at] = changed[at]! ^ 1;
    writeFileSync(path, changed);
    assert.is(read(place), null, `byte ${at}`);
    writeFileSync(path, bytes.subarray(0, at));
    assert.is(read(place), null, `the first ${at} bytes`);
  }
  writeFileSync(path, bytes);
  assert.ok(read(place) !== null);
});

test("warnings are kept and shown again", async (place) => {
  writeFileSync(place.main, "fn f() {\n  return 1\n  println(2)\n}\nf()\n");
  const { diagnostics } = await keep(place);
  assert.is(diagnostics[0]?.severity, "warning");
  assert.is(renderDiagnostics(read(place)!.diagnostics), renderDiagnostics(diagnostics));
});

test("programs with errors or missing imports are not kept", async (place) => {
  for (const text of ["let x: int = true\n", 'import "nowhere"\n']) {
    writeFileSync(place.main, text);
    await keep(place);
    assert.not.ok(existsSync(join(place.state, "cache")), text);
  }
});

test("a chunk that does not verify is not kept", async (place) => {
  const loaded = compiled(place);
  const { entry } = loaded.program!;
  const program = { ...loaded.program!, entry: { ...entry, chunk: { ...entry.chunk, main: { ...entry.chunk.main, registers: 0 } } } };
  await cacheOf(place).write(place.main, { ...loaded, program });
  assert.not.ok(existsSync(join(place.state, "cache")));
});

test("no state folder is made for the cache alone", async (place) => {
  rmSync(place.state, { recursive: true });
  await keep(place);
  assert.not.ok(existsSync(place.state));
  assert.is(read(place), null);
});

test("a folder that cannot be written means no cache", async (place) => {
  writeFileSync(join(place.state, "cache"), "a file in its place");
  await keep(place);
  assert.is(read(place), null);
});

test("a write that ends half-way leaves the earlier program", async (place) => {
  const loaded = await keep(place);
  const failing = (method: "writeBytes" | "rename"): Door["files"] => ({
    ...door.files,
    [method](): never {
      throw new OsFailure("No space left on device (os error 28)", "ENOSPC");
    },
  });
  for (const method of ["writeBytes", "rename"] as const) {
    await cacheOf(place, "2", failing(method)).write(place.main, loaded);
    assert.is(readdirSync(join(place.state, "cache")).length, 1, method);
    assert.ok(read(place) !== null, method);
  }
});

test("the entry file may be named another way", async (place) => {
  await keep(place);
  const source = new SourceText("./main.harn", readFileSync(place.main, "utf8"));
  const kept = cacheOf(place).read(source, place.main);
  assert.is(kept?.program?.entry.chunk.path, "./main.harn");
});

test.run();
