/** Where durable state is kept: chapter 7.1 of the reference. */
import type { Door } from "../vm/door.ts";

export interface StatePlace {
  /** The state folder; it need not exist. */
  readonly root: string;
  /** As the settings name it; opening the log refuses one that does not exist. */
  readonly backend: string;
  /** The database file. */
  readonly path: string;
}

/**
 * @param folder the script's folder, absolute; without a script the current one
 * @param given the state folder that the command line names
 */
export function statePlace(door: Pick<Door, "env" | "files">, folder: string, given?: string): StatePlace {
  const setting = (name: string): string | undefined => door.env.get(name)?.trim() || undefined;
  const base = projectRoot(door, folder);
  const root = given === undefined ? within(base, setting("HARN_STATE_DIR") ?? ".harn") : within(door.env.cwd(), given);
  const path = within(base, setting("HARN_EVENT_LOG_SQLITE_PATH") ?? within(root, "events.sqlite"));
  return { backend: setting("HARN_EVENT_LOG_BACKEND") ?? "sqlite", path, root };
}

/** The state of a script: beside its real file, or of the project around it. */
export function scriptStatePlace(door: Pick<Door, "env" | "files">, realPath: string, given?: string): StatePlace {
  return statePlace(door, realPath.slice(0, Math.max(1, realPath.lastIndexOf("/"))), given);
}

/** The folder of `harn.toml` above a folder, else the folder itself. */
function projectRoot(door: Pick<Door, "files">, folder: string): string {
  for (let at = folder; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
    if (door.files.exists(within(at, "harn.toml"))) return at;
  }
  return folder;
}

function within(folder: string, path: string): string {
  return path.startsWith("/") ? path : `${folder.replace(/\/$/, "")}/${path.replace(/^\.\//, "")}`;
}
