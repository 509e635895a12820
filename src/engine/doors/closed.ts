/**
 * The door of an embedded engine that was granted nothing: clock and chance, and no way to files, processes or the environment. Uses web
 * standards only, so it serves in a browser too.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { type ClockDoor, type Door, type FileDoor, OsFailure } from "../../vm/door.ts";

const DENIED = "Permission denied (os error 13)";

export function closedDoor(output: Door["output"]): Door {
  return {
    clock: webClock(),
    randomBytes: (count) => randomBytes(count),
    sha256: (data) => bytesToHex(sha256(typeof data === "string" ? new TextEncoder().encode(data) : data)),
    output,
    files: noFiles(),
    processes: { run: () => Promise.reject(denied()) },
    env: { get: () => undefined, all: () => ({}), cwd: () => "/" },
  };
}

function denied(): OsFailure {
  return new OsFailure(DENIED, "EACCES");
}

function refuse(): never {
  throw denied();
}

/** The source of chance gives at most 65,536 bytes at a time. */
function randomBytes(count: number): Uint8Array {
  const bytes = new Uint8Array(count);
  for (let at = 0; at < count; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  return bytes;
}

export function webClock(): ClockDoor {
  return {
    wallMs: () => Date.now(),
    monotonicMs: () => performance.now(),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const end = (): void => {
          clearTimeout(timer);
          signal.removeEventListener("abort", end);
          resolve();
        };
        // Longer waits than a host timer can take come back early and are begun again by the caller.
        const timer = setTimeout(end, Math.min(ms, 0x7fffffff));
        signal.addEventListener("abort", end);
      }),
    turn: () =>
      new Promise((resolve) => {
        const { port1, port2 } = new MessageChannel();
        Object.assign(port1, {
          onmessage() {
            port1.close();
            resolve();
          },
        });
        port2.postMessage(null);
      }),
  };
}

function noFiles(): FileDoor {
  return {
    readBytes: refuse,
    writeBytes: refuse,
    appendBytes: refuse,
    stat: refuse,
    exists: () => false,
    realPath: refuse,
    makeDirs: refuse,
    list: refuse,
    remove: refuse,
    rename: refuse,
  };
}
