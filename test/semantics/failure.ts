/** How evaluation can end early: an error of the language, a jump, or a question that the reference leaves open. */
import type { Span } from "../../src/source/text.ts";
import { show, type Val } from "./values.ts";

export type FailureKind = "thrown" | "type" | "runtime" | "plain";

/** An error on its way to a handler. */
export class Failure {
  /** Where it happened; set by the expression whose operation failed. */
  place: Span | null = null;
  line = 0;
  /** ` (line N)` for each border between a callback or method and its caller. */
  suffix = "";

  constructor(
    readonly kind: FailureKind,
    readonly text: string,
    readonly value: Val = null,
  ) {}

  /** What `catch` sees. */
  get caught(): Val {
    return this.kind === "thrown" ? this.value : this.display;
  }

  /** The error's own text; a plain one that has left an interpreter is a runtime error. */
  get display(): string {
    if (this.kind === "thrown") return `Thrown: ${show(this.value)}`;
    if (this.kind === "type") return `Type error: ${this.text}${this.suffix}`;
    if (this.kind === "runtime") return `Runtime error: ${this.text}${this.suffix}`;
    return this.suffix === "" ? this.text : `Runtime error: ${this.text}${this.suffix}`;
  }

  /** The error has left a callback, a method or the program. */
  cross(): void {
    if (this.kind !== "thrown") this.suffix += ` (line ${this.line})`;
  }
}

export const typeError = (text: string): Failure => new Failure("type", text);
export const runtimeError = (text: string): Failure => new Failure("runtime", text);
export const plainError = (text: string): Failure => new Failure("plain", text);
export const thrown = (value: Val): Failure => new Failure("thrown", "", value);

/** `return`, `break` and `continue` on their way. */
export class Leave {
  constructor(
    readonly how: "return" | "break" | "continue",
    readonly value: Val = null,
  ) {}
}

/** The reference marks this as a defect or leaves it open, or it grew too large: the program says nothing about the VM. */
export class Unspecified {
  constructor(readonly why: string) {}
}
