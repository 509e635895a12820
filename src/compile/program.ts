/**
 * From a checked file to its chunk.
 *
 * The entry file runs as a script, or, if it has a pipeline, as: top-level variables, declarations, the pipeline's body. An imported file
 * only loads: imports, variables, functions; its names live in slots that all importers share.
 */
import { CHUNK_VERSION, type Chunk, type FunctionProto } from "../bytecode/chunk.ts";
import { Op } from "../bytecode/op.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceText } from "../source/text.ts";
import type { Block, ImportDecl, Node, Pipeline, Program, SelectiveImport } from "../syntax/ast.ts";
import { statements } from "./emit.ts";
import { visitor } from "./expr.ts";
import { Fn, type ImportedNames, type Unit } from "./fn.ts";
import { checkSize } from "./functions.ts";
import { fileNames, patternNames, unboxedNames, undressed } from "./names.ts";
import { SCHEMA_PARTS } from "./schemas.ts";

export interface CompileInput {
  readonly source: SourceText;
  readonly program: Program;
  readonly isEntry: boolean;
  /** Every global name: builtins, namespaces, constants, and those that the language has but this version lacks. */
  readonly globals: ReadonlySet<string>;
  /** By import path as written; null or missing: could not be loaded, which the run will say. */
  readonly imported: ReadonlyMap<string, ImportedNames | null>;
}

/** Comparisons of names for the suggestions of one file: about a quarter of a second. */
const SUGGESTION_EFFORT = 500_000;

type Import = ImportDecl | SelectiveImport;

/** Compiles a file. With error diagnostics there is no chunk to run. */
export function compileProgram(input: CompileInput): { chunk: Chunk | null; diagnostics: readonly Diagnostic[] } {
  const { program } = input;
  const imports = program.items.filter((item): item is Import => item.kind === "ImportDecl" || item.kind === "SelectiveImport");
  const unit: Unit = {
    ...input,
    visitor,
    names: fileNames(
      program,
      imports.flatMap((item) => namesOf(item, input.imported)),
    ),
    diagnostics: [],
    late: new Map(),
    dynamic: new Set(),
    slots: new Map(),
    imports: [],
    small: new Map(),
    effort: { left: SUGGESTION_EFFORT },
    schemaArguments: new Set(),
    schemaParts: { left: SCHEMA_PARTS },
  };
  const main = input.isEntry ? entry(unit, program, imports) : library(unit, program, imports);
  if (unit.diagnostics.length > 0) return { chunk: null, diagnostics: unit.diagnostics };
  const chunk: Chunk = {
    version: CHUNK_VERSION,
    path: input.source.path,
    main,
    slots: [...unit.slots.keys()],
    late: [...unit.late.keys()],
    dynamic: [...unit.dynamic],
    imports: unit.imports,
    ...moduleNames(program, input.imported),
  };
  return { chunk, diagnostics: [] };
}

// --- The entry file ------------------------------------------------------------------------------------------------------------------

function entry(unit: Unit, program: Program, imports: readonly Import[]): FunctionProto {
  const f = new Fn(unit, null);
  const { code } = f;
  const items = program.items.filter((item) => !imports.includes(item as Import));
  const pipelines = items.map(undressed).filter((item): item is Pipeline => item.kind === "Pipeline");
  const start = pipelines.find((pipeline) => pipeline.name === "default") ?? pipelines[0];
  f.unboxed = unboxedNames(items);
  for (const item of imports) importInto(f, item);
  if (start === undefined) {
    f.isScript = true;
    statements(f, items, 0, null);
    code.ad(Op.RETNIL, 0);
  } else {
    const isVariable = (item: Node): boolean => item.kind === "LetBinding" || item.kind === "VarBinding";
    statements(f, items.filter(isVariable), 0, null);
    statements(f, items.filter(isDeclaration), 0, null);
    const result = code.take();
    f.scoped(() => statements(f, bodyOf(start, pipelines), 0, result));
    code.abc(Op.RET, result);
  }
  f.finishNames();
  checkSize(f, program.span);
  return code.finish("pipeline", false);
}

function isDeclaration(item: Node): boolean {
  switch (undressed(item).kind) {
    case "FnDecl":
    case "ToolDecl":
    case "SkillDecl":
    case "EvalPackDecl":
    case "StructDecl":
    case "EnumDecl":
    case "ImplBlock":
      return true;
    default:
      return false;
  }
}

/** The bodies of the parents, outermost first, then the pipeline's own, as one run of statements. A circle of parents ends where it closes. */
function bodyOf(pipeline: Pipeline, all: readonly Pipeline[]): Block {
  const chain: Pipeline[] = [];
  for (let next: Pipeline | undefined = pipeline; next !== undefined && !chain.includes(next); ) {
    chain.unshift(next);
    const parent: string | null = next.extends;
    next = all.find((other) => other.name === parent);
  }
  return chain.flatMap((member) => member.body);
}

// --- Imported files ------------------------------------------------------------------------------------------------------------------

function library(unit: Unit, program: Program, imports: readonly Import[]): FunctionProto {
  const f = new Fn(unit, null);
  const { code } = f;
  const items = program.items.filter(
    (item) => undressed(item).kind === "FnDecl" || item.kind === "LetBinding" || item.kind === "VarBinding",
  );
  for (const item of imports) for (const name of namesOf(item, unit.imported)) addSlot(unit, name);
  for (const item of items) {
    const declaration = undressed(item);
    if (declaration.kind === "FnDecl" && declaration.name !== "_") addSlot(unit, declaration.name);
    if (declaration.kind === "LetBinding" || declaration.kind === "VarBinding") {
      for (const name of patternNames(declaration.pattern)) if (name !== "_") addSlot(unit, name);
    }
  }
  const isFunction = (item: Node): boolean => undressed(item).kind === "FnDecl";
  for (const item of imports) importInto(f, item);
  const functions = items.filter(isFunction);
  // Known before any code is compiled, so that they can call each other, and variables fail to call them by the right name.
  for (const item of functions) markFunction(unit, undressed(item));
  for (const item of items.filter((item) => !isFunction(item))) statements(f, [item], 0, null);
  statements(f, functions, 0, null);
  code.ad(Op.RETNIL, 0);
  checkSize(f, program.span);
  return code.finish("pipeline", false);
}

function addSlot(unit: Unit, name: string): void {
  if (unit.slots.has(name)) return;
  unit.slots.set(name, { index: unit.slots.size, mutable: false, isFunction: false, declared: false });
}

function markFunction(unit: Unit, item: Node): void {
  const slot = item.kind === "FnDecl" ? unit.slots.get(item.name) : undefined;
  if (slot !== undefined && !slot.declared) slot.isFunction = true;
}

// --- Imports ---------------------------------------------------------------------------------------------------------------------------

function namesOf(item: Import, imported: ReadonlyMap<string, ImportedNames | null>): readonly string[] {
  if (item.kind === "SelectiveImport") return [...new Set(item.names)];
  return imported.get(item.path)?.exports ?? [];
}

function importInto(f: Fn, item: Import): void {
  const { code, unit } = f;
  code.place = item.span;
  const names = namesOf(item, unit.imported);
  const slots = unit.isEntry ? null : names.map((name) => unit.slots.get(name)?.index ?? 0);
  const first = code.take(unit.isEntry ? names.length : 0);
  code.abc(Op.IMPORT, unit.imports.push({ path: item.path, names, slots }) - 1, first);
  const path = unit.imported.get(item.path)?.path ?? item.path;
  names.forEach((name, i) => {
    const slot = unit.slots.get(name);
    if (slot?.declared || f.resolve(name).kind === "register") {
      return f.fail(
        0,
        `Import collision: '${name}' is already defined when importing ${path}. Use selective imports to disambiguate: import { ${name} } from "..."`,
      );
    }
    if (unit.isEntry) return f.declare(name, first + i, false, true);
    if (slot !== undefined) Object.assign(slot, { declared: true, isFunction: true });
  });
}

/** The functions of a file that an import may name, and those that a plain import binds. */
export function moduleNames(
  program: Program,
  imported: ReadonlyMap<string, ImportedNames | null>,
): { functions: readonly string[]; exports: readonly string[] } {
  const functions = new Set<string>();
  const exported = new Set<string>();
  let anyPublic = false;
  for (const item of program.items) {
    const declaration = undressed(item);
    if (declaration.kind === "FnDecl") {
      functions.add(declaration.name);
      if (declaration.isPub) exported.add(declaration.name);
      anyPublic ||= declaration.isPub;
    } else if ((declaration.kind === "ImportDecl" || declaration.kind === "SelectiveImport") && declaration.isPub) {
      anyPublic = true;
      for (const name of namesOf(declaration, imported)) {
        functions.add(name);
        exported.add(name);
      }
    }
  }
  return { functions: [...functions], exports: [...(anyPublic ? exported : functions)] };
}
