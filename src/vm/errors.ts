/**
 * Errors that a script can meet.
 *
 * A `ScriptError` is facts: what kind, which text or thrown value, and where. It is thrown as a JS exception by builtins and slow
 * paths, and travels as plain data inside the VM. It has no host stack (capturing one costs microseconds and is never shown).
 */
import type { SourceText, Span } from "../source/text.ts";
import type { Value } from "./values.ts";

/**
 * thrown: `throw v` and the builtins that throw a value; type and runtime: `Type error: …`, `Runtime error: …`; plain: texts without a
 * prefix of their own (`Division by zero`, `Undefined variable: x`), which become runtime errors when they leave the VM; category:
 * `Error [<category>]: …`.
 */
export type ErrorKind = "thrown" | "type" | "runtime" | "plain" | "category";

/** One entry of the call stack of an uncaught error: the function called, and where from. */
export interface CallSite {
  readonly name: string;
  readonly path: string;
  readonly line: number;
}

export class ScriptError {
  /** Where it happened; set by the run loop when the error first passes a frame. */
  origin: { readonly path: string; readonly source: SourceText; readonly span: Span; readonly line: number } | null = null;
  /** Outer frames, inner to outer, up to the first boundary. */
  trace: CallSite[] = [];
  traceEnded = false;
  /** `exit(n)`: the program ends here, with this status. */
  exitCode: number | null = null;
  /** What a fault of ours threw, for debugging. */
  cause: unknown = null;
  /** ` (line N)` once for each callback or method boundary that it crossed. */
  suffix = "";
  /** The journal record it came from, if any: a run that ends with this error tries that step again on resume. */
  record: unknown = null;
  /** Set where no `catch`, `defer` or `finally` of the script may see it: limits of the host, a lost lease, a kill. */
  fatal = false;

  constructor(
    readonly kind: ErrorKind,
    /** The text without prefix; for `thrown` unused. */
    readonly text: string,
    /** The thrown value; null for the other kinds. */
    readonly value: Value,
    /** The category of a `category` error. */
    readonly category: string = "",
  ) {}
}

/** Makers of errors, to be thrown: `throw raise.type("…")`. */
export const raise = {
  thrown: (value: Value): ScriptError => new ScriptError("thrown", "", value),
  type: (text: string): ScriptError => new ScriptError("type", text, null),
  runtime: (text: string): ScriptError => new ScriptError("runtime", text, null),
  plain: (text: string): ScriptError => new ScriptError("plain", text, null),
  category: (category: string, text: string): ScriptError => new ScriptError("category", text, null, category),
  /** `exit(n)`: nothing of the script runs any more. */
  exit: (code: number): ScriptError => {
    const error = new ScriptError("runtime", "exit", null);
    error.fatal = true;
    error.exitCode = code;
    return error;
  },
  /** An error that the script cannot catch: a host limit, a lost lease. */
  fatal: (text: string): ScriptError => {
    const error = new ScriptError("runtime", text, null);
    error.fatal = true;
    return error;
  },
};
