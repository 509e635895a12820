/** The handle that `spawn` gives. It can be used once, and only by the task that made it. */
import type { Fiber } from "../vm/frame.ts";
import { Handle } from "../vm/values.ts";

export class TaskHandle extends Handle {
  /** Awaited or cancelled: of no use any more. */
  isSpent = false;

  constructor(
    /** `vm_task_<n>`, counted by the creating task. */
    readonly id: string,
    readonly fiber: Fiber,
  ) {
    super();
  }
  get typeName(): string {
    return "task_handle";
  }
  display(): string {
    return `<task:${this.id}>`;
  }
  equals(other: Handle): boolean {
    return other instanceof TaskHandle && other.id === this.id;
  }
  /** Whether a task may still do something with it. */
  isOf(owner: Fiber): boolean {
    return !this.isSpent && this.fiber.task.parent === owner;
  }
}
