/** What people and scripts see of an error: its text, the value that `catch` binds, the diagnostic of an uncaught one. */
import { displayWithin } from "./display.ts";
import { ScriptError } from "./errors.ts";
import { typeName, type Value } from "./values.ts";

/** The display text; errors other than the script's own values carry a line for each boundary that they crossed. */
export function errorText(error: ScriptError): string {
  switch (error.kind) {
    case "thrown":
      return `Thrown: ${shownText(error.value)}`;
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

/** Longer texts of errors help nobody, in UTF-16 units. */
const MOST_UNITS = 1 << 24;

/** The display text; of a value that cannot be shown, what it is. For texts that must not fail. */
export function shownText(value: Value): string {
  try {
    return displayWithin(value, MOST_UNITS);
  } catch (refusal) {
    if (!(refusal instanceof ScriptError)) throw refusal;
    return `<${typeName(value)}: ${refusal.text}>`;
  }
}

/** The thrown value itself, for every other kind the text. */
export function caughtValue(error: ScriptError): Value {
  return error.kind === "thrown" ? error.value : errorText(error);
}

/** What people read of an error that nobody caught; one of the host's limits speaks for itself. */
export function uncaughtText(error: ScriptError): string {
  return error.fatal && error.kind === "runtime" ? error.text : errorText(error);
}
