/** Names that patterns and blocks bind. */
import type { BindingPattern, Block, Node } from "../syntax/ast.ts";

/** The names a binding pattern binds; `_` binds nothing. */
export function patternNames(pattern: BindingPattern): string[] {
  switch (pattern.kind) {
    case "Name":
      return withoutDiscard([pattern.name]);
    case "DictPattern":
      return withoutDiscard(pattern.fields.map((field) => field.alias ?? field.key));
    case "ListPattern":
      return withoutDiscard(pattern.items.map((item) => item.name));
    case "PairPattern":
      return withoutDiscard([pattern.first, pattern.second]);
  }
}

/** The names that direct statements of a block bind: variables and functions. */
export function boundNames(block: Block): string[] {
  const names: string[] = [];
  for (const node of block) {
    if (node.kind === "LetBinding" || node.kind === "VarBinding") names.push(...patternNames(node.pattern));
    else if (node.kind === "FnDecl" || node.kind === "ToolDecl") names.push(node.name);
  }
  return names;
}

/** The names that the pattern of a match arm binds, in whatever form the expression grammar gave it. */
export function armNames(pattern: Node): string[] {
  switch (pattern.kind) {
    case "Identifier":
      return withoutDiscard([pattern.name]);
    case "MethodCall":
    case "FunctionCall":
      return pattern.args.flatMap(armNames);
    case "ListLiteral":
      return pattern.items.flatMap(armNames);
    case "DictLiteral":
      return pattern.entries.flatMap((entry) => armNames(entry.value));
    default:
      return [];
  }
}

function withoutDiscard(names: readonly string[]): string[] {
  return names.filter((name) => name !== "_");
}
