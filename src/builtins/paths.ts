/** Functions on paths. They are text operations; only `path_workspace_info` looks at the file system. */
import { display } from "../vm/display.ts";
import type { Builtin, NativeContext } from "../vm/native.ts";
import { type Dict, dictOf, list, type Value } from "../vm/values.ts";
import { limitedText, textArg } from "./args.ts";
import { plain, variadic } from "./define.ts";
import {
  basename,
  dirname,
  extname,
  formatPath,
  joinPaths,
  normalized,
  type PortablePath,
  parsePath,
  relativeTo,
  resolvePath,
  stemAndExtension,
} from "./path_text.ts";

export function pathFunctions(): Builtin[] {
  return [...posix(), ...portable(), ...comparing(), ...workspace()];
}

function row(name: string, doc: string, path: string, shown: string, body: (path: string) => Value, result = "string"): Builtin {
  const example = `println(${name}("${path}"))  // -> ${shown}`;
  return plain({ name, signature: `(path) -> ${result}`, doc, example }, (ctx, value) => body(textArg(ctx, value as Value, 0)));
}

function posix(): Builtin[] {
  return [
    row("dirname", "The path without its last part, empty if there is no other.", "a/b/c", "a/b", dirname),
    row("basename", "The last part of a path.", "a/b.txt", "b.txt", basename),
    row("extname", "The extension of a path's last part, with its dot.", "a/b.tar.gz", ".gz", extname),
    variadic(
      {
        name: "path_join",
        signature: "(...parts) -> string",
        doc: "The parts joined by `/`; an absolute part starts over.",
        example: 'println(path_join("a", "b", "c.txt"))  // -> a/b/c.txt',
      },
      (ctx, parts) => limitedText(ctx, joinPaths(parts.map(display))),
    ),
  ];
}

function portable(): Builtin[] {
  return [
    row("path_normalize", "The path with `.` and `..` folded.", "a/./b/../c", "a/c", (path) =>
      path === "" ? "" : formatPath(normalized(parsePath(path))),
    ),
    row("path_parent", "The path without its last segment.", "a/b/c", "a/b", (path) => parent(parsePath(path))),
    row("path_basename", "The last segment.", "a/b.txt", "b.txt", (path) => parsePath(path).segments.at(-1) ?? ""),
    row("path_stem", "The last segment without its extension.", "d/a.tar.gz", "a.tar", (path) => stemAndExtension(parsePath(path)).stem),
    row(
      "path_extension",
      "The extension of the last segment, with its dot.",
      "d/a.tar.gz",
      ".gz",
      (path) => stemAndExtension(parsePath(path)).extension,
    ),
    row("path_is_absolute", "Whether the path begins at a root.", "/x", "true", (path) => parsePath(path).absolute, "bool"),
    row("path_is_relative", "Whether the path does not begin at a root.", "x/y", "true", (path) => !parsePath(path).absolute, "bool"),
    row("path_segments", "The segments between the slashes.", "/a/b", "[a, b]", (path) => list([...parsePath(path).segments]), "list"),
    row("path_to_posix", "The path with `/` only.", "a/b", "a/b", (path) => path.replaceAll("\\", "/")),
    row("path_to_native", "The path with `/` only.", "a/b", "a/b", (path) => path.replaceAll("\\", "/")),
    row(
      "path_parts",
      "A dict of folder, file, stem, extension and segments.",
      "a/b.c",
      "{dir: a, ext: .c, file: b.c, segments: [a, b.c], stem: b}",
      parts,
      "dict",
    ),
  ];
}

function parent(path: PortablePath): string {
  const above = { ...path, segments: path.segments.slice(0, -1) };
  return above.segments.length === 0 && !above.absolute ? above.drive : formatPath(above);
}

function parts(path: string): Dict {
  const parsed = parsePath(path);
  const { stem, extension } = stemAndExtension(parsed);
  return dictOf({ dir: parent(parsed), file: parsed.segments.at(-1) ?? "", stem, ext: extension, segments: list([...parsed.segments]) });
}

function comparing(): Builtin[] {
  const renamed = (path: string, name: (parts: { stem: string; extension: string }) => string): string => {
    const parsed = parsePath(path);
    return formatPath({ ...parsed, segments: [...parsed.segments.slice(0, -1), name(stemAndExtension(parsed))] });
  };
  const two = (
    name: string,
    second: string,
    doc: string,
    example: string,
    body: (path: string, other: string) => Value,
    result = "string",
  ) =>
    plain({ name, signature: `(path, ${second}) -> ${result}`, doc, example }, (ctx, path, other) =>
      body(textArg(ctx, path as Value, 0), textArg(ctx, other as Value, 1)),
    );
  return [
    two(
      "path_with_extension",
      "extension",
      "The path with another extension; its dot may be left out.",
      'println(path_with_extension("d/a.txt", "md"))  // -> d/a.md',
      (path, extension) =>
        renamed(path, ({ stem }) => stem + (extension === "" || extension.startsWith(".") ? extension : `.${extension}`)),
    ),
    two(
      "path_with_stem",
      "stem",
      "The path with another name before its extension.",
      'println(path_with_stem("d/a.txt", "b"))  // -> d/b.txt',
      (path, stem) => renamed(path, ({ extension }) => stem + extension),
    ),
    two(
      "path_relative_to",
      "base",
      "How to get from the base to the path, nil when they have different roots.",
      'println(path_relative_to("/a/x", "/a/y"))  // -> ../x',
      (path, base) => relativeTo(parsePath(path), parsePath(base)),
      "string | nil",
    ),
  ];
}

function workspace(): Builtin[] {
  const info = (ctx: NativeContext, path: Value, root: Value): Dict => {
    const base = ctx.argc > 1 && root !== null ? resolvePath(ctx.door.env.cwd(), display(root)) : ctx.door.env.cwd();
    return workspaceInfo(ctx, textArg(ctx, path, 0), base);
  };
  return [
    plain(
      {
        name: "path_workspace_info",
        signature: "(path, root?) -> dict",
        doc: "Where a path lies relative to a workspace: a dict of its kind, its forms in the workspace and on the computer, and a reason.",
        example: 'println(path_workspace_info("a/../b").workspace_path)  // -> b',
        effect: "fs",
      },
      (ctx, path, root) => info(ctx, path as Value, root as Value),
    ),
    plain(
      {
        name: "path_workspace_normalize",
        signature: "(path, root?) -> string | nil",
        doc: "The path as it lies in the workspace, nil if it does not.",
        example: 'println(path_workspace_normalize("a/../b"))  // -> b',
        effect: "fs",
      },
      (ctx, path, root) => info(ctx, path as Value, root as Value).map.get("workspace_path") ?? null,
    ),
  ];
}

function workspaceInfo(ctx: NativeContext, input: string, root: string): Dict {
  const path = normalized(parsePath(input.trim()));
  const text = input.trim() === "" ? "" : formatPath(path);
  const result = (kind: string, workspacePath: string | null, hostPath: string | null, reason: string | null, recovered = false) =>
    dictOf({ input, kind, normalized: text, workspace_path: workspacePath, host_path: hostPath, recovered_root_drift: recovered, reason });
  if (text === "") return result("invalid", null, null, "path is empty");
  if (!path.absolute) {
    if (path.segments[0] === "..") return result("invalid", null, null, "workspace-relative path escapes the workspace root");
    return result("workspace_relative", text, resolvePath(root, text), null);
  }
  const inside = relativeTo(path, parsePath(root));
  if (inside !== null && inside !== ".." && !inside.startsWith("../")) return result("host_absolute", inside, text, null);
  const { files } = ctx.door;
  const drifted = resolvePath(root, text.slice(1));
  if (!files.exists(text) && (files.exists(drifted) || files.exists(dirname(drifted)))) {
    return result("workspace_relative", text.slice(1), drifted, null, true);
  }
  return result("host_absolute", null, text, null);
}
