/** A script compiled and run on the VM, without the checker, which would refuse most programs whose errors are of interest here. */
import { BUILTINS } from "../../src/builtins/table.ts";
import type { Chunk } from "../../src/bytecode/chunk.ts";
import { compileProgram } from "../../src/compile/program.ts";
import type { SourceText } from "../../src/source/text.ts";
import type { Program } from "../../src/syntax/ast.ts";
import { display } from "../../src/vm/display.ts";
import type { Door } from "../../src/vm/door.ts";
import { ScriptError } from "../../src/vm/errors.ts";
import { DEFAULT_LIMITS } from "../../src/vm/limits.ts";
import { LinkedModule } from "../../src/vm/link.ts";
import { Machine } from "../../src/vm/machine.ts";
import type { BuiltinTable } from "../../src/vm/native.ts";
import { errorText } from "../../src/vm/report.ts";
import { Closure, typeName } from "../../src/vm/values.ts";
import { MAX_FRAMES, type Result } from "./evaluate.ts";

export class ScriptRunner {
  private readonly builtins: BuiltinTable = BUILTINS;
  private readonly globals = new Set([...this.builtins.globals.keys(), ...this.builtins.constants.keys()]);

  /** The chunk of an entry file, or null when the compiler has something to say about it. */
  compile(source: SourceText, program: Program): Chunk | null {
    return compileProgram({ source, program, isEntry: true, globals: this.globals, imported: new Map() }).chunk;
  }

  async run(chunk: Chunk, source: SourceText): Promise<Result> {
    let output = "";
    const door = doorWith((text) => {
      output += text;
    });
    const machine = new Machine({
      builtins: this.builtins,
      door,
      limits: { ...DEFAULT_LIMITS, fuelSteps: 5_000_000, callDepth: MAX_FRAMES },
      services: {},
      journal: null,
      importModule: () => {
        throw new Error("programs here import nothing");
      },
    });
    const module = new LinkedModule(chunk, true, source);
    const { value, error } = await machine.finish(machine.spawn(new Closure(module.main, []), []));
    if (error === null) return { kind: "value", text: display(value), type: typeName(value), output };
    if (!(error instanceof ScriptError) || error.cause !== null) throw error instanceof ScriptError ? error.cause : error;
    return { kind: "error", text: errorText(error), place: error.origin?.span ?? { start: -1, end: -1 }, output };
  }
}

function doorWith(stdout: (text: string) => void): Door {
  const absent = (): never => {
    throw new Error("programs here ask nothing of the host");
  };
  return {
    clock: { wallMs: () => 0, monotonicMs: () => 0, sleep: absent, turn: async () => {} },
    randomBytes: absent,
    sha256: absent,
    output: { stdout, stderr: absent },
    files: {} as Door["files"],
    processes: { run: absent },
    env: { get: absent, all: absent, cwd: absent },
  };
}
