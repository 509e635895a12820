/** Files and folders, through the door. Relative paths lie under the directory in which the program runs. */
import { compareStrings } from "../vm/dict.ts";
import { display } from "../vm/display.ts";
import { OsFailure } from "../vm/door.ts";
import { raise, type ScriptError } from "../vm/errors.ts";
import type { Builtin, NativeContext } from "../vm/native.ts";
import { Bytes, dictOf, err, Float, list, ok, typeName, type Value } from "../vm/values.ts";
import { checkItems, checkTextLength, textArg } from "./args.ts";
import { utf8Fault } from "./bytes.ts";
import { plain, type Row } from "./define.ts";
import { lossyText } from "./encodings.ts";
import { dirname, resolvePath } from "./path_text.ts";
import { burnText } from "./text_ops.ts";

export function fileFunctions(): Builtin[] {
  return [...reading(), ...writing(), ...moving(), ...looking()];
}

/** A row with a path as its first argument, which the body gets absolute. */
function fileRow(row: Omit<Row, "effect">, body: (ctx: NativeContext, path: string, second: Value) => Value): Builtin {
  return plain({ ...row, effect: "fs" }, (ctx, path, second) => body(ctx, absolute(ctx, textArg(ctx, path as Value, 0)), second as Value));
}

/** A path as an absolute one. */
export function absolute(ctx: NativeContext, path: string): string {
  return resolvePath(ctx.door.env.cwd(), path);
}

/** What the work gives; a refusal of the operating system becomes a thrown text: the prefix, then the reason. */
function attempt<T>(prefix: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw failure(prefix, error);
  }
}

function failure(prefix: string, error: unknown): ScriptError | unknown {
  return error instanceof OsFailure ? raise.thrown(`${prefix}: ${error.text}`) : error;
}

/** A file's text; what is no UTF-8 is refused. */
export function readText(ctx: NativeContext, path: string): string {
  const data = ctx.door.files.readBytes(path);
  checkTextLength(ctx, data.length);
  burnText(ctx, data.length);
  if (utf8Fault(data) !== null) throw new OsFailure("stream did not contain valid UTF-8", "EILSEQ");
  return lossyText(data);
}

const FILE_EXAMPLE = 'let f = path_join(temp_dir(), uuid())\nwrite_file(f, "a\\nb\\n")\n';

function reading(): Builtin[] {
  return [
    fileRow(
      {
        name: "read_file",
        signature: "(path) -> string",
        doc: "The text of a file.",
        example: `${FILE_EXAMPLE}println(read_file(f).count())  // -> 4`,
      },
      (ctx, path) => attempt(`Failed to read file ${path}`, () => readText(ctx, path)),
    ),
    fileRow(
      {
        name: "read_file_bytes",
        signature: "(path) -> bytes",
        doc: "The bytes of a file.",
        example: `${FILE_EXAMPLE}println(len(read_file_bytes(f)))  // -> 4`,
      },
      (ctx, path) => attempt(`Failed to read file ${path}`, () => new Bytes(ctx.door.files.readBytes(path))),
    ),
    fileRow(
      {
        name: "read_file_result",
        signature: "(path)",
        doc: "The text of a file as an Ok, or what went wrong as an Err.",
        example: 'println(is_err(read_file_result("no such file")))  // -> true',
      },
      (ctx, path) => {
        try {
          return ok(readText(ctx, path));
        } catch (error) {
          if (error instanceof OsFailure) return err(`Failed to read file ${path}: ${error.text}`);
          throw error;
        }
      },
    ),
    fileRow(
      {
        name: "read_lines",
        signature: "(path) -> list",
        doc: "The lines of a file.",
        example: `${FILE_EXAMPLE}println(read_lines(f))  // -> [a, b]`,
      },
      (ctx, path) => {
        const lines = attempt(`read_lines: ${path}`, () => readText(ctx, path)).split("\n");
        if (lines.at(-1) === "") lines.pop();
        checkItems(ctx, lines.length);
        return list(lines);
      },
    ),
  ];
}

function writing(): Builtin[] {
  const encode = (value: Value) => new TextEncoder().encode(display(value));
  return [
    fileRow(
      {
        name: "write_file",
        signature: "(path, content) -> nil",
        doc: "Writes a text to a file, in place of what was there.",
        example: `${FILE_EXAMPLE}println(file_exists(f))  // -> true`,
      },
      (ctx, path, content) => {
        if (ctx.argc >= 2) attempt(`Failed to write file ${path}`, () => ctx.door.files.writeBytes(path, encode(content)));
        return null;
      },
    ),
    fileRow(
      {
        name: "write_file_bytes",
        signature: "(path, content: bytes) -> nil",
        doc: "Writes bytes to a file, in place of what was there.",
        example: `${FILE_EXAMPLE}write_file_bytes(f, bytes_from_hex("00"))\nprintln(len(read_file_bytes(f)))  // -> 1`,
      },
      (ctx, path, content) => {
        if (ctx.argc < 2) return null;
        if (!(content instanceof Bytes)) throw raise.thrown(`write_file_bytes expects bytes content, got ${typeName(content)}`);
        attempt(`Failed to write file ${path}`, () => ctx.door.files.writeBytes(path, content.data));
        return null;
      },
    ),
    fileRow(
      {
        name: "append_file",
        signature: "(path, content) -> nil",
        doc: "Writes a text to the end of a file, which is made if need be.",
        example: `${FILE_EXAMPLE}append_file(f, "c")\nprintln(read_lines(f))  // -> [a, b, c]`,
      },
      (ctx, path, content) => {
        if (ctx.argc >= 2) attempt(`Failed to open file ${path}`, () => ctx.door.files.appendBytes(path, encode(content)));
        return null;
      },
    ),
    fileRow(
      {
        name: "mkdir",
        signature: "(path) -> nil",
        doc: "Makes a folder, with those above it; one that exists is fine.",
        example: 'let d = path_join(temp_dir(), uuid(), "a")\nmkdir(d)\nprintln(file_exists(d))  // -> true',
      },
      (ctx, path) => {
        attempt(`Failed to create directory ${path}`, () => ctx.door.files.makeDirs(path));
        return null;
      },
    ),
  ];
}

function moving(): Builtin[] {
  return [
    fileRow(
      {
        name: "delete_file",
        signature: "(path) -> nil",
        doc: "Removes a file, or a folder with all that is in it.",
        example: `${FILE_EXAMPLE}delete_file(f)\nprintln(file_exists(f))  // -> false`,
      },
      (ctx, path) => {
        const { files } = ctx.door;
        const isDir = files.exists(path) && attempt(`Failed to delete file ${path}`, () => files.stat(path)).isDir;
        attempt(`Failed to delete ${isDir ? "directory" : "file"} ${path}`, () => files.remove(path));
        return null;
      },
    ),
    fileRow(
      {
        name: "copy_file",
        signature: "(from, to) -> nil",
        doc: "Copies a file over another.",
        example: `${FILE_EXAMPLE}copy_file(f, f + "2")\nprintln(read_lines(f + "2"))  // -> [a, b]`,
      },
      (ctx, from, second) => {
        if (ctx.argc < 2) return null;
        const to = absolute(ctx, display(second));
        const { files } = ctx.door;
        attempt(`Failed to copy ${from} to ${to}`, () => files.writeBytes(to, files.readBytes(from)));
        return null;
      },
    ),
    fileRow(
      {
        name: "move_file",
        signature: "(from, to) -> nil",
        doc: "Moves a file or folder.",
        example: `${FILE_EXAMPLE}move_file(f, f + "2")\nprintln(file_exists(f))  // -> false`,
      },
      (ctx, from, second) => {
        if (ctx.argc < 2) throw raise.thrown("move_file: src and dst are required");
        const to = absolute(ctx, display(second));
        const { files } = ctx.door;
        try {
          files.rename(from, to);
        } catch (error) {
          if (!(error instanceof OsFailure)) throw error;
          attempt("move_file: copy failed", () => files.writeBytes(to, files.readBytes(from)));
          attempt("move_file: remove src failed", () => files.remove(from));
        }
        return null;
      },
    ),
  ];
}

function looking(): Builtin[] {
  return [
    fileRow(
      {
        name: "file_exists",
        signature: "(path) -> bool",
        doc: "Whether there is a file or folder of that name.",
        example: 'println(file_exists("no such file"))  // -> false',
      },
      (ctx, path) => ctx.door.files.exists(path),
    ),
    plain(
      {
        name: "list_dir",
        signature: "(path?) -> list",
        doc: "The names in a folder, sorted.",
        example: 'let d = path_join(temp_dir(), uuid())\nmkdir(path_join(d, "a"))\nprintln(list_dir(d))  // -> [a]',
        effect: "fs",
      },
      (ctx, value) => {
        const path = absolute(ctx, ctx.argc === 0 ? "." : display(value as Value));
        const names = attempt(`Failed to list directory ${path}`, () => ctx.door.files.list(path));
        checkItems(ctx, names.length);
        return list([...names].sort(compareStrings));
      },
    ),
    fileRow(
      {
        name: "stat",
        signature: "(path) -> dict",
        doc: "A dict of size, kind, whether it can be written, and when it was last changed, in seconds since 1970.",
        example: `${FILE_EXAMPLE}println(stat(f).size)  // -> 4`,
      },
      (ctx, path) => {
        const stat = attempt(`Failed to stat ${path}`, () => ctx.door.files.stat(path));
        return dictOf({
          size: stat.sizeBytes,
          is_file: stat.isFile,
          is_dir: stat.isDir,
          readonly: stat.readonly,
          modified: new Float(stat.modifiedMs / 1000),
        });
      },
    ),
  ];
}

/** The folder of the file whose code runs. */
export function sourceDir(ctx: NativeContext): string {
  return ctx.callerPath === "" ? ctx.door.env.cwd() : dirname(absolute(ctx, ctx.callerPath));
}
