/**
 * A tree as source text. Parsing the text gives the same tree, spans aside; comments and layout are not in the tree and so not here.
 *
 * Where the grammar depends on what stands around (`{` and `<` after a name, `?` in front of an operand, words that are keywords in
 * some places), the printer adds parentheses, which leave no node.
 */
import type { Attribute, EnumDecl, EvalPackDecl, FieldDecl, FnDecl, InterfaceDecl, Node, Program } from "../../src/syntax/ast.ts";
import { ControlPrinter } from "./print-control.ts";
import { annotationText, attributeValueText, quoted, returnTypeText, typeParamsText, typeText } from "./print-types.ts";

/** The text of a whole file; each item ends with a line feed. */
export function printProgram(program: Program): string {
  const printer = new Printer();
  return program.items.map((item) => `${printer.statement(item)}\n`).join("");
}

/** The text of one statement or expression. */
export function printNode(node: Node): string {
  return new Printer().statement(node);
}

class Printer extends ControlPrinter {
  protected declaration(node: Node): string | null {
    switch (node.kind) {
      case "AttributedDecl":
        return `${node.attributes.map((attribute) => `${attributeText(attribute)}\n`).join("")}${this.statement(node.inner)}`;
      case "FnDecl":
        return this.fn(node);
      case "ToolDecl": {
        const head = `${pub(node.isPub)}tool ${node.name}(${this.params(node.params)})${returnTypeText(node.returnType)}`;
        return `${head} ${this.block(node.body, node.description === null ? "" : `description ${quoted(node.description)};`)}`;
      }
      case "Pipeline": {
        const parent = node.extends === null ? "" : ` extends ${node.extends}`;
        const head = `${pub(node.isPub)}pipeline ${node.name}(${node.params.join(", ")})${returnTypeText(node.returnType)}${parent}`;
        return `${head} ${this.block(node.body)}`;
      }
      case "OverrideDecl":
        return `override ${node.name}(${node.params.join(", ")}) ${this.block(node.body)}`;
      case "ImportDecl":
        return `${pub(node.isPub)}import ${quoted(node.path)}`;
      case "SelectiveImport":
        return `${pub(node.isPub)}import { ${node.names.join(", ")} } from ${quoted(node.path)}`;
      case "SkillDecl": {
        const fields = node.fields.map((field) => `${field.name} ${this.value(field.value)}\n`);
        return `${pub(node.isPub)}skill ${node.name} {\n${fields.join("")}}`;
      }
      case "EvalPackDecl":
        return this.evalPack(node);
      default:
        return this.typeDeclaration(node);
    }
  }

  private typeDeclaration(node: Node): string | null {
    switch (node.kind) {
      case "TypeDecl":
        return `type ${node.name}${typeParamsText(node.typeParams)} = ${typeText(node.typeExpr)}`;
      case "EnumDecl":
        return this.enum(node);
      case "StructDecl":
        return `${pub(node.isPub)}struct ${node.name}${typeParamsText(node.typeParams)} {\n${node.fields.map(fieldText).join("")}}`;
      case "InterfaceDecl":
        return this.interface(node);
      case "ImplBlock":
        return `impl ${node.typeName} {\n${node.methods.map((method) => `${this.fn(method)}\n`).join("")}}`;
      default:
        return null;
    }
  }

  private fn(node: FnDecl): string {
    const where = node.where.map((bound) => `${bound.typeName}: ${bound.bound}`).join(", ");
    const signature = `${typeParamsText(node.typeParams)}(${this.params(node.params)})${returnTypeText(node.returnType)}`;
    const head = `${pub(node.isPub)}${node.isStream ? "gen " : ""}fn ${node.name}${signature}`;
    return `${head}${where === "" ? "" : ` where ${where}`} ${this.block(node.body)}`;
  }

  private enum(node: EnumDecl): string {
    const variants = node.variants.map(({ name, fields }) => `${name}${fields.length === 0 ? "" : `(${this.params(fields)})`}\n`);
    return `${pub(node.isPub)}enum ${node.name}${typeParamsText(node.typeParams)} {\n${variants.join("")}}`;
  }

  private interface(node: InterfaceDecl): string {
    const types = node.assocTypes.map(({ name, type }) => `type ${name}${type === null ? "" : ` = ${typeText(type)}`}\n`);
    const methods = node.methods.map(
      (method) =>
        `fn ${method.name}${typeParamsText(method.typeParams)}(${this.params(method.params)})${returnTypeText(method.returnType)}\n`,
    );
    return `interface ${node.name}${typeParamsText(node.typeParams)} {\n${types.join("")}${methods.join("")}}`;
  }

  private evalPack(node: EvalPackDecl): string {
    const id = node.id === null ? "" : ` ${quoted(node.id)}`;
    const fields = node.fields.map((field) => `${field.name}: ${this.value(field.value)}\n`);
    const body = node.body.map((statement) => `${this.statement(statement)}\n`);
    return `${pub(node.isPub)}eval_pack ${quoted(node.name)}${id} {\n${fields.join("")}${body.join("")}}`;
  }
}

function pub(isPub: boolean): string {
  return isPub ? "pub " : "";
}

function fieldText(field: FieldDecl): string {
  return `${field.name}${field.optional ? "?" : ""}${annotationText(field.type)}\n`;
}

function attributeText(attribute: Attribute): string {
  if (attribute.args.length === 0) return `@${attribute.name}`;
  const args = attribute.args.map((arg) => `${arg.name === null ? "" : `${arg.name}: `}${attributeValueText(arg.value)}`);
  return `@${attribute.name}(${args.join(", ")})`;
}
