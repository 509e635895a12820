/** Run-time checks of annotated parameters: chapter 2 section 10 of the reference, texts included. */
import type { Guard } from "../bytecode/chunk.ts";
import { suggestAtRunTime } from "../diagnostics/suggest.ts";
import { compareStrings } from "./dict.ts";
import { display } from "./display.ts";
import { equals } from "./equality.ts";
import { raise, type ScriptError } from "./errors.ts";
import { Closure, Dict, Float, isInt, List, Struct, typeName, type Value } from "./values.ts";

/** Raises unless the value fits. */
export function checkGuard(value: Value, param: string, guard: Guard): void {
  const error = mismatch(value, param, guard);
  if (error !== null) throw error;
}

const typeError = (param: string, text: string): ScriptError => raise.type(`parameter '${param}': ${text}`);
const valueError = (text: string): ScriptError => raise.runtime(`TypeError: parameter ${text}`);

function mismatch(value: Value, param: string, guard: Guard): ScriptError | null {
  switch (guard.kind) {
    case "name":
      return namedMismatch(value, param, guard.name);
    case "literal":
      if (fits(value, guard)) return null;
      return valueError(`'${param}': expected constant ${guard.value}, got ${display(value)}`);
    case "union":
      return fits(value, guard) ? null : unionMismatch(value, param, guard.members);
    case "list":
      if (!(value instanceof List)) return expected(param, "list", value);
      return guard.item === null ? null : itemsMismatch(value, param, guard.item);
    case "dict":
      return dictMismatch(value, param, guard.value);
    case "shape":
      return shapeMismatch(value, param, guard);
    case "interface":
      if (value instanceof Struct) return null;
      return typeError(param, `expected value satisfying interface '${guard.name}', got ${typeName(value)}`);
  }
}

function namedMismatch(value: Value, param: string, name: string): ScriptError | null {
  if (fitsName(value, name)) return null;
  if (name === "dict") return typeError(param, `expected dict or struct, got ${typeName(value)}`);
  return expected(param, name, value);
}

function expected(param: string, label: string, value: Value): ScriptError {
  return valueError(`'${param}' expected ${label}, got ${actual(value)} (${display(value)})`);
}

/** A struct is reported as a dict. */
function actual(value: Value): string {
  return value instanceof Struct ? "dict" : typeName(value);
}

function unionMismatch(value: Value, param: string, members: readonly Guard[]): ScriptError {
  const choice = choiceOf(members);
  if (choice === null) return expected(param, members.map(label).join("|"), value);
  return fitsName(value, choice.kind) ? valueError(`'${param}': ${choice.text}`) : expected(param, choice.kind, value);
}

/** A union of strings alone or of ints alone is a choice: the kind comes first, then the value. Null for any other union. */
function choiceOf(members: readonly Guard[]): { readonly kind: string; readonly text: string } | null {
  const values = members.flatMap((member) => (member.kind === "literal" ? [member.value] : []));
  const kinds = new Set(members.map(label));
  if (values.length < members.length || kinds.size > 1) return null;
  return { kind: [...kinds].join(), text: `value must be one of [${values.join(", ")}]` };
}

/** The base kind of a guard, as union and field texts name it. */
function label(guard: Guard): string {
  switch (guard.kind) {
    case "name":
      return guard.name;
    case "literal":
      return typeof guard.value === "string" ? "string" : "int";
    case "union":
      return choiceOf(guard.members)?.kind ?? guard.members.map(label).join("|");
    case "list":
      return "list";
    case "dict":
    case "shape":
      return "dict";
    case "interface":
      return "value";
  }
}

// --- Whether a value fits ------------------------------------------------------------------------------------------------------------

function fitsName(value: Value, name: string): boolean {
  switch (name) {
    case "int":
    case "float":
      return isInt(value) || value instanceof Float;
    case "dict":
      return value instanceof Dict || value instanceof Struct;
    case "closure":
      return value instanceof Closure;
    default:
      return typeName(value) === name;
  }
}

function fits(value: Value, guard: Guard): boolean {
  switch (guard.kind) {
    case "name":
      return fitsName(value, guard.name);
    case "literal":
      return equals(value, guard.value);
    case "union":
      return guard.members.some((member) => fits(value, member));
    case "list":
      if (!(value instanceof List)) return false;
      return guard.item === null || value.items.slice(0, value.length).every((item) => fits(item, guard.item as Guard));
    case "dict": {
      const entries = entriesOf(value);
      return entries !== null && (guard.value === null || [...entries.values()].every((item) => fits(item, guard.value as Guard)));
    }
    case "shape": {
      const entries = entriesOf(value);
      if (entries === null) return false;
      return guard.fields.every((field) => {
        const item = entries.get(field.name);
        return item === undefined ? field.optional : fits(item, field.type);
      });
    }
    case "interface":
      return value instanceof Struct;
  }
}

function entriesOf(value: Value): ReadonlyMap<string, Value> | null {
  if (value instanceof Dict) return value.map;
  if (!(value instanceof Struct)) return null;
  const present = value.shape.fields.flatMap((name, i): [string, Value][] => {
    const slot = value.slots[i];
    return slot === undefined ? [] : [[name, slot]];
  });
  return new Map(present);
}

// --- Lists ---------------------------------------------------------------------------------------------------------------------------

function itemsMismatch(value: List, param: string, guard: Guard): ScriptError | null {
  const wrong = itemProblems(value, "root", guard);
  if (wrong.length === 0) return null;
  return valueError(`'${param}': ${wrong.join("; ")}`);
}

function itemProblems(value: List, path: string, guard: Guard): string[] {
  const found: string[] = [];
  for (let i = 0; i < value.length; i++) found.push(...problems(value.items[i] as Value, `${path}[${i}]`, guard));
  return found;
}

function problems(value: Value, path: string, guard: Guard): string[] {
  switch (guard.kind) {
    case "list":
      if (!(value instanceof List)) break;
      return guard.item === null ? [] : itemProblems(value, path, guard.item);
    case "shape": {
      const entries = entriesOf(value);
      if (entries === null) break;
      const missing = guard.fields.filter((field) => !field.optional && !entries.has(field.name));
      const wrong = byName(guard.fields).flatMap((field) => {
        const item = entries.get(field.name);
        return item === undefined ? [] : problems(item, `${path}.${field.name}`, field.type);
      });
      return [...missing.map((field) => `at ${path}: missing required key '${field.name}'`), ...wrong];
    }
    case "dict": {
      const entries = entriesOf(value);
      if (entries === null) break;
      const { value: inner } = guard;
      if (inner === null) return [];
      const sorted = [...entries].sort(([a], [b]) => compareStrings(a, b));
      return sorted.flatMap(([key, item]) => problems(item, `${path}.${key}`, inner));
    }
    case "union": {
      if (fits(value, guard)) return [];
      const choice = choiceOf(guard.members);
      if (choice === null) return [`at ${path}: value did not match any union branch`];
      if (fitsName(value, choice.kind)) return [`at ${path}: ${choice.text}`];
      return [`at ${path}: expected type '${choice.kind}', got '${actual(value)}'`];
    }
    case "literal":
      return fits(value, guard) ? [] : [`at ${path}: expected constant ${guard.value}, got ${display(value)}`];
    default:
  }
  return fits(value, guard) ? [] : [`at ${path}: expected type '${label(guard)}', got '${actual(value)}'`];
}

// --- Dicts and shapes ----------------------------------------------------------------------------------------------------------------

function dictMismatch(value: Value, param: string, inner: Guard | null): ScriptError | null {
  const entries = entriesOf(value);
  if (entries === null) return typeError(param, `expected dict or struct, got ${typeName(value)}`);
  if (inner === null) return null;
  const keys = [...entries.keys()].sort(compareStrings);
  for (const key of keys) {
    const wrong = fieldMismatch(entries.get(key) as Value, param, key, inner);
    if (wrong !== null) return wrong;
  }
  return null;
}

function shapeMismatch(value: Value, param: string, guard: Guard & { kind: "shape" }): ScriptError | null {
  const entries = entriesOf(value);
  if (entries === null) return typeError(param, `expected dict or struct, got ${typeName(value)}`);
  for (const field of guard.fields) {
    if (!field.optional && !entries.has(field.name)) return missingField(param, field.name, label(field.type), entries);
  }
  for (const field of byName(guard.fields)) {
    const item = entries.get(field.name);
    const wrong = item === undefined ? null : fieldMismatch(item, param, field.name, field.type);
    if (wrong !== null) return wrong;
  }
  return null;
}

function byName<T extends { readonly name: string }>(fields: readonly T[]): T[] {
  return [...fields].sort((a, b) => compareStrings(a.name, b.name));
}

function missingField(param: string, name: string, type: string, entries: ReadonlyMap<string, Value>): ScriptError {
  const sameStart = [...entries.keys()].filter((key) => [...key][0] === [...name][0]);
  const near = suggestAtRunTime(name, sameStart);
  const hint = near === null ? "" : `, did you mean '${near}'?`;
  return typeError(param, `missing field '${name}' (${type})${hint}`);
}

function fieldMismatch(value: Value, param: string, name: string, guard: Guard): ScriptError | null {
  if (fits(value, guard)) return null;
  const path = `${param}.${name}`;
  switch (guard.kind) {
    case "name":
      return typeError(param, `field '${name}' expected ${guard.name}, got ${typeName(value)}`);
    case "shape":
    case "dict":
      if (entriesOf(value) === null) return typeError(param, `field '${name}' expected dict or struct, got ${typeName(value)}`);
      return mismatch(value, path, guard);
    case "union": {
      const choice = choiceOf(guard.members);
      if (choice === null) return raise.type(`parameter '${path}' expected ${label(guard)}, got ${typeName(value)} (${display(value)})`);
      if (fitsName(value, choice.kind)) return typeError(path, choice.text);
      return typeError(param, `field '${name}' expected ${choice.kind}, got ${typeName(value)}`);
    }
    case "literal":
      return typeError(path, `expected constant ${guard.value}, got ${display(value)}`);
    case "list":
      if (!(value instanceof List)) return typeError(param, `field '${name}' expected list, got ${typeName(value)}`);
      return typeError(path, itemProblems(value, "root", guard.item as Guard).join("; "));
    case "interface":
      return typeError(path, `expected value satisfying interface '${guard.name}', got ${typeName(value)}`);
  }
}
