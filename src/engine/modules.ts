/** Where an import leads: relative files, installed packages, embedded modules. */
import type { FileDoor } from "../vm/door.ts";
import { raise, type ScriptError } from "../vm/errors.ts";

export type Resolution = { readonly kind: "file"; readonly path: string } | { readonly kind: "error"; readonly error: () => ScriptError };

/** Embedded modules of the language; none is here yet. */
const EMBEDDED = new Set(
  `agent_state agents async cache collections context git github hitl host io json lifecycle logging math memory monitors path pool project
   prompt_library runtime schema semver slack string teleport template testing text time triggers vision waitpoint waitpoints worktree`.split(
    /\s+/,
  ),
);

/**
 * @param importer the importing file's absolute path; null: the current folder's own texts
 * @param path as written
 */
export function resolveImport(files: FileDoor, importer: string | null, path: string): Resolution {
  if (path.startsWith("std/")) {
    const name = path.slice(4);
    return {
      kind: "error",
      error: () =>
        EMBEDDED.has(name) ? raise.fatal(`module std/${name} is not supported yet`) : raise.runtime(`Unknown stdlib module: ${path}`),
    };
  }
  if (importer === null) {
    return { kind: "error", error: () => raise.runtime(`Import error: cannot read '${path}': this program has no folder to import from`) };
  }
  const written = join(folderOf(importer), path);
  const extended = /\.[^./]+$/.test(path) ? written : `${written}.harn`;
  const found = [written, extended, ...packagePaths(files, importer, path)].find((candidate) => isFile(files, candidate));
  if (found !== undefined) return { kind: "file", path: files.realPath(found) };
  const why = files.exists(extended) ? "Is a directory (os error 21)" : "No such file or directory (os error 2)";
  return { kind: "error", error: () => raise.runtime(`Import error: cannot read '${extended}': ${why}`) };
}

/** Packages lie under `.harn/packages` of the importer's folder or one above it, up to where a repository begins. */
function packagePaths(files: FileDoor, importer: string, path: string): string[] {
  const found: string[] = [];
  for (let folder = folderOf(importer); ; folder = folderOf(folder)) {
    const base = join(folder, `.harn/packages/${path}`);
    found.push(base, `${base}.harn`);
    if (folder === "/" || folder === "" || files.exists(join(folder, ".git"))) return found;
  }
}

function isFile(files: FileDoor, path: string): boolean {
  return files.exists(path) && files.stat(path).isFile;
}

function folderOf(path: string): string {
  const end = path.lastIndexOf("/");
  return end <= 0 ? "/" : path.slice(0, end);
}

/** Joins and tidies `.` and `..`; an absolute second part stands alone. */
function join(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith("/") ? path : `${folder}/${path}`).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return `/${parts.join("/")}`;
}
