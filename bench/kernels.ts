/**
 * The kernels: one small program in Harn, JavaScript and Lua each, which must give the same answer.
 *
 * `kernels/<name>.harn` prints the answer; `<name>.js` defines `kernel()`; `<name>.lua` returns the function.
 */
import { readdirSync, readFileSync } from "node:fs";

export interface Kernel {
  readonly name: string;
  readonly harn: string;
  readonly js: string;
  readonly lua: string;
}

/** The order of the table: from bare loops to data structures. */
const ORDER = [
  "intloop",
  "toplevel",
  "compare",
  "dictread",
  "calls",
  "listsum",
  "filtermap",
  "locals",
  "contains",
  "fib",
  "strings",
  "structs",
  "sort",
  "dict",
  "mandelbrot",
  "hash64",
  "bigints",
  "groupby",
];

/** Reads the kernels whose name contains one of the wanted words; all of them when none is given. */
export function loadKernels(wanted: readonly string[]): Kernel[] {
  const folder = new URL("kernels/", import.meta.url);
  const names = readdirSync(folder)
    .filter((file) => file.endsWith(".harn"))
    .map((file) => file.slice(0, -5));
  const rank = (name: string): number => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  const read = (name: string, extension: string): string => readFileSync(new URL(`${name}.${extension}`, folder), "utf8");
  return names
    .filter((name) => wanted.length === 0 || wanted.some((word) => name.includes(word)))
    .sort((a, b) => rank(a) - rank(b))
    .map((name) => ({ name, harn: read(name, "harn"), js: read(name, "js"), lua: read(name, "lua") }));
}
