/** Writing to standard output and standard error. */
import { display } from "../vm/display.ts";
import type { Builtin, NativeContext } from "../vm/native.ts";
import type { Value } from "../vm/values.ts";
import { textArg } from "./args.ts";
import { perInstance, plain } from "./define.ts";

export function output(): Builtin[] {
  const write = (name: string, doc: string, example: string, text: (message: string) => string) =>
    plain({ name, signature: "(message?) -> nil", doc, example, effect: "log" }, (ctx, message) => {
      ctx.print(text(textArg(ctx, message as Value, 0)));
      return null;
    });
  return [
    write("print", "Writes the value's text.", 'print("a")  // -> a', (text) => text),
    write("println", "Writes the value's text and a line break.", "println([1, nil])  // -> [1, nil]", (text) => `${text}\n`),
    write("log", "Writes `[harn] `, the value's text and a line break.", 'log("ready")  // -> [harn] ready', (text) => `[harn] ${text}\n`),
    ...errorOutput(),
  ];
}

/** Standard error can be captured: until it is taken, texts gather instead of going out. */
function errorOutput(): Builtin[] {
  const captures = perInstance((): { text: string | null } => ({ text: null }));
  const writeError = (ctx: NativeContext, text: string): null => {
    const capture = captures(ctx);
    if (capture.text === null) ctx.door.output.stderr(text);
    else capture.text += text;
    return null;
  };
  const example = 'capture_stderr_start()\neprint("a")\nprintln(capture_stderr_take())  // -> a';
  return [
    plain(
      { name: "eprint", signature: "(message?) -> nil", doc: "Writes the value's text to standard error.", example, effect: "log" },
      (ctx, message) => writeError(ctx, textArg(ctx, message as Value, 0)),
    ),
    plain(
      {
        name: "eprintln",
        signature: "(message?) -> nil",
        doc: "Writes the value's text and a line break to standard error.",
        example: example.replace("eprint(", "eprintln("),
        effect: "log",
      },
      (ctx, message) => writeError(ctx, `${ctx.argc === 0 ? "" : display(message as Value)}\n`),
    ),
    plain(
      {
        name: "capture_stderr_start",
        signature: "() -> nil",
        doc: "Starts to gather what goes to standard error.",
        example,
        effect: "log",
      },
      (ctx) => {
        captures(ctx).text = "";
        return null;
      },
    ),
    plain(
      {
        name: "capture_stderr_take",
        signature: "() -> string",
        doc: "What gathered since the capture began; ends the capture.",
        example,
        effect: "log",
      },
      (ctx) => {
        const capture = captures(ctx);
        const text = capture.text ?? "";
        capture.text = null;
        return text;
      },
    ),
  ];
}
