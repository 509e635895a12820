/** Short forms the syntax tests share. */
import * as assert from "uvu/assert";
import { SourceText } from "../../src/source/text.ts";
import type { Node } from "../../src/syntax/ast.ts";
import { type ParseResult, parse } from "../../src/syntax/parse.ts";

export function parseText(text: string): ParseResult {
  return parse(new SourceText("t.harn", text));
}

/** The items of a text that must parse. */
export function itemsOf(text: string): readonly Node[] {
  const { program, plain } = parseText(text);
  assert.is(plain, null, `${plain}\n${text}`);
  return program.items;
}

/** The only item of a text that must parse, without spans. */
export function itemOf(text: string): unknown {
  const items = itemsOf(text);
  assert.is(items.length, 1, text);
  return bare(items[0]);
}

/** Plain data without spans, for comparing trees of different texts. */
export function bare(tree: unknown): unknown {
  if (Array.isArray(tree)) return tree.map(bare);
  if (typeof tree !== "object" || tree === null) return tree;
  return Object.fromEntries(Object.entries(tree).flatMap(([key, value]) => (/span$/i.test(key) ? [] : [[key, bare(value)]])));
}

/** The tree of an expression in a compact notation: `(+ a (* b c))`. Lists of children in their order, kinds that have no sign by name. */
export function shape(text: string): string {
  const items = itemsOf(`let it = ${text}`);
  const [item] = items;
  return item?.kind === "LetBinding" && items.length === 1 ? sketch(item.value) : items.map(sketch).join(" ; ");
}

function sketch(node: Node): string {
  switch (node.kind) {
    case "Identifier":
      return node.name;
    case "IntLiteral":
      return String(node.value);
    case "StringLiteral":
      return JSON.stringify(node.value);
    case "BinaryOp":
      return `(${node.op} ${sketch(node.left)} ${sketch(node.right)})`;
    case "UnaryOp":
      return `(${node.op} ${sketch(node.operand)})`;
    case "Ternary":
      return `(? ${sketch(node.condition)} ${sketch(node.trueExpr)} ${sketch(node.falseExpr)})`;
    case "RangeExpr":
      return `(${node.inclusive ? "to" : "until"} ${sketch(node.start)} ${sketch(node.end)})`;
    case "FunctionCall":
      return `(call ${[node.name, ...node.args.map(sketch)].join(" ")})`;
    case "MethodCall":
      return `(${node.optional ? "?." : "."}${node.method} ${[node.object, ...node.args].map(sketch).join(" ")})`;
    case "PropertyAccess":
      return `(${node.optional ? "?." : "."} ${sketch(node.object)} ${node.property})`;
    case "SubscriptAccess":
      return `(${node.optional ? "?[]" : "[]"} ${sketch(node.object)} ${sketch(node.index)})`;
    case "TryOperator":
      return `(propagate ${sketch(node.operand)})`;
    case "TryStar":
      return `(try* ${sketch(node.operand)})`;
    case "ListLiteral":
      return `[${node.items.map(sketch).join(" ")}]`;
    case "Closure":
      return `(closure ${node.params.map((param) => param.name).join(" ")}: ${node.body.map(sketch).join(" ; ")})`;
    case "LetBinding":
      return `(let ${sketch(node.value)})`;
    default:
      return node.kind;
  }
}

/** Numbers between 0 and 1 from a seed; the same seed gives the same numbers everywhere. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * The seed of a random test, printed: the same at every run, so that what passes once passes for the next person; `SEED=n` repeats one,
 * `SEED=random` looks for something new.
 */
export function chooseSeed(name: string): number {
  const given = process.env.SEED;
  const fixed = [...name].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) as number)) >>> 0, 7);
  const seed =
    given === undefined ? fixed : given === "random" ? (Number(process.hrtime.bigint() & 0x7fffffffn) ^ process.pid) >>> 0 : Number(given);
  console.log(`${name}: SEED=${seed}`);
  return seed;
}
