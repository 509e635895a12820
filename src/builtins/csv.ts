/** CSV by RFC 4180; rows may differ in length, and nothing is trimmed or converted. */
import { compareStrings } from "../vm/dict.ts";
import { display } from "../vm/display.ts";
import { raise } from "../vm/errors.ts";
import type { Builtin, NativeContext } from "../vm/native.ts";
import { Dict, dict, List, list, type Value } from "../vm/values.ts";
import { checkItems, textArg } from "./args.ts";
import { plain } from "./define.ts";
import { burnText, joinTexts } from "./text_ops.ts";

export function csvFunctions(): Builtin[] {
  return [parsing(), writing()];
}

interface Options {
  readonly headers: boolean;
  readonly delimiter: string;
}

function readOptions(value: Value): Options {
  const given = value instanceof Dict ? value.map : new Map<string, Value>();
  const delimiter = given.has("delimiter") ? display(given.get("delimiter") as Value) : ",";
  return { headers: given.get("headers") === true, delimiter: delimiter === "" ? "," : delimiter.slice(0, 1) };
}

function parsing(): Builtin {
  return plain(
    {
      name: "csv_parse",
      signature: "(text: string, options?: dict) -> list",
      doc: "Rows as lists of texts; with `headers: true` as dicts by the first row. `delimiter` is a comma by default.",
      example: 'println(csv_parse("a,b\\n1,2\\n", {headers: true}))  // -> [{a: 1, b: 2}]',
    },
    (ctx, text, given) => {
      const options = readOptions(given as Value);
      const rows = csvRows(ctx, textArg(ctx, text as Value, 0), options.delimiter);
      if (!options.headers) return list(rows.map((row) => list(row)));
      const [header = [], ...records] = rows;
      checkItems(ctx, records.length * header.length);
      return list(records.map((row) => dict(new Map(header.map((name, i) => [name, row[i] ?? ""])))));
    },
  );
}

/** The rows of a CSV text; blank lines are none. */
function csvRows(ctx: NativeContext, text: string, delimiter: string): string[][] {
  burnText(ctx, text.length * 8);
  const rows: string[][] = [];
  let row: string[] = [];
  let cells = 0;
  for (let at = 0; at < text.length; ) {
    const isBlank = row.length === 0 && (text[at] === "\n" || text[at] === "\r");
    if (isBlank) {
      at++;
      continue;
    }
    const [cell, end] = csvCell(text, at, delimiter);
    row.push(cell);
    cells++;
    at = end;
    if (text[at] === delimiter) {
      at++;
      if (at < text.length) continue;
      row.push("");
    }
    if (text[at] === "\r" && text[at + 1] === "\n") at++;
    at++;
    rows.push(row);
    row = [];
  }
  if (row.length > 0) rows.push(row);
  checkItems(ctx, cells);
  return rows;
}

/** A cell and the offset behind it. */
function csvCell(text: string, start: number, delimiter: string): [string, number] {
  let at = start;
  let out = "";
  if (text[at] === '"') {
    at++;
    for (;;) {
      const quote = text.indexOf('"', at);
      if (quote < 0) return [out + text.slice(at), text.length];
      out += text.slice(at, quote);
      at = quote + 1;
      if (text[at] !== '"') break;
      out += '"';
      at++;
    }
  }
  let end = at;
  while (end < text.length && text[end] !== delimiter && text[end] !== "\n" && text[end] !== "\r") end++;
  return [out + text.slice(at, end), end];
}

function writing(): Builtin {
  return plain(
    {
      name: "csv_stringify",
      signature: "(rows: list, options?: dict) -> string",
      doc: "Rows as CSV. Dicts give the sorted union of their keys as columns, with a header line on `headers: true`.",
      example: 'println(csv_stringify([["a,b", 1]]).trim())  // -> "a,b",1',
    },
    (ctx, rows, given) => {
      if (!(rows instanceof List)) throw raise.thrown("csv_stringify: expected a list of rows");
      const options = readOptions(given as Value);
      const items = rows.items.slice(0, rows.length);
      checkItems(ctx, items.length);
      const lines = items[0] instanceof Dict ? dictLines(items, options) : listLines(items);
      return joinTexts(
        ctx,
        lines.map((line) => csvLine(line, options.delimiter)),
        "",
      );
    },
  );
}

function dictLines(rows: readonly Value[], options: Options): string[][] {
  const dicts = rows.map((row) => {
    if (row instanceof Dict) return row;
    throw raise.thrown("csv_stringify: mixed list/dict rows are not supported");
  });
  const columns = [...new Set(dicts.flatMap((row) => [...row.map.keys()]))].sort(compareStrings);
  const lines = dicts.map((row) => columns.map((column) => (row.map.has(column) ? display(row.map.get(column) as Value) : "")));
  return options.headers ? [columns, ...lines] : lines;
}

function listLines(rows: readonly Value[]): string[][] {
  let width = -1;
  return rows.map((row) => {
    if (!(row instanceof List)) throw raise.thrown("csv_stringify: each row must be a list of cells (or use dict rows)");
    if (width >= 0 && row.length !== width) {
      throw raise.thrown(`csv_stringify: CSV error: found record with ${row.length} fields, but the previous record has ${width} fields`);
    }
    width = row.length;
    return row.items.slice(0, row.length).map(display);
  });
}

function csvLine(cells: readonly string[], delimiter: string): string {
  if (cells.length === 1 && cells[0] === "") return '""\n';
  const quoted = cells.map((cell) => (cell.includes(delimiter) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell));
  return `${quoted.join(delimiter)}\n`;
}
