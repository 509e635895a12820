/**
 * The type checker's entry: a file's tree in, its diagnostics out.
 *
 * The checker is gradual and changes nothing: it reports what cannot be right as far as types are known, and keeps quiet otherwise. It
 * looks at one file; of imported modules it knows names and types only. It never throws.
 */
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceText } from "../source/text.ts";
import type { Program } from "../syntax/ast.ts";
import { deprecatedFunctions, warnOfDeprecatedCalls } from "./attributes.ts";
import { Checker } from "./checker.ts";
import type { FnSignature } from "./declarations.ts";
import type { ModuleInterface } from "./interface.ts";
import { importedNames, registerProgram } from "./register.ts";
import { Scope } from "./scope.ts";
import { parseSignature } from "./signature.ts";

/** Unknown call targets of one file for which the nearest name is looked up. */
const MAX_SUGGESTIONS = 200;

export interface CheckInput {
  readonly source: SourceText;
  readonly program: Program;
  readonly builtins: {
    /** Signatures by name. Those of `enforced` are checked as if the script had declared the function; the others are not looked at. */
    readonly signatures: ReadonlyMap<string, string>;
    /** Every name that can be called without a declaration. */
    readonly names: ReadonlySet<string>;
    /** Functions that a host registered with a signature it wants checked. */
    readonly enforced?: ReadonlySet<string>;
  };
  /** What is known of each imported module, by the path as written; a missing one is unresolved. */
  readonly imports: ReadonlyMap<string, ModuleInterface>;
  /** Whether the file has a path and all of its imports were found: only then are unknown call targets errors. */
  readonly importsResolved: boolean;
}

export interface CheckedProgram {
  readonly source: SourceText;
  readonly program: Program;
  /** Errors and warnings in the order found; an error means that the program must not run. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Checks one file.
 *
 * @returns the same tree with what is wrong about it; warnings never stop a program, errors do
 * @example
 * const { diagnostics } = check({ source, program: parse(source).program, builtins, imports: new Map(), importsResolved: true });
 */
export function check(input: CheckInput): CheckedProgram {
  const { source, program } = input;
  const scope = Scope.program({
    stamp: 0,
    inferred: new WeakMap(),
    builtinNames: input.builtins.names,
    sortedBuiltins: null,
    suggestionsLeft: MAX_SUGGESTIONS,
    weights: new WeakMap(),
    hostFunctions: hostFunctions(input),
    importedNames: importedNames(program, input.imports),
  });
  const checker = new Checker(source, scope, input.importsResolved, knowsImports(input), deprecatedFunctions(program));
  try {
    registerProgram(program, input.imports, scope);
    warnOfDeprecatedCalls(checker, program);
    checker.file(program);
  } catch (thrown) {
    // The tree's depth is bounded, the host's stack below us is not: a host that calls from deep inside gets a diagnostic.
    if (!(thrown instanceof RangeError)) throw thrown;
    checker.report("error", "limit/nesting", "the program is nested too deeply to be checked here", null);
  }
  return { source, program, diagnostics: checker.diagnostics };
}

/** Whether the program must not run. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}

function knowsImports({ program, imports }: CheckInput): boolean {
  return program.items.every((item) => (item.kind !== "ImportDecl" && item.kind !== "SelectiveImport") || imports.has(item.path));
}

function hostFunctions({ builtins }: CheckInput): Map<string, FnSignature> {
  const found = new Map<string, FnSignature>();
  for (const name of builtins.enforced ?? []) {
    const text = builtins.signatures.get(name);
    if (text === undefined) continue;
    const { typeParams, params, result, minArgs } = parseSignature(text); // a malformed one was refused when the host registered it
    found.set(name, { name, typeParams, params, required: minArgs, hasRest: params.some((param) => param.rest), result, where: [] });
  }
  return found;
}
