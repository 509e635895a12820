/** JSON Pointer (RFC 6901) over the language's values. */
import { ownDict, dropEntry, putEntry } from "../vm/dict.ts";
import { display } from "../vm/display.ts";
import { raise } from "../vm/errors.ts";
import type { Builtin, NativeContext } from "../vm/native.ts";
import { Dict, List, list, share, shareItems, type Value } from "../vm/values.ts";
import { checkItems } from "./args.ts";
import { plain } from "./define.ts";

export function jsonPointers(): Builtin[] {
  return [
    plain(
      {
        name: "json_pointer",
        signature: "(value, pointer: string)",
        doc: "The part of a value that the pointer names, nil if there is none.",
        example: 'println(json_pointer({a: [1, 2]}, "/a/1"))  // -> 2',
      },
      (ctx, value, pointer) => {
        let at: Value | undefined = value as Value;
        for (const token of tokens(ctx, "json_pointer", 2, pointer as Value)) at = at === undefined ? undefined : child(at, token);
        return at === undefined ? null : share(at);
      },
    ),
    plain(
      {
        name: "json_pointer_set",
        signature: "(value, pointer: string, new)",
        doc: "A copy with another part in that place; unchanged if the place cannot be.",
        example: 'println(json_pointer_set({a: 1}, "/b", 2))  // -> {a: 1, b: 2}',
      },
      (ctx, value, pointer, replacement) => {
        const path = tokens(ctx, "json_pointer_set", 3, pointer as Value);
        return share(
          changed(ctx, value as Value, path, (parent, token) => setChild(ctx, parent, token, replacement as Value), replacement as Value),
        );
      },
    ),
    plain(
      {
        name: "json_pointer_delete",
        signature: "(value, pointer: string)",
        doc: "A copy without the part that the pointer names.",
        example: 'println(json_pointer_delete({a: 1, b: 2}, "/a"))  // -> {b: 2}',
      },
      (ctx, value, pointer) => {
        const path = tokens(ctx, "json_pointer_delete", 2, pointer as Value);
        return share(changed(ctx, value as Value, path, (parent, token) => dropChild(ctx, parent, token), null));
      },
    ),
  ];
}

function tokens(ctx: NativeContext, name: string, required: number, pointer: Value): string[] {
  if (ctx.argc < required) throw raise.thrown(`${name} requires ${required} arguments`);
  const text = display(pointer);
  if (text === "") return [];
  if (!text.startsWith("/")) throw raise.thrown(`${name}: pointer must be empty or start with '/'`);
  ctx.burn(text.length);
  return text
    .slice(1)
    .split("/")
    .map((token) =>
      token.replace(/~(.?)/gsu, (_whole, code: string) => {
        if (code === "0") return "~";
        if (code === "1") return "/";
        throw raise.thrown(code === "" ? `${name}: dangling '~' in pointer` : `${name}: invalid escape '~${code}' in pointer`);
      }),
    );
}

function indexOf(token: string): number {
  return /^(0|[1-9][0-9]*)$/.test(token) ? Number(token) : -1;
}

function child(parent: Value, token: string): Value | undefined {
  if (parent instanceof Dict) return parent.map.get(token);
  if (!(parent instanceof List)) return undefined;
  const index = indexOf(token);
  return index >= 0 && index < parent.length ? parent.items[index] : undefined;
}

/** The value with the part at the path's end changed by `change`; every container on the way is copied. */
function changed(
  ctx: NativeContext,
  value: Value,
  path: readonly string[],
  change: (parent: Value, token: string) => Value,
  whole: Value,
): Value {
  if (path.length === 0) return whole;
  const parents: Value[] = [value];
  for (const token of path.slice(0, -1)) {
    const next = child(parents[parents.length - 1] as Value, token);
    if (next === undefined) return value;
    parents.push(next);
  }
  let result = change(parents[parents.length - 1] as Value, path[path.length - 1] as string);
  for (let i = parents.length - 2; i >= 0; i--) result = setChild(ctx, parents[i] as Value, path[i] as string, result);
  return result;
}

function setChild(ctx: NativeContext, parent: Value, token: string, value: Value): Value {
  if (parent instanceof Dict) {
    const copy = copyDict(ctx, parent);
    putEntry(copy, token, share(value));
    return copy;
  }
  if (!(parent instanceof List)) return parent;
  const index = token === "-" ? parent.length : indexOf(token);
  if (index < 0 || index > parent.length) return parent;
  checkItems(ctx, parent.length + 1);
  const items = shareItems(parent.items, 0, parent.length);
  items[index] = share(value);
  return list(items);
}

function dropChild(ctx: NativeContext, parent: Value, token: string): Value {
  if (child(parent, token) === undefined) return parent;
  if (parent instanceof Dict) {
    const copy = copyDict(ctx, parent);
    dropEntry(copy, token);
    return copy;
  }
  const source = parent as List;
  checkItems(ctx, source.length);
  const items = shareItems(source.items, 0, source.length);
  items.splice(indexOf(token), 1);
  return list(items);
}

function copyDict(ctx: NativeContext, source: Dict): Dict {
  checkItems(ctx, source.map.size);
  return ownDict(share(source));
}
