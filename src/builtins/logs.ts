/** Structured logs, one JSON line each, and spans that tie them together. */
import { keysInOrder } from "../vm/dict.ts";
import { display } from "../vm/display.ts";
import { raise } from "../vm/errors.ts";
import type { Builtin, NativeContext } from "../vm/native.ts";
import { subtractInts } from "../vm/numbers.ts";
import { Dict, dictOf, Float, isInt, list, type Value } from "../vm/values.ts";
import { textArg } from "./args.ts";
import { isoNow } from "./dates.ts";
import { perInstance, plain } from "./define.ts";
import { bytesToHex } from "@noble/hashes/utils.js";
import { jsonFloat, quoteJson } from "./json_write.ts";

const LEVELS = ["debug", "info", "warn", "error"];

interface LogState {
  /** Index of the lowest level that is written. */
  level: number;
  /** Open spans, the innermost last. */
  readonly spans: { traceId: string; spanId: string }[];
}

type States = (ctx: NativeContext) => LogState;

export function logFunctions(): Builtin[] {
  const states = perInstance((): LogState => ({ level: 0, spans: [] }));
  return [...levels(states), ...spans(states), ...recorded()];
}

function write(ctx: NativeContext, states: States, level: string, message: string, fields: Value): void {
  if (LEVELS.indexOf(level) < states(ctx).level) return;
  let line = `{"ts":${quoteJson(isoNow(ctx))},"level":${quoteJson(level)},"msg":${quoteJson(message)}`;
  const span = states(ctx).spans.at(-1);
  if (span !== undefined) line += `,"trace_id":${quoteJson(span.traceId)},"span_id":${quoteJson(span.spanId)}`;
  if (fields instanceof Dict) {
    for (const key of keysInOrder(fields)) line += `,${quoteJson(key)}:${logValue(fields.map.get(key) as Value)}`;
  }
  ctx.print(`${line}}\n`);
}

function logValue(value: Value): string {
  if (value === null || typeof value === "boolean" || isInt(value)) return value === null ? "null" : String(value);
  if (value instanceof Float) return Number.isFinite(value.value) ? jsonFloat(value.value) : "null";
  return quoteJson(display(value));
}

function levels(states: States): Builtin[] {
  const example = 'log_set_level("error")\nprintln("quiet")  // -> quiet';
  return [
    ...LEVELS.map((level) =>
      plain(
        {
          name: `log_${level}`,
          signature: "(message, fields?: dict) -> nil",
          doc: `Writes a JSON line of level ${level}, if that level is enabled.`,
          example: level === "error" ? example : `${example.replace("\n", `\nlog_${level}("not written")\n`)}`,
          effect: "log",
        },
        (ctx, message, fields) => {
          write(ctx, states, level, textArg(ctx, message as Value, 0), fields as Value);
          return null;
        },
      ),
    ),
    plain(
      {
        name: "log_json",
        signature: "(key, value) -> nil",
        doc: "Writes a JSON line of a key and a value.",
        example: "println(type_of(log_json))  // -> builtin",
        effect: "log",
      },
      (ctx, key, value) => {
        ctx.print(
          `{"ts":${quoteJson(isoNow(ctx))},"key":${quoteJson(textArg(ctx, key as Value, 0))},"value":${logValue(value as Value)}}\n`,
        );
        return null;
      },
    ),
    plain(
      {
        name: "log_set_level",
        signature: "(level: string) -> nil",
        doc: "The lowest level that is written: `debug`, `info`, `warn` or `error`.",
        example,
        effect: "log",
      },
      (ctx, level) => {
        const name = textArg(ctx, level as Value, 0);
        const index = LEVELS.indexOf(name);
        if (index < 0) throw raise.thrown(`log_set_level: invalid level '${name}'. Expected debug, info, warn, or error`);
        states(ctx).level = index;
        return null;
      },
    ),
  ];
}

function spans(states: States): Builtin[] {
  const id = (ctx: NativeContext) => bytesToHex(ctx.randomBytes(4));
  return [
    plain(
      {
        name: "trace_start",
        signature: "(name)",
        doc: "Opens a span; log lines carry its ids until it ends.",
        example: 'println(trace_start("load").name)  // -> load',
        effect: "log",
      },
      (ctx, name) => {
        const open = states(ctx).spans;
        const span = { traceId: open.at(-1)?.traceId ?? id(ctx), spanId: id(ctx) };
        open.push(span);
        return dictOf({
          name: textArg(ctx, name as Value, 0),
          span_id: span.spanId,
          start_ms: Math.floor(ctx.nowMs()),
          trace_id: span.traceId,
        });
      },
    ),
    plain(
      {
        name: "trace_end",
        signature: "(span: dict)",
        doc: "Ends a span, and logs how long it took.",
        example: 'log_set_level("error")\nprintln(trace_end(trace_start("load")))  // -> nil',
        effect: "log",
      },
      (ctx, span) => {
        if (!(span instanceof Dict)) throw raise.thrown("trace_end: argument must be a span dict from trace_start");
        const open = states(ctx).spans;
        const spanId = span.map.get("span_id") ?? null;
        const start = span.map.get("start_ms");
        const duration = isInt(start) ? subtractInts(Math.floor(ctx.nowMs()), start) : 0;
        if (open.at(-1)?.spanId === spanId) open.pop();
        const fields = {
          duration_ms: duration,
          name: span.map.get("name") ?? null,
          span_id: spanId,
          trace_id: span.map.get("trace_id") ?? null,
        };
        write(ctx, states, "info", "span_end", dictOf(fields));
        return null;
      },
    ),
    plain(
      {
        name: "trace_id",
        signature: "()",
        doc: "The id of the trace that is open, nil if none is.",
        example: "println(trace_id())  // -> nil",
        effect: "log",
      },
      (ctx) => states(ctx).spans.at(-1)?.traceId ?? null,
    ),
  ];
}

/** The VM records no spans of its own, so there are none to list. */
function recorded(): Builtin[] {
  return [
    plain(
      {
        name: "enable_tracing",
        signature: "(on?: bool)",
        doc: "Turns the recording of spans on or off.",
        example: "println(enable_tracing(true))  // -> nil",
      },
      (_ctx, _on) => null,
    ),
    plain({ name: "trace_spans", signature: "() -> list", doc: "The recorded spans.", example: "println(trace_spans())  // -> []" }, () =>
      list([]),
    ),
    plain(
      {
        name: "trace_summary",
        signature: "() -> string",
        doc: "The recorded spans as a text.",
        example: "println(trace_summary())  // -> No spans recorded.",
      },
      () => "No spans recorded.",
    ),
  ];
}
