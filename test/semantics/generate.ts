/**
 * Random scripts. Most expressions have the type that their place asks for, so that programs get somewhere; now and then one has
 * another, so that errors happen everywhere. Loops and calls are bounded by construction.
 */
import type { Random } from "../bytecode/random-chunk.ts";
import { Bodies } from "./generate_statements.ts";
import { FORWARD, PRELUDE, type Scope, TYPES, type Type } from "./generate_types.ts";

/** The text of a whole script. */
export function generateScript(random: Random): string {
  const writer = new Bodies(random);
  const scope: Scope = { variables: [], functions: [], inFunction: false, inLoop: false };
  const lines = [PRELUDE];
  if (random.chance(20)) lines.push('fn to_string(v) {\n  return "<" + type_of(v) + ">"\n}');
  for (let i = random.below(4); i > 0; i--) lines.push(writer.functionDeclaration(scope));
  const small = Array.from({ length: random.below(3) }, () => writer.smallFunction(scope));
  for (const { declaration } of small) lines.push(declaration);
  writer.forward = random.chance(2) ? FORWARD.slice(0, 1 + random.below(FORWARD.length)) : [];
  for (let i = 3 + random.below(8); i > 0; i--) lines.push(...writer.statements(scope, 1));
  for (const { calls } of small) lines.splice(lines.length - random.below(3), 0, ...calls);
  for (const name of writer.forward) lines.splice(1 + random.below(lines.length), 0, writer.forwardDeclaration(name, scope));
  lines.push(`return ${writer.expression(random.pick(TYPES) as Type, scope, 4)}`);
  return `${lines.join("\n")}\n`;
}
