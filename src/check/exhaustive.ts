/**
 * Exhaustiveness of `match`: what is left uncovered, as the error's text.
 *
 * A pattern that is not listed for the kind of value counts as a wildcard, and so covers everything; guards are not looked at, and the
 * alternatives of an or-pattern count one by one.
 */
import type { MatchExpr, Node } from "../syntax/ast.ts";
import { expandAlias } from "./aliases.ts";
import { inferType } from "./infer.ts";
import { patternBase } from "./narrow.ts";
import type { Scope } from "./scope.ts";
import { literalOf, taggedUnion } from "./tagged.ts";
import type { Type } from "./types.ts";
import { isNamed, sameType, showType } from "./types.ts";

/** The message of a match that leaves something out; null when it covers all or cannot be judged. */
export function missingArms(match: MatchExpr, scope: Scope): string | null {
  const heads = match.arms.flatMap((arm) => (arm.pattern.kind === "OrPattern" ? arm.pattern.alternatives : [arm.pattern]));
  const enumName = matchedEnum(match.value, scope);
  if (enumName !== null) return missingVariants(enumName, heads, scope);
  if (match.value.kind === "PropertyAccess" && !match.value.optional) {
    const found = missingTags(match.value.object, match.value.property, heads, scope);
    if (found !== undefined) return found;
  }
  const type = inferType(match.value, scope);
  return type === null ? null : missingMembers(expandAlias(type, scope), heads);
}

/** The enum that is matched on, by value or by `.variant`. */
function matchedEnum(value: Node, scope: Scope): string | null {
  const byVariant = value.kind === "PropertyAccess" && value.property === "variant" && !value.optional;
  const type = inferType(byVariant ? value.object : value, scope);
  return type?.kind === "Named" && scope.enum(type.name) !== null ? type.name : null;
}

function missingVariants(enumName: string, heads: readonly Node[], scope: Scope): string | null {
  const covered = new Set<string>();
  for (const head of heads) {
    if (head.kind === "StringLiteral") covered.add(head.value);
    else if (head.kind === "PropertyAccess" && head.object.kind === "Identifier" && head.object.name === enumName)
      covered.add(head.property);
    else return null;
  }
  const missing = (scope.enum(enumName)?.variants ?? []).filter((variant) => !covered.has(variant.name));
  if (missing.length === 0) return null;
  return `Non-exhaustive match on enum ${enumName}: missing variants ${missing.map((variant) => `"${variant.name}"`).join(", ")}`;
}

/** Undefined when the property is not the tag of a tagged union. */
function missingTags(object: Node, property: string, heads: readonly Node[], scope: Scope): string | null | undefined {
  const type = inferType(object, scope);
  const union = type === null ? null : taggedUnion(type, scope);
  if (union?.tag !== property) return undefined;
  const missing = uncovered(
    union.members.map((member) => member.value),
    heads,
    literalOf,
  );
  return missing.length === 0 ? null : `Non-exhaustive match on tagged shape union: missing variants ${list(missing)}`;
}

function missingMembers(type: Type, heads: readonly Node[]): string | null {
  if (type.kind !== "Union") return null;
  if (type.members.every((member) => member.kind === "LitString" || member.kind === "LitInt")) {
    const missing = uncovered(type.members, heads, literalOf);
    return missing.length === 0 ? null : `Non-exhaustive match on literal union: missing ${list(missing)}`;
  }
  if (!type.members.every((member) => member.kind === "Named")) return null;
  if (type.members.some((member) => isNamed(member, "any") || isNamed(member, "unknown"))) return null;
  const missing = uncovered(type.members, heads, patternBase);
  return missing.length === 0 ? null : `Non-exhaustive match on union type: missing ${list(missing)}`;
}

/** The wanted types that no head stands for; none when some head counts as a wildcard. */
function uncovered(wanted: readonly Type[], heads: readonly Node[], typeOf: (head: Node) => Type | null): readonly Type[] {
  const covered: Type[] = [];
  for (const head of heads) {
    const type = typeOf(head);
    if (type === null) return [];
    covered.push(type);
  }
  return wanted.filter((type) => !covered.some((candidate) => sameType(candidate, type)));
}

function list(types: readonly Type[]): string {
  return types.map(showType).join(", ");
}
