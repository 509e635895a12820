/** The rules for declarations, imports and attributes. */
import type {
  AssocType,
  Attribute,
  AttributeArg,
  AttributeValue,
  FieldDecl,
  FnDecl,
  InterfaceMethod,
  Node,
  VariantDecl,
  WhereBound,
} from "./ast.ts";
import { SyntaxFailure } from "./failure.ts";
import { ControlParser } from "./parse-control.ts";

const AFTER_PUB = "fn, tool, skill, struct, enum, pipeline, or import after pub";
const AFTER_ATTRIBUTE = "fn/tool/skill/pipeline/struct/enum/type/interface/impl declaration after `@attr`";
const ATTRIBUTE_VALUE = "attribute argument value (literal or identifier)";

export abstract class DeclarationParser extends ControlParser {
  protected abstract statement(): Node;
  /** Requires a separator behind what was read, unless a closing brace follows. `after` says what it separates. */
  protected abstract separator(after: string): void;

  // --- Functions and their like --------------------------------------------------------------------------------------------------

  /** `[ 'gen' ] ^'fn' NAME [ ^'<' tparams ] '(' params ')' [ ^'->' type ] [ ^'where' … ] '{' block '}'` */
  protected fnDecl(start: number, isPub: boolean): FnDecl {
    const isStream = this.takeWord("gen");
    this.expect("fn");
    const name = this.name("function name");
    const typeParams = this.typeParams();
    const params = this.parenthesisedParams();
    const returnType = this.returnType();
    const where = this.takeWord("where") ? this.whereBounds() : [];
    const body = this.block();
    return { kind: "FnDecl", span: this.spanFrom(start), name, typeParams, params, returnType, where, body, isPub, isStream };
  }

  private whereBounds(): WhereBound[] {
    const bounds: WhereBound[] = [];
    do {
      const typeName = this.name("type parameter name");
      this.expect(":");
      bounds.push({ typeName, bound: this.name("type bound") });
    } while (this.take(","));
    return bounds;
  }

  /** `'tool' NAME '(' params ')' [ ^'->' type ] '{' [ 'description' STRING sep ] block '}'` */
  protected toolDecl(start: number, isPub: boolean): Node {
    this.step();
    const name = this.name("tool name");
    const params = this.parenthesisedParams();
    const returnType = this.returnType();
    this.expect("{");
    this.skipNewlines();
    const description = this.toolDescription();
    const body = this.blockRest();
    return { kind: "ToolDecl", span: this.spanFrom(start), name, description, params, returnType, body, isPub };
  }

  private toolDescription(): string | null {
    const ahead = this.kind(1) === "newline" ? 2 : 1;
    if (!this.atWord("description") || this.kind(ahead) !== "string") return null;
    this.index += ahead;
    const description = this.tokens.values[this.index] as string;
    this.step();
    this.separator("tool body item");
    return description;
  }

  protected pipelineDecl(start: number, isPub: boolean): Node {
    this.step();
    const name = this.name("pipeline name");
    const params = this.plainParams();
    const returnType = this.returnType();
    const parent = this.take("extends") ? this.name("parent pipeline name") : null;
    const body = this.block();
    return { kind: "Pipeline", span: this.spanFrom(start), name, params, returnType, body, extends: parent, isPub };
  }

  protected overrideDecl(): Node {
    const start = this.start();
    this.step();
    const name = this.name("override name");
    const params = this.plainParams();
    const body = this.block();
    return { kind: "OverrideDecl", span: this.spanFrom(start), name, params, body };
  }

  /** `'(' { NAME ^,? } ')'` */
  private plainParams(): string[] {
    this.expect("(");
    const names: string[] = [];
    for (this.skipNewlines(); !this.at(")") && !this.at("eof"); ) {
      names.push(this.name("parameter name"));
      if (this.take(",")) this.skipNewlines();
    }
    this.expect(")");
    return names;
  }

  // --- Types ---------------------------------------------------------------------------------------------------------------------

  /** `'type' NAME [ ^'<' tparams ] '=' type` */
  protected typeDecl(): Node {
    const start = this.start();
    this.step();
    const name = this.name("type name");
    const typeParams = this.typeParams();
    this.expect("=");
    const typeExpr = this.typeExpr();
    return { kind: "TypeDecl", span: this.spanFrom(start), name, typeParams, typeExpr };
  }

  protected enumDecl(start: number, isPub: boolean): Node {
    this.step();
    const name = this.name("enum name");
    const typeParams = this.typeParams();
    this.expect("{");
    const variants: VariantDecl[] = [];
    for (this.skipNewlines(); !this.at("}") && !this.at("eof"); this.skipNewlines()) {
      const variant = this.name("variant name");
      variants.push({ name: variant, fields: this.at("(") ? this.parenthesisedParams() : [] });
      this.skipNewlines();
      this.take(",");
    }
    this.expect("}");
    return { kind: "EnumDecl", span: this.spanFrom(start), name, typeParams, variants, isPub };
  }

  protected structDecl(start: number, isPub: boolean): Node {
    this.step();
    const name = this.name("struct name");
    const typeParams = this.typeParams();
    this.expect("{");
    const fields: FieldDecl[] = [];
    for (this.skipNewlines(); !this.at("}") && !this.at("eof"); this.skipNewlines()) {
      const field = this.name("field name");
      const optional = this.take("?");
      fields.push({ name: field, type: this.annotation(), optional });
      this.skipNewlines();
      this.take(",");
    }
    this.expect("}");
    return { kind: "StructDecl", span: this.spanFrom(start), name, typeParams, fields, isPub };
  }

  protected interfaceDecl(): Node {
    const start = this.start();
    this.step();
    const name = this.name("interface name");
    const typeParams = this.typeParams();
    this.expect("{");
    const assocTypes: AssocType[] = [];
    const methods: InterfaceMethod[] = [];
    for (this.skipNewlines(); !this.at("}") && !this.at("eof"); this.skipNewlines()) {
      if (this.take("type")) {
        const assoc = this.name("associated type name");
        assocTypes.push({ name: assoc, type: this.take("=") ? this.typeExpr() : null });
      } else methods.push(this.interfaceMethod());
    }
    this.expect("}");
    return { kind: "InterfaceDecl", span: this.spanFrom(start), name, typeParams, assocTypes, methods };
  }

  private interfaceMethod(): InterfaceMethod {
    this.expect("fn");
    const name = this.name("method name");
    const typeParams = this.typeParams();
    const params = this.parenthesisedParams();
    return { name, typeParams, params, returnType: this.returnType() };
  }

  /** `'impl' NAME '{' { [ 'pub' ] 'fn' … } '}'` */
  protected implBlock(): Node {
    const start = this.start();
    this.step();
    const typeName = this.name("type name");
    this.expect("{");
    const methods: FnDecl[] = [];
    for (this.skipNewlines(); !this.at("}") && !this.at("eof"); this.skipNewlines()) {
      const from = this.start();
      const isPub = this.take("pub");
      if (!this.at("fn")) throw this.failure("fn");
      methods.push(this.fnDecl(from, isPub));
    }
    this.expect("}");
    return { kind: "ImplBlock", span: this.spanFrom(start), typeName, methods };
  }

  // --- Host-provided kinds -------------------------------------------------------------------------------------------------------

  /** `'skill' NAME '{' { NAME expr sep } '}'` */
  protected skillDecl(start: number, isPub: boolean): Node {
    this.step();
    const name = this.name("skill name");
    this.expect("{");
    const fields: { name: string; value: Node }[] = [];
    for (this.skipNewlines(); !this.at("}") && !this.at("eof"); ) {
      const field = this.key("skill field name");
      fields.push({ name: field, value: this.expression() });
      this.separator("skill field");
    }
    this.expect("}");
    return { kind: "SkillDecl", span: this.spanFrom(start), name, fields, isPub };
  }

  /** `eval_pack` is a word of its own only in front of a name or a string on the same line. */
  protected atEvalPack(): boolean {
    return this.atWord("eval_pack") && (this.kind(1) === "ident" || this.kind(1) === "string");
  }

  /** `'eval_pack' ( NAME | STRING ) [ STRING ] '{' { ( NAME ^':' expr | stmt ) sep } '}'` */
  protected evalPackDecl(start: number, isPub: boolean): Node {
    this.step();
    const name = this.tokens.values[this.step()] as string;
    const id = this.at("string") ? (this.tokens.values[this.step()] as string) : null;
    this.expect("{");
    const fields: { name: string; value: Node }[] = [];
    const body: Node[] = [];
    for (this.skipNewlines(); !this.at("}") && !this.at("eof"); ) {
      if (this.at("ident") && this.kind(1) === ":") {
        const field = this.name("field name");
        this.step();
        fields.push({ name: field, value: this.expression() });
      } else body.push(this.statement());
      this.separator("eval_pack item");
    }
    this.expect("}");
    return { kind: "EvalPackDecl", span: this.spanFrom(start), name, id, fields, body, isPub };
  }

  // --- Imports and visibility ----------------------------------------------------------------------------------------------------

  /** `'import' ( ^STRING | ^'{' { NAME ,? } '}' 'from' ^STRING )` */
  protected importDecl(start: number, isPub: boolean): Node {
    this.step();
    if (!this.take("{")) {
      const path = this.importPath();
      return { kind: "ImportDecl", span: this.spanFrom(start), path, isPub };
    }
    const names: string[] = [];
    for (this.skipNewlines(); !this.at("}") && !this.at("eof"); this.skipNewlines()) {
      names.push(this.name("import name"));
      this.skipNewlines();
      this.take(",");
    }
    this.expect("}");
    this.expect("from");
    const path = this.importPath();
    return { kind: "SelectiveImport", span: this.spanFrom(start), names, path, isPub };
  }

  private importPath(): string {
    return this.tokens.values[this.expectHere("string", "import path string")] as string;
  }

  /** `'pub' ^( fn | tool | skill | enum | struct | pipeline | import )` */
  protected pubDecl(): Node {
    const start = this.start();
    this.step();
    switch (this.kind()) {
      case "fn":
        return this.fnDecl(start, true);
      case "tool":
        return this.toolDecl(start, true);
      case "skill":
        return this.skillDecl(start, true);
      case "enum":
        return this.enumDecl(start, true);
      case "struct":
        return this.structDecl(start, true);
      case "pipeline":
        return this.pipelineDecl(start, true);
      case "import":
        return this.importDecl(start, true);
    }
    if (this.atWord("gen") && this.kind(1) === "fn") return this.fnDecl(start, true);
    if (this.atEvalPack()) return this.evalPackDecl(start, true);
    throw this.failure(AFTER_PUB);
  }

  // --- Attributes ----------------------------------------------------------------------------------------------------------------

  /** `attr { attr } ( pipeline | stmt )`, where the statement must turn out to be a declaration. */
  protected attributedDecl(): Node {
    const start = this.start();
    const attributes: Attribute[] = [];
    while (this.at("@")) {
      attributes.push(this.attribute());
      this.skipNewlines();
    }
    const declStart = this.start();
    const inner = this.at("pipeline") ? this.pipelineDecl(declStart, false) : this.statement();
    if (!ATTRIBUTABLE.has(inner.kind)) {
      throw new SyntaxFailure("syntax/expected", AFTER_ATTRIBUTE, "non-declaration statement", inner.span);
    }
    return { kind: "AttributedDecl", span: this.spanFrom(start), attributes, inner };
  }

  private attribute(): Attribute {
    const start = this.start();
    this.step();
    const name = this.name("attribute name");
    const args: AttributeArg[] = [];
    if (this.take("(")) {
      for (this.skipNewlines(); !this.at(")") && !this.at("eof"); this.skipNewlines()) {
        args.push(this.attributeArg());
        this.skipNewlines();
        if (!this.take(",")) break;
      }
      this.expect(")");
    }
    return { name, args, span: this.spanFrom(start) };
  }

  /** `[ NAME ^':' ] aval` */
  private attributeArg(): AttributeArg {
    const start = this.start();
    let name: string | null = null;
    if (this.at("ident") && this.kind(1) === ":") {
      name = this.name("attribute name");
      this.step();
    }
    const value = this.attributeValue();
    return { name, value, span: this.spanFrom(start) };
  }

  private attributeValue(): AttributeValue {
    this.skipNewlines();
    const value = this.tokens.values[this.index];
    switch (this.kind()) {
      case "string":
      case "raw":
        this.step();
        return { kind: "string", value: value as string };
      case "ident":
        this.step();
        return { kind: "name", value: value as string };
      case "int":
        this.step();
        return { kind: "int", value: value as bigint };
      case "float":
        this.step();
        return { kind: "float", value: value as number };
      case "true":
      case "false":
        return { kind: "bool", value: this.tokens.kinds[this.step()] === "true" };
      case "nil":
        this.step();
        return { kind: "nil" };
      case "-":
        return this.negativeAttributeValue();
      case "[":
        return this.attributeList();
      default:
        throw this.failure(ATTRIBUTE_VALUE);
    }
  }

  private negativeAttributeValue(): AttributeValue {
    this.step();
    const value = this.tokens.values[this.index];
    if (this.take("int")) return { kind: "int", value: -(value as bigint) };
    if (this.take("float")) return { kind: "float", value: -(value as number) };
    throw this.failure("number after '-' in attribute argument");
  }

  private attributeList(): AttributeValue {
    this.descend();
    this.step();
    const items: AttributeValue[] = [];
    for (this.skipNewlines(); !this.at("]") && !this.at("eof"); this.skipNewlines()) {
      items.push(this.attributeValue());
      this.skipNewlines();
      if (!this.take(",")) break;
    }
    this.expect("]");
    this.ascend();
    return { kind: "list", items };
  }
}

const ATTRIBUTABLE: ReadonlySet<Node["kind"]> = new Set<Node["kind"]>([
  "FnDecl", "ToolDecl", "SkillDecl", "Pipeline", "StructDecl", "EnumDecl", "TypeDecl", "InterfaceDecl", "ImplBlock", "EvalPackDecl",
]); // biome-ignore format: one line
