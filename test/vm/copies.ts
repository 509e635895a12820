/** Counts how many elements the host copies while something runs: the measure for growth that no clock can blur. */

/** Elements copied by slices, spreads and by making maps and sets from others, while `work` runs. */
export async function copiesOf(work: () => Promise<unknown>): Promise<number> {
  let copied = 0;
  const { slice, [Symbol.iterator]: iterator } = Array.prototype;
  const { Map: HostMap, Set: HostSet } = globalThis;
  // biome-ignore lint/suspicious/noExplicitAny: these stand in for the host's own methods, which take anything
  const patched = Array.prototype as any;
  patched.slice = function (this: unknown[], ...bounds: [number?, number?]): unknown[] {
    const part = slice.apply(this, bounds);
    copied += part.length;
    return part;
  };
  patched[Symbol.iterator] = function (this: unknown[]) {
    copied += this.length;
    return iterator.call(this);
  };
  globalThis.Map = class<K, V> extends HostMap<K, V> {
    constructor(from?: Iterable<readonly [K, V]> | null) {
      super(from);
      if (from instanceof HostMap) copied += from.size;
    }
  } as MapConstructor;
  globalThis.Set = class<T> extends HostSet<T> {
    constructor(from?: Iterable<T> | null) {
      super(from);
      if (from instanceof HostSet) copied += from.size;
    }
  } as SetConstructor;
  try {
    await work();
  } finally {
    patched.slice = slice;
    patched[Symbol.iterator] = iterator;
    globalThis.Map = HostMap;
    globalThis.Set = HostSet;
  }
  return copied;
}
