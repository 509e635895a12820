/**
 * Builds the package into `dist/`: the command and the ESM entry points as bundles that share their code, the same entry points for
 * `require`, and the type declarations. Bundled, because loading a parser library file by file costs a start a quarter of a second;
 * better-sqlite3 stays outside, because it is native and only durable scripts load it.
 *   node scripts/build.mjs [--no-types]
 */
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);
const { version } = JSON.parse(readFileSync("package.json", "utf8"));
const entries = ["index", "node", "durable", "testing"].filter((name) => existsSync(`src/${name}.ts`));

const common = {
  bundle: true,
  platform: "node",
  target: "node20",
  external: ["better-sqlite3"],
  define: { HARNLET_VERSION: JSON.stringify(version) },
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  logLevel: "warning",
};

rmSync("dist", { recursive: true, force: true });
mkdirSync("dist");

await build({
  ...common,
  entryPoints: Object.fromEntries([["harn", "src/cli/main.ts"], ...entries.map((name) => [name, `src/${name}.ts`])]),
  outdir: "dist",
  format: "esm",
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
  // Bundled CommonJS packages ask for Node's own modules by `require`.
  banner: { js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);' },
});
chmodSync("dist/harn.js", 0o755);

// One bundle behind all `require` entry points, so that they share their classes too.
await build({
  ...common,
  stdin: { contents: entries.map((name) => `export * as ${name} from "./src/${name}.ts";`).join("\n"), resolveDir: root },
  outfile: "dist/all.cjs",
  format: "cjs",
  define: { ...common.define, "import.meta.url": "__moduleUrl" },
  banner: { js: 'const __moduleUrl = require("node:url").pathToFileURL(__filename).href;' },
});
for (const name of entries) writeFileSync(`dist/${name}.cjs`, `module.exports = require("./all.cjs").${name};\n`);

if (!process.argv.includes("--no-types")) {
  execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "scripts/tsconfig.types.json"], { stdio: "inherit" });
}
