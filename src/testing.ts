/** Test tools: `import { crashEach } from "harnlet/testing"`. */
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
} from "./testing/crash.ts";
