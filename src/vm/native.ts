/**
 * What a builtin is to the VM.
 *
 * Two sorts of body. A **plain** body is a function of its arguments that answers at once, or parks the fiber with `ctx.park`. A
 * **frame** body calls back into the script: it is a small state machine whose state is plain data on the fiber's stack, so a fiber can
 * be suspended inside `map` as anywhere else. Neither ever runs script code by itself: a frame body *asks* for a call and is resumed.
 *
 * Rules for bodies: containers that you return or store while somebody else still holds them go through `share`/`shareItems`
 * (values.ts); a fresh container is returned as it is. Never change a container you did not make, unless it is not `shared` (and, for a
 * list, not `multi`). A loop over input charges `ctx.burn(n)` before it starts. Errors are `throw raise.…(…)`.
 */
import type { Door } from "./door.ts";
import type { ScriptError } from "./errors.ts";
import type { Limits } from "./limits.ts";
import type { StringIndex } from "./strings.ts";
import type { Tasks } from "./tasks.ts";
import { Handle, HeapValue, type Value } from "./values.ts";

/** What a builtin does besides computing: the basis of permissions and of the lint about effects outside steps. */
export type Effect = "pure" | "clock" | "random" | "fs" | "process" | "net" | "log" | "durable" | "task";

/** The answer of a plain body that parked the fiber; the fiber goes on when its `Wake` is used. */
export const PARKED: unique symbol = Symbol("parked");
export type Parked = typeof PARKED;

/** Ends a wait, once. The fiber becomes ready; it runs when the scheduler gets to it. */
export interface Wake {
  done(value: Value): void;
  fail(error: ScriptError): void;
}

/** What every body can reach. One object a VM instance; `argc`, `fiber` and `caller` are those of the running call. */
export interface NativeContext {
  readonly door: Door;
  readonly limits: Limits;
  /** How many arguments the script passed (a method's receiver counts); missing ones arrive as nil. */
  readonly argc: number;
  /** The fiber that calls. */
  readonly fiber: FiberInfo;
  /** The file whose code calls: relative paths and the like resolve against it. */
  readonly callerPath: string;
  /** What the host put into this instance for builtins: the durable session, program arguments … Each room reads its own entry. */
  readonly services: Readonly<Record<string, unknown>>;
  /** Answers about code points of strings. */
  readonly strings: StringIndex;
  /** Charges fuel and looks at cancellation and deadlines; throws when the execution must end. */
  burn(steps: number): void;
  /** Starts, watches and ends tasks. */
  readonly tasks: Tasks;
  /** Writes to the running task's standard output. */
  print(text: string): void;
  /** Script time in ms since the epoch: the journal's while a run replays, otherwise the door's. */
  nowMs(): number;
  /** Cryptographic random bytes; in a durable run those that a resumed run draws again. */
  randomBytes(count: number): Uint8Array;
  /** Whose numbers are drawn, for generators that go on: in a durable run a step's handler or a fiber, elsewhere one object for all. */
  readonly drawer: object;
  /** Parks the running fiber. `begin` receives the wake and may use it at once or later. Return the result from the body.
   *  @param isPrompt the wait ends at once when the task is cancelled */
  park(begin: (wake: Wake) => void, isPrompt?: boolean): Parked;
  /** Parks until the host's promise settles. A rejection with a ScriptError is raised as it is, another is a runtime error with its message. */
  parkOn(work: (signal: AbortSignal) => Promise<Value>): Parked;
  /** Parks for so many ms of script time. */
  parkFor(ms: number): Parked;
  /** Whether no other fiber and no timer exists, so that nothing can be overtaken by an immediate answer. */
  isAlone(): boolean;
}

export interface FiberInfo {
  /** Numbered by creation, the main fiber is 0. */
  readonly id: number;
  /** Empty on the main fiber; every spawned task appends `/<n>` by order of creation. */
  readonly path: string;
}

/** Missing arguments are nil. Bodies with `rest` get all arguments in one array. */
export type PlainBody = (ctx: NativeContext, ...args: Value[]) => Value | Parked;

/** What a frame body tells the run loop to do next; made by the methods of `NativeCall`. */
export type Signal = "done" | "call" | "parked" | "switch";

/** A running frame body. `pc` and `state` are its own, and are all it may keep between calls: they must stay plain data. */
export interface NativeCall {
  readonly ctx: NativeContext;
  /** All arguments passed (for a method the receiver first), not padded. */
  readonly args: readonly Value[];
  pc: number;
  state: unknown;
  /** Scope that the handler of a durable step opens (`<key>#<n>`); null elsewhere. Read by walking the fiber's frames. */
  scope: string | null;
  /** The nearest scope of an enclosing frame, outermost first joined by `/`, after the fiber's path. */
  enclosingScope(): string;
  /** Ends with this result. */
  done(value: Value): Signal;
  /** Calls a closure or builtin; its value arrives in `resume`. A second holder of an argument must have been shared before. */
  call(callee: Value, args: Value[]): Signal;
  /** Waits; the value arrives in `resume`, an error in `fail`. */
  park(begin: (wake: Wake) => void, isPrompt?: boolean): Signal;
  parkFor(ms: number): Signal;
  /** Asks a source for its next item; the item, or `END`, arrives in `resume`. */
  pull(source: Source): Signal;
}

export interface FrameBody {
  start(call: NativeCall): Signal;
  resume(call: NativeCall, value: Value): Signal;
  /** An error from the callee or from a wait. Without this it goes on to the caller. To pass it on, throw it. */
  fail?(call: NativeCall, error: ScriptError): Signal;
}

class EndOfItems extends HeapValue {
  get typeName(): string {
    return "nil";
  }
}
/** What a source answers instead of an item when it has no more. Scripts never see it. */
export const END: Value = new EndOfItems();

/** A handle that gives items one by one: iterators, generators. `for` pulls it, and so do the methods that consume it. */
export abstract class Source extends Handle {
  /** Called with the source as its only argument; ends with an item or with `END`. */
  abstract readonly next: FrameBody;
}

export interface Builtin {
  /** The global name, `namespace.name`, or the bare method name. */
  readonly name: string;
  /** In the language's own notation: `(text: string, sep?: string) -> list<string>`. A method's receiver is not listed. */
  readonly signature: string;
  readonly effect: Effect;
  /** One or two sentences for completion, hover and the reference page. */
  readonly doc: string;
  /** A script that a test runs: lines, with `// -> output` behind what prints. */
  readonly example: string;
  /** How many arguments `plain` takes after the context; -1: all in one array as its first argument. */
  readonly arity: number;
  /**
   * It only looks at its arguments (a method: at its receiver), and shares what it keeps or returns of them. The caller may then pass
   * them without giving up its right to change them in place later. Never set on a body that calls back.
   */
  readonly borrows?: boolean;
  readonly plain: PlainBody | null;
  readonly frame: FrameBody | null;
}

/** Kinds whose methods are looked up in a table; structs dispatch to `impl` blocks instead, dicts and ranges have rules of their own. */
export type ReceiverKind = "string" | "list" | "dict" | "set" | "range" | "iter" | "generator" | "stream" | "other";

/** Everything that is built in, as the VM, the compiler and the checker get it. */
export interface BuiltinTable {
  readonly globals: ReadonlyMap<string, Builtin>;
  /** What the compiler's own code calls, by names that no script can write. */
  readonly internal: ReadonlyMap<string, Builtin>;
  readonly methods: Readonly<Record<ReceiverKind, ReadonlyMap<string, Builtin>>>;
  /** Plain global values: `pi`, `e`, namespace dicts such as `step`. */
  readonly constants: ReadonlyMap<string, Value>;
  /** Names that the language has and this version lacks yet: calling one is a diagnostic, never a wrong result. */
  readonly unsupported: ReadonlySet<string>;
}
