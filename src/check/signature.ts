/**
 * The notation in which builtins and host functions state their signature: `(text: string, sep?: string) -> list<string>`.
 *
 * Arity, argument types, the checker's environment, hover and the reference page are all read from this one line. Types are the
 * language's own type expressions; a parameter without a type is `any`. Signatures are written by us or by a host, never by a script,
 * so a malformed one is a thrown `SignatureError`, not a diagnostic.
 */
import type { ShapeField, TypeExpr } from "../syntax/ast.ts";

export interface SignatureParam {
  readonly name: string;
  readonly type: TypeExpr;
  /** Written `name?`: the argument may be left out. */
  readonly optional: boolean;
  /** Written `...name`: takes every further argument; `type` is the type of each of them. */
  readonly rest: boolean;
}

export interface Signature {
  /** Names bound by the arguments, as in `<T>(value: unknown, schema: Schema<T>) -> T`. */
  readonly typeParams: readonly string[];
  readonly params: readonly SignatureParam[];
  readonly result: TypeExpr;
  /** Arguments that must be given. */
  readonly minArgs: number;
  /** Most arguments taken; `Infinity` with a rest parameter. */
  readonly maxArgs: number;
}

/** A signature or type text that does not follow the notation. */
export class SignatureError extends Error {
  override readonly name = "SignatureError";
}

/**
 * Reads a signature.
 *
 * @param text `[<T, U>](param, param?, ...rest) -> result`, where a param is `name` or `name: type`; without `-> result` it is `any`
 * @returns names, types and the number of arguments taken
 * @throws SignatureError when the text does not follow the notation
 * @example parseSignature("(text: string, sep?: string) -> list<string>").minArgs // 1
 */
export function parseSignature(text: string): Signature {
  const reader = new Reader(text);
  const typeParams: string[] = [];
  if (reader.take("<")) {
    while (!reader.take(">")) {
      typeParams.push(reader.word("a type parameter name"));
      reader.take(",");
    }
  }
  const params = readParams(reader);
  const result = reader.take("->") ? readType(reader) : ANY;
  reader.expectEnd();
  const rest = params.some((param) => param.rest);
  return {
    typeParams,
    params,
    result,
    minArgs: params.filter((param) => !param.optional && !param.rest).length,
    maxArgs: rest ? Number.POSITIVE_INFINITY : params.length,
  };
}

/**
 * Reads a type expression by itself, for hosts and tables that state a type as text.
 *
 * @param text a type as a script would write it, such as `string | nil` or `{a: int, b?: list<any>}`
 * @throws SignatureError when the text is no type
 * @example parseTypeText("int | nil") // { kind: "Union", members: [...] }
 */
export function parseTypeText(text: string): TypeExpr {
  const reader = new Reader(text);
  const type = readType(reader);
  reader.expectEnd();
  return type;
}

const ANY: TypeExpr = { kind: "Named", name: "any" };

function readParams(reader: Reader): SignatureParam[] {
  const params: SignatureParam[] = [];
  reader.expect("(");
  while (!reader.take(")")) {
    const before = params.at(-1);
    if (before?.rest) throw reader.error("a rest parameter must be the last");
    const rest = reader.take("...");
    const name = reader.word("a parameter name");
    const optional = !rest && reader.take("?");
    if (before?.optional && !optional && !rest) throw reader.error("a required parameter cannot follow an optional one");
    const type = reader.take(":") ? readType(reader) : ANY;
    params.push({ name, type, optional, rest });
    if (!reader.take(",") && !reader.at(")")) throw reader.error("`,` or `)` expected");
  }
  return params;
}

function readType(reader: Reader): TypeExpr {
  const members = [readSingle(reader)];
  while (reader.take("|")) members.push(readSingle(reader));
  return members.length === 1 ? (members[0] as TypeExpr) : { kind: "Union", members };
}

function readSingle(reader: Reader): TypeExpr {
  if (reader.take("{")) return readShape(reader);
  if (reader.take("[")) {
    const item = readType(reader);
    reader.expect("]");
    return { kind: "ListType", item };
  }
  const text = reader.stringLiteral();
  if (text !== null) return { kind: "LitString", value: text };
  const int = reader.intLiteral();
  if (int !== null) return { kind: "LitInt", value: int };
  const name = reader.word("a type");
  if (name === "fn" && reader.take("(")) return readFunction(reader);
  if (name === "never") return { kind: "Never" };
  if (name === "true" || name === "false") return { kind: "Named", name: "bool" };
  if (!reader.take("<")) return { kind: "Named", name };
  const args = [readType(reader)];
  while (reader.take(",")) if (!reader.at(">")) args.push(readType(reader));
  reader.expect(">");
  return applyType(name, args);
}

function readFunction(reader: Reader): TypeExpr {
  const params: TypeExpr[] = [];
  while (!reader.take(")")) {
    params.push(readType(reader));
    reader.take(",");
  }
  reader.expect("->");
  return { kind: "FnType", params, result: readType(reader) };
}

function readShape(reader: Reader): TypeExpr {
  const fields: ShapeField[] = [];
  while (!reader.take("}")) {
    const name = reader.word("a field name");
    const optional = reader.take("?");
    reader.expect(":");
    fields.push({ name, type: readType(reader), optional });
    reader.take(",");
  }
  return { kind: "Shape", fields };
}

/** `list<T>` and its like are constructors of their own when given the right number of arguments; else a plain application. */
function applyType(name: string, args: readonly TypeExpr[]): TypeExpr {
  const [first, second] = args;
  if (args.length === 2 && name === "dict") return { kind: "DictType", key: first as TypeExpr, value: second as TypeExpr };
  if (args.length === 1) {
    const item = first as TypeExpr;
    if (name === "list") return { kind: "ListType", item };
    if (name === "iter" || name === "Iter") return { kind: "IterType", item };
    if (name === "generator" || name === "Generator") return { kind: "GeneratorType", item };
    if (name === "stream" || name === "Stream") return { kind: "StreamType", item };
  }
  return { kind: "Applied", name, args };
}

/** A cursor over the text; blanks between tokens are skipped. */
class Reader {
  private offset = 0;

  constructor(private readonly text: string) {}

  at(token: string): boolean {
    this.skipBlanks();
    return this.text.startsWith(token, this.offset);
  }

  take(token: string): boolean {
    if (!this.at(token)) return false;
    this.offset += token.length;
    return true;
  }

  expect(token: string): void {
    if (!this.take(token)) throw this.error(`\`${token}\` expected`);
  }

  word(what: string): string {
    const found = this.match(/[A-Za-z_][A-Za-z0-9_]*/y);
    if (found === null) throw this.error(`${what} expected`);
    return found;
  }

  stringLiteral(): string | null {
    const found = this.match(/"(?:[^"\\]|\\.)*"/y);
    return found === null ? null : found.slice(1, -1).replace(/\\(.)/g, "$1");
  }

  intLiteral(): bigint | null {
    const found = this.match(/-?[0-9]+/y);
    return found === null ? null : BigInt(found);
  }

  expectEnd(): void {
    this.skipBlanks();
    if (this.offset < this.text.length) throw this.error("end of signature expected");
  }

  error(what: string): SignatureError {
    return new SignatureError(`${what} at column ${this.offset + 1} of signature \`${this.text}\``);
  }

  private match(pattern: RegExp): string | null {
    this.skipBlanks();
    pattern.lastIndex = this.offset;
    const found = pattern.exec(this.text)?.[0] ?? null;
    if (found !== null) this.offset += found.length;
    return found;
  }

  private skipBlanks(): void {
    while (this.text[this.offset] === " " || this.text[this.offset] === "\n") this.offset++;
  }
}
