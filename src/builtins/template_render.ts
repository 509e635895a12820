/** Renders a template's tree with its bindings. */
import { keysInOrder } from "../vm/dict.ts";
import { compare, equals } from "../vm/equality.ts";
import type { NativeContext } from "../vm/native.ts";
import { rangeAt, rangeLength } from "../vm/ranges.ts";
import { codePoints } from "../vm/strings.ts";
import { Dict, dictOf, Float, HarnSet, isInt, List, Range, share, typeName, type Value } from "../vm/values.ts";
import { checkItems, checkTextLength } from "./args.ts";
import { applyFilter, templateText, templateTruthy } from "./template_filters.ts";
import { type Expr, type PathStep, TemplateFault } from "./template_expr.ts";
import { PlacedFault, type TemplateNode } from "./template_parse.ts";

/** Finds and parses the template that a file includes. */
export type Include = (path: string, from: Template) => Template;

export interface Template {
  readonly nodes: readonly TemplateNode[];
  /** The folder that its includes are relative to. */
  readonly folder: string;
  /** Canonical paths of the files that led here, the top one left out. */
  readonly chain: readonly string[];
}

type Scope = ReadonlyMap<string, Value>;

/** @throws PlacedFault for what goes wrong while rendering */
export function renderTemplate(ctx: NativeContext, template: Template, bindings: Scope, include: Include): string {
  const renderer = new Renderer(ctx, include);
  renderer.nodes(template.nodes, template, bindings);
  return renderer.text();
}

class Renderer {
  private readonly parts: string[] = [];
  private length = 0;

  constructor(
    private readonly ctx: NativeContext,
    private readonly include: Include,
  ) {}

  text(): string {
    return this.parts.join("");
  }

  nodes(nodes: readonly TemplateNode[], template: Template, scope: Scope): void {
    for (const node of nodes) {
      this.ctx.burn(1);
      if (node.kind === "text") this.write(node.text);
      else this.directive(node, template, scope);
    }
  }

  private write(text: string): void {
    this.length += text.length;
    checkTextLength(this.ctx, this.length);
    this.parts.push(text);
  }

  private directive(node: Exclude<TemplateNode, { kind: "text" }>, template: Template, scope: Scope): void {
    try {
      switch (node.kind) {
        case "value":
          this.write(node.bare !== null && !scope.has(node.bare) ? `{{${node.bare}}}` : templateText(this.evaluate(node.expr, scope)));
          return;
        case "if":
          this.conditional(node, template, scope);
          return;
        case "for":
          this.loop(node, template, scope);
          return;
        case "include":
          this.included(node, template, scope);
      }
    } catch (error) {
      if (error instanceof TemplateFault) throw new PlacedFault(node.at, error.message);
      throw error;
    }
  }

  private conditional(node: TemplateNode & { kind: "if" }, template: Template, scope: Scope): void {
    const taken = node.branches.find((branch) => templateTruthy(this.evaluate(branch.test, scope)));
    this.nodes(taken?.body ?? node.otherwise, template, scope);
  }

  private loop(node: TemplateNode & { kind: "for" }, template: Template, scope: Scope): void {
    const rounds = this.rounds(this.evaluate(node.over, scope), node.names.length === 2);
    if (rounds.length === 0) {
      this.nodes(node.otherwise, template, scope);
      return;
    }
    rounds.forEach((values, i) => {
      const inner = new Map(scope);
      node.names.forEach((name, k) => {
        inner.set(name, values[k] as Value);
      });
      inner.set("loop", dictOf({ index: i + 1, index0: i, first: i === 0, last: i === rounds.length - 1, length: rounds.length }));
      this.nodes(node.body, template, inner);
    });
  }

  /** What the loop variables are in each round. */
  private rounds(over: Value, two: boolean): Value[][] {
    if (over === null) return [];
    if (over instanceof Dict) {
      return keysInOrder(over).map((key) => {
        const value = share(over.map.get(key) as Value);
        return two ? [key, value] : [value];
      });
    }
    const items = this.itemsOf(over);
    checkItems(this.ctx, items.length);
    return items.map((item, i) => (two ? [i, share(item)] : [share(item)]));
  }

  private itemsOf(over: Value): readonly Value[] {
    if (over instanceof List) return over.items.slice(0, over.length);
    if (over instanceof HarnSet) return over.items;
    if (over instanceof Range) {
      const length = Number(rangeLength(over));
      checkItems(this.ctx, length);
      return Array.from({ length }, (_, i) => rangeAt(over, i) as Value);
    }
    throw new TemplateFault(`cannot iterate over ${typeName(over)} — expected list, dict, set, or range`);
  }

  private included(node: TemplateNode & { kind: "include" }, template: Template, scope: Scope): void {
    const path = this.evaluate(node.path, scope);
    if (typeof path !== "string") throw new TemplateFault(`include path must be a string (got ${typeName(path)})`);
    const inner = new Map(scope);
    for (const [name, expr] of node.bindings) inner.set(name, share(this.evaluate(expr, scope)));
    const partial = this.include(path, template);
    this.nodes(partial.nodes, partial, inner);
  }

  private evaluate(expr: Expr, scope: Scope): Value {
    this.ctx.burn(1);
    switch (expr.kind) {
      case "literal":
        return expr.value;
      case "path":
        return share(expr.steps.reduce(follow, scope.get(expr.name) ?? null));
      case "not":
        return !templateTruthy(this.evaluate(expr.body, scope));
      case "and":
      case "or": {
        const left = this.evaluate(expr.left, scope);
        return templateTruthy(left) === (expr.kind === "or") ? left : this.evaluate(expr.right, scope);
      }
      case "compare":
        return compares(expr.op, this.evaluate(expr.left, scope), this.evaluate(expr.right, scope));
      case "filter": {
        const input = this.evaluate(expr.input, scope);
        const args = expr.args.map((arg) => this.evaluate(arg, scope));
        return applyFilter(this.ctx, expr.name, input, args);
      }
    }
  }
}

function follow(value: Value, step: PathStep): Value {
  if (step.kind === "field") return value instanceof Dict ? (value.map.get(step.name) ?? null) : null;
  const items: readonly Value[] = value instanceof List ? value.items : typeof value === "string" ? codePoints(value) : [];
  const length = value instanceof List ? value.length : items.length;
  const index = Number(step.index);
  const at = index < 0 ? index + length : index;
  return at >= 0 && at < length ? (items[at] as Value) : null;
}

function compares(op: string, a: Value, b: Value): boolean {
  if (op === "==") return equals(a, b);
  if (op === "!=") return !equals(a, b);
  const isNumber = (value: Value) => isInt(value) || value instanceof Float;
  if (!(isNumber(a) && isNumber(b)) && !(typeof a === "string" && typeof b === "string")) return false;
  const order = compare(a, b);
  if (op === "<") return order < 0;
  if (op === "<=") return order <= 0;
  return op === ">" ? order > 0 : order >= 0;
}
