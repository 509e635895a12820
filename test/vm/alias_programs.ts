/**
 * Random programs whose variables hold the same containers again and again, with the answer of a model in which nothing is ever shared:
 * every read copies all there is. A program is written statement by statement while the model runs it, so every path in it exists.
 */

/** A value of the model. Its leaves are ints, so that values which show the same text are equal. */
export type Model =
  | number
  | { readonly kind: "list"; readonly items: Model[] }
  | { readonly kind: "set"; readonly items: Model[] }
  | { readonly kind: "dict" | "box"; readonly entries: Map<string, Model> };

type Container = Exclude<Model, number>;
type Step = string | number;

export function show(value: Model): string {
  if (typeof value === "number") return String(value);
  if (value.kind === "list") return `[${value.items.map(show).join(", ")}]`;
  if (value.kind === "set") return `set(${value.items.map(show).join(", ")})`;
  const entries = [...value.entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => `${key}: ${show(item)}`);
  return `${value.kind === "box" ? "Box " : ""}{${entries.join(", ")}}`;
}

/** The same text for equal values: sets are equal in any order. */
function identity(value: Model): string {
  if (typeof value === "number") return String(value);
  if (value.kind === "list") return `[${value.items.map(identity).join(", ")}]`;
  if (value.kind === "set") return `set(${value.items.map(identity).sort().join(", ")})`;
  const entries = [...value.entries].map(([key, item]) => `${key}: ${identity(item)}`);
  return `${value.kind} {${entries.sort().join(", ")}}`;
}

function copy<T extends Model>(value: T): T {
  if (typeof value === "number") return value;
  if (value.kind === "list" || value.kind === "set") return { kind: value.kind, items: value.items.map(copy) } as unknown as T;
  return { kind: value.kind, entries: new Map([...value.entries].map(([key, item]) => [key, copy(item)])) } as unknown as T;
}

const KEYS = ["a", "b", "c", "d"];
/** Structs have exactly these. */
const FIELDS = ["items", "meta"];

export interface Program {
  readonly declarations: readonly string[];
  readonly statements: readonly string[];
  readonly names: readonly string[];
  /** What the statements print. */
  readonly expected: string;
}

export interface Shape {
  readonly statements: number;
  /** Inside a module structs mean nothing, and closures see its variables as they are. */
  readonly inModule: boolean;
}

export class AliasWriter {
  private readonly variables = new Map<string, Model>();
  /** Closures, and what they saw when they were made. */
  private readonly closures = new Map<string, Model>();
  private readonly statements: string[] = [];
  private expected = "";
  private made = 0;

  constructor(
    private readonly random: () => number,
    private readonly shape: Shape,
  ) {}

  write(): Program {
    const declarations = ["v0", "v1", "v2", "v3", "v4", "v5"].map((name) => {
      const [text, value] = this.literal(2);
      this.variables.set(name, value);
      return `var ${name} = ${text}`;
    });
    const names = [...this.variables.keys()];
    while (this.statements.length < this.shape.statements) this.statement();
    for (const name of names) this.print(name);
    for (const [name, seen] of this.closures) this.printed(`${name}()`, seen);
    return { declarations, statements: this.statements, names, expected: this.expected };
  }

  // --- Chance --------------------------------------------------------------------------------------------------------------------------

  private below(n: number): number {
    return Math.floor(this.random() * n);
  }

  private pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }

  private variable(): string {
    return this.pick([...this.variables.keys()]);
  }

  private valueOf(name: string): Model {
    return this.variables.get(name) as Model;
  }

  // --- Statements ----------------------------------------------------------------------------------------------------------------------

  private statement(): void {
    const forms = [
      () => this.assign(),
      () => this.assign(),
      () => this.assignPart(),
      () => this.assignPart(),
      () => this.growPart(),
      () => this.growPart(),
      () => this.growVariable(),
      () => this.growVariable(),
      () => this.capture(),
      () => this.walk(),
      () => this.leave(),
      () => this.look(),
      () => this.print(this.variable()),
    ];
    this.pick(forms)();
  }

  private assign(): void {
    const name = this.variable();
    const [text, value] = this.expression(2);
    if (text === name || (typeof value === "number" && this.below(4) > 0)) return;
    this.statements.push(`${name} = ${text}`);
    this.set(name, value);
  }

  /** The statement that does it has been written. Values that grow too large start anew. */
  private set(name: string, value: Model): void {
    const isLarge = size(value) > 300;
    this.variables.set(name, isLarge ? { kind: "list", items: [] } : value);
    if (isLarge) this.statements.push(`${name} = []`);
  }

  private assignPart(): void {
    const name = this.variable();
    const path = this.path(this.valueOf(name), true);
    if (path.length === 0) return this.assign();
    const [text, value] = this.expression(1);
    put(this.valueOf(name), path, value);
    this.statements.push(`${name}${written(path)} = ${text}`);
  }

  /** `x.p = x.p.push(e)`, `x.p = x.p + e`, `x.p += e`. */
  private growPart(): void {
    const name = this.variable();
    const path = this.path(this.valueOf(name), false);
    const target = `${name}${written(path)}`;
    const part = at(this.valueOf(name), path);
    if (typeof part === "number") {
      if (path.length === 0) return this.assign();
      put(this.valueOf(name), path, part + 1);
      this.statements.push(this.pick([`${target} += 1`, `${target} = ${target} + 1`]));
      return;
    }
    const grown = this.grown(target, part);
    if (grown === null) return this.assignPart();
    const [text, value] = grown;
    this.statements.push(text);
    if (path.length > 0) put(this.valueOf(name), path, value);
    this.set(name, path.length === 0 ? value : this.valueOf(name));
  }

  private growVariable(): void {
    const name = this.variable();
    const value = this.valueOf(name);
    const grown = typeof value === "number" ? null : this.grown(name, value);
    if (grown === null) return this.assign();
    this.statements.push(grown[0]);
    this.set(name, grown[1]);
  }

  private grown(target: string, part: Container): [string, Model] | null {
    const [name = ""] = target.split(/[.[]/);
    const joining = this.below(3) === 0;
    // The other side may be the container itself, or what holds it.
    const [text, value] = joining && this.below(2) === 0 ? [name, copy(this.valueOf(name))] : this.expression(1);
    if (joining && typeof value !== "number") {
      const joins = this.pick([`${target} += ${text}`, `${target} = ${target} + ${text}`]);
      if (part.kind === "list" && value.kind === "list") return [joins, { kind: "list", items: [...copy(part).items, ...value.items] }];
      if (part.kind === "dict" && value.kind === "dict")
        return [joins, { kind: "dict", entries: new Map([...copy(part).entries, ...value.entries]) }];
    }
    if (part.kind === "list") {
      const pushed: Model = { kind: "list", items: [...copy(part).items, value] };
      const all = [`${target} = ${target}.push(${text})`, `${target} = ${target} + [${text}]`, `${target} += [${text}]`];
      if (part.items.length > 0 && this.below(4) === 0) {
        return [`${target} = ${target}.pop()`, { kind: "list", items: copy(part).items.slice(0, -1) }];
      }
      return [this.pick(all), pushed];
    }
    if (part.kind === "set") return [`${target} = ${target}.add(${text})`, added(copy(part).items, value)];
    if (part.kind === "box") return null;
    const key = this.pick(KEYS);
    if (this.below(4) === 0) {
      const entries = copy(part).entries;
      entries.delete(key);
      return [`${target} = ${target}.remove("${key}")`, { kind: "dict", entries }];
    }
    const all = [
      `${target} = ${target}.merge({${key}: ${text}})`,
      `${target} += {${key}: ${text}}`,
      `${target} = ${target} + {${key}: ${text}}`,
    ];
    return [this.pick(all), { kind: "dict", entries: copy(part).entries.set(key, value) }];
  }

  private capture(): void {
    if (this.shape.inModule) return this.assign();
    const name = `f${this.made++}`;
    const seen = this.variable();
    this.closures.set(name, copy(this.valueOf(seen)));
    this.statements.push(`let ${name} = { -> ${seen} }`);
  }

  /** A loop that changes what it goes through. */
  private walk(): void {
    const name = this.variable();
    const value = this.valueOf(name);
    if (typeof value === "number" || value.kind !== "list" || value.items.length === 0) return this.assign();
    const last = copy(value.items[value.items.length - 1] as Model);
    const other = this.variable();
    if (this.below(2) === 0) {
      this.statements.push(`for item in ${name} { ${other} = item }`);
      this.set(other, last);
      return;
    }
    const grownItems = [...value.items.map(copy), ...value.items.map(copy)];
    this.statements.push(`for item in ${name} { ${name} = ${name}.push(item) }`);
    this.set(name, { kind: "list", items: grownItems });
  }

  /** The value goes out by an error, a return with something to do behind it, or a generator; then the variable changes. */
  private leave(): void {
    const from = this.variable();
    const value = this.valueOf(from);
    const to = this.variable();
    if (typeof value === "number" || value.kind !== "list" || value.items.length === 0 || from === to) return this.assign();
    const seen = copy(value);
    value.items[0] = 77;
    const change = `${from}[0] = 77`;
    const forms = [
      `try { throw ${from} } catch (e) {\n${change}\n${to} = e\n}`,
      `${to} = try { ${from} } catch (e) { nil } finally { ${change} }`,
      `${to} = unwrap(try { ${from} })\n${change}`,
      `${to} = [${from}, ${from}].first()\n${change}`,
      `${to} = iter([${from}]).to_list()[0]\n${change}`,
      `${to} = (nil ?? ${from})\n${change}`,
      `${to} = match 1 { 1 -> { ${from} } }\n${change}`,
      `${to} = if true { ${from} } else { nil }\n${change}`,
      `let [whole${this.made}] = [${from}]\n${change}\n${to} = whole${this.made}`,
      `let {k: part${this.made}, ...rest${this.made++}} = {k: ${from}, l: 1}\n${change}\n${to} = part${this.made - 1}`,
      `${to} = {k: ${from}}.get("z", ${from})\n${change}`,
      `${to} = pair(${from}, 1).first\n${change}`,
      `${to} = Ok(${from}).fields[0]\n${change}`,
      `${to} = unwrap_or(Err(1), ${from})\n${change}`,
      `${to} = ${from}\n${change}`,
      `${to} = [${from}].map({ x -> x })[0]\n${change}`,
      `${to} = [1].reduce(${from}, { acc, x -> acc })\n${change}`,
      `${to} = ([1] |> { x -> ${from} })\n${change}`,
    ];
    this.statements.push(this.pick(forms));
    this.set(to, seen);
  }

  /** Builtins that only look, and instructions that do. */
  private look(): void {
    const name = this.variable();
    const path = this.path(this.valueOf(name), false);
    const target = `${name}${written(path)}`;
    const part = at(this.valueOf(name), path);
    if (typeof part === "number") return this.printed(target, part);
    if (part.kind === "list" || part.kind === "set") {
      this.printed(this.pick([`len(${target})`, `${target}.count()`]), part.items.length);
      return;
    }
    if (part.kind === "box") return this.printed(`${target} == ${target}`, "true");
    const key = this.pick(KEYS);
    this.printed(this.pick([`${target}.has("${key}")`, `"${key}" in ${target}`]), String(part.entries.has(key)));
  }

  private print(name: string): void {
    this.printed(name, this.valueOf(name));
  }

  private printed(text: string, value: Model | string): void {
    this.statements.push(`println(${text})`);
    this.expected += `${typeof value === "string" ? value : show(value)}\n`;
  }

  // --- Expressions ---------------------------------------------------------------------------------------------------------------------

  /** An expression, and its value: a copy of its own. */
  private expression(depth: number): [string, Model] {
    const name = this.variable();
    const path = this.path(this.valueOf(name), false);
    const read: [string, Model] = [`${name}${written(path)}`, copy(at(this.valueOf(name), path))];
    if (depth === 0 || this.below(3) === 0) return this.below(5) === 0 ? this.number() : read;
    const whole: [string, Model] = [name, copy(this.valueOf(name))];
    const forms = [
      () => this.literal(depth),
      () => whole,
      () => read,
      () => [`same(${read[0]})`, read[1]] as [string, Model],
      () => this.pushed(read),
      () => this.spread(read, depth),
      () => this.changedInside(read),
    ];
    return this.pick(forms)();
  }

  private number(): [string, Model] {
    const n = this.below(10);
    return [String(n), n];
  }

  private literal(depth: number): [string, Model] {
    if (depth === 0) return this.variables.size > 0 && this.below(2) === 0 ? this.expression(0) : this.number();
    const part = (): [string, Model] => (this.variables.size > 0 ? this.expression(depth - 1) : this.literal(depth - 1));
    switch (this.below(this.shape.inModule ? 5 : 6)) {
      case 0:
      case 1: {
        const parts = [part(), part()].slice(this.below(2));
        return [`[${parts.map(([text]) => text).join(", ")}]`, { kind: "list", items: parts.map(([, value]) => value) }];
      }
      case 2:
      case 3: {
        const parts = KEYS.filter(() => this.below(2) === 0).map((key) => [key, ...part()] as const);
        return [
          `{${parts.map(([key, text]) => `${key}: ${text}`).join(", ")}}`,
          { kind: "dict", entries: new Map(parts.map(([key, , value]) => [key, value])) },
        ];
      }
      case 4: {
        const [text, value] = part();
        return [`set().add(${text})`, { kind: "set", items: [value] }];
      }
      default: {
        const parts = FIELDS.map((key) => [key, ...part()] as const);
        return [
          `Box {${parts.map(([key, text]) => `${key}: ${text}`).join(", ")}}`,
          { kind: "box", entries: new Map(parts.map(([key, , value]) => [key, value])) },
        ];
      }
    }
  }

  private pushed([text, value]: [string, Model]): [string, Model] {
    if (typeof value === "number" || value.kind !== "list") return [text, value];
    const [item, itemValue] = this.expression(0);
    return [`${text}.push(${item})`, { kind: "list", items: [...value.items, itemValue] }];
  }

  private spread([text, value]: [string, Model], depth: number): [string, Model] {
    const [item, itemValue] = this.expression(depth - 1);
    if (typeof value === "number") return [text, value];
    if (value.kind === "list") return [`[...${text}, ${item}]`, { kind: "list", items: [...value.items, itemValue] }];
    if (value.kind !== "dict") return [text, value];
    const key = this.pick(KEYS);
    return [`{...${text}, ${key}: ${item}}`, { kind: "dict", entries: value.entries.set(key, itemValue) }];
  }

  /** A function that changes its own copy of the argument. */
  private changedInside([text, value]: [string, Model]): [string, Model] {
    if (typeof value === "number" || value.kind !== "list") return [text, value];
    const items: Model[] = value.items.length > 0 ? [5, ...value.items.slice(1), 6] : [6];
    return [`changed(${text})`, { kind: "list", items }];
  }

  // --- Paths ---------------------------------------------------------------------------------------------------------------------------

  /** Where a part of a value lies. `forStore`: a key need not be there yet. */
  private path(value: Model, forStore: boolean): Step[] {
    if (typeof value === "number" || value.kind === "set" || this.below(4) === 0) return [];
    const step = this.step(value, forStore);
    if (step === null) return [];
    const inner = at(value, [step]);
    return [step, ...(inner === undefined ? [] : this.path(inner, forStore))];
  }

  private step(value: Container, forStore: boolean): Step | null {
    if (value.kind === "list") return value.items.length === 0 ? null : this.below(value.items.length);
    if (value.kind === "box") return this.pick(FIELDS);
    const keys = forStore ? KEYS : [...(value as { entries: Map<string, Model> }).entries.keys()];
    return keys.length === 0 ? null : this.pick(keys);
  }
}

/** What every program can call. */
export const HELPERS = `fn same(x) { return x }
fn changed(xs) {
  var ys = xs
  ys = ys.push(6)
  if len(ys) > 1 { ys[0] = 5 }
  return ys
}
`;

function at(value: Model, path: readonly Step[]): Model {
  let part: Model | undefined = value;
  for (const step of path) {
    if (typeof part === "number" || part === undefined) return part as unknown as Model;
    part = part.kind === "list" ? part.items[step as number] : (part as { entries: Map<string, Model> }).entries.get(step as string);
  }
  return part as Model;
}

function put(value: Model, path: readonly Step[], item: Model): void {
  const last = path[path.length - 1] as Step;
  const holder = at(value, path.slice(0, -1)) as Container;
  if (holder.kind === "list") holder.items[last as number] = item;
  else (holder as { entries: Map<string, Model> }).entries.set(last as string, item);
}

function added(items: Model[], value: Model): Model {
  return { kind: "set", items: items.some((item) => identity(item) === identity(value)) ? items : [...items, value] };
}

function size(value: Model): number {
  if (typeof value === "number") return 1;
  const parts = "items" in value ? value.items : [...value.entries.values()];
  return parts.reduce<number>((sum, part) => sum + size(part), 1);
}

function written(path: readonly Step[]): string {
  return path
    .map((step) => (typeof step === "number" ? `[${step}]` : step === "a" || FIELDS.includes(step) ? `.${step}` : `["${step}"]`))
    .join("");
}
