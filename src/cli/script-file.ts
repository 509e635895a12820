/** Reads a script named on the command line, or says in one line why it cannot be read and what to do. */
import { readFileSync, statSync } from "node:fs";
import { CliError } from "./command.ts";

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "no such file; check the path",
  ENOTDIR: "a part of the path is not a folder; check the path",
  EACCES: "permission denied; make it readable",
  EPERM: "permission denied; make it readable",
  ELOOP: "too many symbolic links; name the file itself",
  ENAMETOOLONG: "the name is too long",
  EMFILE: "too many open files; close some and try again",
  EIO: "the disk reports an error",
};

/**
 * The text of a script.
 * @throws CliError when it is missing, a folder, unreadable or not UTF-8
 */
export function readScript(path: string): string {
  const bytes = readBytes(path);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new CliError(`cannot read '${path}': not valid UTF-8 at byte ${firstInvalidByte(bytes)}; save it as UTF-8`);
  }
}

function readBytes(path: string): Uint8Array {
  try {
    if (statSync(path).isDirectory()) throw new CliError(`cannot read '${path}': it is a folder; name a .harn file in it`);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof CliError) throw error;
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    throw new CliError(`cannot read '${path}': ${REASONS[code] ?? code}`);
  }
}

/** The longest prefix that decodes ends before it. */
function firstInvalidByte(bytes: Uint8Array): number {
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (decodesSoFar(bytes.subarray(0, middle))) low = middle;
    else high = middle - 1;
  }
  return low;
}

function decodesSoFar(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
