/**
 * Reading YAML: the library finds the structure, this file decides what a scalar is.
 *
 * That is where readers differ: here `007` and `yes` are strings, ints are 64 bits wide, `<<` is a key like any other, and a tag that is
 * none of YAML's own is kept as `{!tag: value}`. Loaded when the first document is read.
 */
import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, parseDocument, type Scalar, Schema, type YAMLMap } from "yaml";
import { display } from "../vm/display.ts";
import { raise } from "../vm/errors.ts";
import { INT_MAX, INT_MIN, wrap } from "../vm/numbers.ts";
import { Dict, dict, dictOf, Float, isInt, List, list, share, type Value } from "../vm/values.ts";

/** A text that is no YAML document; the message has no prefix. */
class YamlError extends Error {
  override readonly name = "YamlError";
}

/** Nesting that the reference still reads. */
const MAX_DEPTH = 128;
const TOO_DEEP = "recursion limit exceeded";
const MORE_THAN_ONE = "deserializing from YAML containing more than one document is not supported";

/**
 * The value of a document; nil when there is none in the text.
 *
 * @param limit values it may come to, those that aliases repeat counted each time
 * @throws ScriptError thrown texts that say what is wrong
 */
export function readYaml(text: string, limit: number): Value {
  try {
    const schema = new Schema({ schema: "failsafe", resolveKnownTags: false });
    const document = parseDocument(text, { schema, uniqueKeys: false, logLevel: "error" });
    const [error] = document.errors;
    if (error?.code === "RESOURCE_EXHAUSTION") throw new YamlError(TOO_DEEP);
    if (error?.code === "MULTIPLE_DOCS") throw new YamlError(MORE_THAN_ONE);
    if (error !== undefined) throw new YamlError(error.message.split(":\n")[0]);
    return document.contents === null ? null : new Reader(limit).value(document.contents, 0);
  } catch (error) {
    if (error instanceof YamlError) throw raise.thrown(`YAML parse error: ${error.message}`);
    throw error;
  }
}

interface Anchored {
  readonly value: Value;
  readonly size: number;
}

class Reader {
  private readonly anchors = new Map<string, Anchored>();
  private size = 0;

  constructor(private readonly limit: number) {}

  value(node: unknown, depth: number): Value {
    if (depth > MAX_DEPTH) throw new YamlError(TOO_DEEP);
    if (node === null || node === undefined) return null;
    if (isAlias(node)) return this.repeated(node);
    const before = this.size;
    this.count(1);
    const tag = ownTag(node as Node);
    const value = tag === null ? this.untagged(node, depth) : dictOf({ [tag]: this.untagged(node, depth) });
    const { anchor } = node as Scalar;
    if (anchor !== undefined) this.anchors.set(anchor, { value: share(value), size: this.size - before });
    return value;
  }

  /** What an alias stands for is shared, so a few lines can come to billions of values: they count as if they were written out. */
  private repeated({ source }: Alias): Value {
    const anchored = this.anchors.get(source);
    if (anchored === undefined) throw new YamlError(`unknown anchor '${source}'`);
    this.count(anchored.size);
    return anchored.value;
  }

  private count(values: number): void {
    this.size += values;
    if (this.size > this.limit) throw raise.fatal(`collection limit of ${this.limit} items exceeded`);
  }

  private untagged(node: unknown, depth: number): Value {
    if (isScalar(node)) return scalarValue(node);
    if (isSeq(node)) return list(node.items.map((item) => this.value(item, depth + 1)));
    if (isMap(node)) return this.mapping(node, depth);
    throw new YamlError("a node of an unknown kind");
  }

  private mapping(node: YAMLMap, depth: number): Dict {
    const entries = new Map<string, Value>();
    const seen = new Set<string>();
    for (const { key, value } of node.items) {
      const name = this.value(key, depth + 1);
      if (name === null || name instanceof List || name instanceof Dict) throw raise.thrown("yaml_parse: key must be a string");
      const text = display(name);
      const identity = `${typeof name === "string" ? "s" : isInt(name) ? "i" : "o"}${text}`;
      if (seen.has(identity)) throw new YamlError(`duplicate entry with key "${text}"`);
      seen.add(identity);
      entries.set(text, this.value(value, depth + 1));
    }
    return dict(entries);
  }
}

/** A tag of the document's own; YAML's belong to the scalar's value. */
function ownTag({ tag }: Node): string | null {
  return tag?.startsWith("!") && tag.length > 1 ? tag : null;
}

// --- Scalars -----------------------------------------------------------------------------------------------------------------------

const CORE = "tag:yaml.org,2002:";

function scalarValue(node: Scalar): Value {
  const text = node.source ?? "";
  switch (node.tag) {
    case `${CORE}int`:
      return converted(text, "an integer", intOf(text));
    case `${CORE}float`:
      return converted(text, "a float", floatOf(text));
    case `${CORE}bool`:
      return converted(text, "a boolean", BOOLS.get(text));
    case `${CORE}null`:
      return converted(text, "null", NULLS.has(text) ? null : undefined);
    default: {
      // Without a type it stands for nothing at all.
      const isPlain = node.type === "PLAIN" || node.type === undefined;
      const isOpen = node.tag === undefined || ownTag(node) !== null;
      return isPlain && isOpen ? plainValue(text) : text;
    }
  }
}

/** `undefined`: the text has no value of that type. */
function converted(text: string, type: string, value: Value | undefined): Value {
  if (value === undefined) throw new YamlError(`invalid value: string ${JSON.stringify(text)}, expected ${type}`);
  return value;
}

const NULLS: ReadonlySet<string> = new Set(["", "~", "null", "Null", "NULL"]);
const BOOLS: ReadonlyMap<string, boolean> = new Map(
  ["true", "True", "TRUE", "false", "False", "FALSE"].map((word) => [word, word.toLowerCase() === "true"]),
);

function plainValue(text: string): Value {
  if (NULLS.has(text)) return null;
  const value = BOOLS.get(text) ?? intOf(text) ?? floatOf(text);
  // A float that is no number has a value too: nil.
  return value === undefined ? text : value;
}

const PREFIXED = /^([-+]?)(0x[0-9a-fA-F]+|0o[0-7]+|0b[01]+)$/;
const DECIMAL = /^[-+]?[0-9]+$/;
/** Digits behind a zero: a code, not a number. */
const CODE = /^[-+]?0[0-9]+$/;
const UINT64_MAX = 2n ** 64n - 1n;
const UINT128_MAX = 2n ** 128n - 1n;
const INT128_MIN = -(2n ** 127n);

/** Ints, and the floats that ints beyond 64 bits become. */
function intOf(text: string): Value | undefined {
  const prefixed = PREFIXED.exec(text);
  if (prefixed === null && (!DECIMAL.test(text) || CODE.test(text))) return undefined;
  // No int of that many digits is within 128 bits, and reading one takes the square of its length.
  if (text.length > 140) return undefined;
  const size = prefixed === null ? BigInt(text.replace(/^[-+]/, "")) : BigInt(prefixed[2] as string);
  const value = text.startsWith("-") ? -size : size;
  if (value > UINT128_MAX || value < INT128_MIN) return undefined;
  if (value > UINT64_MAX || value < INT_MIN) throw new YamlError(`invalid type: integer \`${value}\`, expected any YAML value`);
  return value > INT_MAX ? new Float(Number(value)) : wrap(value);
}

const INFINITE = /^[-+]?\.(inf|Inf|INF)$/;
const NOT_A_NUMBER = /^\.(nan|NaN|NAN)$/;
const FLOAT = /^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$/;

/** Floats; nil for those that are no numbers, as JSON has none of them. */
function floatOf(text: string): Value | undefined {
  if (INFINITE.test(text) || NOT_A_NUMBER.test(text)) return null;
  if (!FLOAT.test(text) || CODE.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? new Float(value) : undefined;
}
