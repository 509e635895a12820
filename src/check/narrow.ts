/**
 * Refinement: what a condition, or the arm of a match, tells about a variable.
 *
 * Only plain variables are refined, and for nil, `type_of`, truth and schema tests only when their type is written as a union or as the
 * tested type itself; aliases are looked through for tags alone. Both operands of `&&` and `||` are read with the types before the
 * condition, and a later refinement of the same variable replaces an earlier one.
 */
import type { BinaryOp, FunctionCall, MatchArm, MethodCall, Node } from "../syntax/ast.ts";
import { isAlias } from "./aliases.ts";
import { schemaFormType } from "./schema-forms.ts";
import type { Scope } from "./scope.ts";
import type { Shape } from "./tagged.ts";
import { literalOf, taggedUnion } from "./tagged.ts";
import type { InferredType, Type } from "./types.ts";
import {
  BOOL,
  dictOf,
  distinctUnion,
  FLOAT,
  INT,
  isNamed,
  listOf,
  membersOf,
  NEVER,
  NIL,
  named,
  STRING,
  sameType,
  unionOf,
  withoutName,
} from "./types.ts";

export interface Refinement {
  readonly name: string;
  readonly type: Type;
  /** A concrete type that the test rules out for an `unknown` variable, which stays `unknown`. */
  readonly ruleOut?: string;
}

export interface Refinements {
  readonly truthy: readonly Refinement[];
  readonly falsy: readonly Refinement[];
}

/** The concrete types an `unknown` value may turn out to have, as `type_of` names them and warnings list them. */
export const CONCRETE_TYPES = ["int", "string", "float", "bool", "nil", "list", "dict", "closure", "bytes"] as const;

const NONE: Refinements = { truthy: [], falsy: [] };

/** What holds when the condition is true, and what when it is false. */
export function refinementsOf(condition: Node, scope: Scope): Refinements {
  switch (condition.kind) {
    case "BinaryOp":
      return ofOperator(condition, scope);
    case "UnaryOp":
      return condition.op === "!" ? swap(refinementsOf(condition.operand, scope)) : NONE;
    case "Identifier":
      return ofTruth(condition.name, scope);
    case "MethodCall":
      return ofHas(condition, scope);
    case "FunctionCall":
      return ofSchemaTest(condition, scope);
    default:
      return NONE;
  }
}

/** Applies refinements to a scope. */
export function refine(scope: Scope, refinements: readonly Refinement[]): void {
  for (const { name, type, ruleOut } of refinements) {
    if (ruleOut === undefined) scope.refine(name, type, null);
    else scope.refine(name, type, new Set([...(scope.variable(name)?.ruledOut ?? []), ruleOut]));
  }
}

/** A scope for a branch: the scope itself when there is nothing to refine. */
export function refined(scope: Scope, refinements: readonly Refinement[]): Scope {
  if (refinements.length === 0) return scope;
  const inner = scope.child();
  refine(inner, refinements);
  return inner;
}

function swap({ truthy, falsy }: Refinements): Refinements {
  return { truthy: falsy, falsy: truthy };
}

function ofOperator(node: BinaryOp, scope: Scope): Refinements {
  switch (node.op) {
    case "&&":
      return { truthy: [...refinementsOf(node.left, scope).truthy, ...refinementsOf(node.right, scope).truthy], falsy: [] };
    case "||":
      return { truthy: [], falsy: [...refinementsOf(node.left, scope).falsy, ...refinementsOf(node.right, scope).falsy] };
    case "==":
      return ofEquality(node, scope);
    case "!=":
      return swap(ofEquality(node, scope));
    default:
      return NONE;
  }
}

function ofEquality(node: BinaryOp, scope: Scope): Refinements {
  for (const [test, value] of [
    [node.left, node.right],
    [node.right, node.left],
  ] as const) {
    if (value.kind === "NilLiteral" && test.kind === "Identifier") return ofNil(test.name, scope);
    const tested = typeOfTarget(test);
    if (tested !== null && value.kind === "StringLiteral") return ofTypeOf(tested, value.value, scope);
    if (test.kind === "PropertyAccess" && test.object.kind === "Identifier" && !test.optional) {
      const found = ofTag(test.object.name, test.property, value, scope);
      if (found !== NONE) return found;
    }
  }
  return NONE;
}

/** The refinements of `name == nil`. */
function ofNil(name: string, scope: Scope): Refinements {
  const type = scope.typeOf(name);
  if (type === null) return NONE;
  if (type.kind === "Union") {
    if (!type.members.some((member) => isNamed(member, "nil"))) return NONE;
    return { truthy: [{ name, type: NIL }], falsy: [{ name, type: withoutName(type.members, "nil") }] };
  }
  return isNamed(type, "nil") ? { truthy: [{ name, type: NIL }], falsy: [{ name, type: NEVER }] } : NONE;
}

function ofTruth(name: string, scope: Scope): Refinements {
  const type = scope.typeOf(name);
  if (type?.kind !== "Union" || !type.members.some((member) => isNamed(member, "nil"))) return NONE;
  return { truthy: [{ name, type: withoutName(type.members, "nil") }], falsy: [{ name, type: NIL }] };
}

/** The variable in `type_of(x)`. */
function typeOfTarget(node: Node): string | null {
  if (node.kind !== "FunctionCall" || node.name !== "type_of" || node.args.length !== 1) return null;
  const arg = node.args[0] as Node;
  return arg.kind === "Identifier" ? arg.name : null;
}

/** The refinements of `type_of(name) == tested`. */
function ofTypeOf(name: string, tested: string, scope: Scope): Refinements {
  const type = scope.typeOf(name);
  if (type === null || !(CONCRETE_TYPES as readonly string[]).includes(tested)) return NONE;
  if (type.kind === "Union") {
    const falsy = [{ name, type: withoutName(type.members, tested) }];
    return type.members.some((member) => isNamed(member, tested))
      ? { truthy: [{ name, type: named(tested) }], falsy }
      : { truthy: [], falsy };
  }
  if (isNamed(type, tested)) return { truthy: [{ name, type }], falsy: [{ name, type: NEVER }] };
  if (isNamed(type, "unknown")) return { truthy: [{ name, type: named(tested) }], falsy: [{ name, type, ruleOut: tested }] };
  return NONE;
}

/** The refinements of `name.property == value` on a tagged union. */
function ofTag(name: string, property: string, value: Node, scope: Scope): Refinements {
  const type = scope.typeOf(name);
  const literal = literalOf(value);
  if (type === null || literal === null || type.kind === "Applied") return NONE;
  const union = taggedUnion(type, scope);
  if (union?.tag !== property) return NONE;
  const matching = union.members.filter((member) => sameType(member.value, literal));
  if (matching.length === 0) return NONE;
  const others = union.members.filter((member) => !matching.includes(member));
  return {
    truthy: [{ name, type: unionOf(matching.map((member) => member.shape)) }],
    falsy: [{ name, type: unionOf(others.map((member) => member.shape)) }],
  };
}

/** `x.has("f")` on a shape with the optional field `f`. */
function ofHas(call: MethodCall, scope: Scope): Refinements {
  const arg = call.args[0];
  if (call.method !== "has" || call.args.length !== 1 || call.object.kind !== "Identifier" || arg?.kind !== "StringLiteral") return NONE;
  const name = call.object.name;
  const type = scope.typeOf(name);
  if (type?.kind !== "Shape" || !type.fields.some((field) => field.name === arg.value && field.optional)) return NONE;
  const fields = type.fields.map((field) => (field.name === arg.value ? { ...field, optional: false } : field));
  return { truthy: [{ name, type: { kind: "Shape", fields } }], falsy: [] };
}

function ofSchemaTest(call: FunctionCall, scope: Scope): Refinements {
  const [subject, form] = call.args;
  if ((call.name !== "schema_is" && call.name !== "is_type") || call.args.length !== 2 || subject?.kind !== "Identifier") return NONE;
  const type = scope.typeOf(subject.name);
  const schema = schemaFormType(form as Node, scope);
  if (type === null || schema === null || isNamed(type, "unknown") || isNamed(type, "any") || isAlias(type, scope)) return NONE;
  const name = subject.name;
  const remaining = membersOf(type).filter((member) => intersect(member, schema) === null);
  return { truthy: [{ name, type: intersect(type, schema) ?? NEVER }], falsy: [{ name, type: unionOf(remaining) }] };
}

/** What both types admit, as precisely as the forms allow; null when nothing. */
function intersect(type: Type, schema: Type): InferredType {
  if (type.kind === "Union" || schema.kind === "Union") {
    const found: Type[] = [];
    for (const a of membersOf(type)) {
      for (const b of membersOf(schema)) {
        const common = intersect(a, b);
        if (common !== null) found.push(common);
      }
    }
    return found.length === 0 ? null : distinctUnion(found);
  }
  if (sameType(type, schema)) return type;
  return intersectForms(type, schema);
}

function intersectForms(type: Type, schema: Type): InferredType {
  if (isBaseOf(type, schema)) return schema;
  if (isBaseOf(schema, type)) return type;
  if (isNamed(type, "any") || isNamed(type, "unknown")) return schema;
  if (type.kind === "Shape" && schema.kind === "Shape") return schema;
  if (type.kind === "ListType" && schema.kind === "ListType") {
    const item = intersect(type.item, schema.item);
    return item === null ? null : listOf(item);
  }
  if (type.kind === "DictType" && schema.kind === "DictType") {
    const key = intersect(type.key, schema.key);
    const value = intersect(type.value, schema.value);
    return key === null || value === null ? null : dictOf(key, value);
  }
  return null;
}

/** Whether `base` is the plain name of which `type` is a special case. */
function isBaseOf(base: Type, type: Type): boolean {
  if (base.kind !== "Named") return false;
  switch (type.kind) {
    case "LitString":
      return base.name === "string";
    case "LitInt":
      return base.name === "int";
    case "Shape":
    case "DictType":
      return base.name === "dict";
    case "ListType":
      return base.name === "list";
    default:
      return false;
  }
}

/** What an arm of `match value` tells about the variable that is matched on, or whose tag is. */
export function armRefinements(value: Node, arm: MatchArm, scope: Scope): readonly Refinement[] {
  const heads = arm.pattern.kind === "OrPattern" ? arm.pattern.alternatives : [arm.pattern];
  if (value.kind === "Identifier") {
    const type = scope.typeOf(value.name);
    if (type?.kind !== "Union") return [];
    const members = heads.map((head) => matchedMember(head, type.members));
    return members.includes(null) ? [] : [{ name: value.name, type: distinctUnion(members as Type[]) }];
  }
  if (value.kind !== "PropertyAccess" || value.object.kind !== "Identifier" || value.optional) return [];
  const name = value.object.name;
  const type = scope.typeOf(name);
  const union = type === null ? null : taggedUnion(type, scope);
  if (union?.tag !== value.property) return [];
  const shapes = heads.map((head) => shapeWithTag(head, union.members));
  return shapes.includes(null) ? [] : [{ name, type: distinctUnion(shapes as Type[]) }];
}

function shapeWithTag(head: Node, members: readonly { readonly value: Type; readonly shape: Shape }[]): Type | null {
  const literal = literalOf(head);
  if (literal === null) return null;
  return members.find((member) => sameType(member.value, literal))?.shape ?? null;
}

/** The union's member that a literal pattern selects: the literal itself, else its base type. */
function matchedMember(head: Node, members: readonly Type[]): Type | null {
  const literal = literalOf(head);
  if (literal !== null && members.some((member) => sameType(member, literal))) return literal;
  const base = patternBase(head);
  return base !== null && members.some((member) => sameType(member, base)) ? base : null;
}

/** The type of a literal pattern; null for patterns that are no literals. */
export function patternBase(head: Node): Type | null {
  switch (head.kind) {
    case "StringLiteral":
      return STRING;
    case "IntLiteral":
      return INT;
    case "FloatLiteral":
      return FLOAT;
    case "BoolLiteral":
      return BOOL;
    case "NilLiteral":
      return NIL;
    default:
      return null;
  }
}
