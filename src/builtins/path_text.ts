/**
 * Paths as text. Two families: POSIX (`dirname`, `basename`, `extname`, `path_join`), which knows only `/`, and the portable one behind
 * `path_*`, which takes `\` as `/`, knows drives, and drops empty segments.
 */

/** The part behind the last `/`, trailing ones ignored; empty for `/` and `..`. */
export function basename(path: string): string {
  const last = components(path).at(-1) ?? "";
  return last === ".." ? "" : last;
}

/** The path without its last part: empty when there is none, `/` for what lies directly under it. */
export function dirname(path: string): string {
  const trimmed = path.replace(/\/+$/, "");
  const slash = trimmed.lastIndexOf("/");
  if (slash < 0) return "";
  return trimmed.slice(0, slash).replace(/\/+$/, "") || "/";
}

/** The extension with its dot; a name that begins with its only dot has none. */
export function extname(path: string): string {
  const name = basename(path);
  const dot = name.lastIndexOf(".");
  return dot <= 0 ? "" : name.slice(dot);
}

function components(path: string): string[] {
  const parts = path.split("/").filter((part) => part !== "");
  return parts.filter((part, i) => part !== "." || i === 0);
}

/** Parts put together with `/`; an absolute part starts over. Nothing is normalised. */
export function joinPaths(parts: readonly string[]): string {
  let path = "";
  for (const part of parts) {
    if (part.startsWith("/")) path = part;
    else path += path === "" || path.endsWith("/") ? part : `/${part}`;
  }
  return path;
}

/** An absolute path without `.` and `..`; relative ones lie under `base`. */
export function resolvePath(base: string, path: string): string {
  return formatPath(normalized(parsePath(joinPaths([base, path]))));
}

export interface PortablePath {
  /** `X:` or empty. */
  readonly drive: string;
  readonly absolute: boolean;
  readonly segments: readonly string[];
}

export function parsePath(text: string): PortablePath {
  const path = text.replaceAll("\\", "/");
  const drive = /^[A-Za-z]:/.exec(path)?.[0] ?? "";
  const rest = path.slice(drive.length);
  return { drive, absolute: rest.startsWith("/"), segments: rest.split("/").filter((segment) => segment !== "") };
}

/** `.` and `..` folded; leading `..` stay in relative paths only. */
export function normalized(path: PortablePath): PortablePath {
  const segments: string[] = [];
  for (const segment of path.segments) {
    if (segment === ".") continue;
    if (segment !== "..") segments.push(segment);
    else if (segments.length > 0 && segments.at(-1) !== "..") segments.pop();
    else if (!path.absolute) segments.push(segment);
  }
  return { ...path, segments };
}

export function formatPath(path: PortablePath): string {
  const body = path.segments.join("/");
  if (path.absolute) return `${path.drive}/${body}`;
  return path.drive + (body === "" && path.drive === "" ? "." : body);
}

/** The name of a path's last segment without and with its extension. */
export function stemAndExtension(path: PortablePath): { stem: string; extension: string } {
  const name = path.segments.at(-1) ?? "";
  const dot = name.lastIndexOf(".");
  if (dot <= 0) return { stem: name, extension: "" };
  return { stem: name.slice(0, dot), extension: name.slice(dot) };
}

/** How to get from a base to a path, null when they have different roots. */
export function relativeTo(path: PortablePath, base: PortablePath): string | null {
  const [a, b] = [normalized(path), normalized(base)];
  if (a.absolute !== b.absolute || a.drive.toLowerCase() !== b.drive.toLowerCase()) return null;
  let common = 0;
  while (common < a.segments.length && common < b.segments.length && a.segments[common] === b.segments[common]) common++;
  const up = b.segments.slice(common).map(() => "..");
  return [...up, ...a.segments.slice(common)].join("/") || ".";
}
