/** Methods of dicts, and the global functions on them. Everything goes by key order, which is that of code points. */
import { dropEntry, keysInOrder, ownDict, putEntry } from "../vm/dict.ts";
import { display } from "../vm/display.ts";
import type { Builtin, FrameBody, NativeCall, NativeContext, PlainBody } from "../vm/native.ts";
import { Dict, dict, dictOf, type List, list, share, truthy, type Value } from "../vm/values.ts";
import { checkItems, checkSize, textArg } from "./args.ts";
import { type EachItem, eachItem } from "./callbacks.ts";
import { frame, plain, withAliases } from "./define.ts";

export function dictMethods(): Builtin[] {
  return [...reading(), ...changing(), ...calling()];
}

/** The functions `keys`, `values`, `entries`: as the methods; an empty list for anything that is no dict. */
export function dictFunctions(): Builtin[] {
  const rows: [string, string, string, string, (ctx: NativeContext, self: Dict) => List][] = [
    ["keys", "list", "The keys of a dict in order.", "println(keys({b: 1, a: 2}))  // -> [a, b]", keyList],
    ["values", "list", "The values of a dict in the order of their keys.", "println(values({b: 1, a: 2}))  // -> [2, 1]", valueList],
    ["entries", "list", "A `{key, value}` dict for each entry.", "println(entries({a: 2}))  // -> [{key: a, value: 2}]", entryList],
  ];
  return rows.map(([name, result, doc, example, body]) =>
    plain({ name, signature: `(d) -> ${result}`, doc, example }, (ctx, d) => (d instanceof Dict ? body(ctx, d) : list([]))),
  );
}

function keyList(ctx: NativeContext, self: Dict): List {
  checkItems(ctx, self.map.size);
  return list([...keysInOrder(self)]);
}

function valueList(ctx: NativeContext, self: Dict): List {
  checkItems(ctx, self.map.size);
  return list(sharedValues(self));
}

function entryList(ctx: NativeContext, self: Dict): List {
  checkItems(ctx, self.map.size * 2);
  return list(keysInOrder(self).map((key) => dictOf({ key, value: share(self.map.get(key) as Value) })));
}

function sharedValues(self: Dict): Value[] {
  return keysInOrder(self).map((key) => share(self.map.get(key) as Value));
}

type DictBody = (ctx: NativeContext, self: Dict, a: Value, b: Value) => Value;

function method(name: string, signature: string, doc: string, example: string, body: DictBody): Builtin {
  return plain({ name, signature, doc, example }, ((ctx, self, a, b) => body(ctx, self as Dict, a as Value, b as Value)) as PlainBody);
}

function reading(): Builtin[] {
  return [
    method("keys", "() -> list<string>", "The keys in order.", "println({b: 1, a: 2}.keys())  // -> [a, b]", keyList),
    method("values", "() -> list", "The values in the order of their keys.", "println({b: 1, a: 2}.values())  // -> [2, 1]", valueList),
    method(
      "entries",
      "() -> list<{key: string, value: any}>",
      "A `{key, value}` dict for each entry.",
      "println({a: 2}.entries())  // -> [{key: a, value: 2}]",
      entryList,
    ),
    method("count", "() -> int", "The number of entries.", "println({a: 2}.count())  // -> 1", (_ctx, self) => self.map.size),
    method("has", "(key) -> bool", "Whether the key is present.", 'println({a: nil}.has("a"))  // -> true', (ctx, self, key) =>
      self.map.has(textArg(ctx, key, 1)),
    ),
    method(
      "get",
      "(key, default?)",
      "The value of a key, or the default when the key is absent.",
      'println({a: 1}.get("b", 0))  // -> 0',
      (ctx, self, key, fallback) => {
        const value = self.map.get(textArg(ctx, key, 1));
        return share(value === undefined ? fallback : value);
      },
    ),
  ];
}

function changing(): Builtin[] {
  return [
    method(
      "merge",
      "(other: dict) -> dict",
      "Both dicts' entries; those of `other` win.",
      "println({a: 1}.merge({b: 2}))  // -> {a: 1, b: 2}",
      (ctx, self, other) => (other instanceof Dict ? merged(ctx, self, other) : share(self)),
    ),
    method("remove", "(key) -> dict", "The dict without that key.", 'println({a: 1, b: 2}.remove("a"))  // -> {b: 2}', (ctx, self, key) => {
      const name = display(key);
      if (!self.map.has(name)) return share(self);
      if (self.shared) checkItems(ctx, self.map.size);
      const owned = ownDict(self);
      dropEntry(owned, name);
      return owned;
    }),
  ];
}

function merged(ctx: NativeContext, self: Dict, other: Dict): Dict {
  checkItems(ctx, (self.shared ? self.map.size : 0) + other.map.size);
  const owned = ownDict(self);
  for (const [key, value] of other.map) putEntry(owned, key, share(value));
  checkSize(ctx, owned.size);
  return owned;
}

/** A loop over the values, in key order, with the callable as first argument. */
function each<S>(spec: Pick<EachItem<S>, "begin" | "step" | "finish">, source = values): FrameBody {
  return eachItem({ callable: 1, otherwise: () => null, items: source, ...spec });
}

function values(call: NativeCall): List {
  return valueList(call.ctx, call.args[0] as Dict);
}

interface Building {
  readonly keys: readonly string[];
  readonly out: Map<string, Value>;
}

function building(call: NativeCall): Building {
  return { keys: keysInOrder(call.args[0] as Dict), out: new Map() };
}

function calling(): Builtin[] {
  const mapKeys = frame(
    {
      name: "map_keys",
      signature: "(f: fn(string) -> any) -> dict",
      doc: "The dict with `f(key)` in place of each key; when two become the same, the later one wins.",
      example: "println({a: 1}.map_keys({ k -> k.upper() }))  // -> {A: 1}",
    },
    each(
      {
        begin: (call) => ({ self: call.args[0] as Dict, out: new Map<string, Value>() }),
        step: ({ self, out }, answer, key) => void out.set(display(answer), share(self.map.get(key as string) as Value)),
        finish: ({ out }) => dict(out),
      },
      (call) => keyList(call.ctx, call.args[0] as Dict),
    ),
  );
  return [
    frame(
      {
        name: "map_values",
        signature: "(f: fn(any) -> any) -> dict",
        doc: "The dict with `f(value)` in place of each value.",
        example: "println({a: 1}.map_values({ v -> v + 1 }))  // -> {a: 2}",
      },
      each({
        begin: building,
        step: ({ keys, out }, answer, _value, i) => void out.set(keys[i] as string, answer),
        finish: ({ out }) => dict(out),
      }),
    ),
    frame(
      {
        name: "filter",
        signature: "(f: fn(any) -> any) -> dict",
        doc: "The entries for whose value `f` is truthy.",
        example: "println({a: 1, b: 2}.filter({ v -> v > 1 }))  // -> {b: 2}",
      },
      each({
        begin: building,
        step: ({ keys, out }, answer, value, i) => void (truthy(answer) && out.set(keys[i] as string, value)),
        finish: ({ out }) => dict(out),
      }),
    ),
    ...withAliases(mapKeys, "rekey"),
  ];
}
