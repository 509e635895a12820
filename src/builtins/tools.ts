/** Tools as values: registries are plain dicts, so everything here gives a new one. What calls the tools is the host's. */
import { display } from "../vm/display.ts";
import { raise } from "../vm/errors.ts";
import type { Builtin, NativeContext } from "../vm/native.ts";
import { Dict, dict, List, list, share, shareItems, type Value } from "../vm/values.ts";
import { textArg } from "./args.ts";
import { perInstance, plain } from "./define.ts";
import { checkedTool } from "./tool_config.ts";

const REGISTRY = "tool_registry";

export function toolRegistryFunctions(): Builtin[] {
  return [...making(), ...asking(), ...binding(), ...hooks()];
}

/** The tools of a registry; throws for anything else. */
export function toolsOf(name: string, registry: Value | undefined): Dict[] {
  if (registry instanceof Dict && registry.map.get("_type") === REGISTRY) {
    const tools = registry.map.get("tools");
    if (tools instanceof List) return shareItems(tools.items, 0, tools.length).filter((tool) => tool instanceof Dict);
  }
  throw raise.thrown(`${name}: argument must be a tool registry (created with tool_registry())`);
}

export function toolName(tool: Dict): string {
  return display(tool.map.get("name") ?? null);
}

/** A registry with other tools, and whatever else it holds. */
function withTools(registry: Value | undefined, tools: readonly Dict[]): Dict {
  const entries = registry instanceof Dict ? [...registry.map].map(([key, value]): [string, Value] => [key, share(value)]) : [];
  return dict(new Map<string, Value>([...entries, ["_type", REGISTRY], ["tools", list([...tools])]]));
}

/** What may be shown and kept anywhere: all but the function itself. */
function withoutHandler(tool: Dict): Dict {
  return dict(new Map([...tool.map].filter(([key]) => key !== "handler").map(([key, value]) => [key, share(value)])));
}

// --- Registries --------------------------------------------------------------------------------------------------------------------

function making(): Builtin[] {
  return [
    plain(
      {
        name: "tool_registry",
        signature: "() -> dict",
        doc: "A registry without tools.",
        example: "println(tool_registry())  // -> {_type: tool_registry, tools: []}",
      },
      () => withTools(undefined, []),
    ),
    plain(
      {
        name: "tool_define",
        signature: "(registry: dict, name: string, description: string, config: dict) -> dict",
        doc: "The registry with a tool added, in the place of one of that name.",
        example: 'println(tool_count(tool_define(tool_registry(), "t", "does it", {handler: { x -> x }})))  // -> 1',
      },
      (ctx, registry, name, description, config) => {
        const tools = toolsOf("tool_define", registry);
        const text = textArg(ctx, name as Value, 1);
        const tool = checkedTool(text, textArg(ctx, description as Value, 2), config as Value);
        return withTools(registry, [...tools.filter((other) => toolName(other) !== text), tool]);
      },
    ),
    plain(
      {
        name: "tool_select",
        signature: "(registry: dict, names: list<string>) -> dict",
        doc: "The registry with those tools only.",
        example: 'println(tool_count(tool_select(tool_registry(), ["a"])))  // -> 0',
      },
      (_ctx, registry, names) => {
        const wanted = new Set(names instanceof List ? names.items.slice(0, names.length).map(display) : []);
        return withTools(
          registry,
          toolsOf("tool_select", registry).filter((tool) => wanted.has(toolName(tool))),
        );
      },
    ),
    plain(
      {
        name: "tool_remove",
        signature: "(registry: dict, name: string) -> dict",
        doc: "The registry without that tool.",
        example: 'println(tool_count(tool_remove(tool_registry(), "a")))  // -> 0',
      },
      (ctx, registry, name) => {
        const gone = textArg(ctx, name as Value, 1);
        return withTools(
          registry,
          toolsOf("tool_remove", registry).filter((tool) => toolName(tool) !== gone),
        );
      },
    ),
  ];
}

function asking(): Builtin[] {
  return [
    plain(
      {
        name: "tool_count",
        signature: "(registry: dict) -> int",
        doc: "How many tools a registry holds.",
        example: "println(tool_count(tool_registry()))  // -> 0",
      },
      (_ctx, registry) => toolsOf("tool_count", registry).length,
    ),
    plain(
      {
        name: "tool_find",
        signature: "(registry: dict, name: string)",
        doc: "The tool of that name, or nil.",
        example: 'println(tool_find(tool_registry(), "a"))  // -> nil',
      },
      (ctx, registry, name) => {
        const wanted = textArg(ctx, name as Value, 1);
        return share(toolsOf("tool_find", registry).find((tool) => toolName(tool) === wanted)) ?? null;
      },
    ),
    plain(
      {
        name: "tool_list",
        signature: "(registry: dict) -> list",
        doc: "The tools without their functions.",
        example: "println(tool_list(tool_registry()))  // -> []",
      },
      (_ctx, registry) => list(toolsOf("tool_list", registry).map(withoutHandler)),
    ),
  ];
}

// --- The bound registry ------------------------------------------------------------------------------------------------------------

interface Bound {
  registry: Value;
}

function binding(): Builtin[] {
  const bound = perInstance<Bound>(() => ({ registry: null }));
  const named = (ctx: NativeContext, name: string, value: Value): Dict => {
    const { registry } = bound(ctx);
    if (registry === null) {
      throw raise.thrown(`${name}: no tool registry bound to this scope. Call tool_bind(registry) first.`);
    }
    const wanted = textArg(ctx, value, 0);
    const tools = toolsOf(name, registry);
    const found = tools.find((tool) => toolName(tool) === wanted);
    if (found !== undefined) return found;
    throw raise.thrown(`${name}: unknown tool "${wanted}". Registered tools: ${tools.map(toolName).join(", ")}`);
  };
  return [
    plain(
      {
        name: "tool_bind",
        signature: "(registry: dict | nil)",
        doc: "Makes a registry the one that `tool_ref` and `tool_def` ask; nil: none.",
        example: "println(tool_bind(tool_registry()))  // -> nil",
      },
      (ctx, registry) => {
        if (registry !== null) toolsOf("tool_bind", registry);
        bound(ctx).registry = share(registry as Value);
        return null;
      },
    ),
    plain(
      {
        name: "tool_ref",
        signature: "(name: string) -> string",
        doc: "The name itself, when the bound registry has such a tool.",
        example: 'tool_bind(tool_define(tool_registry(), "a", "", {handler: { x -> x }}))\nprintln(tool_ref("a"))  // -> a',
      },
      (ctx, name) => toolName(named(ctx, "tool_ref", name as Value)),
    ),
    plain(
      {
        name: "tool_def",
        signature: "(name: string) -> dict",
        doc: "That tool of the bound registry without its function.",
        example: 'tool_bind(tool_define(tool_registry(), "a", "", {handler: { x -> x }}))\nprintln(tool_def("a").executor)  // -> harn',
      },
      (ctx, name) => withoutHandler(named(ctx, "tool_def", name as Value)),
    ),
  ];
}

/** Hooks act on calls that a host's agents make; there is none here, so there is nothing to remember. */
function hooks(): Builtin[] {
  return [
    plain(
      {
        name: "register_tool_hook",
        signature: "(config: dict)",
        doc: "Watches or denies tool calls of the host's agents by a pattern of names.",
        example: 'println(register_tool_hook({pattern: "net_*", deny: "offline"}))  // -> nil',
      },
      (_ctx, _config) => null,
    ),
    plain(
      {
        name: "clear_tool_hooks",
        signature: "()",
        doc: "Forgets all hooks.",
        example: "println(clear_tool_hooks())  // -> nil",
      },
      () => null,
    ),
  ];
}
