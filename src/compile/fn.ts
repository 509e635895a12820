/**
 * A function being compiled: its code, the scopes open in it, and what leaving it passes through.
 *
 * Closures capture by value, so a name resolves to a register of this function or to a captured value, never to a cell. Names are
 * resolved in the scopes as they stand when a nested function is met, which is exactly the snapshot rule of the language.
 */
import type { Constant, Guard, ImportEntry } from "../bytecode/chunk.ts";
import { Op } from "../bytecode/op.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceText, Span } from "../source/text.ts";
import { CodeBuilder, type Label } from "./builder.ts";
import type { Block, FnDecl, Node } from "../syntax/ast.ts";
import type { FileNames } from "./names.ts";

/** What one import brings, as the front end found it out; null where the file could not be read or parsed. */
export interface ImportedNames {
  /** How errors show it: absolute, with its extension. */
  readonly path: string;
  readonly functions: readonly string[];
  readonly exports: readonly string[];
}

/** Makes code for a node by its kind; see `emit.ts` for how it is asked. */
export interface Visitor {
  value(f: Fn, node: Node, dst: number): void;
  statement(f: Fn, node: Node): void;
  /** A `defer` with the statements of its block from `next` on, which it protects. */
  defer(f: Fn, deferred: Block, body: Block, next: number, dst: number | null): void;
}

/** The file being compiled, as all its functions see it. */
export interface Unit {
  readonly visitor: Visitor;
  readonly source: SourceText;
  readonly isEntry: boolean;
  readonly names: FileNames;
  /** Every callable or readable global, for did-you-mean and to tell `len` from an unknown name. */
  readonly globals: ReadonlySet<string>;
  readonly imported: ReadonlyMap<string, ImportedNames | null>;
  readonly diagnostics: Diagnostic[];
  /** Late-bound functions of the entry file, by name. */
  readonly late: Map<string, number>;
  /** Names that are looked up among the callers when the program runs. */
  readonly dynamic: Set<string>;
  /** Top-level names of an imported module, by name. */
  readonly slots: Map<string, Slot>;
  readonly imports: ImportEntry[];
  /** Of the functions that were asked about, what their calls in place need; null: these are ordinary calls. */
  readonly small: Map<FnDecl, SmallFunction | null>;
  /** Comparisons of names that may still be spent on suggestions. */
  readonly effort: { left: number };
  /** Arguments that mean a schema where they name a type alias. */
  readonly schemaArguments: Set<Node>;
  /** Parts of types that may still be lowered to schemas. */
  readonly schemaParts: { left: number };
}

export interface SmallFunction {
  readonly decl: FnDecl;
  /** Of its parameters, one by one. */
  readonly guards: readonly (Guard | null)[];
}

export interface Slot {
  readonly index: number;
  mutable: boolean;
  isFunction: boolean;
  /** Its declaration has been compiled. */
  declared: boolean;
}

/** A top-level function that nothing else in the entry file shares its name with: it can be reached through the module's table. */
export function isTopFunction({ isEntry, names }: Unit, name: string): boolean {
  return isEntry && names.functions.has(name) && names.bound.get(name) === 1;
}

/** The entry of a late-bound function; made by whoever asks first. */
export function lateIndex(unit: Unit, name: string): number {
  let index = unit.late.get(name);
  if (index === undefined) {
    index = unit.late.size;
    unit.late.set(name, index);
  }
  return index;
}

export interface Binding {
  readonly name: string;
  readonly register: number;
  readonly mutable: boolean;
  readonly isFunction: boolean;
  /** Its register may hold an unboxed float. */
  readonly unboxed: boolean;
  readonly start: number;
}

export class Scope {
  readonly bindings = new Map<string, Binding>();
  /** Names that must not be seen through to an outer scope: a parameter inside its own default. */
  readonly hidden = new Set<string>();
  constructor(readonly parent: Scope | null) {}
}

/** What stands between the present place and the end of the function; the last entry is the innermost. */
export type Exit =
  | { readonly kind: "loop"; readonly breakTo: Label; readonly continueTo: Label }
  | { readonly kind: "deadline" }
  | { readonly kind: "try" }
  | { readonly kind: "finally"; readonly record: number; readonly start: Label; readonly routes: Route[] };

/** How a `finally` block is left again: the record's number says which. */
export type Route = "return" | { readonly jump: "break" | "continue" };

export type Place =
  | {
      readonly kind: "register";
      readonly register: number;
      readonly mutable: boolean;
      readonly isFunction: boolean;
      readonly unboxed: boolean;
    }
  | { readonly kind: "capture"; readonly index: number; readonly mutable: boolean; readonly isFunction: boolean }
  | { readonly kind: "slot"; readonly index: number; readonly mutable: boolean; readonly isFunction: boolean }
  | { readonly kind: "unbound" };

const UNBOUND: Place = { kind: "unbound" };
const NOTHING: ReadonlySet<string> = new Set();

/** Where `return` puts its value and goes, and the body's last statement, which is there already. */
export interface InPlace {
  readonly dst: number;
  readonly end: Label;
  readonly last: Node | null;
}

export class Fn {
  readonly code = new CodeBuilder();
  scope = new Scope(null);
  readonly exits: Exit[] = [];
  /** The small function that is being compiled in place of its call, if one is. */
  inPlace: InPlace | null = null;
  /** Deadlines armed at the present place. */
  deadlines = 0;
  /** The top level of a script, where `try*` has no function to leave. */
  isScript = false;
  /** Set when every call of this name in the file means the function itself. */
  selfName: string | null = null;
  /** Variables that arithmetic writes and mostly arithmetic reads: their floats are not boxed. */
  unboxed: ReadonlySet<string> = NOTHING;
  private readonly captured = new Map<string, { index: number; mutable: boolean; isFunction: boolean }>();

  constructor(
    readonly unit: Unit,
    readonly parent: Fn | null,
  ) {}

  // --- Scopes --------------------------------------------------------------------------------------------------------------------

  /** Runs `body` in a scope of its own and gives its registers back. */
  scoped(body: () => void): void {
    const { code } = this;
    const mark = code.free;
    this.scope = new Scope(this.scope);
    body();
    this.endScope();
    code.free = mark;
  }

  private endScope(): void {
    const { code } = this;
    for (const binding of this.scope.bindings.values()) this.recordName(binding);
    this.scope = this.scope.parent as Scope;
    code.free = Math.max(code.free, 0);
  }

  private recordName(binding: Binding): void {
    const end = this.code.here;
    if (end > binding.start) {
      this.code.locals.push({ name: binding.name, place: "register", index: binding.register, start: binding.start, end });
    }
  }

  /** Temporaries taken inside `body` are free again afterwards. */
  temporarily(body: () => void): void {
    const mark = this.code.free;
    body();
    this.code.free = mark;
  }

  /** Binds a name to a register that holds its value. An immutable name bound twice in one scope is an error when this place runs. */
  declare(name: string, register: number, mutable: boolean, isFunction = false, unboxed = this.unboxed.has(name)): void {
    if (name === "_") return;
    const { scope, code } = this;
    const old = scope.bindings.get(name);
    if (old !== undefined) {
      if (!old.mutable && !mutable) {
        this.fail(0, redeclared(name));
        return;
      }
      this.recordName(old);
    }
    scope.hidden.delete(name);
    scope.bindings.set(name, { name, register, mutable, isFunction, unboxed, start: code.here });
  }

  /** Closes the books: names still open get their ranges. */
  finishNames(): void {
    for (let scope: Scope | null = this.scope; scope !== null; scope = scope.parent) {
      for (const binding of scope.bindings.values()) this.recordName(binding);
    }
    for (const [name, { index }] of this.captured) {
      this.code.locals.push({ name, place: "capture", index, start: 0, end: this.code.here });
    }
  }

  // --- Names ---------------------------------------------------------------------------------------------------------------------

  resolve(name: string): Place {
    const own = this.lookup(name);
    if (own === "hidden") return UNBOUND;
    if (own !== null) {
      const { register, mutable, isFunction, unboxed } = own;
      return { kind: "register", register, mutable, isFunction, unboxed };
    }
    const capture = this.capture(name);
    if (capture !== null) return { kind: "capture", ...capture };
    const slot = this.unit.slots.get(name);
    return slot === undefined ? UNBOUND : { kind: "slot", ...slot };
  }

  private lookup(name: string): Binding | "hidden" | null {
    for (let scope: Scope | null = this.scope; scope !== null; scope = scope.parent) {
      const binding = scope.bindings.get(name);
      if (binding !== undefined) return binding;
      if (scope.hidden.has(name)) return "hidden";
    }
    return null;
  }

  private capture(name: string): { index: number; mutable: boolean; isFunction: boolean } | null {
    const known = this.captured.get(name);
    if (known !== undefined) return known;
    const outer = this.parent?.resolve(name);
    if (outer === undefined || outer.kind === "unbound" || outer.kind === "slot") return null;
    const source =
      outer.kind === "register"
        ? ({ from: "register", index: outer.register } as const)
        : ({ from: "capture", index: outer.index } as const);
    const capture = {
      index: this.code.captures.push(source) - 1,
      mutable: outer.mutable,
      isFunction: outer.isFunction,
    };
    this.captured.set(name, capture);
    return capture;
  }

  /** Copies a captured variable into a register, so that the function may change it or read it quickly. */
  load(name: string): void {
    const place = this.resolve(name);
    if (place.kind !== "capture") return;
    const register = this.code.take();
    this.code.ad(Op.GETCAP, register, place.index);
    this.declare(name, register, place.mutable, place.isFunction);
  }

  /** Every name that can be read here, for did-you-mean. */
  visibleNames(): Set<string> {
    const names = new Set<string>(this.unit.slots.keys());
    for (let fn: Fn | null = this; fn !== null; fn = fn.parent) {
      for (let scope: Scope | null = fn.scope; scope !== null; scope = scope.parent) {
        for (const name of scope.bindings.keys()) names.add(name);
      }
    }
    return names;
  }

  /** A variable's register, with its float boxed in it if it holds an unboxed one. */
  boxed(place: { readonly register: number; readonly unboxed: boolean }): number {
    if (place.unboxed) this.code.abc(Op.BOX, place.register, place.register);
    return place.register;
  }

  // --- Small instructions --------------------------------------------------------------------------------------------------------

  /** Loads a constant; a dropped value (register -1) needs none. */
  constant(register: number, value: Constant): void {
    const { code } = this;
    if (register < 0) return;
    if (typeof value === "number" && Object.is(value | 0, value)) code.ad(Op.LOADI, register, value);
    else code.ad(Op.LOADK, register, code.constant(value));
  }

  /** `kind`: 0 runtime, 1 plain, 2 not supported yet. */
  fail(kind: 0 | 1 | 2, text: string): void {
    this.code.ad(Op.FAIL, kind, this.code.constant(text));
  }

  unsupported(what: string): void {
    this.fail(2, `${what} not supported yet`);
  }

  /** A compile error: reported with the line only, as the reference does. */
  error(span: Span, text: string): void {
    const message = `Compile error at line ${this.unit.source.line(span.start)}: ${text}`;
    this.unit.diagnostics.push({
      severity: "error",
      code: "compile/error",
      message: `compile error: ${message}`,
      plain: message,
      source: this.unit.source,
      span: null,
    });
  }
}

export function redeclared(name: string): string {
  return `Cannot redeclare immutable variable '${name}' in the same scope (use 'var' for mutable bindings)`;
}
