/**
 * What the durable room must ask of the operating system besides its database: who this process is, whether another one still lives, and
 * how to die without a trace of cleanup.
 */
import { appendFileSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { hostname } from "node:os";
import process from "node:process";
import { type ArmedFailpoint, FailpointError, type FailpointHost, Failpoints, NO_FAILPOINTS, parseFailpoints } from "../failpoints.ts";
import type { Owner } from "../runs.ts";

export function thisProcess(): Owner {
  return { pid: process.pid, host: hostname(), processStart: processStart(process.pid) };
}

const load = createRequire(import.meta.url);

/**
 * A function that answers the SHA-256 of a text's UTF-8 bytes as lowercase hex; three of them go into each step, so the one-call form is
 * used where Node has it. The module is loaded by its first call, because programs without steps start faster without it.
 */
export function sha256Function(): (text: string) => string {
  let known: ((text: string) => string) | null = null;
  return (text) => {
    known ??= loadSha256();
    return known(text);
  };
}

function loadSha256(): (text: string) => string {
  const crypto: typeof import("node:crypto") = load("node:crypto");
  if (typeof crypto.hash === "function") return (text) => crypto.hash("sha256", text);
  return (text) => crypto.createHash("sha256").update(text, "utf8").digest("hex");
}

/**
 * Whether the process still exists. A number that the system gave to a later process counts as dead. Of another machine nothing can be
 * known, so its processes count as alive.
 */
export function isAlive(owner: Owner): boolean {
  if (owner.host !== hostname()) return true;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
  return owner.processStart === "" || owner.processStart === processStart(owner.pid);
}

/** The boot and the tick at which a process started, where the system tells (Linux); otherwise empty. */
function processStart(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" "); // the name before it may hold anything
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot}/${fields[19] ?? ""}`;
  } catch {
    return "";
  }
}

/** SIGKILL to itself: no exit handler, `finally` or database close runs. The loop only bridges the time until the signal lands. */
export function dieNow(): never {
  process.kill(process.pid, "SIGKILL");
  for (;;);
}

/** @param traceFile gets one line for each hit, appended; undefined: no trace */
export function failpointHost(traceFile: string | undefined): FailpointHost {
  return { die: dieNow, trace: traceFile === undefined ? null : (line) => traceTo(traceFile, line) };
}

function traceTo(file: string, line: string): void {
  try {
    appendFileSync(file, `${line}\n`);
  } catch (error) {
    throw new FailpointError(`the failpoint trace ${file} cannot be written (${(error as Error).message})`);
  }
}

/**
 * The failpoints that `HARN_FAILPOINTS` and `HARN_FAILPOINTS_TRACE` ask for. Only the command line and the testing entry call this.
 *
 * @param env reads an environment variable
 * @throws Error when `HARN_FAILPOINTS` does not follow its notation
 */
export function failpointsFromEnv(env: (name: string) => string | undefined): Failpoints {
  const text = env("HARN_FAILPOINTS") ?? "";
  const trace = env("HARN_FAILPOINTS_TRACE");
  if (text === "" && trace === undefined) return NO_FAILPOINTS;
  const armed: ArmedFailpoint[] = parseFailpoints(text);
  return new Failpoints(armed, failpointHost(trace));
}
