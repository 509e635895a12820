/**
 * The body of an artefact: a chunk as JSON values, and back with every field checked for its type. Whether the numbers make sense is for
 * `verify.ts` to say.
 *
 * JSON has no bigints, NaN, infinities or negative zero, so numbers outside it stand as strings: `"9007199254740993n"`, `"NaN"`, `"-0"`.
 */
import type {
  CaptureSource,
  Chunk,
  Constant,
  FunctionProto,
  Guard,
  Handler,
  InlinedCall,
  ImportEntry,
  LocalName,
  ParamInfo,
} from "./chunk.ts";
import { MAX_CONSTANT_DEPTH, MAX_FUNCTION_DEPTH, MAX_GUARD_DEPTH } from "./report.ts";

/** Says which field of a body is not what it should be. */
export class DamagedBody extends Error {
  override readonly name = "DamagedBody";
}

type Fields = Readonly<Record<string, unknown>>;

export function packChunk(chunk: Chunk): unknown {
  return { ...chunk, main: packFunction(chunk.main) };
}

function packFunction(proto: FunctionProto): unknown {
  return {
    ...proto,
    code: [...proto.code],
    positions: [...proto.positions],
    constants: proto.constants.map(packConstant),
    guards: proto.guards.map(packGuard),
    functions: proto.functions.map(packFunction),
  };
}

/** Plain JSON where it can be; otherwise an object with one key that says what it holds. */
function packConstant(value: Constant): unknown {
  if (typeof value === "object" && value !== null) {
    switch (value.kind) {
      case "float":
        return { float: packNumber(value.value) };
      case "duration":
        return { duration: packNumber(value.ms) };
      case "list":
        return { list: value.items.map(packConstant) };
      case "dict":
        return { dict: value.entries.map(([key, item]) => [key, packConstant(item)]) };
    }
  }
  if (typeof value !== "number" && typeof value !== "bigint") return value;
  const packed = packNumber(value);
  return typeof packed === "number" ? packed : { int: packed };
}

function packNumber(value: number | bigint): number | string {
  if (typeof value === "bigint") return `${value}n`;
  if (Object.is(value, -0)) return "-0";
  return Number.isFinite(value) ? value : String(value);
}

function packGuard(guard: Guard): unknown {
  switch (guard.kind) {
    case "name":
    case "interface":
      return guard;
    case "literal":
      return { kind: guard.kind, value: packConstant(guard.value) };
    case "union":
      return { kind: guard.kind, members: guard.members.map(packGuard) };
    case "list":
      return { kind: guard.kind, item: guard.item === null ? null : packGuard(guard.item) };
    case "dict":
      return { kind: guard.kind, value: guard.value === null ? null : packGuard(guard.value) };
    case "shape":
      return { kind: guard.kind, fields: guard.fields.map((field) => ({ ...field, type: packGuard(field.type) })) };
  }
}

/**
 * The chunk that a body holds.
 *
 * @throws DamagedBody naming the first field that is missing or of another type
 */
export function unpackChunk(body: unknown): Chunk {
  const f = fields(body, "the chunk");
  return {
    version: int(f.version, "version"),
    path: string(f.path, "path"),
    main: unpackFunction(f.main, 0),
    slots: strings(f.slots, "slots"),
    late: strings(f.late, "late"),
    dynamic: strings(f.dynamic, "dynamic"),
    imports: list(f.imports, "imports", unpackImport),
    functions: strings(f.functions, "functions"),
    exports: strings(f.exports, "exports"),
  };
}

function unpackImport(value: unknown): ImportEntry {
  const f = fields(value, "an import");
  const slots = f.slots === null ? null : list(f.slots, "slots of an import", (slot) => int(slot, "a slot"));
  return { path: string(f.path, "path of an import"), names: strings(f.names, "names of an import"), slots };
}

function unpackFunction(value: unknown, depth: number): FunctionProto {
  if (depth > MAX_FUNCTION_DEPTH) throw new DamagedBody("functions are nested too deeply");
  const f = fields(value, "a function");
  return {
    name: string(f.name, "name of a function"),
    params: list(f.params, "params", unpackParam),
    registers: int(f.registers, "registers"),
    code: words(f.code, "code"),
    constants: list(f.constants, "constants", (constant) => unpackConstant(constant, 0)),
    names: strings(f.names, "names"),
    lists: list(f.lists, "lists", (names) => strings(names, "a list")),
    guards: list(f.guards, "guards", (guard) => unpackGuard(guard, 0)),
    functions: list(f.functions, "functions", (inner) => unpackFunction(inner, depth + 1)),
    captures: list(f.captures, "captures", unpackCapture),
    handlers: list(f.handlers, "handlers", unpackHandler),
    inlined: list(f.inlined, "inlined calls", unpackInlined),
    positions: words(f.positions, "positions"),
    locals: list(f.locals, "locals", unpackLocal),
    generator: bool(f.generator, "generator"),
    stream: bool(f.stream, "stream"),
    caches: int(f.caches, "caches"),
  };
}

function unpackParam(value: unknown): ParamInfo {
  const f = fields(value, "a parameter");
  return { name: string(f.name, "name of a parameter"), hasDefault: bool(f.hasDefault, "hasDefault"), rest: bool(f.rest, "rest") };
}

function unpackCapture(value: unknown): CaptureSource {
  const f = fields(value, "a capture");
  return { from: place(f.from), index: int(f.index, "index of a capture") };
}

function unpackLocal(value: unknown): LocalName {
  const f = fields(value, "a local");
  const name = string(f.name, "name of a local");
  const [index, start, end] = [int(f.index, "index"), int(f.start, "start"), int(f.end, "end")];
  return { name, place: place(f.place), index, start, end };
}

function unpackHandler(value: unknown): Handler {
  const f = fields(value, "a handler");
  const [start, end, target] = [int(f.start, "start"), int(f.end, "end"), int(f.target, "target")];
  return { start, end, target, register: int(f.register, "register"), deadlines: int(f.deadlines, "deadlines") };
}

function unpackInlined(value: unknown): InlinedCall {
  const f = fields(value, "an inlined call");
  return { start: int(f.start, "start"), end: int(f.end, "end"), callStart: int(f.callStart, "callStart") };
}

function unpackConstant(value: unknown, depth: number): Constant {
  if (depth > MAX_CONSTANT_DEPTH) throw new DamagedBody("a constant is nested too deeply");
  if (value === null || typeof value === "boolean" || typeof value === "string" || typeof value === "number") return value;
  const f = fields(value, "a constant");
  if ("int" in f) return number(f.int);
  if ("duration" in f) return { kind: "duration", ms: number(f.duration) };
  if ("list" in f) return { kind: "list", items: list(f.list, "a list", (item) => unpackConstant(item, depth + 1)) };
  if ("dict" in f) return { kind: "dict", entries: list(f.dict, "a dict", (entry) => unpackEntry(entry, depth)) };
  const float = number(f.float);
  if (typeof float === "bigint") throw new DamagedBody("a float is no number");
  return { kind: "float", value: float };
}

function unpackEntry(value: unknown, depth: number): [string, Constant] {
  const [key, item] = list(value, "an entry of a dict", (part) => part);
  return [string(key, "a key of a dict"), unpackConstant(item, depth + 1)];
}

function unpackGuard(value: unknown, depth: number): Guard {
  if (depth > MAX_GUARD_DEPTH) throw new DamagedBody("a guard is nested too deeply");
  const f = fields(value, "a guard");
  const inner = (guard: unknown) => unpackGuard(guard, depth + 1);
  switch (f.kind) {
    case "name":
    case "interface":
      return { kind: f.kind, name: string(f.name, "name of a guard") };
    case "literal":
      return { kind: f.kind, value: literal(unpackConstant(f.value, 0)) };
    case "union":
      return { kind: f.kind, members: list(f.members, "members of a guard", inner) };
    case "list":
      return { kind: f.kind, item: f.item === null ? null : inner(f.item) };
    case "dict":
      return { kind: f.kind, value: f.value === null ? null : inner(f.value) };
    case "shape":
      return { kind: f.kind, fields: list(f.fields, "fields of a guard", (field) => unpackField(field, depth)) };
    default:
      throw new DamagedBody("a guard has no known kind");
  }
}

function unpackField(value: unknown, depth: number): { name: string; optional: boolean; type: Guard } {
  const f = fields(value, "a field");
  return { name: string(f.name, "name of a field"), optional: bool(f.optional, "optional"), type: unpackGuard(f.type, depth + 1) };
}

function literal(value: Constant): string | number | bigint {
  if (typeof value === "string" || typeof value === "number" || typeof value === "bigint") return value;
  throw new DamagedBody("a literal of a guard is neither string nor int");
}

function place(value: unknown): "register" | "capture" {
  if (value === "register" || value === "capture") return value;
  throw new DamagedBody("a place is neither register nor capture");
}

function number(value: unknown): number | bigint {
  if (typeof value === "number") return value;
  if (typeof value === "string") {
    if (/^-?\d+n$/.test(value)) return BigInt(value.slice(0, -1));
    if (["-0", "NaN", "Infinity", "-Infinity"].includes(value)) return Number(value);
  }
  throw new DamagedBody("a number is none");
}

function int(value: unknown, what: string): number {
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  throw new DamagedBody(`${what} is no integer`);
}

function string(value: unknown, what: string): string {
  if (typeof value === "string") return value;
  throw new DamagedBody(`${what} is no string`);
}

function bool(value: unknown, what: string): boolean {
  if (typeof value === "boolean") return value;
  throw new DamagedBody(`${what} is no bool`);
}

function strings(value: unknown, what: string): readonly string[] {
  return list(value, what, (item) => string(item, `an item of ${what}`));
}

function list<T>(value: unknown, what: string, item: (value: unknown) => T): readonly T[] {
  if (!Array.isArray(value)) throw new DamagedBody(`${what} is no list`);
  return value.map((entry) => item(entry));
}

/** A list of 32-bit integers. */
function words(value: unknown, what: string): Int32Array {
  const numbers = list(value, what, (word) => int(word, `a word of ${what}`));
  const result = Int32Array.from(numbers);
  if (result.some((word, i) => word !== numbers[i])) throw new DamagedBody(`a word of ${what} has more than 32 bits`);
  return result;
}

function fields(value: unknown, what: string): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw new DamagedBody(`${what} is no object`);
}
