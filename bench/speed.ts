/** The kernels on every engine: alternating runs, medians, ratios to plain JavaScript. */
import type { Kernel } from "./kernels.ts";
import { geometricMean, markdownTable, median, short, timed } from "./measure.ts";
import type { Peer, Prepared } from "./peers.ts";

/** A slow engine gets fewer rounds, but never fewer than this. */
const MIN_ROUNDS = 3;
const MAX_ROUNDS = 9;
const BUDGET_MS = 2500;

interface Entry {
  readonly peer: Peer;
  readonly prepared: Prepared | null;
  readonly times: number[];
  answer: string;
  problem: string | null;
}

async function prepare(peer: Peer, kernel: Kernel): Promise<Entry> {
  try {
    const prepared = await peer.prepare(kernel);
    const answer = await prepared.run();
    return { peer, prepared, times: [], answer, problem: null };
  } catch (error) {
    return { peer, prepared: null, times: [], answer: "", problem: firstLine(error) };
  }
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split("\n")[0]!;
}

async function measureKernel(kernel: Kernel, peers: readonly Peer[]): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const peer of peers) entries.push(await prepare(peer, kernel));
  const expected = entries[0]!.answer;
  for (const entry of entries) {
    if (entry.problem === null && entry.answer !== expected) entry.problem = `answer ${entry.answer} instead of ${expected}`;
  }
  for (let round = 0; round < MAX_ROUNDS; round++) {
    for (const entry of entries) {
      const spent = entry.times.reduce((sum, time) => sum + time, 0);
      if (entry.problem !== null || (round >= MIN_ROUNDS && spent > BUDGET_MS)) continue;
      entry.times.push(await timed(() => entry.prepared!.run()));
    }
  }
  for (const entry of entries) entry.prepared?.close();
  return entries;
}

/** Measures all kernels and gives the table as Markdown; problems are listed below it. */
export async function speedReport(kernels: readonly Kernel[], peers: readonly Peer[], progress: (text: string) => void): Promise<string> {
  const ratios = new Map<string, number[]>(peers.map((peer) => [peer.name, []]));
  const problems: string[] = [];
  const rows: string[][] = [];
  for (const kernel of kernels) {
    progress(kernel.name);
    const entries = await measureKernel(kernel, peers);
    const base = median(entries[0]!.times);
    const cells = entries.map((entry, i) => {
      if (entry.problem !== null) {
        problems.push(`- ${entry.peer.name}, ${kernel.name}: ${entry.problem}`);
        return "–";
      }
      const ratio = median(entry.times) / base;
      ratios.get(entry.peer.name)!.push(ratio);
      return i === 0 ? `${short(base)} ms` : short(ratio);
    });
    rows.push([kernel.name, ...cells]);
  }
  rows.push(["**geometric mean**", ...peers.map((peer) => summary(ratios.get(peer.name)!, kernels.length))]);
  const table = markdownTable(["kernel", ...peers.map((peer) => peer.name)], rows);
  return problems.length === 0 ? table : `${table}\n\nNot measured:\n\n${problems.join("\n")}`;
}

function summary(ratios: readonly number[], kernels: number): string {
  if (ratios.length === 0) return "–";
  const missing = kernels - ratios.length;
  return `**${short(geometricMean(ratios))}**${missing > 0 ? ` (${ratios.length} of ${kernels})` : ""}`;
}
