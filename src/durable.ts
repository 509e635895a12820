/**
 * `harnlet/durable`: the event log, its backends, and the session that makes a run durable, for hosts that keep state in a place of
 * their own or look into it.
 */
export { failpointsFromEnv, isAlive, thisProcess } from "./durable/backends/host.ts";
export { MemoryLog } from "./durable/backends/memory.ts";
export { SqliteLog, type SqliteOptions } from "./durable/backends/sqlite.ts";
export { canonicalJson, type Json } from "./durable/canonical.ts";
export { EventLog } from "./durable/event_log.ts";
export { NO_FAILPOINTS } from "./durable/failpoints.ts";
export { lastRun, listNamespace, listRuns, listSteps, type RunView, type StepView, showRun } from "./durable/inspect.ts";
export {
  type Append,
  type Appended,
  type Compaction,
  FencedOff,
  type InlineLog,
  type LogDescription,
  type LogEvent,
  LogFailure,
  type StoredEvent,
} from "./durable/log.ts";
export type { Program, RunWish } from "./durable/run_choice.ts";
export { type Owner, RunRefused, type RunRow, type RunStatus } from "./durable/runs.ts";
export { DurableSession, type RunOutcome, type SessionOptions } from "./durable/session.ts";
export { durable, type LogPlace, memoryLog, type Runs, type StartOptions, sqliteLog } from "./engine/runs.ts";
