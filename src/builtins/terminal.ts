/** The terminal: what it is, colours, progress lines, and reading from standard input. Input and terminal can be mocked. */
import { display } from "../vm/display.ts";
import { raise } from "../vm/errors.ts";
import type { Builtin, NativeContext, Parked } from "../vm/native.ts";
import { Dict, Float, isInt, type Value } from "../vm/values.ts";
import { countOr, numberArg, textArg } from "./args.ts";
import { perInstance, plain, variadic } from "./define.ts";
import { roundAway } from "./math.ts";
import { trimEnd } from "./whitespace.ts";

type Stream = "stdin" | "stdout" | "stderr";

interface TerminalState {
  /** What is left of the mocked input; null while none is installed. */
  input: { text: string; lines: string[] | null } | null;
  readonly tty: Map<Stream, boolean>;
  color: "auto" | "always" | "never";
}

type States = (ctx: NativeContext) => TerminalState;

export function terminalFunctions(): Builtin[] {
  const states = perInstance((): TerminalState => ({ input: null, tty: new Map(), color: "auto" }));
  return [...reading(states), ...mocking(states), ...asking(states), ...coloring(states), progress()];
}

function readFrom(ctx: NativeContext, name: string, read: (input: NonNullable<typeof ctx.door.input>) => Promise<Value>): Parked {
  const { input } = ctx.door;
  if (input === undefined) throw raise.runtime(`${name} is not available here`);
  return ctx.parkOn(() => read(input));
}

function reading(states: States): Builtin[] {
  return [
    plain(
      {
        name: "read_stdin",
        signature: "() -> string | nil",
        doc: "All of standard input.",
        example: 'mock_stdin("a")\nprintln(read_stdin())  // -> a',
        effect: "process",
      },
      (ctx) => {
        const state = states(ctx);
        if (state.input === null || state.input.lines !== null) return readFrom(ctx, "read_stdin", (input) => input.readAll());
        const { text } = state.input;
        state.input = { text: "", lines: null };
        return text;
      },
    ),
    plain(
      {
        name: "read_line",
        signature: "() -> string | nil",
        doc: "The next line of standard input, nil at its end.",
        example: 'mock_stdin("a\\nb")\nprintln(read_line())  // -> a',
        effect: "process",
      },
      (ctx) => {
        const { input } = states(ctx);
        if (input !== null) {
          input.lines ??= mockLines(input.text);
          const line = input.lines.shift();
          if (line !== undefined) return line;
        }
        return readFrom(ctx, "read_line", (door) => door.readLine());
      },
    ),
    plain(
      {
        name: "prompt_user",
        signature: "(message) -> string | nil",
        doc: "Writes a message and reads a line from standard input.",
        example: "println(type_of(prompt_user))  // -> builtin",
        effect: "process",
      },
      (ctx, message) => {
        ctx.print(textArg(ctx, message as Value, 0));
        return readFrom(ctx, "prompt_user", async (input) => trimEnd((await input.readLine()) ?? ""));
      },
    ),
  ];
}

function mockLines(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

function mocking(states: States): Builtin[] {
  return [
    plain(
      {
        name: "mock_stdin",
        signature: "(text) -> nil",
        doc: "Has a text read in place of standard input.",
        example: 'mock_stdin("a")\nprintln(read_line())  // -> a',
        effect: "process",
      },
      (ctx, text) => {
        states(ctx).input = { text: textArg(ctx, text as Value, 0), lines: null };
        return null;
      },
    ),
    plain(
      {
        name: "unmock_stdin",
        signature: "() -> nil",
        doc: "Goes back to the real standard input.",
        example: "println(unmock_stdin())  // -> nil",
        effect: "process",
      },
      (ctx) => {
        states(ctx).input = null;
        return null;
      },
    ),
    plain(
      {
        name: "mock_tty",
        signature: "(stream: string, is_terminal: bool) -> nil",
        doc: "Says whether a stream (`stdin`, `stdout`, `stderr`) counts as a terminal.",
        example: 'mock_tty("stdout", true)\nprintln(is_stdout_tty())  // -> true',
        effect: "process",
      },
      (ctx, stream, flag) => {
        const name = textArg(ctx, stream as Value, 0);
        if (name !== "stdin" && name !== "stdout" && name !== "stderr") {
          throw raise.thrown(`mock_tty: invalid stream '${name}'. Expected 'stdin', 'stdout', or 'stderr'.`);
        }
        states(ctx).tty.set(name, flag === true);
        return null;
      },
    ),
    plain(
      {
        name: "unmock_tty",
        signature: "() -> nil",
        doc: "Goes back to what the streams really are.",
        example: "println(unmock_tty())  // -> nil",
        effect: "process",
      },
      (ctx) => {
        states(ctx).tty.clear();
        return null;
      },
    ),
  ];
}

function isTerminal(ctx: NativeContext, states: States, stream: Stream): boolean {
  return states(ctx).tty.get(stream) ?? ctx.door.input?.isTty(stream) ?? false;
}

function asking(states: States): Builtin[] {
  return (["stdin", "stdout", "stderr"] as const).map((stream) =>
    plain(
      {
        name: `is_${stream}_tty`,
        signature: "() -> bool",
        doc: `Whether ${stream} is a terminal.`,
        example: `mock_tty("${stream}", true)\nprintln(is_${stream}_tty())  // -> true`,
        effect: "process",
      },
      (ctx) => isTerminal(ctx, states, stream),
    ),
  );
}

const COLORS = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

function colorCode(name: string): number | null {
  if (name === "gray" || name === "grey") return 90;
  const bright = name.startsWith("bright_");
  const index = COLORS.indexOf(bright ? name.slice("bright_".length) : name);
  return index < 0 ? null : (bright ? 90 : 30) + index;
}

function coloring(states: States): Builtin[] {
  const isColored = (ctx: NativeContext): boolean => {
    const { color } = states(ctx);
    if (color !== "auto") return color === "always";
    if (ctx.door.env.get("FORCE_COLOR") !== undefined) return true;
    return ctx.door.env.get("NO_COLOR") === undefined && isTerminal(ctx, states, "stdout");
  };
  const wrapped = (ctx: NativeContext, text: string, code: number | null): string =>
    code !== null && isColored(ctx) ? `\u001b[${code}m${text}\u001b[0m` : text;
  const style = (name: string, code: number, doc: string) =>
    plain({ name, signature: "(text) -> string", doc, example: `set_color_mode("never")\nprintln(${name}("a"))  // -> a` }, (ctx, text) =>
      wrapped(ctx, textArg(ctx, text as Value, 0), code),
    );
  return [
    plain(
      {
        name: "color",
        signature: "(text, name: string) -> string",
        doc: "The text in a colour of the terminal, where colours are on.",
        example: 'set_color_mode("never")\nprintln(color("a", "red"))  // -> a',
      },
      (ctx, text, name) => wrapped(ctx, textArg(ctx, text as Value, 0), colorCode(textArg(ctx, name as Value, 1))),
    ),
    style("bold", 1, "The text in bold, where colours are on."),
    style("dim", 2, "The text dimmed, where colours are on."),
    plain(
      {
        name: "set_color_mode",
        signature: "(mode: string) -> nil",
        doc: "Turns colours on or off: `auto`, `always` or `never`.",
        example: 'println(set_color_mode("auto"))  // -> nil',
      },
      (ctx, mode) => {
        const name = textArg(ctx, mode as Value, 0);
        if (name !== "auto" && name !== "always" && name !== "never") {
          throw raise.thrown(`set_color_mode: invalid mode '${name}'. Expected 'auto', 'always', or 'never'.`);
        }
        states(ctx).color = name;
        return null;
      },
    ),
  ];
}

const SPINNER = ["|", "/", "-", "\\"];

function progress(): Builtin {
  return variadic(
    {
      name: "progress",
      signature: "(phase, message, current_or_options?, total?: int)",
      doc: "Writes a line about how far a phase has come; with options, as a bar or a spinner.",
      example: 'progress("load", "files", 1, 3)  // -> [load] files (1/3)',
      effect: "log",
    },
    (ctx, args) => {
      const [phase, message] = [textArg(ctx, args[0] ?? null, 0), textArg(ctx, args[1] ?? null, 1)];
      ctx.print(`${progressLine(phase, message, args[2], args[3])}\n`);
      return null;
    },
  );
}

function progressLine(phase: string, message: string, third: Value | undefined, total: Value | undefined): string {
  if (!(third instanceof Dict)) {
    if (!isInt(third)) return `[${phase}] ${message}`;
    return `[${phase}] ${message} (${isInt(total) ? `${third}/${total}` : `${third}%`})`;
  }
  const option = (name: string): Value => third.map.get(name) ?? null;
  const mode = option("mode");
  if (mode === "spinner") {
    const step = countOr(option("step") ?? option("current"), 0);
    return `[${phase}] ${SPINNER[((step % 4) + 4) % 4]} ${message}`;
  }
  if (mode !== "bar") return `[${phase}] ${message}`;
  const [current, whole] = [numberArg(option("current")) ?? 0, numberArg(option("total")) ?? 0];
  const width = Math.min(40, Math.max(3, countOr(option("width"), 10)));
  const filled = whole <= 0 ? 0 : roundAway((Math.min(Math.max(current, 0), whole) / whole) * width);
  const shown = (value: Value) => (value instanceof Float || isInt(value) ? display(value) : "0");
  return `[${phase}] [${"#".repeat(filled)}${"-".repeat(width - filled)}] ${message} (${shown(option("current"))}/${shown(option("total"))})`;
}
