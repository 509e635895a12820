/**
 * The ledger of known failures: `known-failures.txt` in the root of the fixtures, one id a line, with the reason behind a `#`.
 * It must shrink: a listed fixture that passes fails the run, and so does an entry without a fixture.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

export type Ledger = ReadonlyMap<string, string>;

export function readLedger(root: string): Ledger {
  const path = join(root, "known-failures.txt");
  if (!existsSync(path)) return new Map();
  const entries = readFileSync(path, "utf8")
    .split("\n")
    .map((line) => /^\s*([^#\s]+)\s*(?:#\s*(.*))?$/.exec(line))
    .filter((match) => match !== null);
  return new Map(entries.map((match) => [match[1]!, match[2] ?? ""]));
}
