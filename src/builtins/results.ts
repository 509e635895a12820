/** `Result` values, assertions, and errors with a category. */
import { display } from "../vm/display.ts";
import { equals } from "../vm/equality.ts";
import { raise } from "../vm/errors.ts";
import type { Builtin, NativeContext } from "../vm/native.ts";
import { Dict, dictOf, type EnumValue, err, isResult, ok, share, truthy, type Value } from "../vm/values.ts";
import { textArg } from "./args.ts";
import { plain } from "./define.ts";

export function results(): Builtin[] {
  return [...makers(), ...readers(), ...assertions(), ...categories()];
}

function makers(): Builtin[] {
  return [
    plain(
      { name: "Ok", signature: "(value?)", doc: "A Result that holds a value.", example: "println(Ok(1))  // -> Result.Ok(1)" },
      (_ctx, value) => ok(share(value as Value)),
    ),
    plain(
      { name: "Err", signature: "(error?)", doc: "A Result that holds an error.", example: 'println(Err("no"))  // -> Result.Err(no)' },
      (_ctx, error) => err(share(error as Value)),
    ),
    plain(
      { name: "is_ok", signature: "(r) -> bool", doc: "Whether this is an Ok.", example: "println(is_ok(Ok(1)))  // -> true" },
      (_ctx, r) => isVariant(r as Value, "Ok"),
    ),
    plain(
      { name: "is_err", signature: "(r) -> bool", doc: "Whether this is an Err.", example: "println(is_err(Ok(1)))  // -> false" },
      (_ctx, r) => isVariant(r as Value, "Err"),
    ),
  ];
}

function isVariant(value: Value, variant: string): value is EnumValue {
  return isResult(value) && value.variant === variant;
}

function payload(result: EnumValue): Value {
  return share(result.fields[0] ?? null);
}

function readers(): Builtin[] {
  return [
    plain(
      {
        name: "unwrap",
        signature: "(r)",
        doc: "The value of an Ok; an error for an Err. What is no Result comes back as it is.",
        example: "println(unwrap(Ok(1)))  // -> 1",
      },
      (_ctx, r) => {
        if (isVariant(r as Value, "Err")) throw raise.runtime(`unwrap called on Err: ${display(payload(r as EnumValue))}`);
        return isVariant(r as Value, "Ok") ? payload(r as EnumValue) : share(r as Value);
      },
    ),
    plain(
      {
        name: "unwrap_or",
        signature: "(r, default)",
        doc: "The value of an Ok, the default for an Err. What is no Result comes back as it is.",
        example: 'println(unwrap_or(Err("no"), 0))  // -> 0',
      },
      (_ctx, r, fallback) => {
        if (isVariant(r as Value, "Err")) return share(fallback as Value);
        return isVariant(r as Value, "Ok") ? payload(r as EnumValue) : share(r as Value);
      },
    ),
    plain(
      {
        name: "unwrap_err",
        signature: "(r)",
        doc: "The error of an Err; an error for anything else.",
        example: 'println(unwrap_err(Err("no")))  // -> no',
      },
      (_ctx, r) => {
        if (!isVariant(r as Value, "Err")) throw raise.runtime("unwrap_err called on non-Err");
        return payload(r as EnumValue);
      },
    ),
    plain(
      {
        name: "unreachable",
        signature: "(value?) -> never",
        doc: "Says that the program never gets here; an error when it does.",
        example: 'println(unwrap_err(try { unreachable("x") }))  // -> Runtime error: unreachable code was reached: x',
      },
      (ctx, value) => {
        const text = "unreachable code was reached";
        throw raise.runtime(ctx.argc === 0 ? text : `${text}: ${display(value as Value)}`);
      },
    ),
  ];
}

function assertions(): Builtin[] {
  const message = (ctx: NativeContext, given: Value, position: number, fallback: () => string) =>
    raise.thrown(ctx.argc > position ? display(given) : fallback());
  return [
    plain(
      {
        name: "assert",
        signature: "(condition, message?: string) -> nil",
        doc: "Throws the message when the condition is falsy.",
        example: 'println(unwrap_err(try { assert(false, "no") }))  // -> no',
      },
      (ctx, condition, text) => {
        if (!truthy(condition as Value)) throw message(ctx, text as Value, 1, () => "Assertion failed");
        return null;
      },
    ),
    plain(
      {
        name: "assert_eq",
        signature: "(actual, expected, message?: string) -> nil",
        doc: "Throws when the two are not equal.",
        example: "println(unwrap_err(try { assert_eq(1, 2) }))  // -> Assertion failed: expected 2, got 1",
      },
      (ctx, actual, expected, text) => {
        if (ctx.argc < 2) throw raise.thrown("assert_eq requires at least 2 arguments");
        if (equals(actual as Value, expected as Value)) return null;
        throw message(
          ctx,
          text as Value,
          2,
          () => `Assertion failed: expected ${display(expected as Value)}, got ${display(actual as Value)}`,
        );
      },
    ),
    plain(
      {
        name: "assert_ne",
        signature: "(a, b, message?: string) -> nil",
        doc: "Throws when the two are equal.",
        example: "println(unwrap_err(try { assert_ne(1, 1) }))  // -> Assertion failed: values should not be equal: 1",
      },
      (ctx, a, b, text) => {
        if (ctx.argc < 2) throw raise.thrown("assert_ne requires at least 2 arguments");
        if (!equals(a as Value, b as Value)) return null;
        throw message(ctx, text as Value, 2, () => `Assertion failed: values should not be equal: ${display(a as Value)}`);
      },
    ),
  ];
}

const CATEGORIES: readonly string[] = [
  "timeout",
  "auth",
  "rate_limit",
  "overloaded",
  "server_error",
  "transient_network",
  "schema_validation",
  "tool_error",
  "tool_rejected",
  "egress_blocked",
  "cancelled",
  "not_found",
  "circuit_open",
  "budget_exceeded",
  "generic",
];

function categories(): Builtin[] {
  const is = (name: string, category: string, doc: string, example: string) =>
    plain({ name, signature: "(error) -> bool", doc, example }, (_ctx, error) => categoryOf(error as Value) === category);
  return [
    plain(
      {
        name: "throw_error",
        signature: "(message: string, category?: string)",
        doc: "Throws a dict of message and category; a category that is not known counts as `generic`.",
        example: 'println(unwrap_err(try { throw_error("slow", "timeout") }))  // -> {category: timeout, message: slow}',
      },
      (ctx, message, category) => {
        const name = typeof category === "string" && CATEGORIES.includes(category) ? category : "generic";
        throw raise.thrown(dictOf({ category: name, message: textArg(ctx, message as Value, 0) }));
      },
    ),
    plain(
      {
        name: "error_category",
        signature: "(error) -> string",
        doc: "The category of an error: a dict's own, or what its text says about it.",
        example: 'println(error_category("HTTP 429"))  // -> rate_limit',
      },
      (_ctx, error) => categoryOf(error as Value),
    ),
    is("is_timeout", "timeout", "Whether the error's category is `timeout`.", 'println(is_timeout("Deadline exceeded"))  // -> true'),
    is(
      "is_rate_limited",
      "rate_limit",
      "Whether the error's category is `rate_limit`.",
      'println(is_rate_limited("HTTP 429"))  // -> true',
    ),
  ];
}

/** The category of an error value: a dict's `category`, a text by what it contains. */
export function categoryOf(error: Value): string {
  if (error instanceof Dict) {
    const category = error.map.get("category");
    return category === undefined ? "generic" : display(category);
  }
  return typeof error === "string" ? categoryOfText(error) : "generic";
}

const STATUS_CATEGORIES: Readonly<Record<string, string>> = {
  401: "auth",
  403: "auth",
  404: "not_found",
  410: "not_found",
  408: "timeout",
  504: "timeout",
  522: "timeout",
  524: "timeout",
  429: "rate_limit",
  503: "overloaded",
  529: "overloaded",
  500: "server_error",
  502: "server_error",
};

const PHRASE_CATEGORIES: readonly (readonly [RegExp, string])[] = [
  [/Deadline exceeded|context deadline exceeded/, "timeout"],
  [/overloaded_error/, "overloaded"],
  [/api_error/, "server_error"],
  [/insufficient_quota|billing_hard_limit_reached/, "rate_limit"],
  [/invalid_api_key|authentication_error/, "auth"],
  [/not_found_error|model_not_found/, "not_found"],
  [/circuit_open/, "circuit_open"],
  [/connection reset|connection refused|connection closed|broken pipe|dns error|stream error|unexpected eof/i, "transient_network"],
];

function categoryOfText(text: string): string {
  for (const [digits] of text.matchAll(/[0-9]+/g)) {
    const category = digits.length === 3 ? STATUS_CATEGORIES[digits] : undefined;
    if (category !== undefined) return category;
  }
  return PHRASE_CATEGORIES.find(([pattern]) => pattern.test(text))?.[1] ?? "generic";
}
