/**
 * Harnlet as it is published: the bundle in `dist/`, with the types of the sources. (Run from the sources, the run loop's opcode
 * constants would be property reads, and the figures wrong.)
 */
import { existsSync } from "node:fs";

export type Harnlet = typeof import("../src/index.ts");
export type HarnletDurable = typeof import("../src/durable.ts");

async function load(file: string): Promise<unknown> {
  const entry = new URL(`../dist/${file}`, import.meta.url);
  if (!existsSync(entry)) throw new Error("dist/ is missing: run npm run build first");
  return import(entry.href);
}
export const loadHarnlet = async (): Promise<Harnlet> => (await load("index.js")) as Harnlet;
export const loadDurable = async (): Promise<HarnletDurable> => (await load("durable.js")) as HarnletDurable;
