/** The limits of one execution, each with its unit in its name. All of them are the host's to set; the defaults suit a trusted command line. */
export interface Limits {
  /** Instructions, counted at calls, backward jumps and inside builtins that loop; 0 = no limit. */
  readonly fuelSteps: number;
  /** Real milliseconds from start to end, waits included; 0 = no limit. */
  readonly wallMs: number;
  /** Nested calls in one fiber between two boundaries (a builtin's callback or a method starts anew), the entry included. */
  readonly callDepth: number;
  /** Frames of one fiber altogether, callbacks included. */
  readonly frameDepth: number;
  /** UTF-16 units of one string. */
  readonly stringLength: number;
  /** Items of one list, dict or set. */
  readonly collectionItems: number;
  /** Tasks that exist at once, waiting ones included. */
  readonly tasks: number;
}

/** Limits, and who is charged for work that grows with a value: an instruction may copy a million items. */
export interface Budget extends Limits {
  burn(steps: number): void;
}

/** Frames of one stack: callbacks within callbacks start their own count of 512, so the sum needs a limit too. */
export const LIMIT_FRAMES = 20_000;

export const DEFAULT_LIMITS: Limits = {
  fuelSteps: 0,
  wallMs: 0,
  callDepth: 512,
  frameDepth: LIMIT_FRAMES,
  stringLength: 1 << 28,
  collectionItems: 1 << 26,
  tasks: 100_000,
};
