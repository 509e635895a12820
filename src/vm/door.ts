/**
 * The door: the only way from a script to clock, chance, files, processes and output.
 *
 * Nothing below `engine/doors` touches the host. Tests, replay and the simulated world swap the door or parts of it. Implementations:
 * `engine/doors/node.ts`, `engine/doors/browser.ts`, `testing/`.
 */

/** An operating system's refusal; `text` is written as `<strerror> (os error <errno>)`. */
export class OsFailure extends Error {
  constructor(
    /** For example `No such file or directory (os error 2)`. */
    readonly text: string,
    /** For example `ENOENT`. */
    readonly code: string,
  ) {
    super(text);
    this.name = "OsFailure";
  }
}

export interface ClockDoor {
  /** Milliseconds since the epoch. */
  wallMs(): number;
  /** Milliseconds that only go forward, from any origin. */
  monotonicMs(): number;
  /** Resolves after so many milliseconds of this clock, or early when the signal aborts. A virtual clock jumps instead of waiting. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Resolves after the host's event loop had a turn: timers and cancellation of the embedding application get their chance. */
  turn(): Promise<void>;
}

export interface FileStat {
  readonly isFile: boolean;
  readonly isDir: boolean;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly readonly: boolean;
}

/** All paths are absolute here. Every method throws `OsFailure`. */
export interface FileDoor {
  readBytes(path: string): Uint8Array;
  writeBytes(path: string, data: Uint8Array): void;
  appendBytes(path: string, data: Uint8Array): void;
  stat(path: string): FileStat;
  exists(path: string): boolean;
  realPath(path: string): string;
  makeDirs(path: string): void;
  list(path: string): string[];
}

export interface ProcessRequest {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string | null;
  readonly env: Readonly<Record<string, string>> | null;
  readonly stdin: string | null;
  readonly timeoutMs: number | null;
}
export interface ProcessResult {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit status; -1 when a signal ended it. */
  readonly status: number;
  readonly signal: string | null;
  readonly timedOut: boolean;
}
export interface ProcessDoor {
  /** Rejects with `OsFailure` when the program cannot be started. */
  run(request: ProcessRequest, signal: AbortSignal): Promise<ProcessResult>;
}

export interface Door {
  readonly clock: ClockDoor;
  /** Cryptographic random bytes. */
  randomBytes(count: number): Uint8Array;
  /** SHA-256 of the text's UTF-8 bytes, or of the bytes, as lowercase hex. */
  sha256(data: string | Uint8Array): string;
  readonly output: {
    stdout(text: string): void;
    stderr(text: string): void;
  };
  readonly files: FileDoor;
  readonly processes: ProcessDoor;
  readonly env: {
    get(name: string): string | undefined;
    all(): Record<string, string>;
    /** The current directory, absolute. */
    cwd(): string;
  };
}
