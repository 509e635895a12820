/** Runs the `harn` command as a process of its own, the way users do. */
import { execa } from "execa";
import type { Outcome } from "./judge.ts";

export interface HarnCommand {
  /** The host and its arguments before those of `harn`: `["node", "dist/harn.cjs"]`. */
  readonly argv: readonly [string, ...string[]];
  /** A script that runs longer is killed and failed. */
  readonly timeoutMs: number;
}

/** The same on every machine: no colours, and no calls of models over the network. */
export const FIXED_ENV = { NO_COLOR: "1", HARN_LLM_CALLS_DISABLED: "1" } as const;

/**
 * @param args arguments of `harn`
 * @param cwd the process's folder
 * @param env added to the environment
 */
export async function runHarn(
  command: HarnCommand,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<Outcome> {
  const [program, ...before] = command.argv;
  const result = await execa(program, [...before, ...args], {
    cwd,
    env: { ...FIXED_ENV, ...env },
    reject: false,
    stdin: "ignore",
    stripFinalNewline: false,
    timeout: command.timeoutMs,
    killSignal: "SIGKILL",
  });
  const signal = result.timedOut ? `SIGKILL after ${command.timeoutMs} ms` : (result.signal ?? null);
  return { stdout: result.stdout, stderr: result.stderr, exitCode: result.exitCode ?? null, signal };
}
