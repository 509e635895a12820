/**
 * Everything that is built in, as one table.
 *
 * The rows are made once, when this file is loaded, and frozen: they hold no state, so all engines of a process read the same ones.
 * What a builtin must remember lies with the VM instance that calls it (`define.ts`). A name may be declared once only.
 */
import type { Builtin, BuiltinTable, ReceiverKind } from "../vm/native.ts";
import { Float, type Value } from "../vm/values.ts";
import { archiveFunctions } from "./archives.ts";
import { borrowing } from "./borrowing.ts";
import { atomicFunctions } from "./atomics.ts";
import { bytesFunctions } from "./bytes.ts";
import { caseStyles } from "./case_styles.ts";
import { clockFunctions } from "./clock.ts";
import { collectionFunctions } from "./collections.ts";
import { compressionFunctions } from "./compression.ts";
import { conversions } from "./conversions.ts";
import { cookieFunctions } from "./cookies.ts";
import { csvFunctions } from "./csv.ts";
import { curveKeyFunctions } from "./curve_keys.ts";
import { dateFunctions } from "./dates.ts";
import { durationFunctions } from "./durations.ts";
import { dictFunctions, dictMethods } from "./dict_methods.ts";
import { encodings } from "./encodings.ts";
import { environmentFunctions } from "./environment.ts";
import { fileFunctions } from "./files.ts";
import { fileTreeFunctions } from "./file_trees.ts";
import { hashFunctions } from "./hashes.ts";
import { nextMethod } from "./generators.ts";
import { iterFunction, iteratorMethods, iterMethod } from "./iterators.ts";
import { jqFunctions } from "./jq.ts";
import { jsonFunctions } from "./json.ts";
import { jsonPointers } from "./json_pointer.ts";
import { junitFunction } from "./junit.ts";
import { jwtFunctions } from "./jwt.ts";
import { listCallbacks } from "./list_callbacks.ts";
import { listMethods } from "./list_methods.ts";
import { logFunctions } from "./logs.ts";
import { markupFunctions } from "./markup.ts";
import { mathFunctions } from "./math.ts";
import { multipartFunctions } from "./multipart.ts";
import { output } from "./output.ts";
import { pathFunctions } from "./paths.ts";
import { processFunctions } from "./processes.ts";
import { randomFunctions } from "./random.ts";
import { rangeFunction, rangeMethods } from "./ranges.ts";
import { regexCache, regexFunctions } from "./regex.ts";
import { results } from "./results.ts";
import { schemaFunctions } from "./schemas.ts";
import { signedUrlFunctions } from "./signed_urls.ts";
import { setFunctions } from "./set_functions.ts";
import { setMethods } from "./set_methods.ts";
import { statistics } from "./statistics.ts";
import { stringMethods } from "./string_methods.ts";
import { taskRows } from "./task_rows.ts";
import { templateFunctions } from "./templates.ts";
import { terminalFunctions } from "./terminal.ts";
import { textFunctions } from "./text.ts";
import { toolTextFunctions } from "./tool_texts.ts";
import { toolRegistryFunctions } from "./tools.ts";
import { UNSUPPORTED } from "./unsupported.ts";
import { urlFunctions } from "./urls.ts";
import { uuidFunctions } from "./uuids.ts";

/**
 * Functions, methods by receiver kind, constants, and the names that exist in the language but not here yet.
 *
 * @example BUILTINS.globals.get("len")?.signature // "(value)"
 */
export const BUILTINS: BuiltinTable = buildTable();

function buildTable(): BuiltinTable {
  const regexes = regexCache();
  const tasks = taskRows();
  const rows = [
    ...output(),
    ...conversions(),
    ...results(),
    ...textFunctions(),
    ...caseStyles(),
    ...collectionFunctions(),
    ...dictFunctions(),
    ...setFunctions(),
    rangeFunction(),
    iterFunction(),
    ...mathFunctions(),
    ...statistics(),
    ...randomFunctions(),
    ...atomicFunctions(),
    ...tasks.functions,
    ...clockFunctions(),
    ...jsonFunctions(),
    ...jsonPointers(),
    ...jqFunctions(),
    ...regexFunctions(regexes),
    ...encodings(),
    ...bytesFunctions(),
    ...hashFunctions(),
    ...uuidFunctions(),
    ...urlFunctions(),
    ...pathFunctions(),
    ...fileFunctions(),
    ...fileTreeFunctions(),
    ...environmentFunctions(),
    ...processFunctions(),
    ...schemaFunctions(regexes),
    ...dateFunctions(),
    ...durationFunctions(),
    ...templateFunctions(),
    ...cookieFunctions(),
    ...signedUrlFunctions(),
    ...multipartFunctions(),
    ...csvFunctions(),
    junitFunction(),
    ...terminalFunctions(),
    ...logFunctions(),
    ...compressionFunctions(),
    ...archiveFunctions(),
    ...jwtFunctions(),
    ...curveKeyFunctions(),
    ...markupFunctions(),
    ...toolRegistryFunctions(),
    ...toolTextFunctions(),
  ];
  const globals = byName(rows, borrowing("function"));
  return {
    globals,
    internal: byName(tasks.internal),
    methods: methods(),
    constants: new Map<string, Value>([
      ["pi", new Float(Math.PI)],
      ["e", new Float(Math.E)],
    ]),
    unsupported: new Set(UNSUPPORTED.filter((name) => !globals.has(name))),
  };
}

function methods(): Record<ReceiverKind, ReadonlyMap<string, Builtin>> {
  const iter = byName(iteratorMethods());
  return {
    string: byName([...stringMethods(), iterMethod('"ab"')]),
    list: byName([...listMethods(), ...listCallbacks(), iterMethod("[1, 2]")], borrowing("list")),
    dict: byName([...dictMethods(), iterMethod("{a: 1, b: 2}")], borrowing("dict")),
    set: byName([...setMethods(), iterMethod("set(1, 2)")], borrowing("set")),
    range: new Map([...iter, ...byName(rangeMethods())]),
    iter,
    generator: byName([nextMethod(), iterMethod("[1, 2]")]),
    stream: byName([nextMethod(), iterMethod("[1, 2]")]),
    other: byName([iterMethod("[1, 2]")]),
  };
}

function byName(rows: readonly Builtin[], borrowers: ReadonlySet<string> = new Set()): Map<string, Builtin> {
  const table = new Map<string, Builtin>();
  for (const row of rows as { -readonly [K in keyof Builtin]: Builtin[K] }[]) {
    if (table.has(row.name)) throw new Error(`builtin declared twice: ${row.name}`);
    if (borrowers.has(row.name)) row.borrows = true;
    table.set(row.name, Object.freeze(row));
  }
  return table;
}
