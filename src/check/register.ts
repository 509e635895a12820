/**
 * The pass before checking: what the whole file knows from the start.
 *
 * Types: imported ones, those of the top level and of the direct statements of pipelines. Functions: top level and direct statements of
 * fn, pipeline and tool bodies, nested, so forward and recursive calls resolve. Variables collected the same way are known by name only.
 */
import type { Block, Node, Program } from "../syntax/ast.ts";
import { patternNames } from "./bound-names.ts";
import { bareSignature, RESULT_ENUM, signatureOf } from "./declarations.ts";
import type { ModuleInterface } from "./interface.ts";
import { importable } from "./interface.ts";
import type { Scope } from "./scope.ts";

/** Names that the file's imports make callable. Unresolved imports add nothing. */
export function importedNames(program: Program, imports: ReadonlyMap<string, ModuleInterface>): Set<string> {
  const names = new Set<string>();
  eachImport(program, imports, (imported) => {
    for (const name of imported) names.add(name);
  });
  return names;
}

export function registerProgram(program: Program, imports: ReadonlyMap<string, ModuleInterface>, scope: Scope): void {
  scope.declareType(RESULT_ENUM);
  eachImport(program, imports, (names, module) => {
    for (const name of names) {
      const type = module.types.get(name);
      if (type !== undefined) scope.declareType(type);
    }
  });
  registerTypes(program.items, scope);
  for (const item of program.items) {
    const inner = bare(item);
    if (inner.kind === "Pipeline") registerTypes(inner.body, scope);
  }
  registerCallables(program.items, scope, true);
}

/** Declares the types and implementations among the direct statements of a block. */
function registerTypes(block: Block, scope: Scope): void {
  for (const item of block) declareTypes(bare(item), scope);
}

/** Declares what one node declares as a type, if it does. */
export function declareTypes(node: Node, scope: Scope): void {
  switch (node.kind) {
    case "TypeDecl":
    case "StructDecl":
    case "EnumDecl":
    case "InterfaceDecl":
      return scope.declareType(node);
    case "ImplBlock":
      return scope.declareImpl(node);
    default:
      return;
  }
}

function registerCallables(block: Block, scope: Scope, isTopLevel: boolean): void {
  const bodies: Block[] = [];
  for (const item of block) {
    const node = bare(item);
    switch (node.kind) {
      case "FnDecl":
        if (isTopLevel || !scope.functions.has(node.name)) scope.defineFunction(signatureOf(node));
        bodies.push(node.body);
        break;
      case "ToolDecl":
      case "Pipeline":
        if (isTopLevel || !scope.functions.has(node.name)) scope.defineFunction(bareSignature(node.name, node.returnType));
        bodies.push(node.body);
        break;
      case "LetBinding":
      case "VarBinding":
        for (const name of patternNames(node.pattern)) if (!scope.variables.has(name)) scope.define(name, null);
        break;
      case "SkillDecl":
      case "EvalPackDecl":
        if (!scope.variables.has(node.name)) scope.define(node.name, null);
        break;
      default:
        break;
    }
  }
  for (const body of bodies) registerCallables(body, scope, false);
}

function bare(node: Node): Node {
  return node.kind === "AttributedDecl" ? node.inner : node;
}

type Visit = (names: Iterable<string>, module: ModuleInterface) => void;

function eachImport(program: Program, imports: ReadonlyMap<string, ModuleInterface>, visit: Visit): void {
  for (const item of program.items) {
    if (item.kind !== "ImportDecl" && item.kind !== "SelectiveImport") continue;
    const module = imports.get(item.path);
    if (module !== undefined) visit(item.kind === "ImportDecl" ? module.exports : importable(module, item.names), module);
  }
}
