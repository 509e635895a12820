/** Who wants to hear of appends, by topic; part of every backend. */
export class Watchers {
  private readonly byTopic = new Map<string, Set<() => void>>();

  watch(topic: string, listener: () => void): () => void {
    let listeners = this.byTopic.get(topic);
    if (listeners === undefined) {
      listeners = new Set();
      this.byTopic.set(topic, listeners);
    }
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.byTopic.get(topic) === listeners) this.byTopic.delete(topic);
    };
  }

  /** @param topics may name a topic more than once */
  notify(topics: Iterable<string>): void {
    if (this.byTopic.size === 0) return;
    for (const topic of new Set(topics)) for (const listener of [...(this.byTopic.get(topic) ?? [])]) listener();
  }
}
