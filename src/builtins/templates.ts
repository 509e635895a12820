/** Templates from files and texts. Paths are relative to the file whose code renders. */
import { OsFailure } from "../vm/door.ts";
import { raise } from "../vm/errors.ts";
import type { Builtin, NativeContext } from "../vm/native.ts";
import { Dict, dictOf, list, type Value } from "../vm/values.ts";
import { textArg } from "./args.ts";
import { perInstance, plain, withAliases } from "./define.ts";
import { projectRoot } from "./environment.ts";
import { readText, sourceDir } from "./files.ts";
import { dirname, resolvePath } from "./path_text.ts";
import { TemplateFault } from "./template_expr.ts";
import { parseTemplate, PlacedFault } from "./template_parse.ts";
import { type Include, renderTemplate, type Template } from "./template_render.ts";

export function templateFunctions(): Builtin[] {
  const prompts = perInstance(() => ({ count: 0 }));
  const render = plain(
    {
      name: "render",
      signature: "(path, bindings?: dict) -> string",
      doc: "The text of a template file with its directives carried out.",
      example: 'let f = path_join(temp_dir(), uuid())\nwrite_file(f, "Hi {{ name }}!")\nprintln(render(f, {name: "Ada"}))  // -> Hi Ada!',
      effect: "fs",
    },
    (ctx, path, bindings) => renderFile(ctx, textArg(ctx, path as Value, 0), bindings as Value).text,
  );
  return [
    ...withAliases(render, "render_prompt"),
    plain(
      {
        name: "render_string",
        signature: "(template, bindings?: dict) -> string",
        doc: "A template's text with its directives carried out.",
        example: 'println(render_string("Hi {{ name }}!", {name: "Ada"}))  // -> Hi Ada!',
        effect: "fs",
      },
      (ctx, template, bindings) => {
        const text = textArg(ctx, template as Value, 0);
        return placed("", () => {
          const parsed: Template = { nodes: parseTemplate(text), folder: sourceDir(ctx), chain: [] };
          return renderTemplate(ctx, parsed, scopeOf(bindings as Value), includer(ctx, null));
        });
      },
    ),
    plain(
      {
        name: "render_with_provenance",
        signature: "(path, bindings?: dict) -> dict",
        doc: "The rendered text of a template file, with the template's path and a number for this text.",
        example:
          'let f = path_join(temp_dir(), uuid())\nwrite_file(f, "Hi {{ name }}!")\nprintln(render_with_provenance(f, {name: "Ada"}).text)  // -> Hi Ada!',
        effect: "fs",
      },
      (ctx, path, bindings) => {
        const { text, file } = renderFile(ctx, textArg(ctx, path as Value, 0), bindings as Value);
        const prompt = prompts(ctx);
        return dictOf({ text, template_uri: file, prompt_id: `prompt-${++prompt.count}`, spans: list([]) });
      },
    ),
  ];
}

function scopeOf(bindings: Value): ReadonlyMap<string, Value> {
  return bindings instanceof Dict ? bindings.map : new Map();
}

/** A fault with a place as the thrown text that names the template. */
function placed<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof PlacedFault)) throw error;
    throw raise.thrown(`${path === "" ? "" : `${path} `}at ${error.at.line}:${error.at.column}: ${error.what}`);
  }
}

function renderFile(ctx: NativeContext, path: string, bindings: Value): { text: string; file: string } {
  const file = assetPath(ctx, path, sourceDir(ctx));
  let source: string;
  try {
    source = readText(ctx, file);
  } catch (error) {
    if (error instanceof OsFailure) throw raise.thrown(`Failed to read template ${file}: ${error.text}`);
    throw error;
  }
  const text = placed(file, () => {
    const template: Template = { nodes: parseTemplate(source), folder: dirname(file), chain: [] };
    return renderTemplate(ctx, template, scopeOf(bindings), includer(ctx, dirname(file)));
  });
  return { text, file };
}

const MAX_INCLUDES = 32;

/** @param root the folder that includes may not leave; null for none */
function includer(ctx: NativeContext, root: string | null): Include {
  return (path, from) => {
    const file = path.startsWith("@") ? assetPath(ctx, path, from.folder) : resolvePath(from.folder, path);
    if (root !== null && !path.startsWith("@") && !file.startsWith(root === "/" ? root : `${root}/`)) {
      throw new TemplateFault(`include path ${path} escapes template root ${root}`);
    }
    if (from.chain.length >= MAX_INCLUDES) throw new TemplateFault(`include depth exceeded (${MAX_INCLUDES} levels)`);
    let canonical: string;
    let source: string;
    try {
      source = readText(ctx, file);
      canonical = ctx.door.files.realPath(file);
    } catch (error) {
      if (error instanceof OsFailure) throw new TemplateFault(`failed to read included template ${file}: ${error.text}`);
      throw error;
    }
    const chain = [...from.chain, canonical];
    if (from.chain.includes(canonical)) throw new TemplateFault(`circular include detected: ${chain.join(" → ")}`);
    return { nodes: placed(file, () => parseTemplate(source)), folder: dirname(file), chain };
  };
}

/** Where a template lies: absolute, beside the source, under the project root (`@/…`), or under one of its asset roots (`@alias/…`). */
function assetPath(ctx: NativeContext, path: string, base: string): string {
  if (!path.startsWith("@")) return resolvePath(base, path);
  const root = projectRoot(ctx, base);
  if (path.startsWith("@/")) {
    if (escapes(path)) throw raise.thrown(`invalid project-root asset path '${path}'`);
    if (root === null) throw raise.thrown(`package-root prompt path '${path}' has no project root: no harn.toml found above ${base}`);
    return resolvePath(root, path.slice(2));
  }
  const slash = path.indexOf("/");
  const alias = slash < 0 ? path.slice(1) : path.slice(1, slash);
  if (escapes(path) || slash < 0) throw raise.thrown(`invalid asset path '${path}'`);
  if (root === null) throw raise.thrown(`package-root prompt path '${path}' has no project root: no harn.toml found above ${base}`);
  const manifest = resolvePath(root, "harn.toml");
  const folder = assetRoots(readText(ctx, manifest)).get(alias);
  if (folder === undefined) throw raise.thrown(`asset alias '${alias}' is not defined in [asset_roots] of ${manifest}`);
  return resolvePath(resolvePath(root, folder), path.slice(slash + 1));
}

function escapes(path: string): boolean {
  return path.split("/").includes("..");
}

/** The `name = "folder"` lines of the manifest's `[asset_roots]`. */
function assetRoots(manifest: string): Map<string, string> {
  const roots = new Map<string, string>();
  let inside = false;
  for (const line of manifest.split("\n")) {
    const text = line.trim();
    if (text.startsWith("[")) inside = text === "[asset_roots]";
    const entry = inside ? /^"?([^"=\s]+)"?\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(text) : null;
    if (entry !== null) roots.set(entry[1] as string, entry[2] ?? entry[3] ?? "");
  }
  return roots;
}
