/** One execution of a loaded program: its modules linked, its machine, its result. */
import type { Door } from "../vm/door.ts";
import type { JournalPort } from "../vm/journal.ts";
import type { Limits } from "../vm/limits.ts";
import { LinkedModule } from "../vm/link.ts";
import { Machine, type Outcome } from "../vm/machine.ts";
import type { BuiltinTable } from "../vm/native.ts";
import { Closure, type Value } from "../vm/values.ts";
import type { LoadedProgram, Unit } from "./load.ts";

export interface InstanceOptions {
  readonly builtins: BuiltinTable;
  readonly door: Door;
  readonly limits: Limits;
  readonly journal: JournalPort | null;
  /** What builtins find in `ctx.services`. */
  readonly services: Readonly<Record<string, unknown>>;
}

export class Instance {
  readonly machine: Machine;
  private readonly linked = new Map<string, LinkedModule>();
  private readonly entry: LinkedModule;
  private calls = 0;

  constructor(
    private readonly program: LoadedProgram,
    options: InstanceOptions,
  ) {
    this.entry = link(program.entry, true);
    this.machine = new Machine({ ...options, importModule: (from, index) => this.importModule(from, index) });
  }

  /** Runs the program's top level, or its pipeline. */
  run(): Promise<Outcome> {
    return this.machine.finish(this.machine.spawn(new Closure(this.entry.main, []), []));
  }

  /**
   * Calls a top-level function of the entry file on a fiber of its own, after `run`. In a durable run the records of its steps are
   * found by its number in the order of the calls.
   *
   * @throws Error when there is no such function; nothing was called then
   */
  call(name: string, args: readonly Value[]): Promise<Outcome> {
    const closure = this.functionNamed(name);
    return this.machine.finish(this.machine.spawn(closure, args, `/call-${++this.calls}`));
  }

  private functionNamed(name: string): Closure {
    const { chunk, late } = this.entry;
    if (!chunk.functions.includes(name)) throw new Error(`the program has no top-level function '${name}'`);
    const found = late[chunk.late.indexOf(name)];
    if (found instanceof Closure) return found;
    throw new Error(`function '${name}' cannot be called: its declaration did not run, or its name is bound more than once`);
  }

  private importModule(from: LinkedModule, index: number): LinkedModule {
    const unit = from === this.entry ? this.program.entry : (this.program.modules.get(from.chunk.path) as Unit);
    const target = unit.imports.get(from.chunk.imports[index]?.path ?? "");
    if (target === undefined) throw new Error("an import that the loader did not see");
    if ("error" in target) throw target.error();
    let module = this.linked.get(target.path);
    if (module === undefined) {
      module = link(this.program.modules.get(target.path) as Unit, false);
      this.linked.set(target.path, module);
    }
    return module;
  }
}

function link(unit: Unit, isEntry: boolean): LinkedModule {
  return new LinkedModule(unit.chunk, isEntry, unit.source);
}
