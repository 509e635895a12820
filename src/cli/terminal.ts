/**
 * The two output streams of the command line.
 *
 * Standard output is gathered and written in pieces, because a write for each `println` costs more than running the script; it is
 * flushed when the host's event loop turns, when a piece is full, a while after the last write, before anything goes to standard error, and at
 * the end. A reader that went away (`harn run x | head`) ends the output quietly; a full disk is an error. Neither is thrown at whoever
 * writes, which may be a script or nobody: the command is told, so that it can stop, and `problem` says why.
 */
import { writeSync } from "node:fs";
import { CliError } from "./command.ts";

export interface Terminal {
  stdout(text: string): void;
  stderr(text: string): void;
  /** Writes what has been gathered. */
  flush(): void;
  /** Colours on standard error. */
  readonly color: boolean;
  /** Why standard output ended early; null: it did not, or nobody reads it any more. */
  readonly problem: CliError | null;
  /** Called once, when standard output ends before the command does. */
  onOutputEnd(listener: () => void): void;
}

const PIECE_LENGTH = 16_384;
const LONGEST_WAIT_MS = 50;

export function openTerminal(): Terminal {
  let gathered = "";
  let lastWriteMs = 0;
  let scheduled = false;
  let end: OutputEnd | null = null;
  let tell = (): void => {};
  const flush = (): void => {
    const text = gathered;
    gathered = "";
    lastWriteMs = performance.now();
    if (text === "" || end !== null) return;
    end = writeAll(1, text);
    if (end !== null && end.code !== "EBADF") tell();
  };
  const later = (): void => {
    scheduled = false;
    flush();
  };
  return {
    stdout(text) {
      gathered += text;
      if (gathered.length >= PIECE_LENGTH || performance.now() - lastWriteMs > LONGEST_WAIT_MS) flush();
      else if (!scheduled) {
        scheduled = true;
        setImmediate(later);
      }
    },
    stderr(text) {
      flush();
      writeAll(2, text);
    },
    flush,
    get problem() {
      return end === null || QUIET.has(end.code) ? null : new CliError(`cannot write to standard output: ${REASONS[end.code] ?? end.code}`);
    },
    onOutputEnd(listener) {
      tell = listener;
    },
    // Only asked for when there is something to colour: Node builds a stream for the answer.
    get color() {
      return process.stderr.isTTY === true && (process.env.NO_COLOR ?? "") === "";
    },
  };
}

interface OutputEnd {
  readonly code: string;
}

/** The reader has gone away; there was never one, and nobody who started the command so wants it stopped. */
const QUIET: ReadonlySet<string> = new Set(["EPIPE", "EBADF"]);

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "no space left on device; free some, or write to another one",
  EDQUOT: "disk quota exceeded; free some space, or write to another device",
  EIO: "the device reports an error; write to another one",
};

/** Writes all of the text. @returns why it could not; null when it did */
function writeAll(fd: 1 | 2, text: string): OutputEnd | null {
  const bytes = Buffer.from(text, "utf8");
  let done = 0;
  while (done < bytes.length) {
    try {
      done += writeSync(fd, bytes, done);
    } catch (error) {
      const { code = "unknown error" } = error as NodeJS.ErrnoException;
      if (code !== "EAGAIN") return { code };
      waitBriefly();
    }
  }
  return null;
}

/** The reader of a non-blocking pipe is behind; gives it a millisecond without giving up our turn. */
function waitBriefly(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
}
