/** Chance: seeded generators as handles, and the functions that draw from one, or from the host's randomness. */
import { raise } from "../vm/errors.ts";
import type { Builtin, NativeContext } from "../vm/native.ts";
import { wrap } from "../vm/numbers.ts";
import { Float, Handle, isInt, List, list, share, shareItems, type Value } from "../vm/values.ts";
import { checkItems } from "./args.ts";
import { ChaCha12, ShuffleDraws } from "./chacha.ts";
import { perInstance, plain, variadic } from "./define.ts";

/** A seeded generator; every draw moves it on for all who hold it. */
export class RngHandle extends Handle {
  readonly source: ChaCha12;
  constructor(readonly seed: number | bigint) {
    super();
    this.source = new ChaCha12(seed);
  }
  get typeName(): string {
    return "rng";
  }
  display(): string {
    return "<rng>";
  }
}

export function randomFunctions(): Builtin[] {
  const own = ownSource();
  return [seeding(), drawFloat(own), drawInt(own), ...drawFromList(own)];
}

type Source = (ctx: NativeContext, args: readonly Value[]) => { source: ChaCha12; rest: readonly Value[] };

/** The generator given as first argument, or the drawer's own, which is seeded once with random bytes. */
function ownSource(): Source {
  const sources = perInstance(() => new WeakMap<object, ChaCha12>());
  return (ctx, args) => {
    const given = args[0];
    if (given instanceof RngHandle) return { source: given.source, rest: args.slice(1) };
    const own = sources(ctx);
    const { drawer } = ctx;
    let source = own.get(drawer);
    if (source === undefined) {
      source = new ChaCha12(new DataView(ctx.randomBytes(8).slice().buffer).getBigUint64(0));
      own.set(drawer, source);
    }
    return { source, rest: args };
  };
}

function seeding(): Builtin {
  return plain(
    {
      name: "rng_seed",
      signature: "(seed: int)",
      doc: "A generator of reproducible numbers; the same seed gives the same ones.",
      example: "println(random_int(rng_seed(7), 1, 100))  // -> 4",
    },
    (_ctx, seed) => {
      if (!isInt(seed)) throw raise.type("rng_seed(seed): seed must be an integer");
      return new RngHandle(seed);
    },
  );
}

function drawFloat(sourceOf: Source): Builtin {
  return variadic(
    {
      name: "random",
      signature: "(rng?) -> float",
      doc: "A float from 0 up to, not including, 1.",
      example: "println(random(rng_seed(7)))  // -> 0.030317360865101395",
      effect: "random",
    },
    (ctx, args) => new Float(sourceOf(ctx, args).source.nextFloat()),
  );
}

function drawInt(sourceOf: Source): Builtin {
  return variadic(
    {
      name: "random_int",
      signature: "(rng_or_low, low_or_high, high?)",
      doc: "An int from the lower up to and including the higher bound; nil when the bounds are crossed.",
      example: "println(random_int(rng_seed(7), 1, 100))  // -> 4",
      effect: "random",
    },
    (ctx, args) => {
      const { source, rest } = sourceOf(ctx, args);
      const [low, high] = rest;
      if (low === undefined || high === undefined) return null;
      if (!isInt(low)) throw raise.type("random_int: min must be an integer");
      if (!isInt(high)) throw raise.type("random_int: max must be an integer");
      if (low > high) return null;
      const count = BigInt.asUintN(64, BigInt(high) - BigInt(low) + 1n);
      return count === 0n ? wrap(source.next64()) : wrap(BigInt(low) + source.below64(count));
    },
  );
}

function drawFromList(sourceOf: Source): Builtin[] {
  return [
    variadic(
      {
        name: "random_choice",
        signature: "(rng_or_items, items?)",
        doc: "One item of a list; nil of an empty list.",
        example: 'println(random_choice(rng_seed(7), ["a", "b", "c", "d", "e"]))  // -> c',
        effect: "random",
      },
      (ctx, args) => {
        const { source, rest } = sourceOf(ctx, args);
        const items = rest[0];
        if (!(items instanceof List) || items.length === 0) return null;
        return share(items.items[source.below32(items.length)] as Value);
      },
    ),
    variadic(
      {
        name: "random_shuffle",
        signature: "(rng_or_items, items?) -> list",
        doc: "The items in random order.",
        example: "println(random_shuffle(rng_seed(7), [1, 2, 3, 4, 5, 6, 7, 8]))  // -> [2, 4, 5, 7, 1, 8, 3, 6]",
        effect: "random",
      },
      (ctx, args) => {
        const { source, rest } = sourceOf(ctx, args);
        const items = rest[0];
        if (!(items instanceof List)) return null;
        checkItems(ctx, items.length);
        return list(shuffled(shareItems(items.items, 0, items.length), source));
      },
    ),
  ];
}

function shuffled(items: Value[], source: ChaCha12): Value[] {
  if (items.length < 2) return items;
  const draws = new ShuffleDraws(source);
  for (let i = 0; i < items.length; i++) {
    const k = draws.upTo(i);
    const item = items[i] as Value;
    items[i] = items[k] as Value;
    items[k] = item;
  }
  return items;
}
