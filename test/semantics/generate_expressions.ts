/** Random expressions of a wanted type. Operands stand in parentheses unless they are plainly one piece. */
import type { Random } from "../bytecode/random-chunk.ts";
import {
  DURATIONS,
  FLOATS,
  inner,
  INTS,
  KEYS,
  PRELUDE_FUNCTIONS,
  type Scope,
  SMALL_INTS,
  STRINGS,
  TYPES,
  type Type,
  UNKNOWN_NAME,
} from "./generate_types.ts";

export abstract class Expressions {
  /** Expressions left to write; then only leaves are. */
  protected left = 150;
  private names = 0;
  /** Functions that are declared somewhere at the top level, perhaps only later. */
  forward: readonly string[] = [];

  constructor(protected readonly random: Random) {}

  abstract statements(scope: Scope, count: number): string[];

  protected fresh(prefix = "v"): string {
    return `${prefix}${this.names++}`;
  }

  protected type(): Type {
    return this.random.pick(TYPES);
  }

  expression(wanted: Type, scope: Scope, depth: number): string {
    this.left--;
    const type = this.random.chance(70) ? this.type() : wanted;
    if (depth <= 0 || this.left <= 0 || this.random.chance(5)) return this.leaf(type, scope);
    return this.random.chance(3) ? this.general(type, scope, depth - 1) : this.special(type, scope, depth - 1);
  }

  /** As `expression`, made one piece. */
  operand(type: Type, scope: Scope, depth: number): string {
    const text = this.expression(type, scope, depth);
    return /^(?:\d+|[a-zA-Z]\w*|"[^"$]*")$/.test(text) ? text : `(${text})`;
  }

  // --- Leaves ----------------------------------------------------------------------------------------------------------------------

  private leaf(type: Type, scope: Scope): string {
    const { random } = this;
    const known = scope.variables.filter((variable) => variable.type === type);
    if (known.length > 0 && !random.chance(3)) return random.pick(known).name;
    if (random.chance(150)) return UNKNOWN_NAME;
    switch (type) {
      case "int":
        return random.pick(random.chance(3) ? INTS : SMALL_INTS);
      case "float":
        return random.pick(FLOATS);
      case "string":
        return random.pick(STRINGS);
      case "bool":
        return random.pick(["true", "false"]);
      case "nil":
        return "nil";
      case "ints":
        return random.pick(["[]", "[1]", "[3, 1, 2]", "[1, 2, 3, 4]", "[5, -1, 5]"]);
      case "strings":
        return random.pick(["[]", '["b", "a"]', '["x", "", "yy"]']);
      case "list":
        return random.pick(["[]", '[1, "a", nil]', "[[1, 2], [3]]", "[1, 1.0, true]", "[{a: 1}, {a: 2}]"]);
      case "dict":
        return random.pick(["{}", "{a: 1}", '{b: 2, a: "x"}', "{a: {b: 1}, c: [1, 2]}", '{"key": 1, value: nil}']);
      default:
        return this.rareLeaf(type);
    }
  }

  private rareLeaf(type: Type): string {
    const { random } = this;
    switch (type) {
      case "range":
        return random.pick(["0 to 3", "1 to 4 exclusive", "3 to 1", "range(3)"]);
      case "set":
        return random.pick(["set()", "set(1, 2, 3)", 'set("a", 1, 1.0)']);
      case "pair":
        return random.pick(["pair(1, 2)", 'pair("a", nil)']);
      case "fn":
        return random.pick(["{ x -> x }", "{ x -> x + 1 }", "{ x -> [x, x] }", "len", "to_string", "type_of", "{ -> 7 }"]);
      case "enum":
        return random.pick(["Shape.Dot", "Shape.Circle(2)", 'Shape.Rect(1, "h")', "Shape.Circle()"]);
      case "struct":
        return random.pick(["Point {x: 1, y: 2}", 'Point {tag: "t", x: 0.5, z: 9}', "Point({x: 3})"]);
      case "result":
        return random.pick(["Ok(1)", 'Err("bad")', "Result.Ok([1])", "Result.Err(nil)"]);
      default:
        return random.pick(DURATIONS);
    }
  }

  // --- Forms that have any type ------------------------------------------------------------------------------------------------------

  private general(type: Type, scope: Scope, depth: number): string {
    const { random } = this;
    const again = (): string => this.expression(type, scope, depth);
    const piece = (): string => this.operand(type, scope, depth);
    const condition = (): string => this.operand("bool", scope, depth);
    switch (random.below(15)) {
      case 0:
        return `${condition()} ? ${piece()} : ${piece()}`;
      case 1:
        return `if ${condition()} {\n${this.body(type, scope, depth)}\n} else {\n${this.body(type, scope, depth)}\n}`;
      case 2:
        return this.match(type, scope, depth);
      case 3:
        return this.tried(type, scope, depth);
      case 4:
        return `${random.chance(2) ? this.operand("nil", scope, depth) : piece()} ?? ${piece()}`;
      case 5:
        return `see("${this.fresh("t")}", ${again()})`;
      case 6: {
        const items = Array.from({ length: 1 + random.below(3) }, again);
        return `[${items.join(", ")}][${random.below(items.length)}]`;
      }
      case 7:
        return `{a: ${again()}, b: ${this.expression(this.type(), scope, depth)}}${random.pick([".a", '["a"]', "?.a", '?["a"]'])}`;
      case 8:
        return this.piped(type, scope, depth);
      case 9:
        return `unwrap(try {\n${this.body(type, scope, depth)}\n})`;
      case 10:
        return `try* ${this.operand(type, inner(scope, { inFunction: true }), depth)}`.replace(/^try\* /, scope.inFunction ? "try* " : "");
      case 11:
        return `${this.operand(random.pick(["dict", "struct", "list", "enum", "pair", "nil"]), scope, depth)}${random.pick([".", "?."])}${random.pick(["a", "b", "c", "x", "y", "first", "count", "fields", "variant", "second", "tag", "key"])}`;
      case 12:
        return `${this.operand(random.pick(["dict", "list", "string", "range", "ints"]), scope, depth)}[${this.expression(random.pick(["int", "string"]), scope, depth)}]`;
      default:
        return this.called(type, scope, depth);
    }
  }

  /** Statements and a last expression, in a scope of their own. */
  body(type: Type, scope: Scope, depth: number): string {
    const own = inner(scope);
    const lines = this.random.chance(2) ? this.statements(own, 1 + this.random.below(2)) : [];
    return [...lines, `(${this.expression(type, own, depth)})`].join("\n");
  }

  private tried(type: Type, scope: Scope, depth: number): string {
    const { random } = this;
    const name = this.fresh("e");
    const protectedScope = inner(scope);
    const body = this.body(type, protectedScope, depth);
    const handler = this.body(type, inner(scope, { variables: [...scope.variables, { name, type: "string", mutable: false }] }), depth);
    const typed = random.chance(5) ? ": Shape" : "";
    const after = random.chance(3)
      ? ` finally {\n${this.statements(inner(scope, { inFunction: false, inLoop: false }), 1).join("\n")}\n}`
      : "";
    return `try {\n${body}\n} catch (${name}${typed}) {\n${handler}\n}${after}`;
  }

  private match(type: Type, scope: Scope, depth: number): string {
    const { random } = this;
    const subject = this.type();
    const arms = Array.from({ length: 1 + random.below(3) }, () => this.arm(subject, type, scope, depth));
    if (!random.chance(4)) arms.push(`_ -> {\n${this.body(type, scope, depth)}\n}`);
    return `match ${this.operand(subject, scope, depth)} {\n${arms.join("\n")}\n}`;
  }

  private arm(subject: Type, type: Type, scope: Scope, depth: number): string {
    const { random } = this;
    const own = inner(scope);
    const bind = (bound: Type): string => {
      const name = this.fresh("m");
      own.variables.push({ name, type: bound, mutable: false });
      return name;
    };
    const literal = (): string => random.pick(["1", '"a"', "2", "nil", "1.0", "true"]);
    const heads = [() => bind(subject), literal, () => `${literal()} | ${literal()} | 3`, () => this.operand(subject, scope, 1)];
    if (subject === "enum")
      heads.push(
        () => `Shape.Circle(${bind("int")})`,
        () => `Shape.Rect(_, ${bind("string")})`,
        () => "Shape.Dot",
      );
    if (subject === "result")
      heads.push(
        () => `Result.Ok(${bind("int")})`,
        () => `Result.Err(${bind("string")})`,
      );
    if (subject === "ints" || subject === "list")
      heads.push(
        () => `[${bind("int")}, _]`,
        () => `[1, ${bind("int")}]`,
        () => "[]",
      );
    if (subject === "dict")
      heads.push(
        () => `{a: ${bind("int")}}`,
        () => `{a: 1, b: ${bind("int")}}`,
        () => "{}",
      );
    const head = random.pick(heads)();
    const guard = random.chance(4) ? ` if ${this.operand("bool", own, depth)}` : "";
    return `${head}${guard} -> {\n${this.body(type, own, depth)}\n}`;
  }

  private piped(type: Type, scope: Scope, depth: number): string {
    const from = this.type();
    const left = this.operand(from, scope, depth);
    if (this.random.chance(2)) return `${left} |> ${this.closure([from], type, scope, depth)}`;
    if (this.random.chance(4))
      return `${left} |> ${this.random.pick(["len", '"to_string"', "isEven", '"isOdd"', "5", `"${UNKNOWN_NAME}"`])}`;
    return `${left} |> ${this.random.pick(["[_, 1]", 'see("p", _)', "_.count", "_ + 1", "[_, _][0]", "to_string(_).len()", "_.map({ x -> x })"])}`;
  }

  /** A call of a declared function or of a function in a variable. */
  private called(type: Type, scope: Scope, depth: number): string {
    const { random } = this;
    if (this.forward.length > 0 && type === "int" && random.chance(3)) return `${random.pick(this.forward)}(${random.pick(SMALL_INTS)})`;
    const fitting = [...scope.functions, ...PRELUDE_FUNCTIONS].filter((f) => f.result === type);
    const holders = scope.variables.filter((variable) => variable.type === "fn");
    if (fitting.length === 0 || random.chance(5)) {
      if (holders.length === 0) return this.special(type, scope, depth);
      return `${random.pick(holders).name}(${this.expression("int", scope, depth)})`;
    }
    const f = random.pick(fitting);
    if (PRELUDE_FUNCTIONS.includes(f)) return `${f.name}(${random.chance(20) ? "120" : random.pick(SMALL_INTS)})`;
    const count = random.chance(12) ? random.below(f.params.length + 2) : f.required + random.below(f.params.length - f.required + 1);
    const args = Array.from({ length: count }, (_, i) => this.expression(f.params[i] ?? "int", scope, depth));
    return `${f.name}(${args.join(", ")}${random.chance(12) ? `${args.length > 0 ? ", " : ""}...${this.operand("ints", scope, depth)}` : ""})`;
  }

  closure(params: readonly Type[], result: Type, scope: Scope, depth: number): string {
    const own = inner(scope, { inFunction: true, inLoop: false });
    const names = params.map((type) => {
      const name = this.fresh("x");
      own.variables.push({ name, type, mutable: false });
      return name;
    });
    const body = this.body(result, own, depth);
    if (this.random.chance(3)) return `fn(${names.join(", ")}) {\n${body}\n}`;
    return `{ ${names.join(", ")} -> ${body} }`;
  }

  // --- Forms of one type -------------------------------------------------------------------------------------------------------------

  protected special(type: Type, scope: Scope, depth: number): string {
    const e = (of: Type): string => this.operand(of, scope, depth);
    const a = (of: Type): string => this.expression(of, scope, depth);
    const f = (param: Type, result: Type): string => this.closure([param], result, scope, depth);
    const { random } = this;
    switch (type) {
      case "int":
        return random.pick([
          () => `${e("int")} ${random.pick(["+", "-", "*", "/", "%", "+", "-"])} ${e("int")}`,
          () => `-${e("int")}`,
          () => `${e("int")} ** ${random.pick(["0", "1", "2", "5", "63", "100"])}`,
          () => `${e("string")}.${random.pick(["count", "count()", "len()", `index_of(${a("string")})`])}`,
          () => `${e("ints")}.${random.pick(["count", "sum()", "first", `index_of(${a("int")})`, "max()"])}`,
          () => `len(${a(random.pick(["string", "list", "dict", "range", "set", "int"]))})`,
          () => `${e("ints")}.reduce(${a("int")}, ${this.closure(["int", "int"], "int", scope, depth)})`,
          () => `${e("ints")}.${random.pick(["find", "find_index"])}(${f("int", "bool")})`,
        ])();
      case "float":
        return random.pick([
          () => `${e("float")} ${random.pick(["+", "-", "*", "/", "%", "**"])} ${e(random.pick(["int", "float"]))}`,
          () => `${e("int")} ${random.pick(["+", "-", "*", "/"])} ${e("float")}`,
          () => `-${e("float")}`,
          () => `${e("int")} ** ${random.pick(["-1", "-2", "0.5"])}`,
          () => this.arithmetic(scope, 3),
        ])();
      case "string":
        return this.text(scope, depth);
      case "bool":
        return this.truth(scope, depth);
      case "ints":
      case "strings":
      case "list":
        return this.list(type, scope, depth);
      case "dict":
        return this.dict(scope, depth);
      default:
        return this.other(type, scope, depth);
    }
  }

  /** Ints of all sizes and floats in one calculation. */
  private arithmetic(scope: Scope, levels: number): string {
    const { random } = this;
    if (levels <= 0 || random.chance(4)) {
      if (random.chance(40)) return `(${this.leaf(this.type(), scope)})`;
      const variables = scope.variables.filter(({ type }) => type === "int" || type === "float");
      if (variables.length > 0 && random.chance(2)) return random.pick(variables).name;
      return `(${random.pick(random.chance(2) ? INTS : FLOATS)})`;
    }
    const inside = (): string => this.arithmetic(scope, levels - 1);
    if (random.chance(10)) return `(-${inside()})`;
    return `(${inside()} ${random.pick(["+", "-", "*", "/", "+", "-", "*", "%"])} ${inside()})`;
  }

  private text(scope: Scope, depth: number): string {
    const e = (of: Type): string => this.operand(of, scope, depth);
    const a = (of: Type): string => this.expression(of, scope, depth);
    const { random } = this;
    return random.pick([
      () => `${e("string")} + ${e("string")}`,
      () => `${e("string")} * ${random.pick(["0", "1", "2", "3", "-1"])}`,
      () => `"<\${${a(this.type())}}|\${${a(this.type())}}>"`,
      () => `"\${${a(this.type())}}"`,
      () => `to_string(${a(this.type())})`,
      () => `type_of(${a(this.type())})`,
      () => `${e("string")}[${random.pick(["1:", ":2", "-2:", "0:1", ":"])}]`,
      () => `${e("string")}[${e("int")}:${e("int")}]`,
      () => `${e("string")}.${random.pick(["upper()", "trim()", "reverse()", "repeat(2)", 'pad_left(4, "-")', "pad_right(3)", "lower()"])}`,
      () =>
        `${e("string")}.${random.pick([`replace(${a("string")}, ${a("string")})`, `substring(${random.pick(SMALL_INTS)}, ${random.pick(SMALL_INTS)})`])}`,
      () => `${e(random.pick(["strings", "list"]))}.join(${a("string")})`,
      () => `${e("enum")}.variant`,
      () => `${e("struct")}.label()`,
    ])();
  }

  private truth(scope: Scope, depth: number): string {
    const e = (of: Type): string => this.operand(of, scope, depth);
    const { random } = this;
    const some = this.type();
    return random.pick([
      () => `${e(some)} ${random.pick(["==", "!="])} ${e(random.chance(3) ? this.type() : some)}`,
      () => `${e(some)} ${random.pick(["<", ">", "<=", ">="])} ${e(random.chance(3) ? this.type() : some)}`,
      () => `${e("int")} ${random.pick(["<", ">", "<=", ">=", "==", "!="])} ${e(random.pick(["int", "float"]))}`,
      () => `${e(this.type())} ${random.pick(["&&", "||"])} ${e(this.type())}`,
      () => `${e("bool")} ${random.pick(["&&", "||"])} ${e("bool")}`,
      () => `${this.arithmetic(scope, 2)} ${random.pick(["<", ">", "<=", ">=", "==", "!="])} ${this.arithmetic(scope, 2)}`,
      () => `!${e(this.type())}`,
      () => `${e(this.type())} ${random.pick(["in", "not in"])} ${e(random.pick(["list", "dict", "string", "set", "range", "int"]))}`,
      () => `${e("ints")}.${random.pick(["any", "all", "none"])}(${this.closure(["int"], "bool", scope, depth)})`,
      () => `${e("string")}.${random.pick(["contains", "starts_with", "ends_with"])}(${this.expression("string", scope, depth)})`,
      () => `${random.pick(["is_ok", "is_err"])}(${this.expression("result", scope, depth)})`,
    ])();
  }

  private list(type: Type, scope: Scope, depth: number): string {
    const item: Type = type === "ints" ? "int" : type === "strings" ? "string" : this.type();
    const e = (of: Type): string => this.operand(of, scope, depth);
    const a = (of: Type): string => this.expression(of, scope, depth);
    const { random } = this;
    const choices = [
      () => `[${Array.from({ length: random.below(4) }, () => a(item)).join(", ")}]`,
      () => `[${a(item)}, ...${e(type)}]`,
      () => `${e(type)} + ${e(type)}`,
      () => `${e(type)}[${random.pick(["1:", ":2", "-2:", ":"])}]`,
      () =>
        `${e(type)}.${random.pick([`push(${a(item)})`, "pop()", "reverse()", "unique()", "compact()", "take(2)", "skip(1)", "slice(-2)"])}`,
      () => `${e(type)}.filter(${this.closure([item], "bool", scope, depth)})`,
      () => `${e(random.pick(["ints", "strings", "list"]))}.map(${this.closure(["int"], item, scope, depth)})`,
      () => `${e(type)}.sort()`,
    ];
    if (type === "strings")
      choices.push(
        () => `${e("string")}.split(${a("string")})`,
        () => `${e("dict")}.keys()`,
        () => `${e("string")}.chars()`,
      );
    if (type === "list") {
      choices.push(
        () => `${e("ints")}.${random.pick(["enumerate()", "chunk(2)", "window(2)", `zip(${a("strings")})`, "first(2)"])}`,
        () => `${e("dict")}.${random.pick(["entries()", "values()"])}`,
        () => `${e("list")}.${random.pick([`flat_map(${this.closure(["int"], "list", scope, depth)})`, "flatten()"])}`,
        () => `${e("ints")}.${random.pick(["sort_by", "partition"])}(${this.closure(["int"], "int", scope, depth)})`,
        () => `${e("enum")}.fields`,
      );
    }
    return random.pick(choices)();
  }

  private dict(scope: Scope, depth: number): string {
    const e = (of: Type): string => this.operand(of, scope, depth);
    const a = (of: Type): string => this.expression(of, scope, depth);
    const { random } = this;
    const key = (): string => random.pick(KEYS);
    return random.pick([
      () => `{${key()}: ${a(this.type())}, ${key()}: ${a(this.type())}}`,
      () => `{[${a(this.type())}]: ${a(this.type())}, "${key()}": ${a("int")}}`,
      () => `{...${e("dict")}, ${key()}: ${a(this.type())}}`,
      () => `${e("dict")} + ${e("dict")}`,
      () =>
        `${e("dict")}.${random.pick([`merge(${a("dict")})`, `remove("${key()}")`, `map_values(${this.closure(["int"], "int", scope, depth)})`])}`,
      () => `${e("ints")}.${random.pick(["tally()", `group_by(${this.closure(["int"], "bool", scope, depth)})`])}`,
    ])();
  }

  private other(type: Type, scope: Scope, depth: number): string {
    const e = (of: Type): string => this.operand(of, scope, depth);
    const a = (of: Type): string => this.expression(of, scope, depth);
    const { random } = this;
    switch (type) {
      case "range":
        return `${random.pick(SMALL_INTS)} to ${random.pick([random.pick(SMALL_INTS), `${e("ints")}.count`])}${random.chance(2) ? " exclusive" : ""}`;
      case "set":
        return random.pick([
          () => `set(${a(this.type())}, ${a("list")})`,
          () => `${e("set")}.${random.pick(["add", "remove"])}(${a("int")})`,
        ])();
      case "pair":
        return `pair(${a(this.type())}, ${a(this.type())})`;
      case "fn":
        return this.closure(["int"], this.type(), scope, depth);
      case "enum":
        return random.pick([`Shape.Circle(${a("int")})`, `Shape.Rect(${a("int")}, ${a(this.type())})`]);
      case "struct":
        return random.pick([
          () => `Point {x: ${a("int")}, y: ${a(this.type())}}`,
          () => `Point {tag: ${a("string")}, x: ${a("int")}, ${random.pick(["z", "y"])}: ${a("int")}}`,
          () => `${e("struct")}.moved(${a("int")})`,
        ])();
      case "result":
        return random.pick([
          () => `Ok(${a(this.type())})`,
          () => `Err(${a("string")})`,
          () => `try {\n${this.body("int", scope, depth)}\n}`,
        ])();
      case "nil":
        return random.pick([
          () => `${e("dict")}.missing`,
          () => `${e("ints")}[9]`,
          () => `${e("int")}.nothing(${a("int")})`,
          () => `nil?.x`,
        ])();
      default:
        return random.pick(DURATIONS);
    }
  }
}
