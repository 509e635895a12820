/**
 * What became of a run's steps, as a fold over its records.
 *
 * The reducer changes a draft. Who owns the state applies it directly; whoever reloads or looks at a whole journal wraps the batch in
 * one `produce`, and gets a frozen state.
 */
import { produce } from "immer";

export type StepStatus = "completed" | "failed";

/** What the reducer needs of a record. */
export interface StepFact {
  readonly id: number;
  readonly status: StepStatus;
  readonly namespace: string;
  readonly scope: string;
  readonly key: string;
  readonly seq: number;
  readonly inputHash: string;
  readonly occurredAtMs: number;
}

export interface StepState {
  namespace: string;
  scope: string;
  key: string;
  seq: number;
  inputHash: string;
  status: StepStatus;
  /** Failed attempts before the current status, the current one included. */
  failures: number;
  /** The record that gave it this status. */
  recordId: number;
  recordedAtMs: number;
}

export interface StepsState {
  /** In the order in which their first record was written. */
  steps: StepState[];
  /** Where a step is in `steps`. */
  at: Record<string, number>;
}

export const NO_STEPS: StepsState = { steps: [], at: {} };

/** Changes the state in place. */
export function applyFact(state: StepsState, fact: StepFact): void {
  const { namespace, scope, key, seq, inputHash, status } = fact;
  const name = JSON.stringify([namespace, scope, key, seq]);
  const index = state.at[name];
  const failed = status === "failed" ? 1 : 0;
  const moment = { recordId: fact.id, recordedAtMs: fact.occurredAtMs };
  if (index === undefined) {
    state.at[name] = state.steps.length;
    state.steps.push({ namespace, scope, key, seq, inputHash, status, failures: failed, ...moment });
    return;
  }
  const step = state.steps[index] as StepState;
  step.failures += failed;
  Object.assign(step, { status, inputHash, ...moment });
}

/** The state after a batch of records; the given one stays as it is. */
export function foldSteps(state: StepsState, facts: Iterable<StepFact>): StepsState {
  return produce(state, (draft) => {
    for (const fact of facts) applyFact(draft, fact);
  });
}
