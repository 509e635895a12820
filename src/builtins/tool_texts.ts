/** Tools as a model is told of them: descriptions, JSON Schemas, and the calls in its answers. */
import { keysInOrder } from "../vm/dict.ts";
import { display } from "../vm/display.ts";
import type { Builtin } from "../vm/native.ts";
import { Dict, dict, dictOf, list, share, type Value } from "../vm/values.ts";
import { limitedText, textArg } from "./args.ts";
import { plain } from "./define.ts";
import { JsonError, parseJson } from "./json_read.ts";
import { burnText } from "./text_ops.ts";
import { toolName, toolsOf } from "./tools.ts";

export function toolTextFunctions(): Builtin[] {
  return [...describing(), ...speaking()];
}

function dictAt(tool: Dict, key: string): Dict {
  const value = tool.map.get(key);
  return value instanceof Dict ? value : dict(new Map());
}

/** `k: v, …` in the order of the keys. */
function entryList(entries: Dict): string {
  return keysInOrder(entries)
    .map((key) => `${key}: ${display(entries.map.get(key) as Value)}`)
    .join(", ");
}

function byName(tools: readonly Dict[]): Dict[] {
  return [...tools].sort((a, b) => (toolName(a) < toolName(b) ? -1 : 1));
}

function describing(): Builtin[] {
  return [
    plain(
      {
        name: "tool_describe",
        signature: "(registry: dict) -> string",
        doc: "One line for each tool.",
        example: "println(tool_describe(tool_registry()))  // -> Available tools:\n// -> (none)",
      },
      (ctx, registry) => {
        const lines = byName(toolsOf("tool_describe", registry)).map(described);
        return limitedText(ctx, ["Available tools:", ...(lines.length === 0 ? ["(none)"] : lines)].join("\n"));
      },
    ),
    plain(
      {
        name: "tool_prompt",
        signature: "(registry: dict) -> string",
        doc: "What a model must know to call the tools.",
        example: "println(tool_prompt(tool_registry()))  // -> No tools are available.",
      },
      (ctx, registry) => {
        const tools = byName(toolsOf("tool_prompt", registry));
        if (tools.length === 0) return "No tools are available.";
        return limitedText(ctx, [HOW_TO_CALL, ...tools.map(section)].join("\n\n"));
      },
    ),
    plain(
      {
        name: "tool_schema",
        signature: "(registry: dict, components?: dict) -> dict",
        doc: "The tools and their parameters as JSON Schemas.",
        example: "println(tool_schema(tool_registry()))  // -> {schema_version: harn-tools/1.0, tools: []}",
      },
      (_ctx, registry, components) => {
        const tools = toolsOf("tool_schema", registry).map(schemaOfTool);
        const shared = components instanceof Dict ? { components: share(components) } : {};
        return dictOf({ schema_version: "harn-tools/1.0", tools: list(tools), ...shared });
      },
    ),
  ];
}

function described(tool: Dict): string {
  const line = `- ${toolName(tool)}(${entryList(dictAt(tool, "parameters"))}): ${display(tool.map.get("description") ?? "")}`;
  const returns = dictAt(tool, "outputSchema");
  return returns.map.size === 0 ? line : `${line}\n  returns ${entryList(returns)}`;
}

const HOW_TO_CALL = `# Available Tools

To call a tool, write its name and arguments as JSON between these tags:

<tool_call>{"name": "tool_name", "arguments": {"key": "value"}}</tool_call>

## Tools`;

function section(tool: Dict): string {
  const parameters = dictAt(tool, "parameters");
  const returns = dictAt(tool, "outputSchema");
  const lines = [`### ${toolName(tool)}`, display(tool.map.get("description") ?? "")];
  lines.push(`Parameters: ${parameters.map.size === 0 ? "none" : entryList(parameters)}`);
  if (returns.map.size > 0) lines.push(`Returns: ${entryList(returns)}`);
  return lines.filter((line) => line !== "").join("\n");
}

// --- Schemas -----------------------------------------------------------------------------------------------------------------------

const JSON_TYPES: Readonly<Record<string, string>> = {
  int: "integer",
  integer: "integer",
  float: "number",
  number: "number",
  bool: "boolean",
  boolean: "boolean",
  list: "array",
  array: "array",
  dict: "object",
  object: "object",
};

function schemaOfTool(tool: Dict): Dict {
  const parameters = dictAt(tool, "parameters");
  const names = keysInOrder(parameters);
  const properties = dict(new Map(names.map((name) => [name, parameterSchema(parameters.map.get(name) as Value)])));
  const inputSchema = dictOf({ type: "object", properties, ...(names.length > 0 ? { required: list([...names]) } : {}) });
  const outputSchema = tool.map.get("outputSchema") ?? null;
  const description = display(tool.map.get("description") ?? "");
  return dictOf({
    name: toolName(tool),
    description,
    inputSchema,
    ...(outputSchema === null ? {} : { outputSchema: share(outputSchema) }),
  });
}

function parameterSchema(value: Value): Value {
  return value instanceof Dict ? share(value) : dictOf({ type: JSON_TYPES[display(value)] ?? "string" });
}

// --- Calls and results -------------------------------------------------------------------------------------------------------------

const OPEN = "<tool_call>";
const CLOSE = "</tool_call>";

function speaking(): Builtin[] {
  return [
    plain(
      {
        name: "tool_parse_call",
        signature: "(text: string) -> list",
        doc: "The calls in a model's answer; what is no JSON is left out.",
        example: 'println(tool_parse_call("<tool_call>{\\"name\\": \\"t\\"}</tool_call>"))  // -> [{name: t}]',
      },
      (ctx, value) => {
        const text = textArg(ctx, value as Value, 0);
        burnText(ctx, text.length);
        return list(callsIn(text));
      },
    ),
    plain(
      {
        name: "tool_format_result",
        signature: "(name: string, result) -> string",
        doc: "A result as a model is told of it.",
        example: 'println(tool_format_result("t", 3))  // -> <tool_result>{"name": "t", "result": "3"}</tool_result>',
      },
      (ctx, name, result) => {
        const [tool, text] = [textArg(ctx, name as Value, 0), textArg(ctx, result as Value, 1)];
        return limitedText(ctx, `<tool_result>{"name": ${JSON.stringify(tool)}, "result": ${JSON.stringify(text)}}</tool_result>`);
      },
    ),
  ];
}

function callsIn(text: string): Value[] {
  const calls: Value[] = [];
  for (let at = text.indexOf(OPEN); at >= 0; at = text.indexOf(OPEN, at)) {
    const start = at + OPEN.length;
    const end = text.indexOf(CLOSE, start);
    if (end < 0) break;
    try {
      calls.push(parseJson(text.slice(start, end).trim()));
    } catch (error) {
      if (!(error instanceof JsonError)) throw error;
    }
    at = end + CLOSE.length;
  }
  return calls;
}
