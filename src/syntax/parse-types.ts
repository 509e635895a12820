/** The rules for type expressions, and for the type-parameter lists and parameter types that are made of them. */
import type { ShapeField, TypeExpr, TypeParam } from "./ast.ts";
import { Cursor } from "./cursor.ts";

export abstract class TypeParser extends Cursor {
  /** Offsets of each `<` that turned out not to open type arguments. */
  private readonly openEnded = new Set<number>();

  /** `type = tprim { ^'|' tprim }` */
  protected typeExpr(): TypeExpr {
    this.descend();
    const first = this.typePrimary();
    if (!this.at("|")) {
      this.ascend();
      return first;
    }
    const members = [first];
    while (this.take("|")) members.push(this.typePrimary());
    this.ascend();
    return { kind: "Union", members };
  }

  /** An annotation behind `:`, when there is one on this line. */
  protected annotation(): TypeExpr | null {
    return this.take(":") ? this.typeExpr() : null;
  }

  /** `[ ^'->' type ]` */
  protected returnType(): TypeExpr | null {
    return this.take("->") ? this.typeExpr() : null;
  }

  private typePrimary(): TypeExpr {
    this.skipNewlines();
    switch (this.kind()) {
      case "{":
        return this.shapeType();
      case "[": {
        this.step();
        const item = this.typeExpr();
        this.expect("]");
        return { kind: "ListType", item };
      }
      case "nil":
        this.step();
        return { kind: "Named", name: "nil" };
      case "true":
      case "false":
        this.step();
        return { kind: "Named", name: "bool" };
      case "string":
      case "raw":
        return { kind: "LitString", value: this.tokens.values[this.step()] as string };
      case "int":
        return { kind: "LitInt", value: this.tokens.values[this.step()] as bigint };
      case "-":
        if (this.kind(1) !== "int") break;
        this.step();
        return { kind: "LitInt", value: -(this.tokens.values[this.step()] as bigint) };
      case "fn":
        return this.fnType();
    }
    return this.namedType();
  }

  private namedType(): TypeExpr {
    const name = this.name("type name");
    if (name === "never") return { kind: "Never" };
    return this.at("<") ? applied(name, this.typeArgs()) : { kind: "Named", name };
  }

  /**
   * `'<' types '>'`. In an expression this is tried before a `<` counts as a comparison, and the trial may run over many further `<`.
   * Those it could not close are remembered, so that none is tried a second time: `[a < b, a < b, …]` stays linear.
   */
  protected typeArgs(): TypeExpr[] {
    const less = this.start();
    if (this.openEnded.has(less)) throw this.failure("type name");
    this.step();
    try {
      const types = this.typeList();
      this.expect(">");
      return types;
    } catch (thrown) {
      this.openEnded.add(less);
      throw thrown;
    }
  }

  /** `types = type { ',' type } [ ',' ]`, up to the closing `>` and without it. */
  private typeList(): TypeExpr[] {
    const types = [this.typeExpr()];
    while (this.kindPastNewlines() === ",") {
      this.skipNewlines();
      this.step();
      if (this.kindPastNewlines() === ">") break;
      types.push(this.typeExpr());
    }
    return types;
  }

  private shapeType(): TypeExpr {
    this.step();
    const fields: ShapeField[] = [];
    for (this.skipNewlines(); !this.at("}") && !this.at("eof"); this.skipNewlines()) {
      const name = this.key("field name");
      const optional = this.take("?");
      this.expect(":");
      fields.push({ name, type: this.typeExpr(), optional });
      this.skipNewlines();
      this.take(",");
    }
    this.expect("}");
    return { kind: "Shape", fields };
  }

  private fnType(): TypeExpr {
    this.step();
    this.expect("(");
    const params: TypeExpr[] = [];
    for (this.skipNewlines(); !this.at(")") && !this.at("eof"); this.skipNewlines()) {
      params.push(this.typeExpr());
      this.skipNewlines();
      this.take(",");
    }
    this.expect(")");
    this.expect("->");
    return { kind: "FnType", params, result: this.typeExpr() };
  }

  /** `[ ^'<' tparams ]`: a line end may stand before a name, and before the closing `>` only behind a comma. */
  protected typeParams(): TypeParam[] {
    const params: TypeParam[] = [];
    if (!this.take("<")) return params;
    for (this.skipNewlines(); !this.at(">") && !this.at("eof"); ) {
      this.skipNewlines();
      let variance: TypeParam["variance"] = "invariant";
      if (this.take("in")) variance = "in";
      else if (this.atWord("out") && this.kind(1) === "ident") {
        this.step();
        variance = "out";
      }
      params.push({ name: this.name("type parameter name"), variance });
      if (this.take(",")) this.skipNewlines();
    }
    this.expect(">");
    return params;
  }
}

/** The built-in constructors have kinds of their own when their number of arguments is right. */
function applied(name: string, args: readonly TypeExpr[]): TypeExpr {
  const [first, second] = args;
  if (args.length === 2 && name === "dict") return { kind: "DictType", key: first as TypeExpr, value: second as TypeExpr };
  if (args.length === 1 && first !== undefined) {
    switch (name) {
      case "list":
        return { kind: "ListType", item: first };
      case "iter":
      case "Iter":
        return { kind: "IterType", item: first };
      case "Generator":
      case "generator":
        return { kind: "GeneratorType", item: first };
      case "Stream":
      case "stream":
        return { kind: "StreamType", item: first };
    }
  }
  return { kind: "Applied", name, args };
}
