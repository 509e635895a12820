/** Damage to the text of a program, for tests that must survive it. */

/** Pieces that turn one construct into another. */
const PIECES = [
  ...'{}()[],:;.=!+-*/%<>?|@"\\\n#$',
  ...'-> ?. ?? ** |> ... ${ """ r" // /* */ fn let if else try match for in not to spawn pub gen fn select parallel 1 1.5 5s x X nil'.split(
    " ",
  ),
  "\ud800",
  "\r\n",
  "é",
  "😀",
];

/** One small edit at a random place. */
export function mutate(text: string, random: () => number): string {
  const at = Math.floor(random() * (text.length + 1));
  const end = Math.min(text.length, at + Math.floor(random() * 12));
  switch (Math.floor(random() * 4)) {
    case 0:
      return text.slice(0, at) + text.slice(end);
    case 1:
      return text.slice(0, end) + text.slice(at);
    case 2: {
      const to = Math.floor(random() * (text.length + 1));
      return text.slice(0, to) + text.slice(at, end) + text.slice(to);
    }
    default: {
      const piece = PIECES[Math.floor(random() * PIECES.length)] as string;
      return text.slice(0, at) + (random() < 0.5 ? ` ${piece} ` : piece) + text.slice(at);
    }
  }
}
