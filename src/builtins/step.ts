/**
 * `step.run` and `step.inspect`: a handler runs once, and its journalled result answers when the script runs again from the top.
 *
 * The rules about arguments are here; numbering, look-up, journal and delivery belong to the durable session, which the host puts into
 * the instance's services as `durable`.
 */
import type { DurableSession } from "../durable/session.ts";
import type { InspectedStep } from "../durable/step_journal.ts";
import type { StepCall } from "../durable/steps.ts";
import { keysInOrder } from "../vm/dict.ts";
import { raise } from "../vm/errors.ts";
import type { Builtin, FrameBody, NativeCall, NativeContext, Signal } from "../vm/native.ts";
import { BuiltinRef, type Closure, Dict, dictOf, isCallable, list, share, typeName, type Value } from "../vm/values.ts";
import { frame, variadic } from "./define.ts";

/** Where a call of `step.run` stands: its handler runs, or it waits for the journal. */
const HANDLER = 1;
const JOURNAL = 2;
/** Fuel for a commit. */
const COMMIT_STEPS = 64;

interface Arguments {
  readonly key: string;
  readonly input: Value;
  readonly hasInput: boolean;
  readonly handler: Closure | BuiltinRef;
  readonly namespace: string | null;
}

const body: FrameBody = {
  start(call) {
    const given = readArguments(call.args);
    const session = sessionOf(call.ctx);
    const { call: step, found } = session.begin(given.namespace, call.enclosingScope(), given.key, given.input);
    if (found !== null) {
      if (call.ctx.isAlone()) return call.done(session.answer(found));
      call.pc = JOURNAL;
      return call.park((wake) => session.answerLater(found, wake));
    }
    const args = handlerArguments(given);
    session.failpoint("step.handler.before");
    call.pc = HANDLER;
    call.state = step;
    call.scope = `${step.key}#${step.seq}`;
    return call.call(given.handler, args);
  },

  resume(call, value) {
    if (call.pc === JOURNAL) return call.done(value);
    const session = sessionOf(call.ctx);
    session.failpoint("step.handler.after");
    const finished = session.completed(call.state as StepCall, value);
    return journal(call, session, finished);
  },

  fail(call, error) {
    if (error.fatal) throw error;
    if (call.pc === JOURNAL) throw error;
    const session = sessionOf(call.ctx);
    return journal(call, session, session.failed(call.state as StepCall, error));
  },
};

function journal(call: NativeCall, session: DurableSession, finished: ReturnType<DurableSession["completed"]>): Signal {
  call.pc = JOURNAL;
  if (!call.ctx.isAlone()) return call.park((wake) => session.journalLater(finished, wake));
  const signal = call.done(session.journal(finished));
  // What the handler did is recorded now, so an execution may end here. A commit takes as long as many instructions do, and a loop of
  // them must not keep the host waiting.
  call.ctx.burn(COMMIT_STEPS + (finished.append.event.payload.length >> 6));
  return signal;
}

function sessionOf(ctx: NativeContext): DurableSession {
  const session = ctx.services.durable as DurableSession | undefined;
  if (session === undefined || session === null) throw raise.runtime("no event log is configured");
  return session;
}

function readArguments(args: readonly Value[]): Arguments {
  if (args.length < 2) throw raise.runtime("step.run: expected key, optional input, handler, and optional options");
  const key = args[0] as Value;
  if (typeof key !== "string") throw raise.type(`step.run: key must be a string, got ${typeName(key)}`);
  if (key.trim() === "") throw raise.runtime("step.run: key cannot be empty");
  const hasInput = !isCallable(args[1]);
  const at = hasInput ? 2 : 1;
  if (at >= args.length) throw raise.runtime("step.run: handler is required after input");
  const handler = args[at] as Value;
  if (!isCallable(handler)) throw raise.type(`step.run: handler must be callable, got ${typeName(handler)}`);
  if (args.length > at + 2) throw raise.runtime(`step.run: expected at most ${at + 2} arguments, got ${args.length}`);
  const input = hasInput ? (args[1] as Value) : null;
  return { key, input, hasInput, handler, namespace: namespaceOption(args[at + 1] ?? null) };
}

/** Options that the language has beyond `namespace`. */
const LATER: ReadonlySet<string> = new Set(["retry", "timeout"]);

function namespaceOption(options: Value): string | null {
  if (options === null) return null;
  if (!(options instanceof Dict)) throw raise.type(`step.run: options must be a dict, got ${typeName(options)}`);
  for (const name of keysInOrder(options)) {
    if (LATER.has(name)) throw raise.runtime(`step.run: option \`${name}\` is not supported yet`);
    if (name !== "namespace") throw raise.runtime(`step.run: unknown option \`${name}\``);
  }
  const namespace = options.map.get("namespace") ?? null;
  if (namespace === null) return null;
  if (typeof namespace !== "string") throw raise.type(`step.run: options.namespace must be a string, got ${typeName(namespace)}`);
  if (namespace.trim() === "") throw raise.runtime("step.run: options.namespace cannot be empty");
  return namespace;
}

function handlerArguments({ handler, hasInput, input }: Arguments): Value[] {
  if (handler instanceof BuiltinRef) return hasInput ? [share(input)] : [];
  const { params } = handler.proto;
  const required = params.filter((param) => !param.hasDefault && !param.rest).length;
  if (required > 1) {
    throw raise.runtime(`step.run: handler expects ${required} required arguments; step handlers receive at most one input value`);
  }
  return params.length === 0 ? [] : [share(input)];
}

function inspect(ctx: NativeContext, args: readonly Value[]): Value {
  if (args.length > 1) throw raise.runtime(`step.inspect: expected at most 1 argument, got ${args.length}`);
  const namespace = inspectedNamespace(args[0] ?? null);
  const steps = sessionOf(ctx).inspect(namespace);
  ctx.burn(steps.length);
  return list(steps.map(toDict));
}

function inspectedNamespace(argument: Value): string | null {
  const namespace = argument instanceof Dict ? (argument.map.get("namespace") ?? null) : argument;
  if (namespace === null) return null;
  if (typeof namespace !== "string") {
    throw raise.type(`step.inspect: expected namespace string or options dict, got ${typeName(namespace)}`);
  }
  if (namespace.trim() === "") throw raise.runtime("step.inspect: namespace cannot be empty");
  return namespace;
}

function toDict(step: InspectedStep): Value {
  return dictOf({
    event_id: step.eventId,
    namespace: step.namespace,
    key: step.key,
    sequence: step.seq,
    deterministic_inputs_hash: step.inputHash,
    result: step.result,
    occurred_at_ms: step.occurredAtMs,
  });
}

export const stepBuiltins: readonly Builtin[] = [
  frame(
    {
      name: "step.run",
      signature: "(key: string, input_or_handler: any, handler_or_options?: any, options?: any) -> any",
      effect: "durable",
      doc: "Runs the handler once and journals its result; when the script runs again after a crash, the journalled result answers instead. The optional input goes to the handler, and a changed input is an error. `options.namespace` shares the result between runs.",
      example: 'let total = step.run("total", [1, 2], { xs -> xs.sum() })\nprintln(total) // -> 3',
    },
    body,
  ),
  variadic(
    {
      name: "step.inspect",
      signature: "(namespace_or_options?: any) -> list",
      effect: "durable",
      doc: "The completed steps of a namespace, by default of this run, in the order in which they were journalled.",
      example: 'step.run("a", { -> 1 })\nprintln(step.inspect()[0].key) // -> a',
    },
    inspect,
  ),
];
