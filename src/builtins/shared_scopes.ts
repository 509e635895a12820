/** How shared cells, maps and mailboxes are named: a key within a scope, and handles that say both. */
import { display } from "../vm/display.ts";
import { raise } from "../vm/errors.ts";
import type { NativeContext } from "../vm/native.ts";
import { ROOT_IDENTITY } from "../vm/task.ts";
import { Dict, dictOf, type Value } from "../vm/values.ts";

export type SharedKind = "shared_cell" | "shared_map" | "mailbox";

/** Where a shared thing is: its key, and the scope with the scope's own id. */
export interface Place {
  readonly key: string;
  readonly scope: string;
}

const DEFAULT_SCOPE = "task_group";

/**
 * A scope as it is written, with its id for the running task.
 *
 * @param caller the builtin that error texts name
 * @param scope nil: the default
 */
export function scopeId(ctx: NativeContext, caller: string, scope: Value, options: Value): string {
  const written = scope === null ? DEFAULT_SCOPE : display(scope);
  return `${written}:${idOf(ctx, caller, written, options)}`;
}

function idOf(ctx: NativeContext, caller: string, written: string, options: Value): string {
  const { id, groupId } = ctx.tasks.current.task.identity;
  switch (written.replaceAll("-", "_")) {
    case "task":
    case "task_local":
      return id;
    case "root_task":
    case "agent_session":
    case "session":
      return ROOT_IDENTITY.id;
    case "task_group":
    case "workflow":
    case "workflow_local":
    case "workflow_run":
    case "run":
      return groupId ?? ROOT_IDENTITY.id;
    case "tenant":
    case "tenant_scoped": {
      const tenant = options instanceof Dict ? (options.get("tenant_id") ?? null) : null;
      if (tenant === null) throw raise.runtime(`${caller}: tenant scope requires tenant_id in options or runtime context`);
      return display(tenant);
    }
    case "process":
    case "global":
      return "process";
    case "durable":
    case "event_log":
      throw raise.runtime(`${caller}: durable shared state is explicit; use store_* or agent_state_* APIs`);
    case "external":
    case "host":
      throw raise.runtime(`${caller}: external shared state must be provided by a host/connector builtin`);
    default:
      return written;
  }
}

/** What an opening builtin is given: options with a key, or the key itself. */
export function placeToOpen(ctx: NativeContext, caller: string, given: Value): Place {
  const options = given instanceof Dict ? given : null;
  const key = options === null ? given : (options.get("key") ?? options.get("name") ?? null);
  if (key === null) throw raise.runtime(`${caller}: key/name is required`);
  return { key: display(key), scope: scopeId(ctx, caller, options?.get("scope") ?? null, options) };
}

/** The place that a handle of this kind names, or a bare key in the default scope. */
export function placeOf(ctx: NativeContext, caller: string, kind: SharedKind, target: Value): Place {
  if (!(target instanceof Dict)) return { key: display(target), scope: scopeId(ctx, caller, null, null) };
  if (target.get("_type") !== kind) throw raise.runtime(`${caller}: expected ${kind} handle`);
  return { key: display(target.get("key") ?? null), scope: display(target.get("scope") ?? null) };
}

export function handle(kind: SharedKind, { key, scope }: Place): Dict {
  return dictOf({ _type: kind, key, scope });
}

/** Under one name for each place. */
export function nameOf({ key, scope }: Place): string {
  return `${scope.length} ${scope} ${key}`;
}
