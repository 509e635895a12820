/** The door to Node: real clock, chance, files, processes. The only file of the engine that imports `node:` modules for a script's sake. */
import {
  accessSync,
  appendFileSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { type ClockDoor, type Door, type FileDoor, OsFailure, type ProcessDoor, type ProcessRequest } from "../../vm/door.ts";
import { webClock } from "./closed.ts";
import { nodeInput, nodeSystem } from "./node_system.ts";
import { osFailure } from "./os_failure.ts";

export interface NodeDoorOptions {
  stdout(text: string): void;
  stderr(text: string): void;
}

const load = createRequire(import.meta.url);
/** Node takes longer to load it than a short script runs, and most scripts need neither chance nor hashes. */
const crypto = (): typeof import("node:crypto") => load("node:crypto");

/** @param output where a script's standard output and error go */
export function nodeDoor(output: NodeDoorOptions): Door {
  return {
    clock: nodeClock(),
    randomBytes: (count) => crypto().randomBytes(count),
    sha256: (data) => crypto().createHash("sha256").update(data).digest("hex"),
    output,
    files: nodeFiles(),
    processes: nodeProcesses(),
    system: nodeSystem(),
    input: nodeInput(),
    env: {
      get: (name) => process.env[name],
      all: () => Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined)),
      cwd: () => process.cwd(),
    },
  };
}

function nodeClock(): ClockDoor {
  return { ...webClock(), turn: () => new Promise((resolve) => setImmediate(resolve)) };
}

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw osFailure(error);
  }
}

function nodeFiles(): FileDoor {
  return {
    readBytes: (path) => guarded(() => readFileSync(path)),
    writeBytes: (path, data) => guarded(() => writeFileSync(path, data)),
    appendBytes: (path, data) => guarded(() => appendFileSync(path, data)),
    exists: (path) => existsSync(path),
    realPath: (path) => guarded(() => realpathSync(path)),
    makeDirs: (path) => guarded(() => void mkdirSync(path, { recursive: true })),
    list: (path) => guarded(() => readdirSync(path)),
    remove: (path) => guarded(() => rmSync(path, { recursive: true })),
    rename: (from, to) => guarded(() => renameSync(from, to)),
    stat: (path) =>
      guarded(() => {
        const found = statSync(path);
        return {
          isFile: found.isFile(),
          isDir: found.isDirectory(),
          sizeBytes: found.size,
          modifiedMs: found.mtimeMs,
          readonly: !isWritable(path),
        };
      }),
  };
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function nodeProcesses(): ProcessDoor {
  return {
    async run(request: ProcessRequest, signal: AbortSignal) {
      // Loaded at the first process: most scripts start none.
      const { execa } = await import("execa");
      const result = await execa(request.command, [...request.args], {
        cancelSignal: signal,
        reject: false,
        stripFinalNewline: false,
        encoding: "utf8",
        extendEnv: request.env === null,
        ...(request.cwd === null ? {} : { cwd: request.cwd }),
        ...(request.env === null ? {} : { env: request.env }),
        ...(request.stdin === null ? { stdin: "ignore" as const } : { input: request.stdin }),
        ...(request.timeoutMs === null ? {} : { timeout: request.timeoutMs }),
      });
      if (result.exitCode === undefined && result.signal === undefined && !result.timedOut) {
        throw result.cause instanceof Error ? osFailure(result.cause) : new OsFailure("cannot start the program", "UNKNOWN");
      }
      return {
        stdout: result.stdout,
        stderr: result.stderr,
        status: result.exitCode ?? -1,
        signal: result.signal ?? null,
        timedOut: result.timedOut,
      };
    },
  };
}
