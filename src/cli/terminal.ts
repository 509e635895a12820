/**
 * The two output streams of the command line.
 *
 * Standard output is gathered and written in pieces, because a write for each `println` costs more than running the script; it is
 * flushed when the host's event loop turns, when a piece is full, a while after the last write, before anything goes to standard error, and at
 * the end. A reader that went away (`harn run x | head`) ends the output quietly; a full disk is an error.
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
  /** True once the reader of standard output has gone away. */
  readonly closed: boolean;
}

const PIECE_LENGTH = 16_384;
const LONGEST_WAIT_MS = 50;

export function openTerminal(): Terminal {
  let gathered = "";
  let lastWriteMs = 0;
  let scheduled = false;
  let closed = false;
  const flush = (): void => {
    const text = gathered;
    gathered = "";
    lastWriteMs = performance.now();
    if (text !== "" && !closed) closed = !writeAll(1, text);
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
    get closed() {
      return closed;
    },
    // Only asked for when there is something to colour: Node builds a stream for the answer.
    get color() {
      return process.stderr.isTTY === true && (process.env.NO_COLOR ?? "") === "";
    },
  };
}

/** Writes all of the text; false when nobody reads it any more. */
function writeAll(fd: 1 | 2, text: string): boolean {
  const bytes = Buffer.from(text, "utf8");
  let done = 0;
  while (done < bytes.length) {
    try {
      done += writeSync(fd, bytes, done);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EAGAIN") waitBriefly();
      else if (code === "EPIPE" || code === "EBADF") return false;
      else if (fd === 2) return false;
      else throw new CliError(`cannot write to standard output: ${code === "ENOSPC" ? "no space left on device" : code}`);
    }
  }
  return true;
}

/** The reader of a non-blocking pipe is behind; gives it a millisecond without giving up our turn. */
function waitBriefly(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
}
