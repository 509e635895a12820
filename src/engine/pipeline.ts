/** The front end: from a file's text to its chunk, one call a phase. */
import type { Chunk } from "../bytecode/chunk.ts";
import { type CheckedProgram, check } from "../check/check.ts";
import type { ModuleInterface } from "../check/interface.ts";
import type { ImportedNames } from "../compile/fn.ts";
import { compileProgram } from "../compile/program.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceText } from "../source/text.ts";
import type { Program } from "../syntax/ast.ts";
import { parse } from "../syntax/parse.ts";

/** What the front end knows of the world around a file: plain data, made from the builtin rows and the modules it imports. */
export interface Environment {
  /** Every global name that may be called or read, those that this version lacks included. */
  readonly globals: ReadonlySet<string>;
  /** Host functions whose signatures are checked, by name. */
  readonly hostSignatures: ReadonlyMap<string, string>;
}

/** A file's imports by path as written. */
export interface Imports {
  readonly names: ReadonlyMap<string, ImportedNames | null>;
  readonly interfaces: ReadonlyMap<string, ModuleInterface>;
  readonly resolved: boolean;
}

export interface Parsed {
  readonly source: SourceText;
  readonly program: Program;
  readonly diagnostics: readonly Diagnostic[];
  /** The one error that an embedding host is told; null when there is none. */
  readonly plain: string | null;
}

export interface Compiled {
  readonly chunk: Chunk | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** A host that calls from deep inside its own stack gets a diagnostic, not an exception. */
function bounded<T>(source: SourceText, phase: () => T, tooDeep: (diagnostic: Diagnostic) => T): T {
  try {
    return phase();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const message = "the program is nested too deeply to be compiled here";
    return tooDeep({ severity: "error", code: "limit/nesting", message, source, span: null });
  }
}

export function parseFile(source: SourceText): Parsed {
  return bounded<Parsed>(
    source,
    () => {
      const { program, diagnostics, plain } = parse(source);
      return { source, program, diagnostics, plain };
    },
    (diagnostic) => ({ source, program: { items: [], span: { start: 0, end: 0 } }, diagnostics: [diagnostic], plain: diagnostic.message }),
  );
}

export function checkFile(parsed: Parsed, environment: Environment, imports: Imports): CheckedProgram {
  const { source, program } = parsed;
  const { hostSignatures } = environment;
  const builtins = { signatures: hostSignatures, names: environment.globals, enforced: new Set(hostSignatures.keys()) };
  return check({ source, program, builtins, imports: imports.interfaces, importsResolved: imports.resolved });
}

export function compileFile(parsed: Parsed, environment: Environment, imports: Imports, isEntry: boolean): Compiled {
  const { source, program } = parsed;
  return bounded<Compiled>(
    source,
    () => compileProgram({ source, program, isEntry, globals: environment.globals, imported: imports.names }),
    (diagnostic) => ({ chunk: null, diagnostics: [diagnostic] }),
  );
}
