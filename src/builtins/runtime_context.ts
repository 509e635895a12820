/** What a task can learn about itself, and the values that it keeps for itself and the tasks it starts. */
import { compareStrings } from "../vm/dict.ts";
import { raise } from "../vm/errors.ts";
import type { Builtin, NativeContext } from "../vm/native.ts";
import { ROOT_IDENTITY } from "../vm/task.ts";
import { type Dict, dict, dictOf, list, share, type Value } from "../vm/values.ts";
import { plain, withAliases } from "./define.ts";
import { type Supervisors, supervisorStates } from "./supervisors.ts";

/** What only a host knows. */
const HOST_KEYS =
  "scope_id workflow_id run_id stage_id worker_id agent_session_id parent_agent_session_id root_agent_session_id agent_name trigger_id trigger_event_id binding_key tenant_id provider trace_id span_id scheduler_key runner capacity_class".split(
    " ",
  );

function describe(ctx: NativeContext, supervisors: Supervisors): Dict {
  const { task } = ctx.tasks.current;
  const { id, parentId, name, groupId } = task.identity;
  const active = [...task.children].flatMap(({ task: { handle } }) => (handle === null ? [] : [handle]));
  return dictOf({
    ...Object.fromEntries(HOST_KEYS.map((key) => [key, null])),
    task_id: id,
    parent_task_id: parentId,
    root_task_id: ROOT_IDENTITY.id,
    task_name: name,
    task_group_id: groupId,
    context_values: valuesOf(ctx),
    cancelled: task.cancel.isSet,
    debug: dictOf({
      active_task_ids: list(active.sort(compareStrings)),
      cancelled: task.cancel.isSet,
      held_synchronization: list([]),
      supervisors: list(supervisorStates(supervisors)),
      waiting_reason: null,
    }),
  });
}

function valuesOf(ctx: NativeContext): Dict {
  const values = new Map(ctx.tasks.current.task.values);
  for (const value of values.values()) share(value);
  return dict(values);
}

function keyArg(name: string, key: Value): string {
  if (typeof key !== "string") throw raise.runtime(`${name}: first argument must be a string key`);
  return key;
}

/** Replaces the task's values by a changed copy. @returns the value before */
function change(ctx: NativeContext, key: string, edit: (values: Map<string, Value>) => void): Value {
  const { task } = ctx.tasks.current;
  const before = task.values.get(key) ?? null;
  const values = new Map(task.values);
  edit(values);
  task.values = values;
  return before;
}

export function runtimeContextFunctions(supervisors: (ctx: NativeContext) => Supervisors): Builtin[] {
  const example = 'runtime_context_set("user", "ann")\nprintln(runtime_context_get("user")) // -> ann';
  return [
    ...withAliases(
      plain(
        {
          name: "runtime_context",
          signature: "() -> dict",
          effect: "task",
          doc: "Which task this is, who started it, and its own values.",
          example: "println(runtime_context().task_id) // -> task_root",
        },
        (ctx) => describe(ctx, supervisors(ctx)),
      ),
      "task_current",
    ),
    plain(
      {
        name: "runtime_context_values",
        signature: "() -> dict",
        effect: "task",
        doc: "The task's own values.",
        example: 'runtime_context_set("user", "ann")\nprintln(runtime_context_values()) // -> {user: ann}',
      },
      valuesOf,
    ),
    plain(
      {
        name: "runtime_context_get",
        signature: "(key: any, default?: any)",
        effect: "task",
        doc: "One of the task's own values, or the default when there is none of that name.",
        example,
      },
      (ctx, key, fallback) => {
        const value = ctx.tasks.current.task.values.get(keyArg("runtime_context_get", key as Value));
        return value === undefined ? (fallback as Value) : share(value);
      },
    ),
    plain(
      {
        name: "runtime_context_set",
        signature: "(key: any, value: any)",
        effect: "task",
        doc: "Sets a value for this task and those that it starts from now on, and gives the one before.",
        example,
      },
      (ctx, key, value) => {
        const name = keyArg("runtime_context_set", key as Value);
        return change(ctx, name, (values) => values.set(name, value as Value));
      },
    ),
    plain(
      {
        name: "runtime_context_clear",
        signature: "(key: any)",
        effect: "task",
        doc: "Removes one of the task's own values, and gives it.",
        example: 'runtime_context_set("user", "ann")\nprintln(runtime_context_clear("user")) // -> ann',
      },
      (ctx, key) => {
        const name = keyArg("runtime_context_clear", key as Value);
        return change(ctx, name, (values) => values.delete(name));
      },
    ),
  ];
}
