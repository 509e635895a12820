/**
 * Compiled programs kept in the state folder, so that a program that ran before starts without the front end.
 *
 * One file a script, `cache/<checksum of its real path>.harnc`: a line with the compiler's stamp, length and checksum, then JSON with every
 * source file's text, its imports, its chunk, and the warnings. A program is taken from there only if the compiler is the same, every
 * text is what it was, every import still leads to the same file, and no byte has changed since. Everything else means: compile again. A
 * folder that cannot be written means no cache.
 *
 * Chunks are verified before they are kept, not when they are read: that takes as long as compiling them, and a file whose checksum fits
 * is the one that was verified. Who forges the file could forge a chunk that verifies as well; whoever can write the state folder is
 * trusted with what its scripts do. Texts are compared, not hashed: that is exact, and loading the host's hash functions takes longer than
 * compiling a short script.
 */
import { concatBytes } from "@noble/hashes/utils.js";
import { DamagedBody, packChunk, unpackChunk } from "../bytecode/artefact-body.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { SourceText } from "../source/text.ts";
import { type Door, OsFailure } from "../vm/door.ts";
import type { ImportTarget, LoadedProgram, LoadResult, Unit } from "./load.ts";
import { embeddedPath, isEmbedded, resolveImport } from "./modules.ts";

/** Rises with every change of the shapes below. */
const FORMAT = 1;
const MAGIC = "harnlet-program";

interface KeptUnit {
  /** Real path. */
  readonly path: string;
  readonly text: string;
  /** Path as written, and the real path of the module that it means. */
  readonly imports: readonly (readonly [string, string])[];
  readonly chunk: unknown;
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
    private readonly door: Pick<Door, "files" | "clock" | "system">,
    private readonly root: string,
    private readonly stamp: string,
  ) {}

  /** The program of an entry file if it is kept and nothing has changed since; else null. */
  read(source: SourceText, realPath: string): LoadResult | null {
    try {
      const kept = this.open(this.place(realPath));
      return kept === null ? null : this.revive(kept, source, realPath);
    } catch (error) {
      if (error instanceof OsFailure || error instanceof DamagedBody) return null;
      throw error;
    }
  }

  /** Keeps a program, if it has no errors and all of its imports were found, and if there is a folder to keep it in. */
  async write(realPath: string, { program, diagnostics, source }: LoadResult): Promise<void> {
    const { files } = this.door;
    if (program === null || !files.exists(this.root) || diagnostics.some((diagnostic) => diagnostic.source !== source)) return;
    const units = keptUnits(program, realPath);
    const { verify } = await import("../bytecode/verify.ts");
    if (units === null || unitsOf(program).some((unit) => verify(unit.chunk).length > 0)) return;
    const kept: KeptProgram = { units, warnings: diagnostics.map(({ source: _, ...data }) => data) };
    this.save(this.place(realPath), new TextEncoder().encode(JSON.stringify(kept)));
  }

  /** Two scripts with the same checksum take turns: the path stands in the file as well. */
  private place(realPath: string): string {
    return `${this.root}/cache/${checksum(new TextEncoder().encode(realPath))}.harnc`;
  }

  private header(body: Uint8Array): string {
    return [MAGIC, FORMAT, this.stamp, body.length, checksum(body)].join(" ");
  }

  // --- Reading -------------------------------------------------------------------------------------------------------------------------

  private open(place: string): KeptProgram | null {
    const { files } = this.door;
    if (!files.exists(place)) return null;
    const bytes = files.readBytes(place);
    const end = bytes.indexOf(0x0a);
    const body = bytes.subarray(end + 1);
    const decoder = new TextDecoder();
    if (end < 0 || decoder.decode(bytes.subarray(0, end)) !== this.header(body)) return null;
    return JSON.parse(decoder.decode(body));
  }

  private revive({ units, warnings }: KeptProgram, source: SourceText, realPath: string): LoadResult | null {
    const [first, ...others] = units;
    if (first === undefined || first.path !== realPath || first.text !== source.text) return null;
    const entry = this.unit(first, source);
    const modules = new Map<string, Unit>();
    for (const kept of others) {
      const unit = this.isUnchanged(kept) ? this.unit(kept, new SourceText(kept.path, kept.text, !isEmbedded(kept.path))) : null;
      if (unit === null) return null;
      modules.set(kept.path, unit);
    }
    if (entry === null) return null;
    const diagnostics = warnings.map((data): Diagnostic => ({ ...data, source }));
    const program: LoadedProgram = { entry, modules, sources: [source, ...[...modules.values()].map((unit) => unit.source)] };
    return { program, source, diagnostics, unresolved: [] };
  }

  /** An embedded module belongs to the compiler, which is the same. */
  private isUnchanged({ path, text }: KeptUnit): boolean {
    if (isEmbedded(path)) return true;
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(this.door.files.readBytes(path)) === text;
  }

  /** Null when an import leads elsewhere by now: a file that was added may stand in front of the one that was meant. */
  private unit(kept: KeptUnit, source: SourceText): Unit | null {
    const imports = new Map<string, ImportTarget>();
    for (const [written, path] of kept.imports) {
      if (embeddedPath(written) === null) {
        const found = resolveImport(this.door.files, kept.path, written);
        if (found.kind !== "file" || found.path !== path) return null;
      }
      imports.set(written, { path });
    }
    // The chunk names the file as it was called then, which for the entry file may be another relative path.
    return { source, chunk: { ...unpackChunk(kept.chunk), path: source.path }, imports };
  }

  // --- Writing -------------------------------------------------------------------------------------------------------------------------

  /** Written beside and moved over, so that nobody finds half a file, whoever writes at the same time. */
  private save(place: string, body: Uint8Array): void {
    const { files, clock, system } = this.door;
    const unfinished = `${place}.${system?.pid() ?? 0}-${clock.monotonicMs()}`;
    const header = new TextEncoder().encode(`${this.header(body)}\n`);
    try {
      files.makeDirs(`${this.root}/cache`);
      files.writeBytes(unfinished, concatBytes(header, body));
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

function keptUnits(program: LoadedProgram, realPath: string): KeptUnit[] | null {
  const kept: KeptUnit[] = [];
  for (const source of program.sources) {
    const isEntry = kept.length === 0;
    const unit = isEntry ? program.entry : program.modules.get(source.path);
    const imports = unit === undefined ? null : foundImports(unit);
    if (unit === undefined || imports === null) return null;
    kept.push({ path: isEntry ? realPath : source.path, text: source.text, imports, chunk: packChunk(unit.chunk) });
  }
  return kept;
}

function unitsOf({ entry, modules }: LoadedProgram): Unit[] {
  return [entry, ...modules.values()];
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

/** FNV-1a over words of four bytes: any change within one word changes it. It guards against damage, not against intent. */
function checksum(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const words = bytes.length & ~3;
  let hash = 0x811c9dc5;
  for (let i = 0; i < words; i += 4) hash = Math.imul(hash ^ view.getInt32(i), 0x01000193);
  for (let i = words; i < bytes.length; i++) hash = Math.imul(hash ^ view.getUint8(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
