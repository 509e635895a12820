/** A VM instance's stand-in for tests of builtins: a context whose output gathers, and a driver for bodies that call back. */
import { BUILTINS } from "../../src/builtins/table.ts";
import type { Door } from "../../src/vm/door.ts";
import { display } from "../../src/vm/display.ts";
import { ScriptError } from "../../src/vm/errors.ts";
import { DEFAULT_LIMITS, type Limits } from "../../src/vm/limits.ts";
import {
  type Builtin,
  type BuiltinTable,
  type NativeCall,
  type NativeContext,
  PARKED,
  type Parked,
  type ReceiverKind,
  type Signal,
  type Wake,
} from "../../src/vm/native.ts";
import { StringIndex } from "../../src/vm/strings.ts";
import { BuiltinRef, Float, list, share, type Value } from "../../src/vm/values.ts";

/** A host function in the place of a script's closure. */
export function callable(f: (...args: Value[]) => Value): BuiltinRef {
  const builtin: Builtin = {
    name: "callback",
    signature: "(...args)",
    effect: "pure",
    doc: "",
    example: "",
    arity: f.length,
    plain: (_ctx, ...args) => f(...args),
    frame: null,
  };
  return new BuiltinRef(builtin);
}

export interface Machine {
  readonly ctx: NativeContext;
  readonly table: BuiltinTable;
  out: string;
  errors: string;
  burned: number;
  /** What a parked call was answered with. */
  call(name: string, ...args: Value[]): Value;
  method(kind: ReceiverKind, name: string, ...args: Value[]): Value;
  /** Calls whatever it is, waiting for what it waits for. */
  wait(name: string, ...args: Value[]): Promise<Value>;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export function machine(door: Partial<Door> = {}, limits: Partial<Limits> = {}, services: Record<string, unknown> = {}): Machine {
  const table = BUILTINS;
  let waiting: Promise<Value> | null = null;
  const self: Machine = {
    table,
    out: "",
    errors: "",
    burned: 0,
    ctx: null as unknown as NativeContext,
    call: (name, ...args) => run(self, row(table.globals.get(name), name), args),
    method: (kind, name, ...args) => run(self, row(table.methods[kind].get(name), name), args),
    async wait(name, ...args) {
      const answer = invoke(self, row(table.globals.get(name), name), args);
      return answer === PARKED ? await (waiting as Promise<Value>) : answer;
    },
  };
  const park = (work: Promise<Value>): Parked => {
    waiting = work;
    return PARKED;
  };
  const ctx: Mutable<NativeContext> = {
    door: fakeDoor(self, door),
    limits: { ...DEFAULT_LIMITS, ...limits },
    argc: 0,
    fiber: { id: 0, path: "" },
    callerPath: "/project/main.harn",
    services,
    strings: new StringIndex(),
    tasks: null as unknown as NativeContext["tasks"],
    burn: (steps) => {
      self.burned += steps;
    },
    print: (text) => {
      self.out += text;
    },
    nowMs: () => ctx.door.clock.wallMs(),
    randomBytes: (count) => ctx.door.randomBytes(count),
    drawer: self,
    park: (begin) => park(new Promise((done, fail) => begin({ done, fail } satisfies Wake))),
    parkOn: (work) => park(work(new AbortController().signal)),
    parkFor: (ms) => park(ctx.door.clock.sleep(ms, new AbortController().signal).then(() => null)),
    isAlone: () => true,
  };
  (self as Mutable<Machine>).ctx = ctx;
  return self;
}

function row(found: Builtin | undefined, name: string): Builtin {
  if (found === undefined) throw new Error(`no builtin ${name}`);
  return found;
}

function fakeDoor(self: Machine, parts: Partial<Door>): Door {
  const absent = new Proxy(
    {},
    {
      get: (_target, key) => () => {
        throw new Error(`this test has no ${String(key)}`);
      },
    },
  );
  return {
    clock: { wallMs: () => 1_000, monotonicMs: () => 5, sleep: async () => {}, turn: async () => {} },
    randomBytes: (count) => new Uint8Array(count).fill(7),
    sha256: () => "00",
    output: {
      stdout: (text) => {
        self.out += text;
      },
      stderr: (text) => {
        self.errors += text;
      },
    },
    files: absent as Door["files"],
    processes: absent as Door["processes"],
    env: { get: () => undefined, all: () => ({}), cwd: () => "/project" },
    ...parts,
  };
}

function run(self: Machine, builtin: Builtin, args: Value[]): Value {
  const answer = invoke(self, builtin, args);
  if (answer === PARKED) throw new Error(`${builtin.name} parked`);
  return answer;
}

function invoke(self: Machine, builtin: Builtin, args: Value[]): Value | typeof PARKED {
  if (builtin.frame !== null) return drive(self, builtin, args);
  (self.ctx as Mutable<NativeContext>).argc = args.length;
  const { plain } = builtin;
  if (plain === null) throw new Error(`${builtin.name} has no body`);
  if (builtin.arity < 0) return plain(self.ctx, args as unknown as Value);
  const padded = Array.from({ length: builtin.arity }, (_, i) => args[i] ?? null);
  return plain(self.ctx, ...padded);
}

/** Runs a frame body as the run loop does, one callback at a time; between two steps its state goes through a copy of plain data. */
function drive(self: Machine, builtin: Builtin, args: Value[]): Value {
  const { frame } = builtin;
  if (frame === null) throw new Error(`${builtin.name} has no body`);
  let asked: { callee: Value; args: Value[] } | null = null;
  let result: Value = null;
  const call: NativeCall = {
    ctx: self.ctx,
    args,
    pc: 0,
    state: null,
    scope: null,
    enclosingScope: () => "",
    done: (value) => {
      result = value;
      return "done";
    },
    call: (callee, callArgs) => {
      asked = { callee, args: callArgs };
      return "call";
    },
    park: () => {
      throw new Error("parked in a frame");
    },
    parkFor: () => {
      throw new Error("parked in a frame");
    },
    pull: () => {
      throw new Error("pulled in a frame");
    },
  };
  let signal: Signal = frame.start(call);
  while (signal === "call") {
    const { callee, args: callArgs } = asked as unknown as { callee: Value; args: Value[] };
    let answer: Value;
    try {
      answer = run(self, (callee as BuiltinRef).builtin, callArgs);
    } catch (error) {
      if (!(error instanceof ScriptError) || frame.fail === undefined) throw error;
      signal = frame.fail(call, error);
      continue;
    }
    signal = frame.resume(call, answer);
  }
  return result;
}

/** What a throwing call says, as `catch` would see it: a thrown value's text, or the text behind the prefix of its kind. */
export function failure(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof ScriptError) return error.kind === "thrown" ? display(error.value) : `${error.kind}: ${error.text}`;
    throw error;
  }
  throw new Error("no error was raised");
}

export const float = (x: number): Float => new Float(x);
/** A list that somebody else holds too, as the run loop hands over what stays in a variable. */
export const held = (...items: Value[]): Value => share(list(items));
export const show = (value: Value): string => display(value);
