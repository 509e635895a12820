/** Scopes of the plain evaluator. */
import { runtimeError, Unspecified } from "./failure.ts";
import { type Cell, Fun, type Val } from "./values.ts";

/** What belongs to one call. */
export interface Frame {
  readonly depth: number;
  readonly isScript: boolean;
  /** How many `try`, `finally` and `defer` protect the present place: inside them no call replaces the frame. */
  protected: number;
}

/** In place of a variable: the name is known and must not be seen. */
const HIDDEN = Symbol("hidden");

export class Env {
  private readonly cells = new Map<string, Cell | typeof HIDDEN>();

  private constructor(
    private readonly outer: Env | null,
    /** The scope of the call, whose functions are brought along. */
    private readonly caller: Env | null,
    readonly frame: Frame,
  ) {}

  static top(frame: Frame): Env {
    return new Env(null, null, frame);
  }

  /** The scope of a function's parameters and body, above the copies of what it saw when it was made. */
  static of(seen: ReadonlyMap<string, Cell>, caller: Env, frame: Frame): Env {
    const base = new Env(null, caller, frame);
    for (const [name, cell] of seen) base.cells.set(name, { ...cell });
    return base.inner();
  }

  inner(): Env {
    return new Env(this, null, this.frame);
  }

  find(name: string): Cell | null {
    for (let env: Env | null = this; env !== null; env = env.outer) {
      const cell = env.cells.get(name);
      if (cell === HIDDEN) return null;
      if (cell !== undefined && cell.brought !== true) return cell;
      if (env.caller !== null) return env.caller.brings(name, cell ?? null);
    }
    return null;
  }

  /**
   * The function of that name that a callee of this scope is brought. A function holds a snapshot of all that was visible when it was
   * made, also of what its text never mentions; where the answer hangs on that, there is none here.
   */
  private brings(name: string, snapshot: Cell | null): Cell | null {
    let first = snapshot;
    for (let scope: Env | null = this; scope !== null; ) {
      let env: Env = scope;
      let cell = env.cells.get(name);
      while (cell === undefined && env.outer !== null) {
        env = env.outer;
        cell = env.cells.get(name);
      }
      if (cell !== undefined) {
        if (cell === HIDDEN || !(cell.value instanceof Fun)) return first === null ? null : unsettled();
        if (first !== null && first.value !== cell.value) return unsettled();
        first = cell;
        if (env.caller === null) return first;
      }
      while (env.outer !== null) env = env.outer;
      scope = env.caller;
    }
    return first === null ? null : unsettled();
  }

  /** Whether this very scope has the name. */
  binds(name: string): boolean {
    return this.cells.has(name);
  }

  bind(name: string, value: Val, mutable: boolean): void {
    if (name === "_") return;
    const old = this.cells.get(name);
    if (old !== undefined && old !== HIDDEN && !old.mutable && !mutable) {
      throw runtimeError(`Cannot redeclare immutable variable '${name}' in the same scope (use 'var' for mutable bindings)`);
    }
    this.cells.set(name, { value, mutable });
  }

  hide(name: string): void {
    this.cells.set(name, HIDDEN);
  }

  /** Everything visible here, as it stands now. */
  snapshot(): Map<string, Cell> {
    const seen = new Map<string, Cell>();
    const hidden = new Set<string>();
    for (let env: Env | null = this; env !== null; env = env.outer) {
      for (const [name, cell] of env.cells) {
        if (seen.has(name) || hidden.has(name)) continue;
        if (cell === HIDDEN) hidden.add(name);
        else seen.set(name, { ...cell });
      }
      for (const [name, cell] of env.caller?.snapshot() ?? []) {
        if (cell.value instanceof Fun && !seen.has(name) && !hidden.has(name)) seen.set(name, { ...cell, brought: true });
      }
    }
    return seen;
  }
}

function unsettled(): never {
  throw new Unspecified("a function that only a snapshot holds");
}
