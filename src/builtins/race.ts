/** `parallel_race`: several calls at once, of which the first that succeeds answers. */
import { display } from "../vm/display.ts";
import { raise, ScriptError } from "../vm/errors.ts";
import type { Builtin, FrameBody, NativeCall, Wake } from "../vm/native.ts";
import { errorText } from "../vm/report.ts";
import { Dict, isCallable, isInt, isResult, List, share, typeName, type Value } from "../vm/values.ts";
import { frame } from "./define.ts";
import { type End, Members, unlimitedUnlessPositive } from "./members.ts";

interface Race {
  readonly members: Members;
  readonly failures: string[];
  winner: { readonly value: Value } | null;
  left: number;
}

function capOf(cap: Value): number {
  const count = cap instanceof Dict ? (cap.get("max_concurrent") ?? null) : cap;
  if (count !== null && !isInt(count)) {
    if (cap instanceof Dict) throw raise.type(`parallel_race: max_concurrent must be an int, got ${typeName(count)}`);
    throw raise.type(`parallel_race: third argument must be max_concurrent int or options dict, got ${typeName(cap)}`);
  }
  return unlimitedUnlessPositive(count);
}

function begin(call: NativeCall): { readonly race: Race; readonly most: number } {
  const [items = null, callee = null, cap = null] = call.args;
  if (!(items instanceof List)) throw raise.type(`parallel_race: first argument must be a list, got ${typeName(items)}`);
  if (!isCallable(callee)) throw raise.type(`parallel_race: argument 2 must be callable, got ${typeName(callee)}`);
  const most = capOf(cap);
  if (items.length === 0) throw raise.runtime("parallel_race: expected at least one item");
  const { current } = call.ctx.tasks;
  const { identity, cancel } = current.task;
  const members = new Members(call, {
    items: share(items).items,
    size: items.length,
    callee,
    cancel,
    owner: current,
    identity: () => identity,
  });
  return { race: { members, failures: [], winner: null, left: items.length }, most };
}

/** Takes an end; true: the race is over. */
function judge(race: Race, { value, error }: End): boolean {
  race.left--;
  if (error !== null) race.failures.push(errorText(error));
  else if (isResult(value) && value.variant === "Err") race.failures.push(display(value.fields[0] ?? null));
  else race.winner = { value: isResult(value) ? (value.fields[0] ?? null) : value };
  return race.winner !== null || race.left === 0;
}

function ended(race: Race, end: End, wake: Wake | null): void {
  if (race.winner !== null) return;
  if (judge(race, end)) {
    race.members.abort();
    wake?.done(null);
    return;
  }
  try {
    race.members.startNext();
  } catch (failure) {
    if (!(failure instanceof ScriptError)) throw failure;
    race.members.abort();
    wake?.fail(failure);
  }
}

const body: FrameBody = {
  start(call) {
    const { race, most } = begin(call);
    call.state = race;
    for (let i = Math.min(most, race.members.size); i > 0; i--) race.members.startNext();
    const { current } = call.ctx.tasks;
    return call.park((wake) => {
      race.members.onEnd = (end) => ended(race, end, wake);
      current.abandon = () => race.members.abort();
    });
  },
  resume(call) {
    const { winner, failures } = call.state as Race;
    if (winner !== null) return call.done(winner.value);
    throw raise.runtime(`parallel_race: all ${failures.length} task(s) failed: ${failures.join("; ")}`);
  },
};

export function raceFunction(): Builtin {
  return frame(
    {
      name: "parallel_race",
      signature: "(items?, callable?, cap?)",
      effect: "task",
      doc: "Calls the callable for all items at once and gives the first success; the others are ended. `Err` counts as a failure.",
      example: "println(parallel_race([30, 1], { ms ->\n  sleep(ms)\n  ms\n})) // -> 1",
    },
    body,
  );
}
