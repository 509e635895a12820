/**
 * Places in a program's files, as the journal names them and as people are shown them.
 *
 * The journal holds no source text, and the path under which a script is started differs from process to process; so the entry file is
 * journalled under the run's own name for the program, and a place is shown in the text that this process has loaded.
 */
import type { SourceText } from "../source/text.ts";
import type { CallSite, ScriptError } from "../vm/errors.ts";

export class Places {
  private readonly byPath = new Map<string, SourceText>();

  /**
   * @param program what the run calls the program; another text than the entry's own path, where that may change
   * @param sources the entry's text first, then those of its modules
   */
  constructor(
    private readonly program: string,
    private readonly sources: readonly SourceText[],
  ) {
    for (const source of sources) this.byPath.set(source.path, source);
    if (sources[0] !== undefined) this.byPath.set(program, sources[0]);
  }

  /** The path under which a place in a file is journalled. */
  stored(path: string): string {
    return path === this.sources[0]?.path ? this.program : path;
  }

  /** Gives an error from the journal its source text; a place in a file that the program does not have any more is dropped. */
  restore(error: ScriptError): ScriptError {
    const { origin } = error;
    if (origin === null || origin.source.text !== "") return error;
    const source = this.byPath.get(origin.path);
    error.origin = source === undefined ? null : { ...origin, path: source.path, source };
    error.trace = error.trace.map((site): CallSite => ({ ...site, path: this.byPath.get(site.path)?.path ?? site.path }));
    return error;
  }
}
