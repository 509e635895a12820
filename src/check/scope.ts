/**
 * Names and what is known of them, in nested scopes.
 *
 * There are two chains. `parent` is where variables are looked up; a function's body has the program scope as its parent, so captured
 * locals count as unknown. `lexical` is where the text stands; callable names and declared types are looked up along it, so nothing that
 * a script can reach is called undefined. For every other scope both are the same.
 */
import type { EnumDecl, ImplBlock, InterfaceDecl, Node, StructDecl, TypeDecl } from "../syntax/ast.ts";
import type { FnSignature } from "./declarations.ts";
import type { InferredType, Type } from "./types.ts";
import type { Weights } from "./weight.ts";

export interface Variable {
  readonly type: InferredType;
  readonly mutable: boolean;
  /** Set while a condition refines the variable in this very scope: the type that assignments are compared with. */
  readonly declared?: { readonly type: InferredType };
  /** Bound to nil without an annotation: the first other type assigned widens it. */
  readonly widens?: boolean;
  /** The type described by the schema dict it is bound to. */
  readonly schema?: InferredType;
  /** Concrete types that `type_of` tests have ruled out for an `unknown` variable. */
  readonly ruledOut?: ReadonlySet<string>;
}

/** What all scopes of one check share. */
export interface Shared {
  /** Goes up with every change of any scope; an inferred type is good for one stamp. */
  stamp: number;
  readonly inferred: WeakMap<Node, { readonly scope: Scope; readonly stamp: number; readonly type: InferredType }>;
  /** Every name that can be called without being declared in the file. */
  readonly builtinNames: ReadonlySet<string>;
  /** The same in alphabetical order, made for the first suggestion. */
  sortedBuiltins: readonly string[] | null;
  /** Unknown call targets that still get a suggestion, which takes a look at every known name. */
  suggestionsLeft: number;
  readonly weights: Weights;
  /** Functions of the host whose signatures are enforced. */
  readonly hostFunctions: ReadonlyMap<string, FnSignature>;
  readonly importedNames: ReadonlySet<string>;
}

type Declared = TypeDecl | StructDecl | EnumDecl | InterfaceDecl;

export class Scope {
  readonly variables = new Map<string, Variable>();
  readonly functions = new Map<string, FnSignature>();
  /** Names of variables of this scope whose `ruledOut` is not empty. */
  readonly ruledOutNames = new Set<string>();
  private readonly types = new Map<string, Declared>();
  private readonly impls = new Map<string, ImplBlock>();
  private readonly typeParams = new Set<string>();
  private readonly bounds = new Map<string, string>();

  private constructor(
    readonly shared: Shared,
    readonly parent: Scope | null,
    readonly lexical: Scope | null,
  ) {}

  static program(shared: Shared): Scope {
    return new Scope(shared, null, null);
  }

  /** A block inside this scope. */
  child(): Scope {
    return new Scope(this.shared, this, this);
  }

  /** The scope of a function's body that stands in this scope: it sees this scope's callables and types, and `program`'s variables. */
  functionBody(program: Scope): Scope {
    return new Scope(this.shared, program, this);
  }

  define(name: string, type: InferredType, mutable = false): void {
    if (name !== "_") this.set(name, { type, mutable });
  }

  set(name: string, variable: Variable): void {
    this.shared.stamp++;
    this.variables.set(name, variable);
    if (variable.ruledOut !== undefined && variable.ruledOut.size > 0) this.ruledOutNames.add(name);
    else this.ruledOutNames.delete(name);
  }

  variable(name: string): Variable | undefined {
    for (let scope: Scope | null = this; scope !== null; scope = scope.parent) {
      const found = scope.variables.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The type of a variable; null when there is none or it is not known. */
  typeOf(name: string): InferredType {
    return this.variable(name)?.type ?? null;
  }

  /** Takes the refined type for this scope, remembering what it was before the first refinement here. */
  refine(name: string, type: InferredType, ruledOut: ReadonlySet<string> | null): void {
    const before = this.variable(name);
    if (before === undefined) return;
    const declared = this.variables.get(name)?.declared ?? { type: before.type };
    const { mutable, schema = null, widens = false } = before;
    const refined: Variable = { type, mutable, declared, schema, widens };
    this.set(name, ruledOut === null ? refined : { ...refined, ruledOut });
  }

  defineFunction(signature: FnSignature): void {
    this.shared.stamp++;
    this.functions.set(signature.name, signature);
  }

  /**
   * The function a call of `name` reaches, as far as that is known: null when a variable of an inner scope hides it or there is none.
   * Names of the program scope are those of the whole file, so there a function goes before a variable.
   */
  callee(name: string): FnSignature | null {
    for (let scope: Scope | null = this; scope !== null; scope = scope.lexical) {
      const found = scope.functions.get(name);
      if (found !== undefined) return found;
      if (scope.lexical !== null && scope.variables.has(name)) return null;
    }
    return this.shared.hostFunctions.get(name) ?? null;
  }

  /** Whether a variable inside a function hides what `name` means in the file and among the builtins. */
  isHidden(name: string): boolean {
    for (let scope: Scope | null = this; scope !== null && scope.lexical !== null; scope = scope.lexical) {
      if (scope.functions.has(name)) return false;
      if (scope.variables.has(name)) return true;
    }
    return false;
  }

  /** Whether any scope around the text declares `name` as something that can stand before `(`. */
  isCallable(name: string): boolean {
    for (let scope: Scope | null = this; scope !== null; scope = scope.lexical) {
      if (scope.functions.has(name) || scope.variables.has(name) || scope.typeParams.has(name)) return true;
      const declared = scope.types.get(name)?.kind;
      if (declared === "StructDecl" || declared === "EnumDecl") return true;
    }
    return false;
  }

  /** Functions by scope, the innermost first, each scope alphabetically. */
  functionNames(): string[] {
    const names: string[] = [];
    for (let scope: Scope | null = this; scope !== null; scope = scope.lexical) names.push(...[...scope.functions.keys()].sort());
    return names;
  }

  declareType(decl: Declared): void {
    this.shared.stamp++;
    this.types.set(decl.name, decl);
  }

  alias(name: string): TypeDecl | null {
    const found = this.declared(name);
    return found?.kind === "TypeDecl" ? found : null;
  }

  struct(name: string): StructDecl | null {
    const found = this.declared(name);
    return found?.kind === "StructDecl" ? found : null;
  }

  enum(name: string): EnumDecl | null {
    const found = this.declared(name);
    return found?.kind === "EnumDecl" ? found : null;
  }

  interface(name: string): InterfaceDecl | null {
    const found = this.declared(name);
    return found?.kind === "InterfaceDecl" ? found : null;
  }

  /** Struct names by scope, the innermost first, each scope alphabetically. */
  structNames(): string[] {
    const names: string[] = [];
    for (let scope: Scope | null = this; scope !== null; scope = scope.lexical) {
      names.push(
        ...[...scope.types.values()]
          .filter((decl) => decl.kind === "StructDecl")
          .map((decl) => decl.name)
          .sort(),
      );
    }
    return names;
  }

  declareImpl(block: ImplBlock): void {
    this.shared.stamp++;
    this.impls.set(block.typeName, block);
  }

  impl(typeName: string): ImplBlock | null {
    for (let scope: Scope | null = this; scope !== null; scope = scope.lexical) {
      const found = scope.impls.get(typeName);
      if (found !== undefined) return found;
    }
    return null;
  }

  addTypeParam(name: string, bound?: string): void {
    this.shared.stamp++;
    this.typeParams.add(name);
    if (bound !== undefined) this.bounds.set(name, bound);
  }

  isTypeParam(name: string): boolean {
    for (let scope: Scope | null = this; scope !== null; scope = scope.lexical) if (scope.typeParams.has(name)) return true;
    return false;
  }

  /** The interface that `where` demands of a type parameter. */
  boundOf(typeParam: string): string | null {
    for (let scope: Scope | null = this; scope !== null; scope = scope.lexical) {
      const bound = scope.bounds.get(typeParam);
      if (bound !== undefined) return bound;
    }
    return null;
  }

  private declared(name: string): Declared | undefined {
    for (let scope: Scope | null = this; scope !== null; scope = scope.lexical) {
      const found = scope.types.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** The variables in sight that `type_of` tests have narrowed without naming a type, alphabetically, with what is ruled out. */
export function partlyRuledOut(scope: Scope): { name: string; type: Type; ruledOut: ReadonlySet<string> }[] {
  const names = new Set<string>();
  for (let at: Scope | null = scope; at !== null; at = at.parent) for (const name of at.ruledOutNames) names.add(name);
  const found: { name: string; type: Type; ruledOut: ReadonlySet<string> }[] = [];
  for (const name of [...names].sort()) {
    const variable = scope.variable(name);
    if (variable?.type && variable.ruledOut !== undefined) found.push({ name, type: variable.type, ruledOut: variable.ruledOut });
  }
  return found;
}
