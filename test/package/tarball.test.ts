/** The package as users get it: packed, installed beside the run-time packages of this repository, and used as the README says. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { REPOSITORY } from "./harn.ts";

interface Installed {
  folder: string;
}
const test = suite<Installed>("tarball");

/** Packs without building again, unpacks, and links what the package depends on; no network. */
test.before((context) => {
  const folder = mkdtempSync(join(tmpdir(), "harn-tarball-"));
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, "harnlet"), { recursive: true });
  const packed = run("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder], REPOSITORY);
  const { filename } = JSON.parse(packed.slice(packed.indexOf("[")))[0];
  run("tar", ["-xzf", join(folder, filename), "-C", join(modules, "harnlet"), "--strip-components", "1"], folder);
  for (const name of readdirSync(join(REPOSITORY, "node_modules"))) {
    if (!name.startsWith(".")) symlinkSync(join(REPOSITORY, "node_modules", name), join(modules, name));
  }
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  context.folder = folder;
});
test.after(({ folder }) => rmSync(folder, { recursive: true, force: true }));

function run(program: string, args: readonly string[], cwd: string): string {
  const env = { ...process.env, NO_COLOR: "1", HARN_STATE_DIR: join(cwd, ".harn") };
  return execFileSync(program, args, { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

interface Block {
  readonly name: string;
  readonly code: string;
  /** What the README says it prints; null when it does not say. */
  readonly output: string | null;
}

/** Code blocks behind `<!-- runs: NAME -->`, each with the `text` block that follows before the next one. */
function blocksOf(readme: string): Block[] {
  return readme
    .split("<!-- runs: ")
    .slice(1)
    .map((part) => {
      const output = /```text\n([\s\S]*?)```/.exec(part);
      return { name: part.slice(0, part.indexOf(" ")), code: /```\w+\n([\s\S]*?)```/.exec(part)![1]!, output: output?.[1] ?? null };
    });
}

const README = readFileSync(join(REPOSITORY, "README.md"), "utf8");

test("the README's code runs and prints what it says", ({ folder }) => {
  const blocks = blocksOf(README);
  assert.ok(blocks.length >= 2);
  for (const { name, code, output } of blocks) {
    writeFileSync(join(folder, name), code);
    const command = name.endsWith(".harn") ? ["node_modules/harnlet/dist/harn.cjs", "run", name] : [name];
    const printed = run(process.execPath, command, folder);
    const said = output ?? `${/prints `([^`]+)`/.exec(README.slice(README.indexOf(code) + code.length))![1]}\n`;
    assert.is(printed, said, name);
  }
});

test("every entry point can be imported, and runs", ({ folder }) => {
  const code = `import { createEngine } from "harnlet";
import { SqliteLog } from "harnlet/durable";
import { nodeDoor } from "harnlet/node";
import { crashEach } from "harnlet/testing";
const { problems } = await crashEach({ command: () => ({ argv: [process.execPath, "-e", ""] }) });
console.log(typeof createEngine, typeof SqliteLog, typeof nodeDoor, problems[0]);
`;
  writeFileSync(join(folder, "imported.mjs"), code);
  assert.is(run(process.execPath, ["imported.mjs"], folder), "function function function only 0 crash points; at least 3 are wanted\n");
});

test("require works too, and shares its classes between the entry points", ({ folder }) => {
  const code =
    'const { createEngine } = require("harnlet"); require("harnlet/durable"); require("harnlet/testing"); console.log(typeof createEngine)';
  writeFileSync(join(folder, "required.cjs"), code);
  assert.is(run(process.execPath, ["required.cjs"], folder), "function\n");
});

test("the core needs no module of Node, so that it loads in a browser", ({ folder }) => {
  const dist = join(folder, "node_modules/harnlet/dist");
  const seen = new Set(["index.js"]);
  for (const path of seen) {
    const text = readFileSync(join(dist, path), "utf8");
    assert.not.match(text, /(?:from|import)\s*\(?"node:/, path);
    for (const [, next] of text.matchAll(/(?:from|import)\s*\(?"(\.[^"]+\.js)"/g)) seen.add(join(path, "..", next as string));
  }
  assert.ok(seen.size > 3, [...seen].join(" "));
});

const TYPED = `import { createEngine, type HostValue, ScriptError } from "harnlet";
import { durable, memoryLog, RunRefused, type StartOptions } from "harnlet/durable";
import { nodeDoor } from "harnlet/node";
import { crashEach, type CrashReport } from "harnlet/testing";
const engine = createEngine({ stdout: (text: string) => void text, limits: { fuelSteps: 1000 } });
engine.define("mail.send", "(to: string) -> bool", async (to: string) => to.length > 0);
export async function start(options: StartOptions): Promise<HostValue> {
  const program = await engine.compile("return 1", { name: "one" });
  return durable(engine, memoryLog()).start(program, options);
}
export const explain = (error: unknown): string => {
  if (error instanceof ScriptError) return \`\${error.code} at \${error.line ?? 0}\`;
  return error instanceof RunRefused ? String(error.held) : "";
};
export const report: Promise<CrashReport> = crashEach({ command: (world) => ({ argv: ["harn", world] }) });
export const door = nodeDoor({ stdout() {}, stderr() {} });
`;

for (const [resolution, module, file] of [
  ["node16", "node16", "typed.mts"],
  ["node16", "node16", "typed.cts"],
  ["bundler", "esnext", "typed.ts"],
] as const) {
  test(`the declarations hold: ${resolution}, ${file}`, ({ folder }) => {
    writeFileSync(join(folder, file), TYPED);
    const options = { strict: true, exactOptionalPropertyTypes: true, noEmit: true, module, moduleResolution: resolution };
    const rest = { target: "es2022", types: ["node"], skipLibCheck: false };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: { ...options, ...rest }, files: [file] }));
    run(process.execPath, [join(REPOSITORY, "node_modules/typescript/bin/tsc"), "-p", "."], folder);
  });
}

test("what npm runs last before it packs builds the declarations too", () => {
  const { scripts } = JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8")) as { scripts: Record<string, string> };
  for (const name of ["prepare", "prepack"]) assert.not.match(scripts[name] ?? "", /--no-types/, name);
});

test("the tarball holds what is needed and nothing else", ({ folder }) => {
  const files = readdirSync(join(folder, "node_modules/harnlet"));
  assert.equal(files.sort(), ["CHANGELOG.md", "LICENSE", "README.md", "dist", "package.json"]);
});

test.run();
