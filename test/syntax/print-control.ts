/** Control flow, bindings and the other statements as source text. */
import type {
  BindingPattern,
  DictPatternField,
  IfElse,
  ListPatternItem,
  MatchExpr,
  Node,
  Parallel,
  SelectExpr,
  TryCatch,
} from "../../src/syntax/ast.ts";
import { ExpressionPrinter } from "./print-expressions.ts";
import { annotationText } from "./print-types.ts";

export abstract class ControlPrinter extends ExpressionPrinter {
  protected abstract declaration(node: Node): string | null;

  statement(node: Node): string {
    return this.simpleStatement(node) ?? this.control(node) ?? this.declaration(node) ?? this.expressionStatement(node);
  }

  /** An expression as a statement; `fn` at the start of a statement would be a declaration. */
  private expressionStatement(node: Node): string {
    const first = startOf(node);
    return first.kind === "Closure" && first.fnSyntax ? `(${this.value(node)})` : this.value(node);
  }

  private simpleStatement(node: Node): string | null {
    switch (node.kind) {
      case "LetBinding":
      case "VarBinding": {
        const word = node.kind === "LetBinding" ? "let" : "var";
        return `${word} ${this.pattern(node.pattern)}${annotationText(node.typeAnn)} = ${this.value(node.value)}`;
      }
      case "Assignment":
        return `${this.value(node.target)} ${node.op ?? ""}= ${this.value(node.value)}`;
      case "ReturnStmt":
        return node.value === null ? "return" : `return ${this.value(node.value)}`;
      case "YieldExpr":
        return node.value === null ? "yield" : `yield ${this.value(node.value)}`;
      case "ThrowStmt":
        return `throw ${this.value(node.value)}`;
      case "EmitExpr":
        return `emit ${this.value(node.value)}`;
      case "BreakStmt":
        return "break";
      case "ContinueStmt":
        return "continue";
      case "RequireStmt":
        return `require ${this.value(node.condition)}${node.message === null ? "" : `, ${this.value(node.message)}`}`;
      case "GuardStmt":
        return `guard ${this.value(node.condition)} else ${this.block(node.elseBody)}`;
      case "MutexBlock":
        return `mutex ${this.block(node.body)}`;
      case "DeferStmt":
        return `defer ${this.block(node.body)}`;
      default:
        return null;
    }
  }

  private control(node: Node): string | null {
    switch (node.kind) {
      case "IfElse":
        return this.ifElse(node);
      case "ForIn":
        return `for ${this.pattern(node.pattern)} in ${this.head(node.iterable)}${this.block(node.body)}`;
      case "WhileLoop":
        return `while (${this.value(node.condition)}) ${this.block(node.body)}`;
      case "Retry":
        return `retry ${this.head(node.count)}${this.block(node.body)}`;
      case "DeadlineBlock":
        return `deadline ${this.head(node.duration)}${this.block(node.body)}`;
      case "MatchExpr":
        return this.match(node);
      case "TryExpr":
        return `try ${this.block(node.body)}`;
      case "TryCatch":
        return this.tryCatch(node);
      case "Parallel":
        return this.parallel(node);
      case "SelectExpr":
        return this.select(node);
      default:
        return null;
    }
  }

  private ifElse(node: IfElse): string {
    const head = `if ${this.head(node.condition)}${this.block(node.then)}`;
    if (node.else === null) return head;
    const only = node.else.length === 1 ? node.else[0] : undefined;
    return `${head} else ${only?.kind === "IfElse" ? this.ifElse(only) : this.block(node.else)}`;
  }

  private match(node: MatchExpr): string {
    const arms = node.arms.map((arm) => {
      const heads = arm.pattern.kind === "OrPattern" ? arm.pattern.alternatives : [arm.pattern];
      const guard = arm.guard === null ? "" : ` if ${this.closed(arm.guard)}`;
      return `${heads.map((head) => this.value(head)).join(" | ")}${guard} -> ${this.block(arm.body)}\n`;
    });
    return `match ${this.head(node.value)}{\n${arms.join("")}}`;
  }

  private tryCatch(node: TryCatch): string {
    let text = `try ${this.block(node.body)}`;
    if (node.hasCatch) {
      const variable = node.errorVar === null ? "" : `(${node.errorVar}${annotationText(node.errorType)}) `;
      text += ` catch ${variable}${this.block(node.catchBody)}`;
    }
    return node.finallyBody === null ? text : `${text} finally ${this.block(node.finallyBody)}`;
  }

  private parallel(node: Parallel): string {
    const mode = node.mode === "Each" || node.mode === "EachStream" ? "each " : node.mode === "Settle" ? "settle " : "";
    const options = node.options.map((option) => `${option.key}: ${this.value(option.value)}`).join(", ");
    const body = this.block(node.body, node.variable === null ? "" : `${node.variable} ->`);
    const tasks = options === "" ? this.head(node.expr) : `${this.closed(node.expr)} with {${options}} `;
    return `parallel ${mode}${tasks}${body}${node.mode === "EachStream" ? " as stream" : ""}`;
  }

  private select(node: SelectExpr): string {
    const heads = node.cases.map(({ variable, channel, body }) => `${variable} from ${this.head(channel)}${this.block(body)}\n`);
    if (node.timeout !== null) heads.push(`timeout ${this.head(node.timeout.duration)}${this.block(node.timeout.body)}\n`);
    if (node.default !== null) heads.push(`default ${this.block(node.default)}\n`);
    return `select {\n${heads.join("")}}`;
  }

  // --- Binding patterns ----------------------------------------------------------------------------------------------------------

  private pattern(pattern: BindingPattern): string {
    switch (pattern.kind) {
      case "Name":
        return pattern.name;
      case "PairPattern":
        return `(${pattern.first}, ${pattern.second})`;
      case "DictPattern":
        return `{${pattern.fields.map((field) => this.field(field)).join(", ")}}`;
      case "ListPattern":
        return `[${pattern.items.map((item) => this.item(item)).join(", ")}]`;
    }
  }

  private field(field: DictPatternField): string {
    if (field.rest) return `...${field.key}`;
    return `${field.key}${field.alias === null ? "" : `: ${field.alias}`}${this.fallback(field.default)}`;
  }

  private item(item: ListPatternItem): string {
    return item.rest ? `...${item.name}` : `${item.name}${this.fallback(item.default)}`;
  }

  private fallback(node: Node | null): string {
    return node === null ? "" : ` = ${this.value(node)}`;
  }
}

/** The node whose text an expression starts with. */
function startOf(node: Node): Node {
  let at = node;
  for (;;) {
    switch (at.kind) {
      case "BinaryOp":
        at = at.left;
        break;
      case "Ternary":
        at = at.condition;
        break;
      case "RangeExpr":
        at = at.start;
        break;
      case "MethodCall":
      case "PropertyAccess":
      case "SubscriptAccess":
      case "SliceAccess":
        at = at.object;
        break;
      default:
        return at;
    }
  }
}
