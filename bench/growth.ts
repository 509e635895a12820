/** Growth: what must be linear, measured at 10,000 and 100,000. A factor near 10 is linear, one near 100 quadratic. */
import { loadHarnlet } from "./harnlet.ts";
import { markdownTable, median, short, timed } from "./measure.ts";

const SMALL = 10_000;
const LARGE = 100_000;
/** Runs of the large size before anything is measured: the small one must not pay for the host's compiler. */
const WARM_UPS = 10;
const ROUNDS = 15;

/** `N` stands for the size. */
const SUBJECTS: Readonly<Record<string, string>> = {
  "append to a list": `
    var xs = []
    for i in 0 to N exclusive { xs = xs.push(i) }
    println(len(xs))`,
  "xs[i] = v": `
    var xs = (0 to N exclusive).to_list()
    for i in 0 to N exclusive { xs[i] = i + 1 }
    println(xs[N - 1])`,
  "push, then update": `
    var xs = []
    for i in 0 to N exclusive {
      xs = xs.push(i)
      xs[0] = i
    }
    println(xs[0])`,
  "d[k] = d[k].push(v)": `
    var d = {a: [], b: []}
    for i in 0 to N exclusive {
      let k = i % 2 == 0 ? "a" : "b"
      d[k] = d[k].push(i)
    }
    println(len(d.a))`,
  "dict inserts": `
    var d = {}
    for i in 0 to N exclusive { d["k\${i}"] = i }
    println(len(d.keys()))`,
  "s = s + …": `
    var s = ""
    for i in 0 to N exclusive { s = s + "x" }
    println(len(s))`,
  "index through a 100 KB string": `
    let s = "abcdefghij".repeat(10000)
    var n = 0
    for i in 0 to N exclusive { if s[i] == "c" { n = n + 1 } }
    println(n)`,
  "the same, not ASCII": `
    let s = "äbcdefghi😀".repeat(10000)
    var n = 0
    for i in 0 to N exclusive { if s[i] == "c" { n = n + 1 } }
    println(n)`,
};

/** What the host's own table does with so many texts: it outgrows the processor's caches, and so does ours. */
function hostInserts(size: number): void {
  const map = new Map<string, number>();
  for (let i = 0; i < size; i++) map.set(`k${i}`, i);
  if ([...map.keys()].sort().length !== size) throw new Error("keys are missing");
}

type Subject = (size: number) => Promise<() => unknown>;

const scriptSubject =
  (source: string): Subject =>
  async (size) => {
    const { createEngine } = await loadHarnlet();
    const program = await createEngine({ stdout() {} }).compile(source.replaceAll("N", String(size)), { name: "growth.harn" });
    return () => program.run();
  };

/** Medians of alternating runs, in ms. */
async function milliseconds(subject: Subject): Promise<{ small: number; large: number }> {
  const [small, large] = [await subject(SMALL), await subject(LARGE)];
  for (let i = 0; i < WARM_UPS; i++) await large();
  const times = { small: [] as number[], large: [] as number[] };
  for (let i = 0; i < ROUNDS; i++) {
    times.small.push(await timed(small));
    times.large.push(await timed(large));
  }
  return { small: median(times.small), large: median(times.large) };
}

export async function growthReport(progress: (text: string) => void): Promise<string> {
  const rows: string[][] = [];
  const subjects = Object.entries(SUBJECTS).map(([name, source]): [string, Subject] => [name, scriptSubject(source)]);
  subjects.push(["for comparison: inserts into a Map of the host", async (size) => () => hostInserts(size)]);
  for (const [name, subject] of subjects) {
    progress(name);
    try {
      const { small, large } = await milliseconds(subject);
      rows.push([name, `${short(small)} ms`, `${short(large)} ms`, short(large / small)]);
    } catch (error) {
      rows.push([name, "–", "–", String((error as Error).message).split("\n")[0]!]);
    }
  }
  return markdownTable(["growth", "10,000", "100,000", "factor"], rows);
}
