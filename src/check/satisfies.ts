/**
 * Whether a named type satisfies an interface, and if not, why.
 *
 * Satisfaction is implicit: the type's `impl` block of this file has each method, with parameters and results that fit where both
 * sides are annotated. `self` is not counted. Associated types bind from the implementation's annotations.
 */
import type { FnDecl, InterfaceDecl, InterfaceMethod, Param } from "../syntax/ast.ts";
import { bindType } from "./bind.ts";
import type { Scope } from "./scope.ts";
import { bindingsOf, substitute } from "./substitute.ts";
import type { Type } from "./types.ts";
import { baseName, showType } from "./types.ts";

type Fits = (expected: Type, actual: Type) => boolean;

/**
 * @param actual the type that should satisfy it
 * @param wanted the interface, as a name or an application
 * @param fits compares the types of parameters and results
 * @returns null when it does, otherwise the reason as messages give it
 */
export function satisfies(actual: Type, wanted: Type, scope: Scope, fits: Fits): string | null {
  const interfaceName = baseName(wanted);
  const typeName = baseName(actual);
  if (typeName === null) return "only named types can satisfy interfaces";
  const decl = interfaceName === null ? null : scope.interface(interfaceName);
  if (decl === null) return `interface '${interfaceName}' not found`;
  const block = scope.impl(typeName);
  if (block === null) {
    if (decl.methods.length === 0) return null;
    return `missing method(s): ${decl.methods.map((method) => method.name).join(", ")}`;
  }
  return new Satisfaction(decl, wanted, fits).check(block.methods);
}

class Satisfaction {
  /** Interface type arguments, then associated types as they are found. */
  private readonly arguments: ReadonlyMap<string, Type>;
  private readonly associated = new Map<string, Type>();
  private readonly associatedNames: ReadonlySet<string>;

  constructor(
    private readonly decl: InterfaceDecl,
    wanted: Type,
    private readonly fits: Fits,
  ) {
    const names = decl.typeParams.map((param) => param.name);
    this.arguments = wanted.kind === "Applied" ? bindingsOf(names, wanted.args) : new Map();
    this.associatedNames = new Set(decl.assocTypes.map((assoc) => assoc.name));
  }

  check(methods: readonly FnDecl[]): string | null {
    for (const wanted of this.decl.methods) {
      const given = methods.find((method) => method.name === wanted.name);
      if (given === undefined) return `missing method '${wanted.name}'`;
      const reason = this.method(wanted, given);
      if (reason !== null) return reason;
    }
    return this.defaults();
  }

  private method(wanted: InterfaceMethod, given: FnDecl): string | null {
    const expected = withoutSelf(wanted.params);
    const actual = withoutSelf(given.params);
    if (expected.length !== actual.length) return `method '${wanted.name}' has ${actual.length} parameter(s), expected ${expected.length}`;
    for (const [i, param] of expected.entries()) {
      const other = actual[i]?.type ?? null;
      if (param.type === null || other === null) continue;
      const type = this.resolve(param.type, other);
      if (typeof type === "string") return type;
      if (!this.fits(type, other))
        return `method '${wanted.name}' parameter ${i + 1} has type '${showType(other)}', expected '${showType(type)}'`;
    }
    if (wanted.returnType === null || given.returnType === null) return null;
    const type = this.resolve(wanted.returnType, given.returnType);
    if (typeof type === "string") return type;
    if (this.fits(type, given.returnType)) return null;
    return `method '${wanted.name}' returns '${showType(given.returnType)}', expected '${showType(type)}'`;
  }

  /** The interface's annotation with arguments and associated types filled in; a text when an associated type would bind twice. */
  private resolve(type: Type, given: Type): Type | string {
    const concrete = substitute(type, this.arguments);
    if (this.associatedNames.size > 0) {
      const conflict = bindType(concrete, given, this.associatedNames, this.associated);
      if (conflict !== null) return conflict;
    }
    return substitute(concrete, this.associated);
  }

  /** `type Item = D`: what the implementation bound must fit the default. */
  private defaults(): string | null {
    for (const assoc of this.decl.assocTypes) {
      const bound = this.associated.get(assoc.name);
      if (bound === undefined || assoc.type === null || this.fits(assoc.type, bound)) continue;
      return `associated type '${assoc.name}' resolves to '${showType(bound)}', expected '${showType(assoc.type)}'`;
    }
    return null;
  }
}

function withoutSelf(params: readonly Param[]): readonly Param[] {
  return params[0]?.name === "self" ? params.slice(1) : params;
}
