/** Where an import leads: relative files, installed packages, embedded modules. */
import type { FileDoor } from "../vm/door.ts";
import { raise, type ScriptError } from "../vm/errors.ts";

export type Resolution = { readonly kind: "file"; readonly path: string } | { readonly kind: "error"; readonly error: () => ScriptError };

const PREFIX = "std/";

/** Embedded modules that the language has; those that are not here yet are refused by name. */
const EMBEDDED = new Set(
  `acp agent_state agents async checkpoint collections connectors context experiments graphql hitl host json math memory monitors path plan
   postgres project prompt_library review runtime schema testing text triggers vision waitpoint waitpoints worktree`.split(/\s+/),
);

/** Where an embedded module lies, as people are shown it; null: the import names none. */
export function embeddedPath(path: string): string | null {
  return path.startsWith(PREFIX) ? `<stdlib>/${path.slice(PREFIX.length)}.harn` : null;
}

/** Whether a module's path is one that `embeddedPath` gave. */
export function isEmbedded(path: string): boolean {
  return path.startsWith("<stdlib>/");
}

/**
 * The text of an embedded module, or the error of an import that names none.
 *
 * @param texts by the module's name
 */
export function embeddedModule(texts: ReadonlyMap<string, string>, path: string): string | { readonly error: () => ScriptError } {
  const name = path.slice(PREFIX.length);
  const text = texts.get(name);
  if (text !== undefined) return text;
  const error = (): ScriptError =>
    EMBEDDED.has(name.split("/")[0] ?? "")
      ? raise.fatal(`module ${path} is not supported yet`)
      : raise.runtime(`Unknown stdlib module: ${path}`);
  return { error };
}

/**
 * The file that an import leads to.
 *
 * @param importer the importing file's absolute path; null: the current folder's own texts
 * @param path as written
 */
export function resolveImport(files: FileDoor, importer: string | null, path: string): Resolution {
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
