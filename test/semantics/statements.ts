/** Statements, control flow, patterns and errors of the plain evaluator: sections 8, 12, 13 and 14 of the reference's second chapter. */
import type { Assignment, BindingPattern, Block, MatchArm, MatchExpr, Node, Retry, TryCatch } from "../../src/syntax/ast.ts";
import type { Env } from "./env.ts";
import type { Evaluation } from "./evaluate.ts";
import { Failure, Leave, plainError, thrown, typeError, Unspecified } from "./failure.ts";
import { err, ok } from "./methods.ts";
import { getIndex, getProperty, operate, withIndex, withProperty } from "./operators.ts";
import { Dct, Enm, Fun, isTrue, Lst, Rng, same, sortedKeys, St, typeOf, type Val } from "./values.ts";

/** The statements from `from` on, in the given scope; the value of the last one. */
export function runStatements(run: Evaluation, body: Block, from: number, env: Env): Val {
  let last: Val = null;
  for (let i = from; i < body.length; i++) {
    const node = body[i] as Node;
    if (node.kind === "DeferStmt") {
      return ensured(run, env, () => runStatements(run, body, i + 1, env), node.body);
    }
    last = run.value(node, env);
  }
  return last;
}

export function runBlock(run: Evaluation, body: Block, env: Env): Val {
  return runStatements(run, body, 0, env.inner());
}

/** Everything that is no plain expression. */
export function runStatement(run: Evaluation, node: Node, env: Env): Val {
  switch (node.kind) {
    case "IfElse": {
      const holds = isTrue(run.value(node.condition, env));
      if (holds) {
        const value = runBlock(run, node.then, env);
        return node.else === null ? null : value;
      }
      return node.else === null ? null : runBlock(run, node.else, env);
    }
    case "MatchExpr":
      return matched(run, node, env);
    case "TryCatch":
      return tried(run, node, env);
    case "TryExpr":
      return result(run, node.body, env);
    case "TryStar":
      return run.at(node.operand, () => rethrown(() => guarded(env, () => run.value(node.operand, env))));
    case "TryOperator": {
      const value = run.value(node.operand, env);
      const isResult = value instanceof Enm && value.name === "Result";
      if (isResult && value.variant === "Ok") return value.fields[0] ?? null;
      if (isResult && value.variant === "Err") throw new Leave("return", value);
      return run.at(node.operand, () => {
        throw typeError(`? operator requires a Result value, got ${typeOf(value)}`);
      });
    }
    case "Retry":
      return retried(run, node, env);
    default:
      effect(run, node, env);
      return null;
  }
}

function effect(run: Evaluation, node: Node, env: Env): void {
  switch (node.kind) {
    case "LetBinding":
    case "VarBinding": {
      const value = run.value(node.value, env);
      return run.at(node.value, () => bindPattern(run, node.pattern, value, node.kind === "VarBinding", env));
    }
    case "Assignment":
      return assign(run, node, env);
    case "FnDecl":
      return run.at(node, () => env.bind(node.name, run.declared(node, env), false));
    case "StructDecl":
      return env.bind(node.name, new Fun([], [], true, new Map(), node.name), false);
    case "ImplBlock": {
      const methods = new Map(node.methods.map((method) => [method.name, run.declared(method, env)]));
      return void run.methods.set(node.typeName, methods);
    }
    case "EnumDecl":
      return;
    case "ForIn":
      return loop(run, env, node.body, itemsOf(run.value(node.iterable, env)), (item, scope) =>
        run.at(node.iterable, () => bindPattern(run, node.pattern, item, true, scope)),
      );
    case "WhileLoop": {
      const turns = { [Symbol.iterator]: () => ({ next: () => ({ done: !isTrue(run.value(node.condition, env)), value: null }) }) };
      return loop(run, env, node.body, turns, () => {});
    }
    case "GuardStmt":
      if (!isTrue(run.value(node.condition, env))) runBlock(run, node.elseBody, env);
      return;
    case "RequireStmt": {
      if (isTrue(run.value(node.condition, env))) return;
      const message = node.message === null ? "require condition failed" : run.value(node.message, env);
      return run.at(node.message ?? node.condition, () => {
        throw thrown(message);
      });
    }
    default:
      return jump(run, node, env);
  }
}

function jump(run: Evaluation, node: Node, env: Env): void {
  switch (node.kind) {
    case "ReturnStmt":
      throw new Leave("return", returned(run, node.value, env));
    case "ThrowStmt": {
      const value = run.value(node.value, env);
      return run.at(node.value, () => {
        throw thrown(value);
      });
    }
    case "BreakStmt":
      throw new Leave("break");
    case "ContinueStmt":
      throw new Leave("continue");
    default:
      throw new Unspecified(node.kind);
  }
}

/** A call in the place of a returned value replaces the frame when nothing of the function is pending. */
function returned(run: Evaluation, node: Node | null, env: Env): Val {
  if (node === null) return null;
  const tail = env.frame.protected === 0;
  if (tail && node.kind === "FunctionCall") return run.call(node, env, true);
  return tail && node.kind === "BinaryOp" && node.op === "|>" ? run.pipe(node, env, true) : run.value(node, env);
}

// --- Loops ---------------------------------------------------------------------------------------------------------------------------

function itemsOf(v: Val): Iterable<Val> {
  if (v instanceof Lst || v instanceof St) return v.items;
  if (v instanceof Dct) return sortedKeys(v.map).map((key) => new Dct(new Map<string, Val>([["key", key], ["value", v.map.get(key) as Val]]))); // biome-ignore format: one line
  return v instanceof Rng ? rangeItems(v) : [];
}

function* rangeItems(r: Rng): Iterable<Val> {
  for (let i = 0n; i < r.length; i++) yield r.start + i;
}

function loop(run: Evaluation, env: Env, body: Block, turns: Iterable<Val>, bind: (item: Val, scope: Env) => void): void {
  for (const item of turns) {
    run.burn();
    const scope = env.inner();
    bind(item, scope);
    try {
      runStatements(run, body, 0, scope);
    } catch (left) {
      if (left instanceof Leave && left.how === "break") return;
      if (!(left instanceof Leave) || left.how !== "continue") throw left;
    }
  }
}

// --- Bindings and assignment -----------------------------------------------------------------------------------------------------------

function bindPattern(run: Evaluation, pattern: BindingPattern, value: Val, mutable: boolean, env: Env): void {
  const bind = (name: string, item: Val, otherwise: Node | null): void =>
    env.bind(name, otherwise !== null && item === null ? run.value(otherwise, env) : item, mutable);
  switch (pattern.kind) {
    case "Name":
      return env.bind(pattern.name, value, mutable);
    case "PairPattern":
      bind(pattern.first, getProperty(value, "first"), null);
      return bind(pattern.second, getProperty(value, "second"), null);
    case "DictPattern": {
      if (!(value instanceof Dct)) throw typeError(`cannot destructure ${typeOf(value)} with {...} pattern — expected dict`);
      const named = pattern.fields.filter((field) => !field.rest).map((field) => field.key);
      for (const field of pattern.fields) {
        if (field.rest) bind(field.key, new Dct(new Map([...value.map].filter(([key]) => !named.includes(key)))), null);
        else bind(field.alias ?? field.key, value.map.get(field.key) ?? null, field.default);
      }
      return;
    }
    case "ListPattern":
      if (!(value instanceof Lst)) throw typeError(`cannot destructure ${typeOf(value)} with [...] pattern — expected list`);
      for (const [i, item] of pattern.items.entries()) {
        bind(item.name, item.rest ? new Lst(value.items.slice(i)) : (value.items[i] ?? null), item.default);
      }
  }
}

/** The node of a step is the access whose object is the path so far. */
type Step = Node & { readonly kind: "PropertyAccess" | "SubscriptAccess" };

function stepsOf(target: Node): readonly [root: string, steps: readonly Step[]] {
  if (target.kind === "Identifier") return [target.name, []];
  if (target.kind !== "PropertyAccess" && target.kind !== "SubscriptAccess") throw new Unspecified("assignment to a part of a value");
  const [root, steps] = stepsOf(target.object);
  return [root, [...steps, target]];
}

/** The right side first (of a compound form: old value, then right side), then the indexes, then the update. */
function assign(run: Evaluation, node: Assignment, env: Env): void {
  const { target, op } = node;
  const [root, steps] = stepsOf(target);
  const old = op === null ? null : run.value(target, env);
  const right = run.value(node.value, env);
  const value = op === null ? right : run.at(node.value, () => operate(op, old, right));
  const keys = steps.map((step) => (step.kind === "SubscriptAccess" ? run.value(step.index, env) : step.property));
  const lastIndex = steps.findLast((step) => step.kind === "SubscriptAccess");
  run.at(lastIndex?.kind === "SubscriptAccess" ? lastIndex.index : node.value, () => {
    const cell = env.find(root);
    if (cell === null) throw plainError(`Undefined variable: ${root}`);
    if (!cell.mutable) throw plainError(`Cannot assign to immutable binding: ${root}`);
    cell.value = updated(run, cell.value, steps, keys, value);
  });
}

function updated(run: Evaluation, of: Val, steps: readonly Step[], keys: readonly Val[], value: Val): Val {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  const key = keys[0] as Val;
  const get = (): Val => run.at(step, () => (step.kind === "PropertyAccess" ? getProperty(of, step.property) : getIndex(of, key)));
  const part = rest.length === 0 ? value : updated(run, get(), rest, keys.slice(1), value);
  return step.kind === "PropertyAccess" ? withProperty(of, step.property, part) : withIndex(of, key, part);
}

// --- match ---------------------------------------------------------------------------------------------------------------------------

function matched(run: Evaluation, node: MatchExpr, env: Env): Val {
  const value = run.value(node.value, env);
  for (const arm of node.arms) {
    const scope = env.inner();
    if (!fits(run, arm.pattern, value, scope)) continue;
    if (arm.guard !== null && !isTrue(run.value(arm.guard, scope))) continue;
    return runBlock(run, (arm as MatchArm).body, scope);
  }
  return run.at(node, () => {
    throw thrown("No match arm matched the value");
  });
}

function textOf(key: Node | null): string {
  return key?.kind === "StringLiteral" ? key.value : "";
}

function fits(run: Evaluation, pattern: Node, value: Val, env: Env): boolean {
  const part = (node: Node, item: Val): boolean => {
    if (node.kind !== "Identifier") return same(item, run.value(node, env));
    if (env.binds(node.name)) throw new Unspecified("one name twice in a pattern");
    env.bind(node.name, item, false);
    return true;
  };
  const isVariant = (name: string, variant: string): boolean => value instanceof Enm && value.name === name && value.variant === variant;
  switch (pattern.kind) {
    case "Identifier":
      env.bind(pattern.name, value, false);
      return true;
    case "OrPattern":
      return pattern.alternatives.some((alternative) => same(value, run.value(alternative, env)));
    case "ListLiteral":
      return (
        value instanceof Lst &&
        value.items.length >= pattern.items.length &&
        pattern.items.every((item, i) => part(item, value.items[i] as Val))
      );
    case "DictLiteral":
      if (pattern.entries.some(({ key }) => key?.kind !== "StringLiteral")) break;
      return value instanceof Dct && pattern.entries.every(({ key, value: item }) => part(item, value.map.get(textOf(key)) ?? null));
    case "PropertyAccess":
      if (pattern.object.kind !== "Identifier" || !run.enums.has(pattern.object.name)) break;
      return isVariant(pattern.object.name, pattern.property);
    case "MethodCall":
      if (pattern.object.kind !== "Identifier" || !run.enums.has(pattern.object.name)) break;
      if (!isVariant(pattern.object.name, pattern.method)) return false;
      pattern.args.forEach((arg, i) => {
        if (arg.kind === "Identifier") env.bind(arg.name, (value as Enm).fields[i] ?? null, false);
      });
      return true;
    default:
  }
  return same(value, run.value(pattern, env));
}

// --- Errors --------------------------------------------------------------------------------------------------------------------------

function guarded<T>(env: Env, body: () => T): T {
  env.frame.protected++;
  try {
    return body();
  } finally {
    env.frame.protected--;
  }
}

/** Runs `after` once, however `body` ends; when `after` itself fails or leaves, that is what counts. */
function ensured(run: Evaluation, env: Env, body: () => Val, after: Block): Val {
  let value: Val;
  try {
    value = guarded(env, body);
  } catch (left) {
    if (left instanceof Failure || left instanceof Leave) runBlock(run, after, env);
    throw left;
  }
  runBlock(run, after, env);
  return value;
}

function tried(run: Evaluation, node: TryCatch, env: Env): Val {
  const body = (): Val => (node.hasCatch ? caught(run, node, env) : runBlock(run, node.body, env));
  return node.finallyBody === null ? body() : ensured(run, env, body, node.finallyBody);
}

function caught(run: Evaluation, node: TryCatch, env: Env): Val {
  const type = node.errorType?.kind === "Named" ? node.errorType.name : null;
  try {
    return guarded(env, () => runBlock(run, node.body, env));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const value = error.caught;
    if (type !== null && !(error.kind === "thrown" && value instanceof Enm && value.name === type)) throw error;
    const scope = env.inner();
    if (node.errorVar !== null) scope.bind(node.errorVar, value, false);
    return runStatements(run, node.catchBody, 0, scope);
  }
}

function result(run: Evaluation, body: Block, env: Env): Val {
  try {
    const value = guarded(env, () => runBlock(run, body, env));
    return value instanceof Enm && value.name === "Result" ? value : ok(value);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return err(error.caught);
  }
}

/** An error goes on as the value that `catch` would have seen. */
function rethrown<T>(body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw error instanceof Failure ? thrown(error.caught) : error;
  }
}

function retried(run: Evaluation, node: Retry, env: Env): Val {
  const count = run.value(node.count, env);
  if (typeof count !== "bigint") throw new Unspecified("count of a retry");
  for (let left = count; ; left--) {
    try {
      guarded(env, () => runStatements(run, node.body, 0, env));
      return null;
    } catch (error) {
      if (!(error instanceof Failure) || left > 1n) {
        if (error instanceof Failure) continue;
        throw error;
      }
      return run.at(node, () =>
        rethrown(() => {
          throw error;
        }),
      );
    }
  }
}
