/**
 * Type aliases: what a name stands for.
 *
 * Only the head of a type is expanded; whoever compares parts expands them when it gets there, so recursive aliases cost nothing. A
 * generic alias distributes over unions: `Holder<"x" | 1>` is `Holder<"x"> | Holder<1>`.
 */
import type { Scope } from "./scope.ts";
import { bindingsOf, substitute } from "./substitute.ts";
import type { Type } from "./types.ts";
import { membersOf, unionOf } from "./types.ts";

/** Alias steps after which a chain counts as endless. */
const MAX_STEPS = 64;
/** Instantiations of one generic alias; beyond, the union is not split. */
const MAX_COMBINATIONS = 256;

/** The type with an alias at its head replaced by its body, as often as needed; an endless chain stays as it was written. */
export function expandAlias(type: Type, scope: Scope): Type {
  let current = type;
  for (let step = 0; step < MAX_STEPS; step++) {
    const next = expandOnce(current, scope);
    if (next === null) return current;
    current = next;
  }
  return type;
}

/** Whether the type is written as the name of an alias, with or without arguments. */
export function isAlias(type: Type, scope: Scope): boolean {
  return (type.kind === "Named" || type.kind === "Applied") && scope.alias(type.name) !== null;
}

function expandOnce(type: Type, scope: Scope): Type | null {
  if (type.kind !== "Named" && type.kind !== "Applied") return null;
  const alias = scope.alias(type.name);
  if (alias === null || scope.isTypeParam(type.name)) return null;
  const args = type.kind === "Applied" ? type.args : [];
  if (args.length !== alias.typeParams.length) return null;
  if (args.length === 0) return alias.typeExpr;
  const names = alias.typeParams.map((param) => param.name);
  return unionOf(combinations(args, scope).map((choice) => substitute(alias.typeExpr, bindingsOf(names, choice))));
}

/** Every way to take one member of each argument; the first argument changes slowest. */
function combinations(args: readonly Type[], scope: Scope): readonly (readonly Type[])[] {
  const choices = args.map((arg) => membersOf(expandUnion(arg, scope)));
  const count = choices.reduce((product, members) => product * members.length, 1);
  if (count > MAX_COMBINATIONS) return [args];
  let rows: (readonly Type[])[] = [[]];
  for (const members of choices) rows = rows.flatMap((row) => members.map((member) => [...row, member]));
  return rows;
}

/** An argument that names a union is split like one that is written out; any other keeps its name. */
function expandUnion(arg: Type, scope: Scope): Type {
  let current = arg;
  for (let step = 0; step < MAX_STEPS; step++) {
    if (current.kind !== "Named") break;
    const alias = scope.alias(current.name);
    if (alias === null || alias.typeParams.length > 0) break;
    current = alias.typeExpr;
  }
  return current.kind === "Union" ? current : arg;
}
