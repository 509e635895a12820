/** What people and scripts see of an error: its text, the value that `catch` binds, the diagnostic of an uncaught one. */
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { display } from "./display.ts";
import type { ScriptError } from "./errors.ts";
import type { Value } from "./values.ts";

/** The display text; errors other than the script's own values carry a line for each boundary that they crossed. */
export function errorText(error: ScriptError): string {
  switch (error.kind) {
    case "thrown":
      return `Thrown: ${display(error.value)}`;
    case "type":
      return `Type error: ${error.text}${error.suffix}`;
    case "runtime":
      return `Runtime error: ${error.text}${error.suffix}`;
    case "plain":
      return error.suffix === "" ? error.text : `Runtime error: ${error.text}${error.suffix}`;
    case "category":
      return `Error [${error.category}]: ${error.text}`;
  }
}

/** The thrown value itself, for every other kind the text. */
export function caughtValue(error: ScriptError): Value {
  return error.kind === "thrown" ? error.value : errorText(error);
}

/** An uncaught error as a diagnostic: where it happened, and the calls that led there, inner to outer. */
export function uncaught(error: ScriptError): Diagnostic & { readonly notes: readonly string[] } {
  const { origin } = error;
  return {
    severity: "error",
    code: "runtime/uncaught",
    message: error.fatal && error.kind === "runtime" ? error.text : errorText(error),
    source: origin?.source ?? null,
    span: origin?.span ?? null,
    notes: error.trace.map((site) => `called from ${site.name} at ${site.path}:${site.line}`),
  };
}
