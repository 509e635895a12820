/**
 * A loaded file: functions made ready to run, and the state that its functions share.
 *
 * The chunk stays plain data that could be shared between engines; what an execution adds (constants as values, inline caches, module
 * slots) lives here.
 */
import type { Chunk, Constant, FunctionProto } from "../bytecode/chunk.ts";
import type { SourceText, Span } from "../source/text.ts";
import type { Builtin } from "./native.ts";
import { type Closure, Duration, dict, Float, list, Shape, share, type Value } from "./values.ts";

export class LinkedModule {
  /** Top-level names of an imported module; `undefined` until their declaration ran. */
  readonly slots: (Value | undefined)[];
  /** Functions of the entry file's top level that code above them calls. */
  readonly late: (Value | undefined)[];
  readonly shapes = new Map<string, Shape>();
  readonly main: LinkedFunction;
  /** Loaded modules by import index; filled by the importing instruction. */
  readonly imported: (LinkedModule | undefined)[] = [];
  state: "new" | "loading" | "loaded" = "new";

  constructor(
    readonly chunk: Chunk,
    /** The entry file binds late and captures by value; an imported module has slots. */
    readonly isEntry: boolean,
    /** For lines and frames of errors. */
    readonly source: SourceText,
  ) {
    this.slots = chunk.slots.map(() => undefined);
    this.late = chunk.late.map(() => undefined);
    this.main = new LinkedFunction(chunk.main, this);
  }

  shape(name: string, fields: readonly string[]): Shape {
    const key = `${name} ${fields.join(",")}`;
    let shape = this.shapes.get(key);
    if (shape === undefined) {
      shape = new Shape(name, fields);
      this.shapes.set(key, shape);
    }
    return shape;
  }
}

export interface KnownMethod {
  /** The receiver's shape if it was a struct, otherwise its kind. */
  readonly key: Shape | "list" | "string";
  /** The machine's methods of structs as they were. */
  readonly impls: ReadonlyMap<string, ReadonlyMap<string, Closure>>;
  readonly method: Builtin | Closure;
}

export class LinkedFunction {
  readonly code: Int32Array;
  readonly constants: readonly Value[];
  readonly registers: number;
  readonly paramCount: number;
  readonly generator: boolean;
  /** One entry a caching instruction: a builtin, or [shape, slot] pairs; undefined until first used. */
  readonly caches: unknown[];
  /** Struct literals worked out, by the index of their list of names. */
  readonly plans: unknown[];
  /** What a method's name meant last, by the index of the name. */
  readonly methods: (KnownMethod | undefined)[];
  private nested: LinkedFunction[] | null = null;

  constructor(
    readonly proto: FunctionProto,
    readonly module: LinkedModule,
  ) {
    this.code = proto.code;
    const constants: Value[] = [null];
    constants.pop();
    for (const constant of proto.constants) constants.push(realize(constant));
    this.constants = constants;
    this.registers = proto.registers;
    this.paramCount = proto.params.length;
    this.generator = proto.generator;
    this.plans = new Array(proto.lists.length).fill(undefined);
    this.caches = new Array(proto.caches).fill(undefined);
    this.methods = new Array(proto.names.length).fill(undefined);
  }

  /** The place of the instruction that a word belongs to. */
  span(word: number): Span {
    const { positions } = this.proto;
    let low = 0;
    let high = positions.length / 3 - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((positions[middle * 3] as number) <= word) low = middle;
      else high = middle - 1;
    }
    return { start: positions[low * 3 + 1] ?? 0, end: positions[low * 3 + 2] ?? 0 };
  }

  function(index: number): LinkedFunction {
    this.nested ??= this.proto.functions.map((proto) => new LinkedFunction(proto, this.module));
    return this.nested[index] as LinkedFunction;
  }
}

/** Lists and dicts are shared from the start: the function holds them, whoever else does. */
function realize(constant: Constant): Value {
  if (typeof constant !== "object" || constant === null) return constant;
  switch (constant.kind) {
    case "float":
      return new Float(constant.value);
    case "duration":
      return new Duration(constant.ms);
    case "list":
      return share(list(constant.items.map(realize)));
    case "dict":
      return share(dict(new Map(constant.entries.map(([key, item]) => [key, realize(item)]))));
  }
}
