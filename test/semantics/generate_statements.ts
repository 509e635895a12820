/** Random statements and declarations. */
import { Expressions } from "./generate_expressions.ts";
import { inner, KEYS, type Scope, SMALL_INTS, type Type, UNKNOWN_NAME, type Variable } from "./generate_types.ts";

export class Bodies extends Expressions {
  /** So many statements; what they bind is added to the scope. */
  statements(scope: Scope, count: number): string[] {
    return Array.from({ length: count }, () => this.statement(scope));
  }

  private statement(scope: Scope): string {
    const { random } = this;
    if (this.left <= 0) return `println(${this.expression("int", scope, 0)})`;
    switch (random.below(16)) {
      case 0:
      case 1:
      case 2:
      case 3:
        return this.binding(scope);
      case 4:
      case 5:
      case 6:
        return this.assignment(scope);
      case 7:
        return `println(${this.expression(this.type(), scope, 3)})`;
      case 8:
        return this.loop(scope);
      case 9:
        return `if ${this.operand("bool", scope, 2)} {\n${this.block(scope)}\n}${random.chance(2) ? "" : ` else {\n${this.block(scope)}\n}`}`;
      case 10:
        return this.leaving(scope);
      case 11:
        return this.protectedBlock(scope);
      case 12:
        return this.taking(scope);
      case 13:
        return random.chance(3) ? this.functionDeclaration(scope) : this.binding(scope);
      default:
        return `see("${this.fresh("t")}", ${this.expression(this.type(), scope, 3)})`;
    }
  }

  private block(scope: Scope, changes: Partial<Scope> = {}): string {
    return this.statements(inner(scope, changes), 1 + this.random.below(3)).join("\n");
  }

  // --- Bindings and assignment -------------------------------------------------------------------------------------------------------

  private binding(scope: Scope): string {
    if (this.forward.length > 0 && this.random.chance(12)) {
      // Another function of a name that functions elsewhere may call: whoever calls them brings this one along.
      return `${this.random.pick(["var", "var", "let"])} ${this.random.pick(this.forward)} = ${this.closure(["int"], "int", scope, 2)}`;
    }
    const type = this.type();
    const mutable = this.random.chance(2);
    const value = this.expression(type, scope, 3);
    const name = this.fresh();
    scope.variables.push({ name, type, mutable });
    return `${mutable ? "var" : "let"} ${name} = ${value}`;
  }

  /** `let` with a pattern. */
  private taking(scope: Scope): string {
    const { random } = this;
    const fromDict = random.chance(2);
    const value = this.expression(fromDict ? "dict" : "list", scope, 3);
    const otherwise = this.operand("int", scope, 1);
    const [a, b, rest] = [this.fresh(), this.fresh(), this.fresh()];
    scope.variables.push({ name: a, type: "int", mutable: false }, { name: b, type: "int", mutable: false });
    scope.variables.push({ name: rest, type: fromDict ? "dict" : "list", mutable: false });
    if (fromDict) return `let {a: ${a}, ${random.pick(KEYS)}: ${b} = ${otherwise}, ...${rest}} = ${value}`;
    return `let [${a}, _, ${b} = ${otherwise}, ...${rest}] = ${value}`;
  }

  private assignment(scope: Scope): string {
    const { random } = this;
    const known = scope.variables.filter((variable) => variable.mutable || random.chance(40));
    if (known.length === 0) return random.chance(30) ? `${UNKNOWN_NAME} = ${this.expression("int", scope, 1)}` : this.binding(scope);
    const variable = random.pick(known);
    const { name, type } = variable;
    const value = (of: Type): string => this.expression(of, scope, 3);
    if (type === "ints" || type === "list") return this.listUpdate(variable, scope);
    if (type === "dict") return this.dictUpdate(variable, scope);
    if (type === "struct" && random.chance(2)) return `${name}.${random.pick(["x", "y", "w"])} ${random.pick(["=", "+="])} ${value("int")}`;
    if (type === "int" && random.chance(2)) return `${name} ${random.pick(["+=", "-=", "*=", "/=", "%="])} ${value("int")}`;
    if (type === "string" && random.chance(2))
      return random.pick([`${name} += ${value("string")}`, `${name} = ${name} + ${value("string")}`]);
    return `${name} = ${value(type)}`;
  }

  /** An assignment that binds nothing new. */
  private assignmentOnly(scope: Scope): string {
    const variables = scope.variables.filter((variable) => variable.mutable);
    return variables.length === 0 ? 'see("again", 1)' : this.assignment({ ...scope, variables });
  }

  private listUpdate({ name, type }: Variable, scope: Scope): string {
    const { random } = this;
    const item = this.expression(type === "ints" ? "int" : this.type(), scope, 2);
    const index = random.chance(3) ? this.expression("int", scope, 2) : random.pick(SMALL_INTS);
    return random.pick([
      `${name} = ${name}.push(${item})`,
      `${name} = ${name} + [${item}]`,
      `${name} += [${item}]`,
      `${name}[${index}] = ${item}`,
      `${name}[${index}] += ${item}`,
      `${name}[${index}] = ${name}[${index}] + ${item}`,
      `${name}[0] = ${name}[0].push(${item})`,
      `${name}[${index}] = ${name}[${index}].push(${item})`,
      `${name}[0][${index}] = ${item}`,
      `${name}[1][0] += ${item}`,
      `${name} = ${this.expression(type, scope, 3)}`,
    ]);
  }

  private dictUpdate({ name }: Variable, scope: Scope): string {
    const { random } = this;
    const key = random.pick(KEYS);
    const value = (of: Type): string => this.expression(of, scope, 2);
    return random.pick([
      () => `${name}.${key} = ${value(this.type())}`,
      () => `${name}["${key}"] = ${value(this.type())}`,
      () => `${name}[${value(this.type())}] = ${value("int")}`,
      () => `${name}.${key} = ${name}.${key}.push(${value("int")})`,
      () => `${name}.${key} = ${name}.${key} + ${this.operand("int", scope, 2)}`,
      () => `${name}.${key} += ${value("int")}`,
      () => `${name}.a.b = ${value("int")}`,
      () => `${name}.c[${value("int")}] = ${value("int")}`,
      () => `${name}.c[0] += ${value("int")}`,
      () => `${name} = ${value("dict")}`,
    ])();
  }

  // --- Control flow --------------------------------------------------------------------------------------------------------------------

  private loop(scope: Scope): string {
    const { random } = this;
    const name = this.fresh("i");
    const body = (bound: readonly Variable[]): string => this.block(scope, { variables: [...scope.variables, ...bound], inLoop: true });
    if (random.chance(3)) {
      const more = random.chance(4) ? ` && ${this.operand("bool", scope, 2)}` : "";
      const start = `var ${name} = 0\nwhile ${name} < ${1 + random.below(3)}${more} {\n${name} = ${name} + 1\n`;
      return `${start}${body([{ name, type: "int", mutable: false }])}\n}`;
    }
    if (random.chance(4)) {
      const items = this.operand(random.chance(8) ? "list" : "dict", scope, 2);
      return `for {key, value: ${name}} in ${items} {\n${body([
        { name: "key", type: "string", mutable: true },
        { name, type: "int", mutable: true },
      ])}\n}`;
    }
    const over = random.pick(["ints", "list", "strings", "range", "set", "dict", "nil"] as const);
    const item: Type = over === "strings" ? "string" : over === "dict" ? "dict" : "int";
    return `for ${name} in ${this.operand(over, scope, 2)} {\n${body([{ name, type: item, mutable: true }])}\n}`;
  }

  private leaving(scope: Scope): string {
    const { random } = this;
    const condition = this.operand("bool", scope, 2);
    if (scope.inLoop && random.chance(2)) return `if ${condition} {\n${random.pick(["break", "continue"])}\n}`;
    if (scope.inFunction && random.chance(2)) return `if ${condition} {\nreturn ${this.expression(this.type(), scope, 2)}\n}`;
    if (scope.inFunction && random.chance(4)) return `let ${this.fresh()} = ${this.operand("result", scope, 2)}?`;
    switch (random.below(4)) {
      case 0:
        return `require ${condition}, ${this.expression("string", scope, 2)}`;
      case 1:
        return `guard ${condition} else {\n${this.block(scope)}\n}`;
      case 2:
        return `if ${condition} {\nthrow ${this.expression(random.pick(["string", "enum", "dict", "int"]), scope, 2)}\n}`;
      default:
        return `retry ${1 + random.below(3)} {\n${this.assignmentOnly(scope)}\nsee("${this.fresh("t")}", ${this.expression("int", scope, 3)})\n}`;
    }
  }

  private protectedBlock(scope: Scope): string {
    const { random } = this;
    const name = this.fresh("e");
    const after = `finally {\nsee("${this.fresh("f")}", ${random.chance(8) ? this.expression("int", scope, 2) : "1"})\n}`;
    const body = this.block(scope);
    if (random.chance(5)) return `try {\n${body}\n} ${after}`;
    const handler = this.block(scope, { variables: [...scope.variables, { name, type: "string", mutable: false }] });
    const typed = random.chance(6) ? ": Shape" : "";
    return `try {\n${body}\n} catch (${name}${typed}) {\n${handler}\n}${random.chance(2) ? ` ${after}` : ""}`;
  }

  // --- Functions -----------------------------------------------------------------------------------------------------------------------

  /** A function that counts down to 0, through others of its kind if there are any. */
  forwardDeclaration(name: string, scope: Scope): string {
    const own = inner({ ...scope, variables: [] }, { inFunction: true, inLoop: false });
    own.variables.push({ name: "n", type: "int", mutable: false });
    const end = `if n <= 0 {\nreturn ${this.expression("int", own, 2)}\n}`;
    const on = `${this.random.pick(this.forward)}(n - 1)`;
    const lines = [
      end,
      ...this.statements(own, this.random.below(3)),
      this.random.chance(2) ? `return ${on}` : `let more = ${on}\nreturn more`,
    ];
    return `fn ${name}(n) {\n${lines.join("\n")}\n}`;
  }

  functionDeclaration(scope: Scope): string {
    const { random } = this;
    const name = this.fresh("f");
    const own = inner(scope, { inFunction: true, inLoop: false });
    const types = Array.from({ length: random.below(4) }, () => this.type());
    let required = types.length;
    const params = types.map((type, i) => {
      const param = this.fresh("p");
      const otherwise = i > 0 && (required < types.length || random.chance(4)) ? ` = ${this.expression(type, own, 1)}` : "";
      if (otherwise !== "") required = Math.min(required, i);
      own.variables.push({ name: param, type, mutable: false });
      return `${param}${otherwise}`;
    });
    if (random.chance(6)) {
      const rest = this.fresh("p");
      params.push(`...${rest}`);
      own.variables.push({ name: rest, type: "list", mutable: false });
    }
    const result = this.type();
    const lines = [
      ...(random.chance(6) ? [`defer {\nsee("${this.fresh("d")}", ${this.expression(this.type(), scope, 1)})\n}`] : []),
      ...this.statements(own, random.below(4)),
      random.chance(10) ? `(${this.expression(result, own, 2)})` : `return ${this.expression(result, own, 3)}`,
    ];
    scope.functions.push({ name, params: types, required, result });
    return `fn ${name}(${params.join(", ")}) {\n${lines.join("\n")}\n}`;
  }

  /** A function that is small enough to be compiled in place of its calls, and some calls of it. */
  smallFunction(scope: Scope): { readonly declaration: string; readonly calls: readonly string[] } {
    const { random } = this;
    const name = this.fresh("f");
    const params = Array.from({ length: random.below(4) }, () => this.fresh("p"));
    const args = (): string =>
      params.map(() => random.pick(["3", "0.25", '"ab"', "nil", "[2, 1]", "{a: 1}", this.operand("int", scope, 1)])).join(", ");
    const call = (): string => `${name}(${args()})`;
    const calls = Array.from({ length: 1 + random.below(3) }, () =>
      random.pick([
        `see("${this.fresh("t")}", ${call()})`,
        `see("${this.fresh("t")}", try {\n${call()}\n} catch (e) {\n(e)\n})`,
        `for i in 0 to 2 {\nsee("${this.fresh("t")}", (${call()}) ?? ${call()})\n}`,
        `see("${this.fresh("t")}", [try {\n(${call()} + ${call()})\n}, try {\n${call()}\n}])`,
      ]),
    );
    return { declaration: `fn ${name}(${params.join(", ")}) {\n${this.smallBody(params, 2).join("\n")}\n}`, calls };
  }

  /** A body for that: it computes with what it has, whatever kinds that is. */
  private smallBody(names: readonly string[], depth: number): string[] {
    const { random } = this;
    const known = [...names];
    const leaf = (): string => random.pick([...known, ...known, "2", "0.5", '"s"', "nil", "[1]"]);
    const part = (): string => `(${leaf()} ${random.pick(["+", "-", "*", "/", "%", "<", ">=", "==", "&&", "??", "in"])} ${leaf()})`;
    const computed = (): string =>
      random.pick([leaf(), part(), part(), `${part()} + ${part()}`, `(${part()} ? ${random.pick([...known, "2"])} : ${part()})`]);
    const lines = Array.from({ length: random.below(3) }, () => {
      const form = depth === 0 ? 0 : random.below(4);
      if (form === 3) return `if ${part()} {\n${this.smallBody(known, 0).join("\n")}\n}`;
      if (form === 2) return `if ${part()} { return ${computed()} }${random.chance(2) ? "" : ` else { return ${leaf()} }`}`;
      const variable = this.fresh();
      const line = `${form === 1 ? "var" : "let"} ${variable} = ${computed()}`;
      known.push(variable);
      return form === 1 ? `${line}\n${variable} ${random.pick(["=", "+=", "*="])} ${computed()}` : line;
    });
    return random.chance(5) && depth > 0 ? lines : [...lines, `return ${computed()}`];
  }
}
