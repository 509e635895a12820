/** Helpers for tests of the checker: a script in, its diagnostics as one line each out. */
import { type CheckInput, check } from "../../src/check/check.ts";
import { type ModuleInterface, moduleInterface } from "../../src/check/interface.ts";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.ts";
import { SourceText } from "../../src/source/text.ts";
import { parse } from "../../src/syntax/parse.ts";

/** Builtins that the scripts of the tests call. */
export const BUILTINS = new Set(
  "println print len to_string to_int type_of schema_expect schema_parse schema_of schema_is unreachable sha256 uuid_parse range iter pair json_parse tool_count ask_user dual_control escalate_to request_approval".split(
    " ",
  ),
);

export interface Setting {
  /** Modules by import path as written, as their text. */
  readonly modules?: Readonly<Record<string, string>>;
  readonly resolved?: boolean;
  readonly signatures?: Readonly<Record<string, string>>;
}

/** Checks a script that must parse. */
export function diagnose(text: string, setting: Setting = {}): readonly Diagnostic[] {
  const source = new SourceText("script.harn", text);
  const { program, diagnostics } = parse(source);
  if (diagnostics.length > 0) throw new Error(`does not parse: ${diagnostics[0]?.message}\n${text}`);
  return check(inputFor(source, program, setting)).diagnostics;
}

export function inputFor(source: SourceText, program: CheckInput["program"], setting: Setting = {}): CheckInput {
  const signatures = new Map(Object.entries(setting.signatures ?? {}));
  return {
    source,
    program,
    builtins: { signatures, names: BUILTINS, enforced: new Set(signatures.keys()) },
    imports: interfaces(setting.modules ?? {}),
    importsResolved: setting.resolved ?? true,
  };
}

/** The interfaces of modules that may re-export one another. */
export function interfaces(modules: Readonly<Record<string, string>>): Map<string, ModuleInterface> {
  const made = new Map<string, ModuleInterface>();
  const make = (path: string): ModuleInterface | null => {
    const known = made.get(path);
    const text = modules[path];
    if (known !== undefined || text === undefined) return known ?? null;
    const { program } = parse(new SourceText(path, text));
    const shown = moduleInterface(program, (inner) => (inner === path ? null : make(inner)));
    made.set(path, shown);
    return shown;
  };
  for (const path of Object.keys(modules)) make(path);
  return made;
}

/** `error 3: message`, in the order reported; line 0 for a diagnostic without a place. */
export function lines(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(
    ({ severity, message, source, span }) => `${severity} ${span === null ? 0 : source?.line(span.start)}: ${message}`,
  );
}
