/**
 * A compiled file: its functions, constants and names, as plain data that can be written to disk, verified and read back.
 *
 * Source positions are a side table, so that the instructions stay small and an artefact can be stripped.
 */
/** A constant: what a literal stands for, or the schema of a type. Ints are numbers while safe, otherwise bigints. */
export type Constant =
  | null
  | boolean
  | string
  | number
  | bigint
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "duration"; readonly ms: number | bigint }
  | { readonly kind: "list"; readonly items: readonly Constant[] }
  | { readonly kind: "dict"; readonly entries: readonly (readonly [string, Constant])[] };

/** A checkable run-time type of an annotated parameter; see `vm/guards.ts`. */
export type Guard =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "literal"; readonly value: string | number | bigint }
  | { readonly kind: "union"; readonly members: readonly Guard[] }
  | { readonly kind: "list"; readonly item: Guard | null }
  | { readonly kind: "dict"; readonly value: Guard | null }
  | { readonly kind: "shape"; readonly fields: readonly { readonly name: string; readonly optional: boolean; readonly type: Guard }[] }
  | { readonly kind: "interface"; readonly name: string };

export interface ParamInfo {
  readonly name: string;
  readonly hasDefault: boolean;
  readonly rest: boolean;
}

/** Where a closure takes a captured value from when it is made: a register of the enclosing frame, or one of its own captures. */
export interface CaptureSource {
  readonly from: "register" | "capture";
  readonly index: number;
}

/** A name that a register (or capture) holds over a stretch of instructions: for late binding of function names and suggestions. */
export interface LocalName {
  readonly name: string;
  readonly place: "register" | "capture";
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

/** A protected stretch: an error raised at `start <= pc < end` jumps to `target` with the error in register `register`. Inner ranges come first. */
export interface Handler {
  readonly start: number;
  readonly end: number;
  readonly target: number;
  readonly register: number;
  /** How many deadlines this function has armed at this point; the unwinder disarms the rest. */
  readonly deadlines: number;
}

/** A stretch of code that is the body of a small function, put in place of a call: for call stacks. */
export interface InlinedCall {
  readonly start: number;
  readonly end: number;
  /** Where the call stands in the source. */
  readonly callStart: number;
}

export interface FunctionProto {
  /** For call stacks: the declared name, `<closure>` or `pipeline`. */
  readonly name: string;
  readonly params: readonly ParamInfo[];
  /** Registers that the frame's window takes, parameters first. */
  readonly registers: number;
  readonly code: Int32Array;
  readonly constants: readonly Constant[];
  /** Names and guards and nested functions, indexed by instructions. */
  readonly names: readonly string[];
  /** Lists of names: keys of dict literals, struct and enum descriptions. */
  readonly lists: readonly (readonly string[])[];
  readonly guards: readonly Guard[];
  readonly functions: readonly FunctionProto[];
  readonly captures: readonly CaptureSource[];
  readonly handlers: readonly Handler[];
  readonly inlined: readonly InlinedCall[];
  /** Triples (word index, span start, span end), ascending: the place of an instruction is that of the last triple at or before it. */
  readonly positions: Int32Array;
  readonly locals: readonly LocalName[];
  /** The body contains `yield` or belongs to a `gen fn`: a call makes a generator. */
  readonly generator: boolean;
  /** The generator is called a stream. */
  readonly stream: boolean;
  /** Inline caches that the run loop needs for this code. */
  readonly caches: number;
}

/** An import as the compiler saw it: which names it binds is known before the run. */
export interface ImportEntry {
  /** As written. */
  readonly path: string;
  /** The names it binds, in the order of their registers or slots. */
  readonly names: readonly string[];
  /** The slots they go to; null: registers. */
  readonly slots: readonly number[] | null;
}

/** An argument count that says: the arguments are the items of one list. */
export const SPREAD_ARGS = 0xffff;

/** Rises with every change of the instruction set or of the shapes in this file. */
export const CHUNK_VERSION = 4;

export interface Chunk {
  readonly version: number;
  readonly path: string;
  /** Runs the file's top level: for the entry file the whole program, for a module its loading. */
  readonly main: FunctionProto;
  /** Names of the module's slots (imported modules only) and of late-bound functions (entry file only). */
  readonly slots: readonly string[];
  readonly late: readonly string[];
  /** Names that some function of the entry file looks up among its callers. */
  readonly dynamic: readonly string[];
  readonly imports: readonly ImportEntry[];
  /** Functions that an import of this file may name, and those that a plain import binds. */
  readonly functions: readonly string[];
  readonly exports: readonly string[];
}
