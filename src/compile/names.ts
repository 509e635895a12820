/**
 * What a file binds and what a function uses, found before its code is made.
 *
 * Two questions need an answer ahead of time: can a call be bound at compile time (the name is bound in exactly one place), and which
 * captured variables should a function load into registers once instead of at each use.
 */
import type { BinaryOp, BindingPattern, Block, FnDecl, Node, Param, Program, TypeExpr } from "../syntax/ast.ts";
import { forEachChild } from "../syntax/walk.ts";

export interface FileNames {
  /** How many places bind a name: variables, parameters, functions, structs, imports, patterns. */
  readonly bound: ReadonlyMap<string, number>;
  /** Functions declared at the top level. */
  readonly functions: ReadonlyMap<string, FnDecl>;
  readonly enums: ReadonlySet<string>;
  readonly interfaces: ReadonlySet<string>;
  /** Types by the name of their alias: those of the top level, without type parameters and attributes. */
  readonly aliases: ReadonlyMap<string, TypeExpr>;
  /** Declared fields by struct name. */
  readonly structs: ReadonlyMap<string, readonly string[]>;
}

export function fileNames(program: Program, imported: readonly string[]): FileNames {
  const bound = new Map<string, number>();
  const functions = new Map<string, FnDecl>();
  const enums = new Set<string>(["Result"]);
  const interfaces = new Set<string>();
  const aliases = new Map<string, TypeExpr>();
  const structs = new Map<string, readonly string[]>();
  const bind = (name: string): void => void bound.set(name, (bound.get(name) ?? 0) + 1);
  imported.forEach(bind);
  const visit = (node: Node): void => {
    if (node.kind === "EnumDecl") enums.add(node.name);
    if (node.kind === "InterfaceDecl") interfaces.add(node.name);
    if (node.kind === "StructDecl") {
      structs.set(
        node.name,
        node.fields.map((field) => field.name),
      );
    }
    bindingsOf(node, bind);
    forEachChild(node, visit);
  };
  for (const item of program.items) {
    const declaration = undressed(item);
    if (declaration.kind === "FnDecl") functions.set(declaration.name, declaration);
    if (item.kind === "TypeDecl" && item.typeParams.length === 0) aliases.set(item.name, item.typeExpr);
    visit(item);
  }
  return { bound, functions, enums, interfaces, aliases, structs };
}

/** The declaration below its attributes. */
export function undressed(node: Node): Node {
  return node.kind === "AttributedDecl" ? undressed(node.inner) : node;
}

function bindingsOf(node: Node, bind: (name: string) => void): void {
  switch (node.kind) {
    case "LetBinding":
    case "VarBinding":
    case "ForIn":
      return patternNames(node.pattern).forEach(bind);
    case "FnDecl":
    case "ToolDecl":
      bind(node.name);
      return node.params.forEach((param) => bind(param.name));
    case "StructDecl":
    case "SkillDecl":
      return bind(node.name);
    case "Closure":
      return node.params.forEach((param) => bind(param.name));
    case "TryCatch":
      return node.errorVar === null ? undefined : bind(node.errorVar);
    case "MatchExpr":
      return node.arms.forEach((arm) => patternIdentifiers(arm.pattern, bind));
    case "Parallel":
      return node.variable === null ? undefined : bind(node.variable);
    case "SelectExpr":
      return node.cases.forEach((arm) => bind(arm.variable));
    default:
      return;
  }
}

/** Every identifier of a match head counts as bound: which ones are is decided where the arm is compiled. */
function patternIdentifiers(node: Node, bind: (name: string) => void): void {
  if (node.kind === "Identifier") bind(node.name);
  forEachChild(node, (child) => patternIdentifiers(child, bind));
}

export function patternNames(pattern: BindingPattern): string[] {
  switch (pattern.kind) {
    case "Name":
      return [pattern.name];
    case "PairPattern":
      return [pattern.first, pattern.second];
    case "DictPattern":
      return pattern.fields.map((field) => field.alias ?? field.key);
    case "ListPattern":
      return pattern.items.map((item) => item.name);
  }
}

const ARITHMETIC: ReadonlySet<string> = new Set(["+", "-", "*", "/"]);
const ORDER: ReadonlySet<string> = new Set(["<", "<=", ">", ">="]);

/** `a + b` and the like, whose instructions can leave a float unboxed. */
export function isArithmetic(node: Node): node is BinaryOp {
  return node.kind === "BinaryOp" && ARITHMETIC.has(node.op);
}

export interface Uses {
  /** Names worth a register: assigned, used in a loop, or used more than once. */
  readonly hot: ReadonlySet<string>;
  readonly assigned: ReadonlySet<string>;
  readonly yields: boolean;
}

/** Uses in a function's own code; nested functions have their own. */
export function usesOf(params: readonly Param[], body: Block): Uses {
  const seen = new Set<string>();
  const hot = new Set<string>();
  const assigned = new Set<string>();
  const use = (name: string, loops: boolean): void => {
    if (loops || seen.has(name)) hot.add(name);
    seen.add(name);
  };
  const visit = (node: Node, loops: boolean): void => {
    if (node.kind === "Identifier" || node.kind === "FunctionCall") use(node.name, loops);
    if (node.kind === "Assignment") {
      const root = rootOf(node.target);
      if (root !== null) {
        assigned.add(root);
        hot.add(root);
      }
    }
    if (isFunction(node)) return;
    const inner = loops || node.kind === "WhileLoop" || node.kind === "ForIn" || node.kind === "Retry";
    forEachChild(node, (child) => visit(child, inner));
  };
  for (const param of params) if (param.default !== null) visit(param.default, false);
  for (const statement of body) visit(statement, false);
  return { hot, assigned, yields: body.some(yieldsPlainly) };
}

/**
 * Variables whose floats are better not boxed: arithmetic writes them, and in the loops where it does nothing but arithmetic, comparisons
 * and plain assignment reads them. Reading one elsewhere boxes it then and there, so a wrong guess costs time and nothing else.
 */
export function unboxedNames(body: Block): ReadonlySet<string> {
  const written = new Map<string, number>();
  const read = new Map<string, number>();
  const deepest = (depths: Map<string, number>, name: string, loops: number): void => {
    depths.set(name, Math.max(depths.get(name) ?? 0, loops));
  };
  const visit = (node: Node, loops: number): void => {
    switch (node.kind) {
      case "Identifier":
      case "FunctionCall":
        deepest(read, node.name, loops);
        break;
      case "BinaryOp":
        if (ARITHMETIC.has(node.op) || ORDER.has(node.op)) return operands([node.left, node.right], loops);
        break;
      case "LetBinding":
      case "VarBinding":
        if (node.pattern.kind === "Name" && isArithmeticOrName(node.value)) deepest(written, node.pattern.name, loops);
        return operands([node.value], loops);
      case "Assignment":
        if (node.target.kind !== "Identifier") break;
        if (isArithmeticOrName(node.value) || ARITHMETIC.has(node.op ?? "")) deepest(written, node.target.name, loops);
        return operands([node.value], loops);
      case "ReturnStmt":
        return node.value === null ? undefined : visit(node.value, 0);
    }
    if (isFunction(node)) return;
    const inner = loops + (node.kind === "WhileLoop" || node.kind === "ForIn" ? 1 : 0);
    forEachChild(node, (child) => visit(child, inner));
  };
  const operands = (nodes: readonly Node[], loops: number): void => {
    for (const node of nodes) if (node.kind !== "Identifier") visit(node, loops);
  };
  for (const statement of body) visit(statement, 0);
  return new Set([...written].filter(([name, loops]) => loops > (read.get(name) ?? -1)).map(([name]) => name));
}

function isArithmeticOrName(node: Node): boolean {
  return node.kind === "Identifier" || isArithmetic(node);
}

/** A `yield` makes a generator in plain blocks, `if`, loops and the body and handler of a `try`; elsewhere it does nothing. */
function yieldsPlainly(node: Node): boolean {
  switch (node.kind) {
    case "YieldExpr":
      return true;
    case "IfElse":
      return node.then.some(yieldsPlainly) || (node.else?.some(yieldsPlainly) ?? false);
    case "WhileLoop":
    case "ForIn":
    case "TryExpr":
      return node.body.some(yieldsPlainly);
    case "TryCatch":
      return node.body.some(yieldsPlainly) || node.catchBody.some(yieldsPlainly);
    default:
      return false;
  }
}

/** The variable at the bottom of an assignment target, or null. */
export function rootOf(target: Node): string | null {
  if (target.kind === "Identifier") return target.name;
  if (target.kind === "PropertyAccess" || target.kind === "SubscriptAccess") return rootOf(target.object);
  return null;
}

export function isFunction(node: Node): boolean {
  switch (node.kind) {
    case "FnDecl":
    case "ToolDecl":
    case "Closure":
    case "SpawnExpr":
    case "Parallel":
      return true;
    default:
      return false;
  }
}

/** Whether evaluating an expression may run statements in place (and so assign a variable that is being read). */
export function runsStatements(node: Node): boolean {
  switch (node.kind) {
    case "IfElse":
    case "MatchExpr":
    case "TryCatch":
    case "TryExpr":
    case "Retry":
    case "DeadlineBlock":
      return true;
    default: {
      if (isFunction(node)) return false;
      let found = false;
      forEachChild(node, (child) => {
        found ||= runsStatements(child);
      });
      return found;
    }
  }
}
