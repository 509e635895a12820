/** Containers are values: random programs that alias and change them, against a model that shares nothing. `SEED=n` repeats one program. */
import { test } from "uvu";
import { chooseSeed, randomFrom } from "../syntax/support.ts";
import { AliasWriter, HELPERS, type Program, type Shape } from "./alias_programs.ts";
import { World } from "./world.ts";

const COUNT = Number(process.env.COUNT ?? (process.env.SEED === undefined ? 150 : 1));
const TIMES = 3;
const BOX = "struct Box {\n  items: any\n  meta: any\n}\n";

/** How a program's lines become files. */
type Place = (program: Program) => Record<string, string>;

const atTop: Place = ({ declarations, statements }) => ({
  "/main.harn": `${BOX}${HELPERS}${[...declarations, ...statements].join("\n")}\n`,
});
const inFunction: Place = ({ declarations, statements }) => ({
  "/main.harn": `${BOX}${HELPERS}fn work() {\n${[...declarations, ...statements].join("\n")}\n}\nwork()\n`,
});
/** Everything three times, so that the instructions have their inline caches. */
const inLoop: Place = ({ declarations, statements }) => ({
  "/main.harn": `${BOX}${HELPERS}for _i in 1 to ${TIMES} {\n${[...declarations, ...statements].join("\n")}\n}\n`,
});
/** What a generator prints is lost, so it yields what is to be printed. */
const inGenerator: Place = ({ declarations, statements }) => {
  const lines = statements.map((statement) => statement.replace(/^println\((.*)\)$/, "yield $1"));
  return {
    "/main.harn": `${BOX}${HELPERS}fn work() {\n${[...declarations, ...lines].join("\n")}\n}\nfor x in work() { println(x) }\n`,
  };
};
/** The variables are the module's own, and every few statements are a function of their own. */
const inModule: Place = ({ declarations, statements }) => {
  const parts: string[] = [];
  for (let i = 0; i < statements.length; i += 6) parts.push(statements.slice(i, i + 6).join("\n"));
  const begin = declarations.map((line) => line.replace("var ", "")).join("\n");
  const variables = declarations.map((line) => `${line.split(" = ")[0]} = nil`).join("\n");
  const functions = parts.map((part, i) => `pub fn part${i}() {\n${part}\n}`).join("\n");
  const calls = parts.map((_, i) => `part${i}()`).join("\n");
  return {
    "/m.harn": `${variables}\n${HELPERS}pub fn begin() {\n${begin}\n}\n${functions}\n`,
    "/main.harn": `import "m"\nbegin()\n${calls}\n`,
  };
};

const PLACES: readonly [string, Place, Shape][] = [
  ["at the top", atTop, { statements: 60, inModule: false }],
  ["in a loop", inLoop, { statements: 60, inModule: false }],
  ["in a function", inFunction, { statements: 60, inModule: false }],
  ["in a generator", inGenerator, { statements: 60, inModule: false }],
  ["in a module", inModule, { statements: 60, inModule: true }],
];

for (const [where, place, shape] of PLACES) {
  test(`${COUNT} random programs ${where}`, async () => {
    const first = chooseSeed(where);
    for (let seed = first; seed < first + COUNT; seed++) {
      const program = new AliasWriter(randomFrom(seed), shape).write();
      const files = place(program);
      const world = new World({ files });
      const alone = files["/main.harn"] as string;
      const { error, rendered } = await (files["/m.harn"] === undefined ? world.run(alone) : world.runFile("/main.harn"));
      const what = `SEED=${seed}\n${Object.values(files).join("\n---\n")}\n${rendered}`;
      const expected = program.expected.repeat(where === "in a loop" ? TIMES : 1);
      if (error !== null || world.out !== expected) throw new Error(`${what}\nexpected\n${expected}\nprinted\n${world.out}`);
    }
  });
}

test.run();
