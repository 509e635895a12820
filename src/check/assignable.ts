/**
 * Whether a value of one type may stand where another is expected: the reference's table, row by row.
 *
 * One question costs a bounded number of steps. Pairs of named types that are being compared already count as fitting, which is what
 * recursive aliases need; a question that would take more than `MAX_STEPS` steps is answered yes, because a checker that gives up must
 * not invent an error.
 */
import type { ShapeField } from "../syntax/ast.ts";
import { expandAlias } from "./aliases.ts";
import { satisfies } from "./satisfies.ts";
import type { Scope } from "./scope.ts";
import type { Type } from "./types.ts";
import { baseName, isNamed, NEVER, showType } from "./types.ts";

const MAX_STEPS = 20_000;
const MAX_DEPTH = 200;

/** Whether `actual` fits `expected`, with the aliases and declarations of `scope`. */
export function isAssignable(expected: Type, actual: Type, scope: Scope): boolean {
  return new Comparison(scope).fits(expected, actual);
}

/** Bare names that fit any parameterised form of the same family, and the other way round. */
const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  ListType: ["list"],
  DictType: ["dict"],
  IterType: ["iter", "Iter"],
  GeneratorType: ["generator", "Generator"],
  StreamType: ["stream", "Stream"],
};

class Comparison {
  private steps = 0;
  private depth = 0;
  private readonly settled = new Map<string, boolean>();

  constructor(private readonly scope: Scope) {}

  fits(expected: Type, actual: Type): boolean {
    if (expected === actual) return true;
    if (++this.steps > MAX_STEPS || this.depth >= MAX_DEPTH) return true;
    this.depth++;
    const answer = this.compare(expected, actual);
    this.depth--;
    return answer;
  }

  private compare(expected: Type, actual: Type): boolean {
    if (this.isOpen(expected) || this.isOpen(actual)) return true;
    const wanted = expandAlias(expected, this.scope);
    const given = expandAlias(actual, this.scope);
    if (wanted === expected && given === actual) return this.compareHeads(wanted, given);
    const key = `${showType(expected)} <- ${showType(actual)}`;
    const known = this.settled.get(key);
    if (known !== undefined) return known;
    this.settled.set(key, true);
    const answer = this.compareHeads(wanted, given);
    this.settled.set(key, answer);
    return answer;
  }

  /** The wildcard, and type parameters in scope, fit everything. */
  private isOpen(type: Type): boolean {
    return type.kind === "Named" && (type.name === "_" || this.scope.isTypeParam(type.name));
  }

  private compareHeads(expected: Type, actual: Type): boolean {
    if (this.isOpen(expected) || this.isOpen(actual)) return true;
    if (actual.kind === "Never") return true;
    if (expected.kind === "Never") return false;
    if (isNamed(expected, "any") || isNamed(actual, "any")) return true;
    const wanted = baseName(expected);
    if (wanted !== null && this.scope.interface(wanted) !== null) {
      const given = baseName(actual);
      if (given === null) return false;
      return given === wanted || satisfies(actual, expected, this.scope, (e, a) => this.fits(e, a)) === null;
    }
    if (isNamed(expected, "unknown")) return true;
    if (expected.kind === "Union" || actual.kind === "Union") return this.unions(expected, actual);
    return this.forms(expected, actual);
  }

  private unions(expected: Type, actual: Type): boolean {
    if (actual.kind === "Union") return actual.members.every((member) => this.fits(expected, member));
    return expected.kind === "Union" && expected.members.some((member) => this.fits(member, actual));
  }

  private forms(expected: Type, actual: Type): boolean {
    if (actual.kind === "Named") return this.fromName(expected, actual.name);
    if (expected.kind === "Named") return this.toName(expected.name, actual);
    switch (expected.kind) {
      case "Shape":
        return this.toShape(expected.fields, actual);
      case "DictType":
        return this.toDict(expected.key, expected.value, actual);
      case "ListType":
        return actual.kind === "ListType" && this.same(expected.item, actual.item);
      case "IterType":
      case "GeneratorType":
      case "StreamType":
        return actual.kind === expected.kind && this.fits(expected.item, actual.item);
      case "FnType":
        return (
          actual.kind === "FnType" &&
          actual.params.length === expected.params.length &&
          expected.params.every((param, i) => this.fits(actual.params[i] ?? NEVER, param)) &&
          this.fits(expected.result, actual.result)
        );
      case "Applied":
        return actual.kind === "Applied" && this.applications(expected.name, expected.args, actual.name, actual.args);
      case "LitString":
      case "LitInt":
        return actual.kind === expected.kind && actual.value === expected.value;
      default:
        return false;
    }
  }

  /** Rows whose actual side is a plain name. */
  private fromName(expected: Type, actual: string): boolean {
    switch (expected.kind) {
      case "Named":
        return expected.name === actual || (expected.name === "float" && actual === "int");
      case "Shape":
        return actual === "dict";
      case "FnType":
        return actual === "closure";
      case "LitString":
        return actual === "string";
      case "LitInt":
        return actual === "int";
      case "Applied":
        return expected.name === actual;
      default:
        return FAMILIES[expected.kind]?.includes(actual) ?? false;
    }
  }

  /** Rows whose expected side is a plain name and whose actual side is not. */
  private toName(expected: string, actual: Type): boolean {
    switch (actual.kind) {
      case "Shape":
        return expected === "dict";
      case "FnType":
        return expected === "closure";
      case "LitString":
        return expected === "string";
      case "LitInt":
        return expected === "int" || expected === "float";
      case "Applied":
        return expected === actual.name;
      default:
        return FAMILIES[actual.kind]?.includes(expected) ?? false;
    }
  }

  private toShape(fields: readonly ShapeField[], actual: Type): boolean {
    if (actual.kind === "DictType") return true;
    if (actual.kind !== "Shape") return false;
    return fields.every((field) => {
      if (field.optional) return true;
      const given = actual.fields.find((candidate) => candidate.name === field.name);
      return given !== undefined && this.fits(field.type, given.type);
    });
  }

  private toDict(key: Type, value: Type, actual: Type): boolean {
    if (actual.kind === "DictType") return this.same(key, actual.key) && this.same(value, actual.value);
    if (actual.kind !== "Shape") return false;
    if (!isNamed(expandAlias(key, this.scope), "string")) return false;
    return actual.fields.every((field) => this.fits(value, field.type));
  }

  /** Same constructor: each argument by the variance its declaration gives it, invariant when there is no declaration. */
  private applications(wanted: string, expected: readonly Type[], given: string, actual: readonly Type[]): boolean {
    if (wanted !== given || expected.length !== actual.length) return false;
    const params = (this.scope.enum(wanted) ?? this.scope.struct(wanted) ?? this.scope.interface(wanted))?.typeParams;
    return expected.every((type, i) => {
      const other = actual[i] as Type;
      const variance = params?.[i]?.variance ?? "invariant";
      if (variance === "out") return this.fits(type, other);
      return variance === "in" ? this.fits(other, type) : this.same(type, other);
    });
  }

  /** Invariance: fits in both directions. */
  private same(a: Type, b: Type): boolean {
    return this.fits(a, b) && this.fits(b, a);
  }
}
