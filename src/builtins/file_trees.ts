/** Going through folders: `walk_dir` and `glob`. */
import { compareStrings } from "../vm/dict.ts";
import { display } from "../vm/display.ts";
import { OsFailure } from "../vm/door.ts";
import { raise } from "../vm/errors.ts";
import type { Builtin, NativeContext } from "../vm/native.ts";
import { Dict, dictOf, isInt, list, type Value } from "../vm/values.ts";
import { checkItems, countOr } from "./args.ts";
import { plain } from "./define.ts";
import { absolute } from "./files.ts";
import { GlobError, globTest } from "./glob.ts";

export function fileTreeFunctions(): Builtin[] {
  return [walking(), globbing()];
}

interface Found {
  readonly path: string;
  readonly isDir: boolean;
  readonly isFile: boolean;
  readonly depth: number;
}

/** A folder and what is in it, parents first, names in order. Links are followed only on request, and then no folder within itself. */
function walk(ctx: NativeContext, root: string, maxDepth: number, followLinks: boolean): Found[] {
  const { files } = ctx.door;
  const out: Found[] = [];
  const visit = (path: string, depth: number, above: readonly string[]): void => {
    let stat: ReturnType<typeof files.stat>;
    let real: string;
    try {
      stat = files.stat(path);
      real = files.realPath(path);
    } catch (error) {
      if (error instanceof OsFailure) return; // It vanished, or may not be looked at.
      throw error;
    }
    const isLink = depth > 0 && real !== `${above.at(-1)}/${path.slice(path.lastIndexOf("/") + 1)}`;
    out.push({ path, isDir: stat.isDir && !(isLink && !followLinks), isFile: stat.isFile && !(isLink && !followLinks), depth });
    checkItems(ctx, out.length % 256 === 0 ? out.length : 1);
    if (!stat.isDir || depth >= maxDepth || (isLink && !followLinks) || above.includes(real)) return;
    for (const name of namesIn(ctx, path)) visit(path.endsWith("/") ? path + name : `${path}/${name}`, depth + 1, [...above, real]);
  };
  visit(root, 0, []);
  return out;
}

function namesIn(ctx: NativeContext, path: string): string[] {
  try {
    return [...ctx.door.files.list(path)].sort(compareStrings);
  } catch (error) {
    if (error instanceof OsFailure) return [];
    throw error;
  }
}

function walking(): Builtin {
  return plain(
    {
      name: "walk_dir",
      signature: "(root, options?: dict) -> list",
      doc: "A dict of path, kind and depth for a folder and everything in it. Options: `max_depth`, `follow_symlinks`.",
      example: 'let d = path_join(temp_dir(), uuid())\nmkdir(path_join(d, "a"))\nprintln(walk_dir(d).map({ e -> e.depth }))  // -> [0, 1]',
      effect: "fs",
    },
    (ctx, root, options) => {
      if (ctx.argc === 0) throw raise.thrown("walk_dir: root path is required");
      const settings = options instanceof Dict ? options.map : new Map<string, Value>();
      const depth = settings.get("max_depth");
      const found = walk(
        ctx,
        absolute(ctx, display(root as Value)),
        isInt(depth) ? countOr(depth, 0) : Infinity,
        settings.get("follow_symlinks") === true,
      );
      return list(found.map(({ path, isDir, isFile, depth: at }) => dictOf({ path, is_dir: isDir, is_file: isFile, depth: at })));
    },
  );
}

function globbing(): Builtin {
  return plain(
    {
      name: "glob",
      signature: "(pattern, base?) -> list",
      doc: "The paths under a folder that match a pattern, sorted. `*` and `?` match slashes too.",
      example: 'let d = path_join(temp_dir(), uuid())\nmkdir(path_join(d, "a"))\nprintln(glob("a*", d).count())  // -> 1',
      effect: "fs",
    },
    (ctx, pattern, base) => {
      if (ctx.argc === 0) throw raise.thrown("glob: pattern is required");
      const given = ctx.argc > 1;
      const root = given ? absolute(ctx, display(base as Value)) : absolute(ctx, ".");
      const prefix = given ? root : `${root}/.`;
      const matches = matcher(display(pattern as Value));
      const paths = walk(ctx, root, Infinity, false)
        .slice(1)
        .map(({ path }) => path.slice(root === "/" ? 1 : root.length + 1))
        .filter(matches);
      return list(paths.map((path) => `${prefix}/${path}`).sort(compareStrings));
    },
  );
}

function matcher(pattern: string): (path: string) => boolean {
  try {
    return globTest(pattern);
  } catch (error) {
    if (error instanceof GlobError || error instanceof SyntaxError)
      throw raise.thrown(`glob: error parsing glob '${pattern}': ${error.message}`);
    throw error;
  }
}
