/** Everything that has to do with tasks, as one group of rows: what scripts call, and what the compiler's own code calls. */
import type { Builtin } from "../vm/native.ts";
import { breakerFunctions } from "./breakers.ts";
import { channelFunctions, selectFunction } from "./channels.ts";
import { perInstance } from "./define.ts";
import { parallelFunction } from "./groups.ts";
import { lockFunctions } from "./locks.ts";
import { type Mailboxes, mailboxFunctions } from "./mailboxes.ts";
import { raceFunction } from "./race.ts";
import { rateLimitFunctions } from "./rate_limits.ts";
import { runtimeContextFunctions } from "./runtime_context.ts";
import { sharedStateFunctions } from "./shared_state.ts";
import { type Supervisors, supervisorFunctions } from "./supervisors.ts";
import { spawnFunction, taskFunctions } from "./tasks.ts";

export interface TaskRows {
  readonly functions: readonly Builtin[];
  /** By names that no script can write. */
  readonly internal: readonly Builtin[];
}

export function taskRows(): TaskRows {
  const locks = lockFunctions();
  const supervisors = perInstance((): Supervisors => ({ byId: new Map(), numbered: 0 }));
  const mailboxes = perInstance((): Mailboxes => new Map());
  return {
    functions: [
      ...taskFunctions(),
      raceFunction(),
      ...channelFunctions(),
      ...runtimeContextFunctions(supervisors),
      ...supervisorFunctions(supervisors),
      ...locks.functions,
      ...mailboxFunctions(mailboxes),
      ...breakerFunctions(),
      ...rateLimitFunctions(),
      ...sharedStateFunctions({ states: perInstance(() => new Map()), mailboxes }),
    ],
    internal: [spawnFunction(), parallelFunction(), selectFunction(), ...locks.internal],
  };
}
