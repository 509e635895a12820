/** Statistics of lists of numbers. */
import { raise } from "../vm/errors.ts";
import type { Builtin, NativeContext } from "../vm/native.ts";
import { Float, List, truthy, type Value } from "../vm/values.ts";
import { numberArg } from "./args.ts";
import { plain } from "./define.ts";

export function statistics(): Builtin[] {
  return [...centers(), ...spreads()];
}

function numbers(ctx: NativeContext, name: string, value: Value): number[] {
  if (!(value instanceof List)) throw raise.type(`${name}: items must be a list`);
  ctx.burn(value.length);
  const out: number[] = [];
  for (let i = 0; i < value.length; i++) out.push(numeric(name, value.items[i] as Value));
  return out;
}

function numeric(name: string, value: Value): number {
  const x = numberArg(value);
  if (x === null) throw raise.type(`${name} must be numeric`);
  return x;
}

function filled(ctx: NativeContext, name: string, value: Value): number[] {
  const items = numbers(ctx, name, value);
  if (items.length === 0) throw raise.runtime(`${name}: items must not be empty`);
  return items;
}

function average(items: readonly number[]): number {
  let sum = 0;
  for (const x of items) sum += x;
  return sum / items.length;
}

function centers(): Builtin[] {
  return [
    plain(
      {
        name: "mean",
        signature: "(items: list) -> float",
        doc: "The average; 0.0 of an empty list.",
        example: "println(mean([1, 2]))  // -> 1.5",
      },
      (ctx, items) => {
        const xs = numbers(ctx, "mean", items as Value);
        return new Float(xs.length === 0 ? 0 : average(xs));
      },
    ),
    plain(
      {
        name: "median",
        signature: "(items: list) -> float",
        doc: "The middle of the sorted numbers.",
        example: "println(median([3, 1, 2]))  // -> 2.0",
      },
      (ctx, items) => new Float(quantile(filled(ctx, "median", items as Value), 50)),
    ),
    plain(
      {
        name: "percentile",
        signature: "(items: list, p) -> float",
        doc: "The value below which `p` percent of the numbers lie, interpolated between neighbours.",
        example: "println(percentile([1, 2], 50))  // -> 1.5",
      },
      (ctx, items, p) => {
        const xs = filled(ctx, "percentile", items as Value);
        const percent = numeric("percentile", p as Value);
        if (!(percent >= 0 && percent <= 100)) throw raise.runtime("percentile must be between 0 and 100");
        return new Float(quantile(xs, percent));
      },
    ),
  ];
}

/** Linear interpolation between the ranks around `1 + (n - 1) · percent / 100`. */
function quantile(items: readonly number[], percent: number): number {
  const sorted = Float64Array.from(items).sort();
  const rank = 1 + ((sorted.length - 1) * percent) / 100;
  const low = sorted[Math.floor(rank) - 1] as number;
  const high = sorted[Math.ceil(rank) - 1] as number;
  return low + (rank - Math.floor(rank)) * (high - low);
}

function spreads(): Builtin[] {
  const spread = (name: string, doc: string, example: string, finish: (variance: number) => number) =>
    plain({ name, signature: "(items: list, sample?: bool) -> float", doc, example }, (ctx, items, sample) => {
      const xs = filled(ctx, name, items as Value);
      const isSample = truthy(sample as Value);
      if (isSample && xs.length < 2) throw raise.runtime("sample variance requires at least 2 values");
      const center = average(xs);
      let squares = 0;
      for (const x of xs) squares += (x - center) * (x - center);
      return new Float(finish(squares / (isSample ? xs.length - 1 : xs.length)));
    });
  return [
    spread(
      "variance",
      "The mean squared distance from the average; of a sample, over n - 1.",
      "println(variance([1, 2, 3, 4]))  // -> 1.25",
      (v) => v,
    ),
    spread("stddev", "The square root of the variance.", "println(stddev([2, 4, 4, 4, 5, 5, 7, 9]))  // -> 2.0", Math.sqrt),
  ];
}
