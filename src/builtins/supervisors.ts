/** Starting, stopping and watching supervisors; a handle is a dict, and the id alone does as well. */
import { compareStrings } from "../vm/dict.ts";
import { display } from "../vm/display.ts";
import { raise } from "../vm/errors.ts";
import type { Builtin, FrameBody, NativeContext } from "../vm/native.ts";
import { Dict, dictOf, type Value } from "../vm/values.ts";
import { millisecondsOr } from "./args.ts";
import { frame, plain } from "./define.ts";
import { Supervisor } from "./supervisor.ts";
import { readSpec } from "./supervisor_spec.ts";

/** The supervisors of one VM instance. */
export interface Supervisors {
  readonly byId: Map<string, Supervisor>;
  numbered: number;
}

type States = (ctx: NativeContext) => Supervisors;

function find({ byId }: Supervisors, name: string, handle: Value): Supervisor {
  const id = display(handle instanceof Dict ? (handle.get("id") ?? null) : handle);
  const found = byId.get(id);
  if (found === undefined) throw raise.runtime(`${name}: unknown supervisor '${id}'`);
  return found;
}

/** In the order of their ids. */
export function supervisorStates({ byId }: Supervisors): Dict[] {
  return [...byId.values()].sort((a, b) => compareStrings(a.id, b.id)).map((supervisor) => supervisor.stateDict());
}

function starting(states: States): FrameBody {
  return {
    start(call) {
      const { ctx } = call;
      const spec = readSpec(call.args);
      const state = states(ctx);
      const id = spec.id ?? `supervisor_${++state.numbered}`;
      if (state.byId.has(id)) throw raise.runtime(`supervisor_start: supervisor '${id}' already exists`);
      const name = spec.name ?? id;
      state.byId.set(id, new Supervisor(ctx, id, name, spec, ctx.tasks.current, call.enclosingScope()));
      return call.done(dictOf({ _type: "supervisor", id, name }));
    },
    resume: (call, value) => call.done(value), // nothing is called
  };
}

function stopping(states: States): FrameBody {
  return {
    start(call) {
      const { ctx } = call;
      const [handle = null, time = null] = call.args;
      const supervisor = find(states(ctx), "supervisor_stop", handle);
      call.state = supervisor;
      supervisor.drain();
      if (!supervisor.isBusy) return this.resume(call, null);
      const { current } = ctx.tasks;
      return call.park((wake) => {
        const timer = ctx.tasks.after(millisecondsOr(time, supervisor.spec.shutdownMs), () => end());
        const leave = (): void => {
          timer.cancelled = true;
          supervisor.onDrained = null;
        };
        const end = (): void => {
          leave();
          wake.done(null);
        };
        supervisor.onDrained = end;
        current.abandon = leave;
      });
    },
    resume(call) {
      const supervisor = call.state as Supervisor;
      supervisor.stop();
      return call.done(supervisor.stateDict());
    },
  };
}

export function supervisorFunctions(states: States): Builtin[] {
  const example =
    'let s = supervisor_start({id: "team", children: [{name: "a", task: { c -> 1 }}]})\nsleep(5)\nprintln(supervisor_state(s).status) // -> completed';
  const row = (name: string, signature: string, doc: string) => ({ name, signature, effect: "task", doc, example }) as const;
  return [
    frame(row("supervisor_start", "(spec?)", "Starts tasks that are started again by rules when they end."), starting(states)),
    frame(
      row(
        "supervisor_stop",
        "(supervisor?, timeout?)",
        "Asks the children to end, aborts those that take longer than the timeout, and gives the last state.",
      ),
      stopping(states),
    ),
    plain(row("supervisor_state", "(supervisor?) -> dict", "How a supervisor and its children are."), (ctx, handle) =>
      find(states(ctx), "supervisor_state", handle as Value).stateDict(),
    ),
    plain(row("supervisor_metrics", "(supervisor?) -> dict", "How often children were started, stopped and so on."), (ctx, handle) =>
      find(states(ctx), "supervisor_metrics", handle as Value).metricsDict(),
    ),
    plain(row("supervisor_events", "(supervisor?) -> list", "All that happened to a supervisor, in order."), (ctx, handle) =>
      find(states(ctx), "supervisor_events", handle as Value).eventList(),
    ),
  ];
}
