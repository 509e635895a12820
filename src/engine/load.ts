/**
 * Loading a program: the entry file, and every module that it imports, each once by its real path.
 *
 * Nothing is run here. A module that cannot be had does not stop the load: the import statement raises its error when the program comes
 * to it, as the reference does.
 */
import type { Chunk } from "../bytecode/chunk.ts";
import { hasErrors } from "../check/check.ts";
import { EMPTY_INTERFACE, type ModuleInterface, moduleInterface } from "../check/interface.ts";
import { type CompileInput, moduleNames } from "../compile/program.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { SourceText } from "../source/text.ts";
import type { Node } from "../syntax/ast.ts";
import { type FileDoor, OsFailure } from "../vm/door.ts";
import { raise, type ScriptError } from "../vm/errors.ts";
import { embeddedModule, embeddedPath, resolveImport } from "./modules.ts";
import { checkFile, compileFile, type Environment, type Imports, type Parsed, parseFile } from "./pipeline.ts";
import { STDLIB } from "./stdlib.ts";

/** A file ready to be linked. */
export interface Unit {
  readonly source: SourceText;
  readonly chunk: Chunk;
  /** What each import of it means, by path as written. */
  readonly imports: ReadonlyMap<string, ImportTarget>;
}

/** A module, or the error that its import raises. A module that was still loading when it was met (a circle) is named all the same. */
export type ImportTarget = { readonly path: string } | Unusable;

interface Unusable {
  readonly error: () => ScriptError;
  /** There is no such file or module; otherwise it is there and cannot be used. */
  readonly isMissing: boolean;
}

export interface LoadedProgram {
  readonly entry: Unit;
  /** Imported modules by real path. */
  readonly modules: ReadonlyMap<string, Unit>;
  /** Every source text that decides what the program does, in order of loading. */
  readonly sources: readonly SourceText[];
}

export interface LoadResult {
  /** Null when there are errors. */
  readonly program: LoadedProgram | null;
  readonly source: SourceText;
  /** Errors and warnings of the entry file. */
  readonly diagnostics: readonly Diagnostic[];
  /** Errors about imports that lead nowhere, for those who check and do not run. */
  readonly unresolved: readonly Diagnostic[];
}

type Names = CompileInput["imported"] extends ReadonlyMap<string, infer N> ? NonNullable<N> : never;

/** A module as its importers see it. */
interface Module {
  readonly names: Names;
  readonly interface: ModuleInterface;
}

type Loaded = Module | Unusable;

export class ProgramLoader {
  private readonly units = new Map<string, Unit>();
  private readonly known = new Map<string, Loaded>();
  private readonly loading = new Set<string>();
  private readonly sources: SourceText[] = [];

  /** @param files null: there are no files here, and every import fails */
  constructor(
    private readonly environment: Environment,
    private readonly files: FileDoor | null,
  ) {}

  /**
   * Loads a program from its entry file's text.
   *
   * @param source its path is shown in diagnostics
   * @param realPath where relative imports start; null for a text that has no place
   */
  load(source: SourceText, realPath: string | null): LoadResult {
    this.sources.push(source);
    const parsed = parseFile(source);
    if (hasErrors(parsed.diagnostics)) return { program: null, source, diagnostics: parsed.diagnostics, unresolved: [] };
    const { imports, targets } = this.importsOf(parsed, realPath);
    const unresolved = unresolvedImports(parsed, targets);
    const checked = checkFile(parsed, this.environment, { ...imports, resolved: imports.resolved && realPath !== null });
    if (hasErrors(checked.diagnostics)) return { program: null, source, diagnostics: checked.diagnostics, unresolved };
    const { chunk, diagnostics } = compileFile(parsed, this.environment, imports, true);
    const all = [...checked.diagnostics, ...diagnostics];
    if (chunk === null) return { program: null, source, diagnostics: all, unresolved };
    const entry = { source, chunk, imports: targets };
    return { program: { entry, modules: this.units, sources: this.sources }, source, diagnostics: all, unresolved };
  }

  private importsOf(parsed: Parsed, importer: string | null): { imports: Imports; targets: Map<string, ImportTarget> } {
    const names = new Map<string, Names | null>();
    const interfaces = new Map<string, ModuleInterface>();
    const targets = new Map<string, ImportTarget>();
    let resolved = true;
    for (const path of importPaths(parsed.program.items)) {
      const found = this.find(path, importer);
      targets.set(path, found.target);
      names.set(path, found.module?.names ?? null);
      if (found.module === null) resolved = false;
      else interfaces.set(path, found.module.interface);
    }
    return { imports: { names, interfaces, resolved }, targets };
  }

  private find(path: string, importer: string | null): { target: ImportTarget; module: Module | null } {
    const embedded = embeddedPath(path);
    if (embedded !== null) return this.findEmbedded(path, embedded);
    const place = this.files === null ? null : resolveImport(this.files, importer, path);
    if (place === null) return failed(() => raise.runtime(`Import error: cannot read '${path}': there are no files here`));
    if (place.kind === "error") return failed(place.error);
    return this.found(place.path, () => this.loadFile(place.path));
  }

  private findEmbedded(written: string, path: string): { target: ImportTarget; module: Module | null } {
    const text = embeddedModule(STDLIB, written);
    return typeof text === "string" ? this.found(path, () => this.loadText(new SourceText(path, text, false))) : failed(text.error);
  }

  private found(path: string, load: () => Loaded): { target: ImportTarget; module: Module | null } {
    if (this.loading.has(path)) return { target: { path }, module: emptyModule(path) };
    const module = this.module(path, load);
    return "error" in module ? { target: module, module: null } : { target: { path }, module };
  }

  private module(path: string, load: () => Loaded): Loaded {
    let module = this.known.get(path);
    if (module === undefined) {
      this.loading.add(path);
      module = load();
      this.loading.delete(path);
      this.known.set(path, module);
    }
    return module;
  }

  private loadFile(path: string): Loaded {
    let text: string;
    try {
      text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode((this.files as FileDoor).readBytes(path));
    } catch (error) {
      const why = error instanceof OsFailure ? error.text : "stream did not contain valid UTF-8";
      return { error: () => raise.runtime(`Import error: cannot read '${path}': ${why}`), isMissing: true };
    }
    return this.loadText(new SourceText(path, text));
  }

  private loadText(source: SourceText): Loaded {
    this.sources.push(source);
    const parsed = parseFile(source);
    const wrong = parsed.diagnostics.find((diagnostic) => diagnostic.severity === "error");
    if (wrong !== undefined) {
      const phase = wrong.code.startsWith("lex/") ? "lex" : "parse";
      return { error: () => raise.runtime(`Import ${phase} error: ${parsed.plain ?? wrong.message}`), isMissing: false };
    }
    return this.compileModule(parsed, source.path);
  }

  private compileModule(parsed: Parsed, path: string): Loaded {
    const { imports, targets } = this.importsOf(parsed, path);
    const { chunk, diagnostics } = compileFile(parsed, this.environment, imports, false);
    if (chunk === null) {
      const [first] = diagnostics;
      return { error: () => raise.runtime(`Import error: ${first?.plain ?? first?.message ?? path}`), isMissing: false };
    }
    this.units.set(path, { source: parsed.source, chunk, imports: targets });
    return {
      names: { path, ...moduleNames(parsed.program, imports.names) },
      interface: moduleInterface(parsed.program, (from) => imports.interfaces.get(from) ?? null),
    };
  }
}

function failed(error: () => ScriptError): { target: ImportTarget; module: null } {
  return { target: { error, isMissing: true }, module: null };
}

/** What `harn check` says of imports that lead nowhere; a run fails only when it comes to them. */
function unresolvedImports({ program, source }: Parsed, targets: ReadonlyMap<string, ImportTarget>): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const node of importsIn(program.items)) {
    const target = targets.get(node.path);
    if (target === undefined || !("error" in target) || !target.isMissing) continue;
    const message = `preflight: unresolved import '${node.path}'`;
    const help = target.error().text.replace(/^Import error: /, "");
    found.push({ severity: "error", code: "import/unresolved", message, source, span: node.span, label: "preflight", help });
  }
  return found;
}

/** What an importer sees of a module that is still loading. */
function emptyModule(path: string): Module {
  return { names: { path, functions: [], exports: [] }, interface: EMPTY_INTERFACE };
}

function importsIn(items: readonly Node[]) {
  return items.flatMap((item) => {
    const node = item.kind === "AttributedDecl" ? item.inner : item;
    return node.kind === "ImportDecl" || node.kind === "SelectiveImport" ? [node] : [];
  });
}

function importPaths(items: readonly Node[]): Set<string> {
  return new Set(importsIn(items).map((node) => node.path));
}
