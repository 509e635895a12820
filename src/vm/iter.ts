/**
 * Lazy iterators: a handle over a node, and the machine that pulls items through nodes.
 *
 * A node may need script code to get its next item (the callback of `map`, the body of a generator), so pulling is no host function: the
 * machine keeps a stack of tasks, one for each node that waits for another, as plain data. A frame body hands the machine's wishes on to
 * the run loop. Combinators hold the *handle* of their source, so what is drained through one is gone for all.
 */
import { checkItems } from "./arith.ts";
import { keysInOrder } from "./dict.ts";
import { raise } from "./errors.ts";
import { END, type FrameBody, type NativeCall, type NativeContext, type Signal, Source } from "./native.ts";
import { addInts, subtractInts } from "./numbers.ts";
import { rangeLength } from "./ranges.ts";
import { Dict, type Handle, HarnSet, type Int, List, Pair, Range, share, truthy, typeName, type Value } from "./values.ts";

export type Node =
  | { readonly kind: "list"; readonly items: readonly Value[]; readonly length: number; at: number }
  | { readonly kind: "dict"; readonly dict: Dict; readonly keys: readonly string[]; at: number }
  | { readonly kind: "chars"; readonly text: string; at: number }
  | { readonly kind: "range"; next: Int; left: Int }
  | { readonly kind: "foreign"; readonly source: Source }
  | { readonly kind: "map" | "filter" | "take_while" | "tap"; readonly source: Iter; readonly f: Value }
  | { readonly kind: "skip_while"; readonly source: Iter; readonly f: Value; skipping: boolean }
  | { readonly kind: "scan"; readonly source: Iter; readonly f: Value; acc: Value }
  | { readonly kind: "flat_map"; readonly source: Iter; readonly f: Value; inner: Iter | null }
  | { readonly kind: "take" | "skip"; readonly source: Iter; left: number }
  | { readonly kind: "zip"; readonly source: Iter; readonly other: Iter }
  | { readonly kind: "enumerate"; readonly source: Iter; index: number }
  | { readonly kind: "chain"; readonly source: Iter; readonly other: Iter; second: boolean }
  | { readonly kind: "chunks"; readonly source: Iter; readonly size: number }
  | { readonly kind: "windows"; readonly source: Iter; readonly size: number; window: Value[] };

/** A single-pass sequence. Once it has ended it stays ended. */
export class Iter extends Source {
  /** Its end was seen. */
  ended = false;
  /** It is being pulled; a pull from its own callback finds it empty. */
  busy = false;
  constructor(readonly node: Node) {
    super();
  }
  get typeName(): string {
    return "iter";
  }
  get next(): FrameBody {
    return pullBody;
  }
  display(): string {
    return this.ended ? "<iter (exhausted)>" : "<iter>";
  }
  equals(other: Handle): boolean {
    return this === other;
  }
}

/** An iterator over any value that has items; null for the others. An iterator is its own. */
export function iterOver(value: Value): Iter | null {
  if (value instanceof Iter) return value;
  const node = leaf(value);
  return node === null ? null : new Iter(node);
}

/** As `iterOver`, with the language's error for what has no items. */
export function needIter(value: Value): Iter {
  const iter = iterOver(value);
  if (iter === null) throw raise.type(`iter: value of type ${typeName(value)} is not iterable`);
  return iter;
}

function leaf(value: Value): Node | null {
  if (typeof value === "string") return { kind: "chars", text: value, at: 0 };
  if (value instanceof List) return { kind: "list", items: share(value).items, length: value.length, at: 0 };
  if (value instanceof HarnSet) return { kind: "list", items: share(value).items, length: value.items.length, at: 0 };
  if (value instanceof Dict) return { kind: "dict", dict: share(value), keys: keysInOrder(value), at: 0 };
  if (value instanceof Range) return { kind: "range", next: value.start, left: rangeLength(value) };
  return value instanceof Source ? { kind: "foreign", source: value } : null;
}

/** What a node is told: begin, here is an item of your source, your source has ended, here is what the callee answered. */
type Told = "start" | "item" | "end" | "answer";

/** A node at work. `phase` and `held` belong to the node. */
interface Task {
  readonly iter: Iter;
  readonly node: Node;
  phase: number;
  held: Value;
  items: Value[] | null;
}

/** What only the run loop can do: a call, or an item of a source that is no iterator. */
export type Outside =
  | { readonly kind: "call"; readonly f: Value; readonly args: Value[] }
  | { readonly kind: "ask"; readonly source: Source };

/** What a node wants next. */
type Want =
  | { readonly kind: "pull"; readonly from: Iter }
  | Outside
  | { readonly kind: "yield"; readonly item: Value }
  | { readonly kind: "end" };

const ENDED: { readonly kind: "end" } = { kind: "end" };
const yields = (item: Value): Want => ({ kind: "yield", item });
const pulls = (from: Iter): Want => ({ kind: "pull", from });
const calls = (f: Value, ...args: Value[]): Want => ({ kind: "call", f, args });

/** A pull in progress: the nodes that wait for one another, the asked one first. */
export interface Pull {
  readonly tasks: Task[];
  /** Turns since fuel was last charged. */
  turns: number;
}

const TURNS_A_CHARGE = 128;

/** What a pull came to: an item, the end, or something that must be done first. */
export type Pulled = { readonly kind: "item"; readonly item: Value } | { readonly kind: "end" } | Outside;

export function newPull(): Pull {
  return { tasks: [], turns: 0 };
}

/** Begins to pull one item. */
export function beginPull(ctx: NativeContext, pull: Pull, iter: Iter): Pulled {
  return settle(ctx, pull, pulls(iter));
}

/** Goes on with the answer to what the pull asked for. */
export function resumePull(ctx: NativeContext, pull: Pull, answer: Value): Pulled {
  const task = pull.tasks[pull.tasks.length - 1] as Task;
  return settle(ctx, pull, tell(ctx, task, "answer", answer));
}

/** Gives a pull up, after an error: the iterators stay usable, the item on the way is lost. */
export function abandonPull(pull: Pull): void {
  for (const task of pull.tasks) task.iter.busy = false;
  pull.tasks.length = 0;
}

/** Follows wishes until somebody outside must act. */
function settle(ctx: NativeContext, pull: Pull, first: Want): Pulled {
  const { tasks } = pull;
  let want = first;
  for (;;) {
    if (++pull.turns === TURNS_A_CHARGE) {
      pull.turns = 0;
      ctx.burn(TURNS_A_CHARGE);
    }
    if (want.kind === "call" || want.kind === "ask") return want;
    if (want.kind === "pull") {
      const { from } = want;
      if (from.ended || from.busy) want = ENDED;
      else {
        from.busy = true;
        tasks.push({ iter: from, node: from.node, phase: 0, held: null, items: null });
        want = tell(ctx, tasks[tasks.length - 1] as Task, "start", null);
        continue;
      }
    } else {
      const done = tasks.pop() as Task;
      done.iter.busy = false;
      if (want.kind === "end") done.iter.ended = true;
    }
    const above = tasks[tasks.length - 1];
    if (above === undefined) return want.kind === "yield" ? { kind: "item", item: want.item } : ENDED;
    want = want.kind === "yield" ? tell(ctx, above, "item", want.item) : tell(ctx, above, "end", null);
  }
}

function tell(ctx: NativeContext, task: Task, told: Told, value: Value): Want {
  const { node } = task;
  switch (node.kind) {
    case "list":
      return node.at < node.length ? yields(share(node.items[node.at++] as Value)) : ENDED;
    case "dict": {
      if (node.at >= node.keys.length) return ENDED;
      const key = node.keys[node.at++] as string;
      return yields(new Pair(key, share(node.dict.map.get(key) as Value)));
    }
    case "chars":
      return nextChar(node);
    case "range":
      return nextInt(node);
    case "foreign":
      if (told === "start") return { kind: "ask", source: node.source };
      return value === END ? ENDED : yields(value);
    case "take":
    case "skip":
    case "enumerate":
      return tellCounting(node, told, value);
    case "zip":
    case "chain":
      return tellJoining(task, node, told, value);
    case "chunks":
    case "windows":
      return tellGathering(ctx, task, node, told, value);
    default:
      return tellCalling(task, node, told, value);
  }
}

function nextChar(node: Node & { kind: "chars" }): Want {
  const code = node.text.codePointAt(node.at);
  if (code === undefined) return ENDED;
  node.at += code > 0xffff ? 2 : 1;
  return yields(String.fromCodePoint(code));
}

function nextInt(node: Node & { kind: "range" }): Want {
  if (node.left === 0) return ENDED;
  const item = node.next;
  node.next = addInts(item, 1);
  node.left = subtractInts(node.left, 1);
  return yields(item);
}

function tellCounting(node: Node & { kind: "take" | "skip" | "enumerate" }, told: Told, value: Value): Want {
  if (told === "end") return ENDED;
  if (node.kind === "enumerate") return told === "start" ? pulls(node.source) : yields(new Pair(node.index++, value));
  if (node.kind === "take") {
    if (told === "item") return yields(value);
    if (node.left === 0) return ENDED;
    node.left--;
    return pulls(node.source);
  }
  if (told === "start") return pulls(node.source);
  if (node.left === 0) return yields(value);
  node.left--;
  return pulls(node.source);
}

function tellJoining(task: Task, node: Node & { kind: "zip" | "chain" }, told: Told, value: Value): Want {
  if (node.kind === "chain") {
    if (told === "item") return yields(value);
    if (told === "end") {
      if (node.second) return ENDED;
      node.second = true;
    }
    return pulls(node.second ? node.other : node.source);
  }
  if (told === "start") return pulls(node.source);
  if (told === "end") return ENDED;
  if (task.phase === 1) return yields(new Pair(task.held, value));
  task.phase = 1;
  task.held = value;
  return pulls(node.other);
}

function tellGathering(ctx: NativeContext, task: Task, node: Node & { kind: "chunks" | "windows" }, told: Told, value: Value): Want {
  if (node.kind === "chunks") {
    task.items ??= [];
    if (told === "item") checkItems(task.items.push(value), ctx.limits);
    const full = task.items.length === node.size || (told === "end" && task.items.length > 0);
    if (full) return yields(new List(task.items));
    return told === "end" ? ENDED : pulls(node.source);
  }
  if (told === "end") return ENDED;
  if (told === "start") {
    if (node.window.length === node.size) node.window = node.window.slice(1);
    return pulls(node.source);
  }
  checkItems(node.window.push(value), ctx.limits);
  if (node.window.length < node.size) return pulls(node.source);
  ctx.burn(node.size);
  for (const item of node.window) share(item);
  return yields(new List([...node.window]));
}

type CallingNode = Extract<Node, { readonly f: Value }>;

/** Nodes with a callback: phase 0 waits for an item, phase 1 for the callee's answer about `held`. */
function tellCalling(task: Task, node: CallingNode, told: Told, value: Value): Want {
  if (node.kind === "flat_map") return tellFlatMap(node, told, value);
  if (told === "end") return ENDED;
  if (told === "start") return pulls(node.source);
  if (told === "item") {
    if (node.kind === "skip_while" && !node.skipping) return yields(value);
    task.held = share(value);
    if (node.kind !== "scan") return calls(node.f, value);
    return calls(node.f, share(node.acc), value);
  }
  switch (node.kind) {
    case "map":
      return yields(value);
    case "scan":
      node.acc = share(value);
      return yields(value);
    case "tap":
      return yields(task.held);
    case "filter":
      return truthy(value) ? yields(task.held) : pulls(node.source);
    case "take_while":
      return truthy(value) ? yields(task.held) : ENDED;
    case "skip_while":
      node.skipping = truthy(value);
      return node.skipping ? pulls(node.source) : yields(task.held);
  }
}

function tellFlatMap(node: Node & { kind: "flat_map" }, told: Told, value: Value): Want {
  if (told === "answer") node.inner = needIter(value);
  if (told === "item") {
    if (node.inner !== null) return yields(value);
    return calls(node.f, value);
  }
  if (told === "end") {
    if (node.inner === null) return ENDED;
    node.inner = null;
  }
  return pulls(node.inner ?? node.source);
}

/**
 * One item of an iterator as a body: takes the iterator, answers an item or `END`. Loops and other pullers use it.
 */
export const pullBody: FrameBody = {
  start(call) {
    const pull = newPull();
    call.state = pull;
    return deliver(call, pull, () => beginPull(call.ctx, pull, call.args[0] as Iter));
  },
  resume(call, answer) {
    const pull = call.state as Pull;
    return deliver(call, pull, () => resumePull(call.ctx, pull, answer));
  },
  fail(call, error) {
    abandonPull(call.state as Pull);
    throw error;
  },
};

function deliver(call: NativeCall, pull: Pull, pulled: () => Pulled): Signal {
  const outcome = attempt(pull, pulled);
  if (outcome.kind === "item") return call.done(outcome.item);
  return outcome.kind === "end" ? call.done(END) : goOutside(call, outcome);
}

/** Has the run loop do what a pull asked for. */
export function goOutside(call: NativeCall, wish: Outside): Signal {
  return wish.kind === "call" ? call.call(wish.f, wish.args) : call.pull(wish.source);
}

/** Runs a part of a pull; when it raises, the iterators on the way are released. */
export function attempt(pull: Pull, pulled: () => Pulled): Pulled {
  try {
    return pulled();
  } catch (error) {
    abandonPull(pull);
    throw error;
  }
}
