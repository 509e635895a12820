/**
 * `harnlet/testing`: tools for tests of durable programs.
 *
 * Kill a program at each of its crash points and see that it recovers; arm failpoints in a process of your own.
 */
export { failpointsFromEnv } from "./durable/backends/host.ts";
export { FAILPOINTS, type FailpointInfo, Failpoints, HOST_FAILPOINTS, parseFailpoints } from "./durable/failpoints.ts";
export {
  type CrashCommand,
  type CrashDirective,
  type CrashOptions,
  type CrashOutcome,
  type CrashReport,
  type CrashStory,
  crashAt,
  crashBy,
  crashEach,
  FEWEST_POINTS,
  parseCrashDirective,
} from "./testing/crash.ts";
