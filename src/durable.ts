/** Durable runs: `import { durable, sqliteLog } from "harnlet/durable"`. */
export { durable, type LogPlace, memoryLog, type Runs, type StartOptions, sqliteLog } from "./engine/runs.ts";
