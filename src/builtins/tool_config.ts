/** What `tool_define` is given for a tool: checked, and made the entry of a registry. */
import { display } from "../vm/display.ts";
import { raise, type ScriptError } from "../vm/errors.ts";
import { Dict, dict, isCallable, share, typeName, type Value } from "../vm/values.ts";

/** Who carries a tool out, and the entry that says where, for those outside the program. */
const EXECUTORS: ReadonlyMap<string, string | null> = new Map([
  ["harn", null],
  ["host_bridge", "host_capability"],
  ["mcp_server", "mcp_server"],
  ["provider_native", null],
]);

/** The tool's entry. Throws texts that begin with the function's name. */
export function checkedTool(name: string, description: string, config: Value): Dict {
  if (!(config instanceof Dict)) throw fault("config must be a dict with parameters and handler");
  const given = config.map;
  if (given.has("params")) throw fault("use 'parameters', not 'params'");
  const deferred = given.get("defer_loading") ?? null;
  if (deferred !== null && typeof deferred !== "boolean") throw fault(`\`defer_loading\` must be a bool, got ${typeName(deferred)}`);
  const executor = executorOf(JSON.stringify(name), given);
  const entries = new Map<string, Value>();
  for (const [key, value] of given) if (key !== "returns") entries.set(key, share(value));
  entries.set("name", name);
  entries.set("description", description);
  entries.set("parameters", entries.get("parameters") ?? dict(new Map()));
  entries.set("executor", executor);
  const returns = given.get("returns");
  if (returns !== undefined && returns !== null) entries.set("outputSchema", share(returns));
  return dict(entries);
}

function executorOf(tool: string, config: ReadonlyMap<string, Value>): string {
  const written = config.get("executor") ?? null;
  const hasHandler = isCallable(config.get("handler") ?? null);
  if (written === null) {
    if (hasHandler) return "harn";
    throw fault(
      `tool ${tool} has no \`handler\` and no \`executor\`. Either attach a \`handler\` fn (executor: "harn") or declare an alternate backend, e.g. executor: "host_bridge" + host_capability: "cap.op", executor: "mcp_server" + mcp_server: "server-name", executor: "provider_native". Defining a handlerless tool would surface as \`[builtin_call] unhandled: <bare name>\` at the first model call.`,
    );
  }
  const executor = display(written) === "harn_builtin" ? "harn" : display(written);
  const place = EXECUTORS.get(executor);
  if (place === undefined) {
    const known = [...EXECUTORS.keys()].map((each) => `"${each}"`).join(", ");
    throw fault(`unknown executor "${display(written)}" for tool ${tool}. Expected one of: ${known}`);
  }
  if (executor === "harn") {
    if (hasHandler) return executor;
    throw fault(`tool ${tool} declares executor: "harn" but has no \`handler\`. Attach the fn that carries it out.`);
  }
  if (hasHandler) {
    const dispatcher =
      executor === "host_bridge" ? "host-bridge tools are dispatched by the host shell" : "such tools are dispatched outside";
    throw fault(`tool ${tool} declares executor: "${executor}" but also has a \`handler\`. Drop the handler — ${dispatcher}, not the VM.`);
  }
  if (place === null || display(config.get(place) ?? "") !== "") return executor;
  const remedy =
    executor === "host_bridge"
      ? 'Set it to the canonical bridge identifier (e.g. "interaction.ask") so `harn check` can validate the binding against the host capability manifest.'
      : "Set it to the name of the configured server.";
  throw fault(`tool ${tool} declares executor: "${executor}" but is missing \`${place}\`. ${remedy}`);
}

function fault(text: string): ScriptError {
  return raise.thrown(`tool_define: ${text}`);
}
