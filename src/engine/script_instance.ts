/** A program whose top level has run: the host calls its functions. */
import type { ScriptError as Failure } from "../vm/errors.ts";
import { fromHost, type HostValue, toHost } from "./convert.ts";
import { ScriptError } from "./host_errors.ts";
import type { Outcome } from "../vm/machine.ts";
import type { Instance } from "./instance.ts";

/** How the work on a durable instance ended: `open` leaves its run to be continued, an error of a call marks it as failed. */
export type CloseAs = "completed" | "open" | ScriptError;

/** @internal What an instance does when it is closed, after its last call has ended. */
export type AtClose = (how: "completed" | "open" | Failure) => void;

export class ScriptInstance {
  private readonly running = new Set<Promise<Outcome>>();
  private readonly failures = new WeakMap<ScriptError, Failure>();
  private isClosed = false;

  /** @internal */
  constructor(
    private readonly instance: Instance,
    /** What the top level answered. */
    readonly value: HostValue,
    private readonly atClose: AtClose,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /**
   * Calls a function of the program's top level. Several calls at once take turns where they wait, like tasks of one script; the limits
   * hold for all of them together. In a durable instance the order of the calls is part of the program: after a crash, make them in the
   * same order, and the steps that had finished are answered from the journal.
   *
   * @param name as the script declares it
   * @param args plain data; those left out are nil
   * @returns what the function returned
   * @throws ScriptError for an error that it did not catch; an Error when there is no such function, or the instance is closed
   * @example const price = await instance.call("price_of", { item: "tea", count: 3 });
   */
  async call(name: string, ...args: unknown[]): Promise<HostValue> {
    if (this.isClosed) throw new Error(`'${name}' cannot be called: the instance is closed`);
    const work = this.instance.call(name, args.map(fromHost));
    this.running.add(work);
    const outcome = await work;
    this.running.delete(work);
    try {
      return hostResult(outcome, this.signal);
    } catch (error) {
      if (error instanceof ScriptError && outcome.error !== null) this.failures.set(error, outcome.error);
      throw error;
    }
  }

  /**
   * Ends the instance. Calls that are still running are cancelled, and a durable run is then left open. To close it again does nothing.
   *
   * @param how only a durable instance makes a difference
   */
  async close(how: CloseAs = "completed"): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    const { machine } = this.instance;
    const wasBusy = this.running.size > 0;
    if (wasBusy) machine.cancel();
    await Promise.all(this.running);
    const failure = how instanceof ScriptError ? this.failures.get(how) : undefined;
    if (wasBusy || machine.isCancelled || how === "open") this.atClose("open");
    else this.atClose(failure ?? "completed");
  }
}

/** @internal */
export function hostResult({ value, error }: Outcome, signal: AbortSignal | undefined): HostValue {
  if (error !== null && error.exitCode !== null) return toHost(fromHost(error.exitCode));
  if (error !== null) throw new ScriptError(error, signal);
  return toHost(value);
}

/** @internal Lets a signal cancel an instance. @returns a function that ends it */
export function watchSignal(instance: Instance, signal: AbortSignal | undefined): () => void {
  const cancel = (): void => instance.machine.cancel();
  signal?.addEventListener("abort", cancel);
  if (signal?.aborted) cancel();
  return () => signal?.removeEventListener("abort", cancel);
}
