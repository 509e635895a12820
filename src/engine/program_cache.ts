/**
 * Compiled programs kept in the state folder, so that a program that ran before starts without the front end.
 *
 * One file a script, `cache/<hash of its real path>.harnc`: a line with the compiler's stamp and a checksum, then JSON with every source
 * file's hash, its imports, its artefact, and the warnings. A program is taken from there only if the compiler is the same, every text
 * is what it was, every import still leads to the same file, and every artefact verifies. Everything else, damage included, means: compile
 * again. A folder that cannot be written means no cache.
 */
import { ArtefactError, decodeArtefact, encodeArtefact } from "../bytecode/artefact.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { SourceText } from "../source/text.ts";
import { type Door, OsFailure } from "../vm/door.ts";
import type { ImportTarget, LoadedProgram, LoadResult, Unit } from "./load.ts";
import { resolveImport } from "./modules.ts";

/** Rises with every change of the shapes below. */
const FORMAT = 1;
const MAGIC = "harnlet-program";

interface KeptUnit {
  /** Real path. */
  readonly path: string;
  readonly textHash: string;
  /** Path as written, and the real path of the module that it means. */
  readonly imports: readonly (readonly [string, string])[];
  readonly artefact: string;
}

interface KeptProgram {
  /** In order of loading: the entry file, then the modules. */
  readonly units: readonly KeptUnit[];
  /** Of the entry file. */
  readonly warnings: readonly Omit<Diagnostic, "source">[];
}

export class ProgramCache {
  /**
   * @param root the state folder; the cache is made in it, it itself is not made
   * @param stamp names the compiler and the builtins; a program that was kept under another one is not used
   */
  constructor(
    private readonly door: Pick<Door, "files" | "sha256" | "randomBytes">,
    private readonly root: string,
    private readonly stamp: string,
  ) {}

  /** The program of an entry file if it is kept and nothing has changed since; else null. */
  read(source: SourceText, realPath: string): LoadResult | null {
    try {
      const kept = this.open(this.place(realPath));
      return kept === null ? null : this.revive(kept, source, realPath);
    } catch (error) {
      if (error instanceof OsFailure || error instanceof ArtefactError) return null;
      throw error;
    }
  }

  /** Keeps a program, if it has no errors and all of its imports were found, and if there is a folder to keep it in. */
  write(realPath: string, { program, diagnostics, source }: LoadResult): void {
    const { files } = this.door;
    if (program === null || !files.exists(this.root) || diagnostics.some((diagnostic) => diagnostic.source !== source)) return;
    const units = this.keptUnits(program, realPath);
    if (units === null) return;
    const kept: KeptProgram = { units, warnings: diagnostics.map(({ source: _, ...data }) => data) };
    this.save(this.place(realPath), JSON.stringify(kept));
  }

  private place(realPath: string): string {
    return `${this.root}/cache/${this.door.sha256(realPath).slice(0, 32)}.harnc`;
  }

  private header(body: string): string {
    return [MAGIC, FORMAT, this.stamp, this.door.sha256(body)].join(" ");
  }

  // --- Reading -------------------------------------------------------------------------------------------------------------------------

  private open(place: string): KeptProgram | null {
    const { files } = this.door;
    if (!files.exists(place)) return null;
    const text = new TextDecoder().decode(files.readBytes(place));
    const end = text.indexOf("\n");
    const body = text.slice(end + 1);
    return end > 0 && text.slice(0, end) === this.header(body) ? JSON.parse(body) : null;
  }

  private revive({ units, warnings }: KeptProgram, source: SourceText, realPath: string): LoadResult | null {
    const [first, ...others] = units;
    if (first === undefined || first.path !== realPath || first.textHash !== this.door.sha256(source.text)) return null;
    const entry = this.unit(first, source);
    const modules = new Map<string, Unit>();
    for (const kept of others) {
      const text = this.unchangedText(kept);
      const unit = text === null ? null : this.unit(kept, new SourceText(kept.path, text));
      if (unit === null) return null;
      modules.set(kept.path, unit);
    }
    if (entry === null) return null;
    const program: LoadedProgram = { entry, modules, sources: [source, ...[...modules.values()].map((unit) => unit.source)] };
    return { program, source, diagnostics: warnings.map((data) => ({ ...data, source })) };
  }

  private unchangedText({ path, textHash }: KeptUnit): string | null {
    const bytes = this.door.files.readBytes(path);
    return this.door.sha256(bytes) === textHash ? new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes) : null;
  }

  /** Null when an import leads elsewhere by now: a file that was added may stand in front of the one that was meant. */
  private unit(kept: KeptUnit, source: SourceText): Unit | null {
    const imports = new Map<string, ImportTarget>();
    for (const [written, path] of kept.imports) {
      const found = resolveImport(this.door.files, kept.path, written);
      if (found.kind !== "file" || found.path !== path) return null;
      imports.set(written, { path });
    }
    // The chunk names the file as it was called then, which for the entry file may be another relative path.
    return { source, chunk: { ...decodeArtefact(kept.artefact), path: source.path }, imports };
  }

  // --- Writing -------------------------------------------------------------------------------------------------------------------------

  private keptUnits(program: LoadedProgram, realPath: string): KeptUnit[] | null {
    const kept: KeptUnit[] = [];
    for (const source of program.sources) {
      const isEntry = kept.length === 0;
      const unit = isEntry ? program.entry : program.modules.get(source.path);
      const imports = unit === undefined ? null : foundImports(unit);
      if (unit === undefined || imports === null) return null;
      const textHash = this.door.sha256(source.text);
      kept.push({ path: isEntry ? realPath : source.path, textHash, imports, artefact: encodeArtefact(unit.chunk) });
    }
    return kept;
  }

  /** Written beside and moved over, so that nobody finds half a file, whoever writes at the same time. */
  private save(place: string, body: string): void {
    const { files } = this.door;
    const unfinished = `${place}.${[...this.door.randomBytes(4)].join("-")}`;
    try {
      files.makeDirs(`${this.root}/cache`);
      files.writeBytes(unfinished, new TextEncoder().encode(`${this.header(body)}\n${body}`));
      files.rename(unfinished, place);
    } catch (error) {
      if (!(error instanceof OsFailure)) throw error;
      this.discard(unfinished);
    }
  }

  private discard(path: string): void {
    try {
      this.door.files.remove(path);
    } catch (error) {
      if (!(error instanceof OsFailure)) throw error;
    }
  }
}

/** The imports by path as written; null when one of them was not found: its error depends on more than texts. */
function foundImports(unit: Unit): [string, string][] | null {
  const found: [string, string][] = [];
  for (const [written, target] of unit.imports) {
    if ("error" in target) return null;
    found.push([written, target.path]);
  }
  return found;
}
