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
  /** Removes a file, or a folder with all that is in it. */
  remove(path: string): void;
  /** Moves within one file system; fails with `EXDEV` where that cannot be done at once. */
  rename(from: string, to: string): void;
}

/** What a script may ask about the computer. */
export interface SystemDoor {
  /** `darwin`, `linux` or `windows`. */
  platform(): string;
  arch(): string;
  hostname(): string;
  username(): string;
  homeDir(): string;
  tempDir(): string;
  pid(): number;
}

/** Standard input and the terminal. */
export interface InputDoor {
  /** The next line without its line break, null at the end. */
  readLine(): Promise<string | null>;
  /** All that is left. */
  readAll(): Promise<string>;
  isTty(stream: "stdin" | "stdout" | "stderr"): boolean;
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
  /** Absent where there is no computer to speak of, as in a page. */
  readonly system?: SystemDoor;
  /** Absent where nothing can be typed. */
  readonly input?: InputDoor;
  readonly env: {
    get(name: string): string | undefined;
    all(): Record<string, string>;
    /** The current directory, absolute. */
    cwd(): string;
  };
}
