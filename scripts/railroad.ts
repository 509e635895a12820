/** Draws a grammar as railroad diagrams: one SVG a rule, in one page that needs nothing from elsewhere. */
import type { Expr, Grammar } from "./ebnf.ts";

/** A piece of track: the rail enters at the left and leaves at the right on one height, with room above and below it. */
interface Track {
  readonly width: number;
  readonly above: number;
  readonly below: number;
  readonly draw: (x: number, y: number) => string;
}

const LETTER = 7.4;
const GAP = 12;
const HALF = 11;
const TURN = 10;

/** The whole page, ending with a line feed; the same grammar gives the same text. */
export function drawGrammar(grammar: Grammar): string {
  const figures = [...grammar].map(([name, expr]) => `<h2 id="${name}">${name}</h2>\n${figure(track(expr))}`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>The grammar of Harn, as railroad diagrams</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; color: #1d2430; }
h2 { font: bold 15px ui-monospace, monospace; margin: 1.6rem 0 0.3rem; }
figure { margin: 0; overflow-x: auto; }
svg text { font: 12px ui-monospace, monospace; text-anchor: middle; dominant-baseline: central; }
path { fill: none; stroke: #51606f; stroke-width: 1.5; }
rect { stroke: #51606f; fill: #fff; }
.token rect { fill: #e8f1e4; } .word rect { fill: #f6efd9; } .class rect { fill: #e3ecf7; } .rule rect { fill: #fff; }
.condition rect { fill: #f7f7f7; stroke-dasharray: 3 2; } .condition text { font-style: italic; }
</style>
</head>
<body>
<h1>The grammar of Harn, as railroad diagrams</h1>
<p>Drawn by <code>scripts/grammar.ts</code> from <code>harn.ebnf</code>, whose head explains the notation. Green boxes are tokens, yellow ones words that
are keywords only there, blue ones kinds of token, dashed ones conditions. A <code>^</code> in front: no line end may stand before it.</p>
${figures.join("\n")}
</body>
</html>
`;
}

function figure(body: Track): string {
  const width = Math.ceil(body.width + 4 * GAP);
  const y = body.above + 6;
  const height = Math.ceil(y + body.below + 6);
  const ends = `${line(4, y - 6, 4, y + 6)}${line(width - 4, y - 6, width - 4, y + 6)}`;
  const rails = `${line(4, y, 2 * GAP, y)}${line(2 * GAP + body.width, y, width - 4, y)}`;
  return `<figure><svg width="${width}" height="${height}">${ends}${rails}${body.draw(2 * GAP, y)}</svg></figure>`;
}

function track(expr: Expr, here = false): Track {
  switch (expr.kind) {
    case "sequence":
      return sequence(expr.parts.map((part, i) => track(part, here && i === 0)));
    case "choice":
      return choice(expr.parts.map((part) => track(part, here)));
    case "option":
      return choice([straight(), track(expr.inner, here)]);
    case "repeat":
      return choice([straight(), loop(track(expr.inner, here))]);
    case "here":
      return track(expr.inner, true);
    case "and":
      return box("condition", `if next: ${textOf(expr.inner)}`, here);
    case "not":
      return box("condition", `unless next: ${textOf(expr.inner)}`, here);
    default:
      return box(expr.kind, expr.text, here);
  }
}

// --- Pieces of track -------------------------------------------------------------------------------------------------------------

function box(kind: string, text: string, here: boolean): Track {
  const shown = here ? `^ ${text}` : text;
  const width = shown.length * LETTER + 16;
  const round = kind === "rule" || kind === "condition" ? 2 : HALF;
  return {
    width,
    above: HALF,
    below: HALF,
    draw: (x, y) => {
      const label = `<text x="${num(x + width / 2)}" y="${num(y)}">${escapeHtml(shown)}</text>`;
      const linked = kind === "rule" ? `<a href="#${text}">${label}</a>` : label;
      return `<g class="${kind}"><rect x="${num(x)}" y="${num(y - HALF)}" width="${num(width)}" height="${2 * HALF}" rx="${round}"/>${linked}</g>`;
    },
  };
}

function straight(): Track {
  return { width: 0, above: 4, below: 4, draw: () => "" };
}

function sequence(parts: readonly Track[]): Track {
  const width = parts.reduce((sum, part) => sum + part.width, 0) + GAP * (parts.length - 1);
  return {
    width,
    above: Math.max(...parts.map((part) => part.above)),
    below: Math.max(...parts.map((part) => part.below)),
    draw: (x, y) => {
      let at = x;
      return parts
        .map((part, i) => {
          const rail = i === 0 ? "" : line(at, y, at + GAP, y);
          if (i > 0) at += GAP;
          const drawn = rail + part.draw(at, y);
          at += part.width;
          return drawn;
        })
        .join("");
    },
  };
}

/** The first alternative lies on the rail, the others below it. */
function choice(parts: readonly Track[]): Track {
  const inner = Math.max(...parts.map((part) => part.width));
  const offsets = [0];
  for (let i = 1; i < parts.length; i++) {
    const above = parts[i - 1] as Track;
    offsets.push((offsets[i - 1] as number) + Math.max(above.below + 6 + (parts[i] as Track).above, 2 * TURN));
  }
  const last = parts.at(-1) as Track;
  return {
    width: inner + 4 * TURN,
    above: (parts[0] as Track).above,
    below: (offsets.at(-1) as number) + last.below,
    draw: (x, y) =>
      parts
        .map((part, i) => {
          const height = y + (offsets[i] as number);
          const from = x + 2 * TURN + (inner - part.width) / 2;
          const rails =
            i === 0
              ? line(x, y, from, y) + line(from + part.width, y, x + inner + 4 * TURN, y)
              : branch(x, y, height, from, part.width, inner);
          return rails + part.draw(from, height);
        })
        .join(""),
  };
}

/** Rails from the main rail at `y` down to `height`, through a part of some width, and up again. */
function branch(x: number, y: number, height: number, from: number, width: number, inner: number): string {
  const right = x + inner + 4 * TURN;
  const down = `M${num(x)} ${num(y)}q${TURN} 0 ${TURN} ${TURN}V${num(height - TURN)}q0 ${TURN} ${TURN} ${TURN}H${num(from)}`;
  const up = `M${num(from + width)} ${num(height)}H${num(right - 2 * TURN)}q${TURN} 0 ${TURN} -${TURN}V${num(y + TURN)}q0 -${TURN} ${TURN} -${TURN}`;
  return `<path d="${down}${up}"/>`;
}

/** A part that can be gone through again, by the rail that leads back under it. */
function loop(part: Track): Track {
  const back = Math.max(part.below + 8, 2 * TURN);
  return {
    width: part.width + 2 * TURN,
    above: part.above,
    below: back + 2,
    draw: (x, y) => {
      const left = x + TURN;
      const right = left + part.width;
      const rails = line(x, y, left, y) + line(right, y, right + TURN, y);
      const curve = `M${num(right)} ${num(y)}q${TURN} 0 ${TURN} ${TURN}V${num(y + back - TURN)}q0 ${TURN} -${TURN} ${TURN}H${num(left)}`;
      return `${rails}<path d="${curve}q-${TURN} 0 -${TURN} -${TURN}V${num(y + TURN)}q0 -${TURN} ${TURN} -${TURN}"/>${part.draw(left, y)}`;
    },
  };
}

function line(x1: number, y1: number, x2: number, y2: number): string {
  return `<path d="M${num(x1)} ${num(y1)}L${num(x2)} ${num(y2)}"/>`;
}

function num(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** A condition's content in the notation of the grammar. */
function textOf(expr: Expr): string {
  switch (expr.kind) {
    case "sequence":
      return expr.parts.map(textOf).join(" ");
    case "choice":
      return expr.parts.map(textOf).join(" or ");
    case "option":
      return `[ ${textOf(expr.inner)} ]`;
    case "repeat":
      return `{ ${textOf(expr.inner)} }`;
    case "here":
      return `^ ${textOf(expr.inner)}`;
    case "and":
      return `if next: ${textOf(expr.inner)}`;
    case "not":
      return `unless next: ${textOf(expr.inner)}`;
    default:
      return expr.text;
  }
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
