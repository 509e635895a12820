/**
 * A plain evaluator that walks the tree: the reference's second chapter written down once more, with nothing of the compiler or the VM.
 *
 * It is slow and simple on purpose. It knows the core of the language (values, operators, access, calls, closures, patterns, control
 * flow, errors); what it does not know, or what the reference leaves open, ends the evaluation as `unspecified`.
 */
import type { SourceText, Span } from "../../src/source/text.ts";
import type { BinaryOp, Block, Entry, FnDecl, FunctionCall, MethodCall, Node, Program } from "../../src/syntax/ast.ts";
import { Env, type Frame } from "./env.ts";
import { Failure, Leave, plainError, runtimeError, typeError, Unspecified } from "./failure.ts";
import { BUILTINS, method } from "./methods.ts";
import { bounded, getIndex, getOptional, getProperty, getSlice, negate, operate } from "./operators.ts";
import { leaf } from "./places.ts";
import { replaced } from "./placeholder.ts";
import { runStatement, runStatements } from "./statements.ts";
import { Blt, Dct, Dur, Enm, Flt, Fun, isTrue, Lst, Rng, show, Strct, typeOf, type Val } from "./values.ts";

export type Result =
  | { readonly kind: "value"; readonly text: string; readonly type: string; readonly output: string }
  | { readonly kind: "error"; readonly text: string; readonly place: Span; readonly output: string }
  | { readonly kind: "unspecified"; readonly why: string };

/** More steps than this are left to the VM alone. */
const FUEL = 100_000;
/** Fewer than the language's 512, so that the host's stack suffices; the VM is given the same limit. */
export const MAX_FRAMES = 100;

/** Runs a script; what its top level returns is its value. */
export function evaluate(program: Program, source: SourceText): Result {
  const run = new Evaluation(source);
  try {
    return run.script(program);
  } catch (thrown) {
    if (thrown instanceof Unspecified) return { kind: "unspecified", why: thrown.why };
    if (thrown instanceof RangeError) return { kind: "unspecified", why: "the host's stack" };
    throw thrown;
  }
}

export class Evaluation {
  output = "";
  readonly enums = new Set(["Result"]);
  readonly structs = new Map<string, readonly string[]>();
  readonly methods = new Map<string, Map<string, Fun>>();
  private fuel = FUEL;

  constructor(private readonly source: SourceText) {}

  script(program: Program): Result {
    for (const item of program.items) {
      if (item.kind === "Pipeline") throw new Unspecified("pipeline");
      if (item.kind === "EnumDecl") this.enums.add(item.name);
      if (item.kind === "StructDecl") this.structs.set(item.name, item.fields.map((field) => field.name)); // biome-ignore format: one line
    }
    const env = Env.top({ depth: 1, isScript: true, protected: 0 });
    let value: Val = null;
    try {
      runStatements(this, program.items, 0, env);
    } catch (left) {
      if (left instanceof Failure) {
        left.cross();
        return { kind: "error", text: left.display, place: left.place as Span, output: this.output };
      }
      if (!(left instanceof Leave)) throw left;
      value = left.value;
    }
    return { kind: "value", text: show(value), type: typeOf(value), output: this.output };
  }

  burn(): void {
    if (--this.fuel < 0) throw new Unspecified("too many steps");
  }

  /** An operation that may fail; the error is located at the last leaf of `node`. */
  at<T>(node: Node, operation: () => T): T {
    try {
      return operation();
    } catch (error) {
      if (error instanceof Failure && error.place === null) {
        const place = leaf(node);
        if (place === null) throw new Unspecified("place of an error");
        error.place = place;
        error.line = this.source.line(place.start);
      }
      throw error;
    }
  }

  // --- Expressions -----------------------------------------------------------------------------------------------------------------

  value(node: Node, env: Env): Val {
    this.burn();
    switch (node.kind) {
      case "StringLiteral":
      case "RawStringLiteral":
      case "IntLiteral":
      case "BoolLiteral":
        return node.value;
      case "FloatLiteral":
        return new Flt(node.value);
      case "NilLiteral":
        return null;
      case "DurationLiteral":
        if (node.ms === null) throw new Unspecified("compile error");
        return new Dur(node.ms);
      case "InterpolatedString":
        return bounded(node.segments.map((part) => (typeof part === "string" ? part : this.segment(part, env))).join(""));
      case "Identifier":
        return this.at(node, () => this.name(node.name, env));
      case "ListLiteral":
        return bounded(new Lst(this.items(node.items, env)));
      case "DictLiteral":
        return new Dct(this.entries(node.entries, env));
      case "StructConstruct":
        return this.instance(node.structName, this.entries(node.entries, env));
      case "Closure":
        return new Fun(node.params, node.body, true, env.snapshot());
      default:
        return this.compound(node, env);
    }
  }

  /** Made text by the function that is called `to_string` here. */
  private segment(node: Node, env: Env): string {
    const value = this.value(node, env);
    return show(this.at(node, () => this.callNamed("to_string", [value], env, false)));
  }

  private compound(node: Node, env: Env): Val {
    switch (node.kind) {
      case "BinaryOp":
        return this.binary(node, env);
      case "UnaryOp": {
        const operand = this.value(node.operand, env);
        return node.op === "!" ? !isTrue(operand) : this.at(node.operand, () => negate(operand));
      }
      case "Ternary":
        return this.value(isTrue(this.value(node.condition, env)) ? node.trueExpr : node.falseExpr, env);
      case "RangeExpr": {
        const [start, end] = [this.value(node.start, env), this.value(node.end, env)];
        return new Rng(typeof start === "bigint" ? start : 0n, typeof end === "bigint" ? end : 0n, node.inclusive);
      }
      case "FunctionCall":
        return this.call(node, env, false);
      case "MethodCall":
        return this.methodCall(node, env);
      case "PropertyAccess":
        return this.property(node, env);
      case "SubscriptAccess": {
        const of = this.value(node.object, env);
        const index = this.value(node.index, env);
        return node.optional && of === null ? null : this.at(node.index, () => getIndex(of, index));
      }
      case "SliceAccess": {
        const of = this.value(node.object, env);
        const start = node.start === null ? null : this.value(node.start, env);
        const end = node.end === null ? null : this.value(node.end, env);
        return this.at(node, () => getSlice(of, start, end));
      }
      default:
        return runStatement(this, node, env);
    }
  }

  /** Locals and captured variables, then the functions that callers bring along, then builtins. */
  name(name: string, env: Env): Val {
    const found = env.find(name);
    if (found !== null) return found.value;
    if (Object.hasOwn(BUILTINS, name)) return new Blt(name);
    if (!isFarFromAll(name)) throw new Unspecified("a name with near ones");
    throw plainError(`Undefined variable: ${name}`);
  }

  private property(node: Node & { kind: "PropertyAccess" }, env: Env): Val {
    if (this.isVariant(node.object)) return new Enm(node.object.name, node.property, []);
    const of = this.value(node.object, env);
    return node.optional ? getOptional(of, node.property) : this.at(node.object, () => getProperty(of, node.property));
  }

  private isVariant(node: Node): node is Node & { kind: "Identifier" } {
    return node.kind === "Identifier" && this.enums.has(node.name);
  }

  private binary(node: BinaryOp, env: Env): Val {
    if (node.op === "|>") return this.pipe(node, env, false);
    const left = this.value(node.left, env);
    if (node.op === "&&") return isTrue(left) && isTrue(this.value(node.right, env));
    if (node.op === "||") return isTrue(left) || isTrue(this.value(node.right, env));
    if (node.op === "??") return left ?? this.value(node.right, env);
    const right = this.value(node.right, env);
    return this.at(node.right, () => operate(node.op, left, right));
  }

  // --- Literals that hold others ---------------------------------------------------------------------------------------------------

  /** Values of list items or arguments, spreads taken apart. */
  items(nodes: Block, env: Env): Val[] {
    return nodes.flatMap((node) => {
      if (node.kind !== "Spread") return [this.value(node, env)];
      const spread = this.value(node.expr, env);
      if (spread instanceof Lst) return [...spread.items];
      return this.at(node, () => fail(typeError(`cannot destructure ${typeOf(spread)} with [...] pattern — expected list`)));
    });
  }

  private entries(entries: readonly Entry[], env: Env): Map<string, Val> {
    const map = new Map<string, Val>();
    for (const { key, value } of entries) {
      if (key !== null) {
        const name = show(this.value(key, env));
        map.set(name, this.value(value, env));
        continue;
      }
      const spread = this.value(value.kind === "Spread" ? value.expr : value, env);
      this.at(value, () => {
        if (!(spread instanceof Dct)) throw typeError(`cannot destructure ${typeOf(spread)} with {...} pattern — expected dict`);
        for (const [name, item] of spread.map) map.set(name, item);
      });
    }
    return map;
  }

  private instance(name: string, fields: ReadonlyMap<string, Val>): Strct {
    const declared = this.structs.get(name);
    return new Strct(name, new Map([...fields].filter(([field]) => declared === undefined || declared.includes(field))));
  }

  // --- Calls -----------------------------------------------------------------------------------------------------------------------

  call(node: FunctionCall, env: Env, tail: boolean): Val {
    const args = this.items(node.args, env);
    return this.at(node, () => this.callNamed(node.name, args, env, tail));
  }

  private callNamed(name: string, args: readonly Val[], env: Env, tail: boolean): Val {
    const found = env.find(name)?.value;
    if (found instanceof Fun) return this.apply(found, args, env, env.frame.depth + (tail ? 0 : 1));
    if (name === "println") {
      this.output += `${args.length === 0 ? "" : show(args[0] as Val)}\n`;
      return null;
    }
    const builtin = Object.hasOwn(BUILTINS, name) ? BUILTINS[name] : undefined;
    if (builtin !== undefined) return builtin(args);
    if (!isFarFromAll(name)) throw new Unspecified("a name with near ones");
    throw plainError(`Undefined builtin: ${name}`);
  }

  pipe(node: BinaryOp, env: Env, tail: boolean): Val {
    const piped = this.value(node.left, env);
    const right = replaced(node.right);
    if (right !== node.right) return this.apply(new Fun([PIPED], [right], true, env.snapshot()), [piped], env, env.frame.depth + 1);
    const target = this.value(right, env);
    return this.at(right, () => {
      if (target instanceof Fun) return this.apply(target, [piped], env, env.frame.depth + (tail ? 0 : 1));
      if (target instanceof Blt || typeof target === "string") {
        return this.callNamed(typeof target === "string" ? target : target.name, [piped], env, tail);
      }
      throw typeError(tail ? `Cannot call ${show(target)}` : `cannot pipe into ${typeOf(target)}`);
    });
  }

  private methodCall(node: MethodCall, env: Env): Val {
    if (this.isVariant(node.object)) return new Enm(node.object.name, node.method, this.items(node.args, env));
    const self = this.value(node.object, env);
    const args = this.items(node.args, env);
    if (node.optional && self === null) return null;
    return this.at(node, () => {
      const found = method(self, node.method, args, (callee, given) => this.callback(callee, given, env));
      if (found !== undefined) return found;
      if (self instanceof Strct) {
        const own = this.methods.get(self.name)?.get(node.method);
        return own === undefined ? null : this.callback(own, [self, ...args], env);
      }
      const held = self instanceof Dct ? self.map.get(node.method) : null;
      return held instanceof Fun || held instanceof Blt ? this.callback(held, args, env) : null;
    });
  }

  /** A call that a method makes: frames are counted anew, and an error that leaves it takes its line along. */
  private callback(callee: Val, args: readonly Val[], env: Env): Val {
    try {
      if (callee instanceof Blt) return this.callNamed(callee.name, args, Env.top(env.frame), false);
      return this.apply(callee as Fun, args, env, 1);
    } catch (error) {
      if (error instanceof Failure && error.place !== null) error.cross();
      throw error;
    }
  }

  private apply(callee: Fun, args: readonly Val[], caller: Env, depth: number): Val {
    if (depth > MAX_FRAMES) throw plainError("Stack overflow: too many nested calls");
    if (callee.makes !== null) return this.instance(callee.makes, args[0] instanceof Dct ? args[0].map : new Map());
    const frame: Frame = { depth, isScript: false, protected: 0 };
    const env = Env.of(callee.seen, caller, frame);
    this.bindParameters(callee, args, env);
    try {
      const last = runStatements(this, callee.body, 0, env);
      return callee.yieldsLast ? last : null;
    } catch (left) {
      if (left instanceof Leave && left.how === "return") return left.value;
      throw left;
    }
  }

  private bindParameters({ params }: Fun, args: readonly Val[], env: Env): void {
    for (const param of params) if (param.default !== null) env.hide(param.name);
    for (const [i, param] of params.entries()) {
      if (param.type !== null) throw new Unspecified("check of a parameter");
      let given: Val = args[i] ?? null;
      if (param.rest) given = new Lst(args.slice(i));
      else if (i >= args.length && param.default !== null) given = this.value(param.default, env);
      env.bind(param.name, given, false);
    }
  }

  /** A declared function; only these collect rest parameters. */
  declared(node: FnDecl, env: Env): Fun {
    return new Fun(node.params, node.body, false, env.snapshot());
  }
}

const PIPED = { name: "__pipe", type: null, default: null, rest: false, span: { start: 0, end: 0 } } as const;

function fail(error: Failure): never {
  throw error;
}

/** Names that no other name is near to, so that an error needs no suggestion. */
export function isFarFromAll(name: string): boolean {
  return name.startsWith("qqqq");
}

export { runtimeError };
