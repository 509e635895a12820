/**
 * Validation of values against canonical schemas.
 *
 * All errors are gathered. With `fillDefaults`, absent properties that have a default get it, at every level, and the completed value is
 * the result; otherwise the result is the value itself.
 */
import { keysInOrder } from "../vm/dict.ts";
import { display } from "../vm/display.ts";
import { compare, equals, hasItem } from "../vm/equality.ts";
import { raise } from "../vm/errors.ts";
import type { NativeContext } from "../vm/native.ts";
import { codePointCount } from "../vm/strings.ts";
import { Dict, dict, Float, HarnSet, isInt, List, list, share, Struct, typeName, type Value } from "../vm/values.ts";
import { jsonFloat, presentFields } from "./json_write.ts";
import { hasMatch, type RegexCache } from "./regex.ts";

const MAX_DEPTH = 256;

export class Validation {
  readonly errors: string[] = [];

  constructor(
    private readonly ctx: NativeContext,
    private readonly regexes: RegexCache,
    private readonly root: Dict,
    private readonly fillDefaults: boolean,
  ) {}

  /** Validates the value against the root schema; what it gives is the value, completed if so asked. */
  run(value: Value): Value {
    return this.check(value, this.root, "", 0);
  }

  private check(value: Value, schema: Dict, path: string, depth: number): Value {
    this.ctx.burn(1);
    if (depth > MAX_DEPTH) throw raise.runtime(`schema is nested deeper than ${MAX_DEPTH} levels`);
    const rules = schema.map;
    const ref = rules.get("$ref");
    if (ref !== undefined) return this.checkReference(value, display(ref), path, depth);
    if (value === null && rules.get("nullable") === true) return value;
    const constant = rules.get("const");
    if (constant !== undefined && !equals(constant, value)) {
      this.fail(path, `expected constant ${shown(constant)}, got ${shown(value)}`);
      return value;
    }
    const combined = this.checkCombined(value, rules, path, depth);
    if (combined === undefined) return value;
    const type = rules.get("type");
    if (typeof type === "string" && type !== "any" && type !== kindOf(combined)) {
      this.fail(path, `expected type '${type}', got '${kindOf(combined)}'`);
      return combined;
    }
    return this.checkKind(combined, rules, path, depth);
  }

  private checkReference(value: Value, ref: string, path: string, depth: number): Value {
    const target = this.resolve(ref);
    if (target !== null) return this.check(value, target, path, depth + 1);
    this.fail(path, `unresolved schema reference '${ref}'`);
    return value;
  }

  private resolve(ref: string): Dict | null {
    if (ref === "#") return this.root;
    if (!ref.startsWith("#/")) return null;
    let at: Value | undefined = this.root;
    for (const token of ref.slice(2).split("/")) {
      at = at instanceof Dict ? at.map.get(token.replaceAll("~1", "/").replaceAll("~0", "~")) : undefined;
    }
    return at instanceof Dict ? at : null;
  }

  /** `all_of` and `union`; undefined when no branch of the union fits, which ends the place. */
  private checkCombined(value: Value, rules: ReadonlyMap<string, Value>, path: string, depth: number): Value | undefined {
    let result = value;
    for (const branch of branches(rules.get("all_of"))) result = this.check(result, branch, path, depth + 1);
    if (!rules.has("union")) return result;
    for (const branch of branches(rules.get("union"))) {
      const before = this.errors.length;
      const tried = this.check(result, branch, path, depth + 1);
      if (this.errors.length === before) return tried;
      this.errors.length = before;
    }
    this.fail(path, "value did not match any union branch");
    return undefined;
  }

  private checkKind(value: Value, rules: ReadonlyMap<string, Value>, path: string, depth: number): Value {
    if (value instanceof Dict || value instanceof Struct) return this.checkFields(value, rules, path, depth);
    if (value instanceof List || value instanceof HarnSet) return this.checkItems(value, rules, path, depth);
    if (typeof value === "string") this.checkText(value, rules, path);
    else if (isInt(value) || value instanceof Float) this.checkNumber(value, rules, path);
    else if (value === null || typeof value === "boolean") this.checkEnum(value, rules, path);
    return value;
  }

  private checkFields(value: Dict | Struct, rules: ReadonlyMap<string, Value>, path: string, depth: number): Value {
    const fields = value instanceof Dict ? value.map : new Map(presentFields(value));
    const properties = rules.get("properties");
    const known = properties instanceof Dict ? properties : dict(new Map());
    const required = rules.get("required");
    if (required instanceof List) {
      for (let i = 0; i < required.length; i++) {
        const key = display(required.items[i] as Value);
        if (!fields.has(key) && this.defaultOf(known, key) === undefined) this.fail(path, `missing required key '${key}'`);
      }
    }
    const completed = new Map<string, Value>();
    for (const key of keysInOrder(known)) {
      const given = fields.has(key) ? fields.get(key) : this.defaultOf(known, key);
      if (given === undefined) continue;
      completed.set(key, share(this.check(given, known.map.get(key) as Dict, path === "" ? key : `${path}.${key}`, depth + 1)));
    }
    this.checkAdditional(fields, known, completed, rules.get("additional_properties"), path, depth);
    if (!this.fillDefaults) return value;
    for (const [key, item] of fields) if (!completed.has(key)) completed.set(key, share(item));
    return dict(completed);
  }

  private defaultOf(properties: Dict, key: string): Value | undefined {
    const schema = this.fillDefaults ? properties.map.get(key) : undefined;
    return schema instanceof Dict ? schema.map.get("default") : undefined;
  }

  private checkAdditional(
    fields: ReadonlyMap<string, Value>,
    known: Dict,
    completed: Map<string, Value>,
    additional: Value | undefined,
    path: string,
    depth: number,
  ): void {
    if (additional === undefined || additional === true) return;
    const others = keysInOrder(dict(new Map(fields))).filter((key) => !known.map.has(key));
    for (const key of others) {
      if (additional === false) this.fail(path, `unexpected key '${key}'`);
      else {
        const item = this.check(fields.get(key) as Value, additional as Dict, path === "" ? key : `${path}.${key}`, depth + 1);
        completed.set(key, share(item));
      }
    }
  }

  private checkItems(value: List | HarnSet, rules: ReadonlyMap<string, Value>, path: string, depth: number): Value {
    const length = value instanceof List ? value.length : value.items.length;
    const [least, most] = [limit(rules.get("min_items")), limit(rules.get("max_items"))];
    if (least !== null && length < least) this.fail(path, `expected at least ${least} items, got ${length}`);
    if (most !== null && length > most) this.fail(path, `expected at most ${most} items, got ${length}`);
    const items = rules.get("items");
    if (!(items instanceof Dict)) return value;
    const completed: Value[] = [];
    for (let i = 0; i < length; i++) completed.push(share(this.check(value.items[i] as Value, items, `${path}[${i}]`, depth + 1)));
    if (!this.fillDefaults) return value;
    return value instanceof List ? list(completed) : new HarnSet(completed);
  }

  private checkText(value: string, rules: ReadonlyMap<string, Value>, path: string): void {
    const [least, most] = [limit(rules.get("min_length")), limit(rules.get("max_length"))];
    if (least !== null || most !== null) {
      const length = codePointCount(value);
      if (least !== null && length < least) this.fail(path, `expected length >= ${least}, got ${length}`);
      if (most !== null && length > most) this.fail(path, `expected length <= ${most}, got ${length}`);
    }
    const pattern = rules.get("pattern");
    if (pattern !== undefined) {
      const text = display(pattern);
      const program = this.regexes(this.ctx, text, "");
      if (typeof program === "string") this.fail(path, `invalid regex pattern '${text}': ${program}`);
      else if (!hasMatch(this.ctx, program, value)) this.fail(path, `value does not match pattern '${text}'`);
    }
    this.checkEnum(value, rules, path);
  }

  private checkNumber(value: Value, rules: ReadonlyMap<string, Value>, path: string): void {
    const [least, most] = [rules.get("min"), rules.get("max")];
    if (isNumber(least) && compare(value, least) < 0) this.fail(path, `expected value >= ${shown(least)}, got ${shown(value)}`);
    if (isNumber(most) && compare(value, most) > 0) this.fail(path, `expected value <= ${shown(most)}, got ${shown(value)}`);
    this.checkEnum(value, rules, path);
  }

  private checkEnum(value: Value, rules: ReadonlyMap<string, Value>, path: string): void {
    const allowed = rules.get("enum");
    if (!(allowed instanceof List)) return;
    if (!hasItem(allowed.items, value, allowed.length)) this.fail(path, `value must be one of ${display(allowed)}`);
  }

  private fail(path: string, what: string): void {
    this.errors.push(`at ${path === "" ? "root" : path}: ${what}`);
  }
}

function branches(value: Value | undefined): Dict[] {
  return value instanceof List ? (value.items.slice(0, value.length) as Dict[]) : [];
}

/** A struct counts as a dict. */
function kindOf(value: Value): string {
  return value instanceof Struct ? "dict" : typeName(value);
}

function limit(value: Value | undefined): number | null {
  return isInt(value) ? Number(value) : value instanceof Float ? value.value : null;
}

function isNumber(value: Value | undefined): value is Value {
  return isInt(value) || value instanceof Float;
}

/** Numbers as JSON writes them, everything else as it is displayed. */
function shown(value: Value): string {
  return value instanceof Float ? jsonFloat(value.value) : display(value);
}
