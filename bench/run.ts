/**
 * The benchmarks, as Markdown tables on standard output.
 *   npm run bench                      everything
 *   npm run bench -- fib dict          only kernels whose names contain these words
 *   npm run bench -- --only growth     one part: kernels, start, durable, growth
 * Figures are ratios taken in one run, or medians of alternating runs; nothing asserts a time.
 */
import { cpus } from "node:os";
import { durableReport } from "./durable.ts";
import { growthReport } from "./growth.ts";
import { loadKernels } from "./kernels.ts";
import { PEERS } from "./peers.ts";
import { speedReport } from "./speed.ts";
import { coldStartReport, engineReport } from "./start.ts";

const args = process.argv.slice(2);
const only = args.includes("--only") ? args[args.indexOf("--only") + 1] : undefined;
const words = args.filter((arg, i) => !arg.startsWith("--") && args[i - 1] !== "--only");
const progress = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
};
const wants = (part: string): boolean => (only === undefined ? words.length === 0 || part === "kernels" : only === part);
const show = (title: string, text: string): void => {
  progress("");
  console.log(`## ${title}\n\n${text}\n`);
};

console.log(`node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}\n`);
if (wants("kernels")) {
  const kernels = loadKernels(words);
  if (kernels.length === 0) console.error(`no kernel matches ${words.join(" ")}`);
  else show("Kernels: times of plain JavaScript (lower is better)", await speedReport(kernels, PEERS, progress));
}
if (wants("start")) {
  show("Start", await coldStartReport());
  show("Engines", await engineReport());
}
if (wants("growth")) show("Growth", await growthReport(progress));
if (wants("durable")) show("Durable steps", await durableReport(progress));
