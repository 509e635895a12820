/** The package's core: `import { createEngine } from "harnlet"`. Loads in a browser too. */
export type { CallSite } from "./vm/errors.ts";
export type { Diagnostic } from "./diagnostics/diagnostic.ts";
export { renderDiagnostics } from "./diagnostics/render.ts";
export type { HostValue, OpaqueValue } from "./engine/convert.ts";
export { closedDoor } from "./engine/doors/closed.ts";
export { type CompileOptions, createEngine, type Engine, type EngineOptions, type Program, type RunOptions } from "./engine/engine.ts";
export { CompileError, ScriptError } from "./engine/host_errors.ts";
export type { HostFunction } from "./engine/host_functions.ts";
export type { CloseAs, ScriptInstance } from "./engine/script_instance.ts";
export { type Door, OsFailure } from "./vm/door.ts";
export { DEFAULT_LIMITS, type Limits } from "./vm/limits.ts";
