/** Expressions as source text. A level says how tightly the place binds; what binds more loosely gets parentheses. */
import type { BinaryOp, BinaryOperator, Block, Closure, Entry, InterpolatedString, Node, Param } from "../../src/syntax/ast.ts";
import { PRECEDENCE } from "../../src/syntax/precedence.ts";
import { annotationText, durationText, escaped, floatText, quoted, typeText } from "./print-types.ts";

const PIPE = -2;
const RANGE = -1;
const TERNARY = 0;
const UNARY = 9;
const POSTFIX = 10;

export abstract class ExpressionPrinter {
  abstract statement(node: Node): string;

  /** Statements in braces. `head` stands behind the opening brace: the parameters of a closure. */
  protected block(body: Block, head = ""): string {
    if (body.length === 0) return head === "" ? "{}" : `{ ${head} }`;
    return `{${head === "" ? "" : ` ${head}`}\n${body.map((node) => `${this.statement(node)}\n`).join("")}}`;
  }

  /** An expression in a place that takes only operands at least as tight as `level`. */
  protected expression(node: Node, level: number): string {
    const text = this.bare(node);
    return levelOf(node) < level ? `(${text})` : text;
  }

  /** An expression where any may stand, in front of a comma, a closer or the end of the line. */
  protected value(node: Node): string {
    return this.expression(node, PIPE);
  }

  /** An expression that must not run into what follows it, such as the brace of a block or the colon of a ternary. */
  protected closed(node: Node): string {
    return isSimple(node) ? this.bare(node) : `(${this.bare(node)})`;
  }

  /**
   * An expression in front of the brace of a block. Behind a name that is written like a type's, a brace on the same line may open a
   * struct literal, so it goes to the next one.
   */
  protected head(node: Node): string {
    const text = this.closed(node);
    return node.kind === "Identifier" && /^\p{Uppercase}/u.test(text) ? `${text}\n` : `${text} `;
  }

  private bare(node: Node): string {
    switch (node.kind) {
      case "BinaryOp":
        return this.binary(node);
      case "UnaryOp":
        return `${node.op}${node.operand.kind === "UnaryOp" ? " " : ""}${this.expression(node.operand, UNARY)}`;
      case "Ternary":
        return `${this.expression(node.condition, 1)} ? ${this.closed(node.trueExpr)} : ${this.expression(node.falseExpr, 1)}`;
      case "RangeExpr":
        return `${this.expression(node.start, TERNARY)} to ${this.expression(node.end, TERNARY)}${node.inclusive ? "" : " exclusive"}`;
      case "TryStar":
        return `try* ${this.expression(node.operand, UNARY)}`;
      case "TryOperator":
        return `${this.expression(node.operand, POSTFIX)}?`;
      case "Spread":
        return `...${this.value(node.expr)}`;
      case "SpawnExpr":
        return `spawn ${this.block(node.body)}`;
      default:
        return this.access(node);
    }
  }

  private binary(node: BinaryOp): string {
    const level = operatorLevel(node.op);
    const left = this.expression(node.left, node.op === "**" ? level + 1 : level);
    // Behind `name <` a type could stand, and the comparison would be read as a generic call.
    if (node.op === "<") return `${left} < (${this.bare(node.right)})`;
    const right = this.expression(node.right, node.op === "**" ? level : level + 1);
    return `${left} ${node.op === "not_in" ? "not in" : node.op} ${right}`;
  }

  private access(node: Node): string {
    switch (node.kind) {
      case "FunctionCall": {
        const types = node.typeArgs.length === 0 ? "" : `<${node.typeArgs.map(typeText).join(", ")}>`;
        return `${node.name}${types}(${this.list(node.args)})`;
      }
      case "MethodCall":
        return `${this.expression(node.object, POSTFIX)}${node.optional ? "?." : "."}${node.method}(${this.list(node.args)})`;
      case "PropertyAccess":
        return `${this.expression(node.object, POSTFIX)}${node.optional ? "?." : "."}${node.property}`;
      case "SubscriptAccess":
        return `${this.expression(node.object, POSTFIX)}${node.optional ? "?" : ""}[${this.value(node.index)}]`;
      case "SliceAccess": {
        const start = node.start === null ? "" : this.closed(node.start);
        const end = node.end === null ? "" : this.value(node.end);
        return `${this.expression(node.object, POSTFIX)}[${start}:${end}]`;
      }
      default:
        return this.literal(node);
    }
  }

  private literal(node: Node): string {
    switch (node.kind) {
      case "Identifier":
        return node.name;
      case "StringLiteral":
        return quoted(node.value);
      case "RawStringLiteral":
        return `r"${node.value}"`;
      case "InterpolatedString":
        return this.interpolated(node);
      case "IntLiteral":
        return String(node.value);
      case "FloatLiteral":
        return floatText(node.value);
      case "BoolLiteral":
        return String(node.value);
      case "NilLiteral":
        return "nil";
      case "DurationLiteral":
        return durationText(node.ms);
      case "ListLiteral":
        return `[${this.list(node.items)}]`;
      case "DictLiteral":
        return this.entries(node.entries);
      case "StructConstruct":
        return `${node.structName} ${this.entries(node.entries)}`;
      case "Closure":
        return this.closure(node);
      default:
        return this.statement(node);
    }
  }

  private closure(node: Closure): string {
    const params = this.params(node.params);
    return node.fnSyntax ? `fn(${params}) ${this.block(node.body)}` : this.block(node.body, `${params} ->`.trimStart());
  }

  protected params(params: readonly Param[]): string {
    return params.map((param) => this.param(param)).join(", ");
  }

  private param(param: Param): string {
    const fallback = param.default === null ? "" : ` = ${this.value(param.default)}`;
    return `${param.rest ? "..." : ""}${param.name}${annotationText(param.type)}${fallback}`;
  }

  private list(nodes: readonly Node[]): string {
    return nodes.map((node) => this.value(node)).join(", ");
  }

  private entries(entries: readonly Entry[]): string {
    return `{${entries.map((entry) => this.entry(entry)).join(", ")}}`;
  }

  private entry({ key, value }: Entry): string {
    if (key === null) return this.value(value);
    const word = key.kind === "StringLiteral" ? quoted(key.value) : `[${this.value(key)}]`;
    return `${word}: ${this.value(value)}`;
  }

  private interpolated(node: InterpolatedString): string {
    const parts = node.segments.map((segment) => (typeof segment === "string" ? escaped(segment) : `\${${balanced(this.value(segment))}}`));
    // A part that does not lex vanishes when read: it keeps a string interpolated that has lost all its expressions.
    return node.segments.every((segment) => typeof segment === "string") ? `"${parts.join("")}\${$}"` : `"${parts.join("")}"`;
  }
}

/** The end of an interpolation is found by counting braces, those in strings too; comments with the missing ones even them out. */
function balanced(expression: string): string {
  let depth = 0;
  let lowest = 0;
  for (const char of expression) {
    if (char === "{") depth++;
    else if (char === "}") lowest = Math.min(lowest, --depth);
  }
  const before = lowest < 0 ? `/*${"{".repeat(-lowest)}*/` : "";
  const after = depth - lowest > 0 ? `/*${"}".repeat(depth - lowest)}*/` : "";
  return before + expression + after;
}

function operatorLevel(op: BinaryOperator): number {
  return op === "|>" ? PIPE : PRECEDENCE[op];
}

function levelOf(node: Node): number {
  switch (node.kind) {
    case "BinaryOp":
      return operatorLevel(node.op);
    case "RangeExpr":
      return RANGE;
    case "Ternary":
      return TERNARY;
    case "UnaryOp":
    case "TryStar":
      return UNARY;
    case "Identifier":
      return CONTEXTUAL.has(node.name) ? LOWEST : POSTFIX;
    case "FunctionCall":
      // The arrow of a function type, directly inside the braces of a dict, would make a closure of it.
      return node.typeArgs.length > 0 ? LOWEST : POSTFIX;
    default:
      return ALWAYS_CLOSED.has(node.kind) ? LOWEST : POSTFIX;
  }
}

/** Below every place, so that it always gets parentheses. */
const LOWEST = -3;

/** Forms that swallow line ends, end a statement, or read differently by what follows them. */
const ALWAYS_CLOSED: ReadonlySet<Node["kind"]> = new Set<Node["kind"]>([
  "IfElse",
  "MatchExpr",
  "TryCatch",
  "TryExpr",
  "TryOperator",
  "Retry",
  "Parallel",
  "DeadlineBlock",
]);

/** Identifiers that are keywords in some places. */
const CONTEXTUAL: ReadonlySet<string> = new Set([
  "not", "gen", "const", "eval_pack", "each", "settle", "with", "as", "stream", "timeout", "default", "description", "where", "out",
]); // biome-ignore format: a list of words reads best filled

/** Whether an expression can be followed by anything, in a place that starts with anything. */
function isSimple(node: Node): boolean {
  switch (node.kind) {
    case "Identifier":
      return !CONTEXTUAL.has(node.name);
    case "StringLiteral":
    case "IntLiteral":
    case "FloatLiteral":
    case "BoolLiteral":
    case "NilLiteral":
      return true;
    default:
      return false;
  }
}
