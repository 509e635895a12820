/** Growth: what must be linear, measured at 10,000 and 100,000. A factor near 10 is linear, one near 100 quadratic. */
import { loadHarnlet } from "./harnlet.ts";
import { markdownTable, median, short, timed } from "./measure.ts";

const SMALL = 10_000;
const LARGE = 100_000;
/** The small size must not pay for the host's compiler, which the large one hardly notices. */
const WARM_UPS = 10;
const ROUNDS = 9;

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

async function milliseconds(source: string, size: number): Promise<number> {
  const { createEngine } = await loadHarnlet();
  const program = await createEngine({ stdout() {} }).compile(source.replaceAll("N", String(size)), { name: "growth.harn" });
  for (let i = 0; i < WARM_UPS; i++) await program.run();
  const times: number[] = [];
  for (let i = 0; i < ROUNDS; i++) times.push(await timed(() => program.run()));
  return median(times);
}

export async function growthReport(progress: (text: string) => void): Promise<string> {
  const rows: string[][] = [];
  for (const [name, source] of Object.entries(SUBJECTS)) {
    progress(name);
    try {
      const small = await milliseconds(source, SMALL);
      const large = await milliseconds(source, LARGE);
      rows.push([name, `${short(small)} ms`, `${short(large)} ms`, short(large / small)]);
    } catch (error) {
      rows.push([name, "–", "–", String((error as Error).message).split("\n")[0]!]);
    }
  }
  return markdownTable(["growth", "10,000", "100,000", "factor"], rows);
}
