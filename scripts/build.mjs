/**
 * Builds the package into `dist/`: the command and the ESM entry points as bundles that share their code, the same entry points for
 * `require`, and the type declarations. Bundled, because loading a parser library file by file costs a start a quarter of a second;
 * better-sqlite3 stays outside, because it is native and only durable scripts load it.
 *   node scripts/build.mjs [--no-types] [--if-possible]
 * `--if-possible` is for installations without the development packages: they have nothing to build with.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);
const { build } = await import("esbuild").catch((error) => {
  if (!process.argv.includes("--if-possible")) throw error;
  process.exit(0);
});
/** One hash over the sources and what is bundled with them: programs compiled by another build are not used. */
function sourcesHash() {
  const hash = createHash("sha256").update(readFileSync("package-lock.json"));
  for (const path of readdirSync("src", { recursive: true }).sort()) {
    if (path.endsWith(".ts")) hash.update(`${path}\0`).update(readFileSync(`src/${path}`));
  }
  return hash.digest("hex").slice(0, 16);
}

const { version } = JSON.parse(readFileSync("package.json", "utf8"));
const entries = ["index", "node", "durable", "testing"].filter((name) => existsSync(`src/${name}.ts`));

const common = {
  bundle: true,
  platform: "node",
  target: "node20",
  external: ["better-sqlite3"],
  define: { HARNLET_VERSION: JSON.stringify(version), HARNLET_BUILD: JSON.stringify(`${version}-${sourcesHash()}`) },
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
};

// Built beside and moved over at the end, so that a process which runs from dist/ meanwhile finds everything of one build.
const out = `dist-building-${process.pid}`;
mkdirSync(out);
process.once("exit", () => rmSync(out, { recursive: true, force: true })); // only after a failure is anything left

const commonJs = {
  format: "cjs",
  define: { ...common.define, "import.meta.url": "__moduleUrl" },
  banner: { js: 'const __moduleUrl = require("node:url").pathToFileURL(__filename).href;' },
};

// The command: one file, so that one cache of compiled code holds it; `launcher.cjs` says how. What is large and
// rarely needed lies in files of its own.
const APART = { execa: "processes", yaml: "yaml", "smol-toml": "toml" };
const apart = {
  name: "apart",
  setup: ({ onResolve }) =>
    onResolve({ filter: /^[a-z-]+$/ }, ({ path }) => APART[path] && { path: `./${APART[path]}.cjs`, external: true }),
};
const command = await build({
  ...common,
  ...commonJs,
  entryPoints: ["src/cli/main.ts"],
  write: false,
  charset: "ascii",
  plugins: [apart],
  supported: { "dynamic-import": false },
});
for (const [name, file] of Object.entries(APART)) {
  await build({ ...common, ...commonJs, stdin: { contents: `export * from "${name}";`, resolveDir: root }, outfile: `${out}/${file}.cjs` });
}
const wrapped = `(function (exports, require, module, __filename, __dirname) {${command.outputFiles[0].text}\n})`;
writeFileSync(`${out}/cli.cjs`, wrapped, "ascii");
const buildId = createHash("sha256").update(wrapped).digest("hex").slice(0, 12);
writeFileSync(`${out}/harn.cjs`, readFileSync("scripts/launcher.cjs", "utf8").replace("BUILD", buildId), { mode: 0o755 });
writeFileSync(`${out}/harn.js`, 'import "./harn.cjs";\n');

const modules = await build({
  ...common,
  entryPoints: Object.fromEntries(entries.map((name) => [name, `src/${name}.ts`])),
  outdir: out,
  format: "esm",
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
  // The core must load in a browser, and this package's form for Node asks for modules of Node.
  alias: { yaml: "./node_modules/yaml/browser/index.js" },
});
// Bundled CommonJS packages ask for Node's own modules by `require`; only the parts that hold one get it, and not by way of the helper,
// which lies in a part that the core shares.
for (const path of Object.keys(modules.metafile.outputs)) {
  const text = readFileSync(path, "utf8");
  if (!text.includes("__require(")) continue;
  const banner = 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);';
  writeFileSync(path, `${banner}\n${text.replaceAll("__require(", "require(")}`);
}

// One bundle behind all `require` entry points, so that they share their classes too.
await build({
  ...common,
  ...commonJs,
  stdin: { contents: entries.map((name) => `export * as ${name} from "./src/${name}.ts";`).join("\n"), resolveDir: root },
  outfile: `${out}/all.cjs`,
});
for (const name of entries) writeFileSync(`${out}/${name}.cjs`, `module.exports = require("./all.cjs").${name};\n`);

/** The licences of the packages whose code the bundles contain. */
function licences(builds) {
  const inputs = builds.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  const packages = new Set(inputs.flatMap((path) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []));
  const texts = [...packages].sort().map((folder) => {
    const { name, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    return `${name} (${license})\n\n${file === undefined ? "" : readFileSync(`${folder}/${file}`, "utf8").trim()}\n`;
  });
  return `dist/ contains code of these packages.\n\n${texts.join(`\n${"-".repeat(80)}\n\n`)}`;
}
writeFileSync(`${out}/LICENSES.txt`, licences([command, modules]));

if (!process.argv.includes("--no-types")) {
  execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "scripts/tsconfig.types.json", "--outDir", `${out}/types`], {
    stdio: "inherit",
  });
  keepDeclarations(`${out}/types`, `${out}/types-cjs`);
}

/** Keeps the declarations that the entry points need, once for `import` and once for `require`: TypeScript tells the two apart by folder. */
function keepDeclarations(folder, copy) {
  const needed = new Set(entries.map((name) => `${name}.d.ts`));
  for (const path of needed) {
    const text = readFileSync(`${folder}/${path}`, "utf8");
    for (const [, to] of text.matchAll(/(?:from |import\()"(\.[^"]+)\.ts"/g)) needed.add(posix.join(posix.dirname(path), `${to}.d.ts`));
  }
  for (const path of readdirSync(folder, { recursive: true })) {
    if (path.endsWith(".d.ts") && !needed.has(path)) rmSync(`${folder}/${path}`);
  }
  cpSync(folder, copy, { recursive: true });
  writeFileSync(`${copy}/package.json`, '{ "type": "commonjs" }\n');
}

const old = `${out}-old`;
if (existsSync("dist")) renameSync("dist", old);
renameSync(out, "dist");
rmSync(old, { recursive: true, force: true });
