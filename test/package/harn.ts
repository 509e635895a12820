/** The built command, for tests that start it the way users do. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));
export const HARN = join(REPOSITORY, "dist", "harn.cjs");
if (!existsSync(HARN)) throw new Error("dist/harn.cjs is missing: run npm run build first");

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

/**
 * Runs `harn` to its end.
 * @param options.cwd where; the repository by default
 * @param options.env added to the environment
 */
export function harn(args: readonly string[], options: { cwd?: string; env?: Record<string, string>; input?: string } = {}): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [HARN, ...args], {
    cwd: options.cwd ?? REPOSITORY,
    env: { ...process.env, NO_COLOR: "1", ...options.env },
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

/** Runs `harn` behind another program: `program …before node harn.cjs …args`. */
export function harnThrough(
  program: string,
  before: readonly string[],
  args: readonly string[],
  options: { env?: Record<string, string> } = {},
): Ran {
  const { status, stdout, stderr } = spawnSync(program, [...before, process.execPath, HARN, ...args], {
    cwd: REPOSITORY,
    env: { ...process.env, ...options.env },
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}
