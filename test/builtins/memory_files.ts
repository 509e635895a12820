/** Files in memory, for tests of builtins that read and write. */
import { type FileDoor, type FileStat, OsFailure } from "../../src/vm/door.ts";

const NOT_FOUND = "No such file or directory (os error 2)";

export function memoryFiles(texts: Readonly<Record<string, string>> = {}): FileDoor {
  const files = new Map<string, Uint8Array>(Object.entries(texts).map(([path, text]) => [path, new TextEncoder().encode(text)]));
  const folders = new Set<string>(["/"]);
  const parent = (path: string) => path.slice(0, Math.max(1, path.lastIndexOf("/")));
  for (const path of files.keys()) for (let up = parent(path); up !== "/"; up = parent(up)) folders.add(up);
  const missing = () => new OsFailure(NOT_FOUND, "ENOENT");
  const inFolder = (path: string) => {
    if (!folders.has(parent(path))) throw missing();
  };
  const read = (path: string): Uint8Array => {
    const data = files.get(path);
    if (data === undefined) throw missing();
    return data;
  };
  const below = (path: string) => [...files.keys(), ...folders].filter((other) => other === path || other.startsWith(`${path}/`));
  return {
    readBytes: read,
    writeBytes(path, data) {
      inFolder(path);
      files.set(path, data);
    },
    appendBytes(path, data) {
      inFolder(path);
      files.set(path, Uint8Array.from([...(files.get(path) ?? []), ...data]));
    },
    exists: (path) => files.has(path) || folders.has(path),
    realPath(path) {
      if (!files.has(path) && !folders.has(path)) throw missing();
      return path;
    },
    makeDirs(path) {
      for (let up = path; up !== "/"; up = parent(up)) folders.add(up);
    },
    list(path) {
      if (!folders.has(path)) throw missing();
      const prefix = path === "/" ? "/" : `${path}/`;
      const names = below(path === "/" ? "" : path).filter((other) => other !== path && other.startsWith(prefix));
      return [...new Set(names.map((other) => other.slice(prefix.length).split("/")[0] as string))];
    },
    remove(path) {
      if (!files.has(path) && !folders.has(path)) throw missing();
      for (const other of below(path)) {
        files.delete(other);
        folders.delete(other);
      }
    },
    rename(from, to) {
      const data = read(from);
      inFolder(to);
      files.set(to, data);
      files.delete(from);
    },
    stat(path): FileStat {
      const isDir = folders.has(path);
      if (!isDir) read(path);
      return { isDir, isFile: !isDir, sizeBytes: files.get(path)?.length ?? 0, modifiedMs: 1500, readonly: false };
    },
  };
}
