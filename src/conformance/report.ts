/** The reports of a run: for people, as JSON, as JUnit XML. Pure: verdicts in, text out. */
import type { Verdict } from "./run.ts";

export interface Summary {
  readonly passed: number;
  /** Fail and are not in the ledger. */
  readonly failed: readonly Verdict[];
  /** Fail and are in the ledger. */
  readonly known: readonly Verdict[];
  /** Are in the ledger, but pass. */
  readonly risen: readonly Verdict[];
  /** Ids in the ledger without a fixture. */
  readonly stale: readonly string[];
  /** Stories of crashes and recoveries. */
  readonly crashes: { readonly tried: number; readonly held: number };
}

export function summarize(verdicts: readonly Verdict[], ledgerIds: readonly string[]): Summary {
  const ids = new Set(verdicts.map((v) => v.fixture.id));
  return {
    passed: verdicts.filter((v) => v.problem === null && v.known === null).length,
    failed: verdicts.filter((v) => v.problem !== null && v.known === null),
    known: verdicts.filter((v) => v.problem !== null && v.known !== null),
    risen: verdicts.filter((v) => v.problem === null && v.known !== null),
    stale: ledgerIds.filter((id) => !ids.has(id)),
    crashes: {
      tried: verdicts.reduce((sum, v) => sum + v.crashes.tried, 0),
      held: verdicts.reduce((sum, v) => sum + v.crashes.held, 0),
    },
  };
}

export function holds(summary: Summary): boolean {
  return summary.failed.length === 0 && summary.risen.length === 0 && summary.stale.length === 0;
}

/** The verdicts by folder: `syntax  120 / 121`. */
export function folderTable(verdicts: readonly Verdict[]): string {
  const folders = new Map<string, [number, number]>();
  for (const { fixture, problem } of verdicts) {
    const folder = fixture.id.includes("/") ? fixture.id.slice(0, fixture.id.lastIndexOf("/")) : ".";
    const row = folders.get(folder) ?? [0, 0];
    folders.set(folder, [row[0] + (problem === null ? 1 : 0), row[1] + 1]);
  }
  return [...folders].map(([name, [passed, all]]) => `${name.padEnd(26)} ${String(passed).padStart(4)} / ${all}\n`).join("");
}

export function failureText(verdict: Verdict): string {
  return `FAIL ${verdict.fixture.id}\n${verdict.problem!.replace(/^/gm, "  ")}\n`;
}

export function summaryText(
  summary: Summary,
  unseen: { readonly texts: readonly string[]; readonly failpoints: readonly string[] },
): string {
  const lines: string[] = [];
  for (const { fixture } of summary.risen) lines.push(`PASSES NOW ${fixture.id}: take it out of known-failures.txt`);
  for (const id of summary.stale) lines.push(`NO FIXTURE ${id}: take it out of known-failures.txt`);
  if (unseen.texts.length > 0) lines.push("error texts that no fixture produced:", ...unseen.texts.map((text) => `  ${text}`));
  if (unseen.failpoints.length > 0) lines.push("failpoints at which no fixture crashed:", ...unseen.failpoints.map((name) => `  ${name}`));
  if (summary.crashes.tried > 0) lines.push(`${summary.crashes.held} of ${summary.crashes.tried} crashes were recovered from`);
  const all = summary.passed + summary.failed.length + summary.known.length + summary.risen.length;
  const known = summary.known.length > 0 ? `, ${summary.known.length} known failures` : "";
  lines.push(`${summary.passed + summary.risen.length} of ${all} fixtures hold${known}, ${summary.failed.length} fail`);
  return `${lines.join("\n")}\n`;
}

export function jsonReport(
  verdicts: readonly Verdict[],
  unseen: { readonly texts: readonly string[]; readonly failpoints: readonly string[] },
): string {
  const fixtures = verdicts.map((v) => ({
    id: v.fixture.id,
    status: v.problem === null ? "passed" : v.known === null ? "failed" : "known",
    durationMs: Math.round(v.durationMs),
    ...(v.problem === null ? {} : { problem: v.problem }),
    ...(v.crashPoints.length === 0 ? {} : { crashPoints: v.crashPoints }),
  }));
  return `${JSON.stringify({ fixtures, unseen }, null, 2)}\n`;
}

/** The XML that continuous integration servers read. */
export function junitReport(verdicts: readonly Verdict[]): string {
  const failures = verdicts.filter((v) => v.problem !== null && v.known === null).length;
  const skipped = verdicts.filter((v) => v.problem !== null && v.known !== null).length;
  const cases = verdicts.map((v) => {
    const slash = v.fixture.id.lastIndexOf("/");
    const head = `  <testcase classname="${xml(v.fixture.id.slice(0, Math.max(0, slash)))}" name="${xml(v.fixture.id.slice(slash + 1))}" time="${(v.durationMs / 1000).toFixed(3)}"`;
    if (v.problem === null) return `${head}/>`;
    if (v.known !== null) return `${head}><skipped message="${xml(v.known)}"/></testcase>`;
    return `${head}><failure message="${xml(v.problem.split("\n")[0]!)}">${xml(v.problem)}</failure></testcase>`;
  });
  const suite = `<testsuite name="conformance" tests="${verdicts.length}" failures="${failures}" skipped="${skipped}">`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${suite}\n${cases.join("\n")}\n</testsuite>\n`;
}

function xml(text: string): string {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
  // Control characters are not allowed in XML at all, not even escaped.
  return [...escaped].map((c) => (c < " " && c !== "\n" && c !== "\t" ? "\ufffd" : c)).join("");
}
