/**
 * Assignment.
 *
 * Values are copy-on-write, so `name[i] = v` and `name.p.q = v` update a copy of what the variable holds, in place when nobody else
 * holds it. For a longer path each container on the way is taken out without marking it shared, changed, and put back.
 *
 * The forms that grow a container in a loop are recognised, because a copy at each turn would make the loop quadratic:
 * `x = x + e`, `x += e`, `x = x.push(e)`, `d[k] = d[k].push(e)`, `d[k] += e`. The old value is then moved out of its place first, and
 * only after the rest was evaluated, so that nothing can see it half way.
 */
import { Op } from "../bytecode/op.ts";
import type { Span } from "../source/text.ts";
import type { Assignment, BinaryOp, MethodCall, Node } from "../syntax/ast.ts";
import type { Label } from "./builder.ts";
import { finishMethodCall, hasSpread, methodArguments } from "./calls.ts";
import { constantOf, temporary, value } from "./emit.ts";
import type { Fn, Place } from "./fn.ts";
import { isArithmetic, rootOf, runsStatements } from "./names.ts";
import { arithmeticOperand, constantLeaf, operate, operateOn, readsUnboxed, unboxedValue } from "./operators.ts";
import { isPeekable, peekOperand, runsNothing } from "./read.ts";

/** One step of a target: `.name`, or `[index]` with its node; and the place of an error in taking it. */
type Step = { readonly at: Span } & ({ readonly name: string } | { readonly index: Node });

export function assignment(f: Fn, node: Assignment): void {
  f.temporarily(() => {
    const name = rootOf(node.target);
    if (name === null) {
      // The target is part of a value that nobody else can see: only the evaluation is left.
      temporary(f, node.value);
      return;
    }
    const place = f.resolve(name);
    if (place.kind === "unbound" || !place.mutable) {
      // All that comes before the store happens.
      if (node.op === null) temporary(f, node.value);
      else operate(f, node.op, node.target, node.value, f.code.take());
      indexes(f, stepsOf(node.target));
      f.fail(1, place.kind === "unbound" ? `Undefined variable: ${name}` : `Cannot assign to immutable binding: ${name}`);
    } else if (node.target.kind === "Identifier") toVariable(f, name, place, node);
    else toPath(f, name, place, node);
  });
}

// --- Plain variables ---------------------------------------------------------------------------------------------------------------

function toVariable(f: Fn, name: string, place: Place, node: Assignment): void {
  if (place.kind === "register") return toRegister(f, name, place, node);
  const { code } = f;
  if (place.kind !== "slot") {
    // A captured variable that this function was not seen to assign: its copy dies with the call.
    temporary(f, node.value);
    return;
  }
  const result = code.take();
  const grown = grownBy(node, name);
  const others = growingOperands(node);
  if (!others.every((other) => runsNothing(f, other))) {
    // A function that runs meanwhile may change the variable: its value is read first, as written.
    if (node.op !== null) operate(f, node.op, node.target, node.value, result);
    else value(f, node.value, result);
  } else if (node.op === "+" || grown?.kind === "BinaryOp") {
    code.place = grown?.kind === "BinaryOp" ? grown.left.span : node.target.span;
    code.ade(Op.TAKESLOT, result, place.index, code.name(name));
    operateOn(f, "+", result, others[0] as Node, result);
  } else if (grown?.kind === "MethodCall") {
    code.place = grown.object.span;
    methodArguments(f, grown, result);
    code.ade(Op.TAKESLOT, result, place.index, code.name(name));
    finishMethodCall(f, grown, result, true, result);
  } else if (node.op !== null) {
    operate(f, node.op, node.target, node.value, result);
  } else {
    value(f, node.value, result);
  }
  code.abc(Op.SETSLOT, place.index, result);
}

function toRegister(f: Fn, name: string, place: Place & { kind: "register" }, node: Assignment): void {
  const { code } = f;
  const { register, unboxed } = place;
  if (node.op !== null) {
    if (runsStatements(node.value)) return operate(f, node.op, node.target, node.value, register, unboxed);
    code.place = node.target.span;
    return operateOn(f, node.op, readsUnboxed(node.op) ? register : f.boxed(place), node.value, register, unboxed);
  }
  const grown = grownBy(node, name);
  if (grown?.kind === "MethodCall") {
    const window = code.take();
    code.place = grown.object.span;
    methodArguments(f, grown, window);
    code.abc(unboxed ? Op.BOX : Op.TAKE, window, register);
    return finishMethodCall(f, grown, window, true, register);
  }
  if (grown?.kind === "BinaryOp") {
    code.place = grown.left.span;
    return operateOn(f, "+", register, grown.right, register, unboxed);
  }
  if (unboxed && (isArithmetic(node.value) || node.value.kind === "Identifier")) return unboxedValue(f, node.value, register);
  if (writesLast(node.value)) return value(f, node.value, register);
  if (node.value.kind === "FunctionCall" || (node.value.kind === "MethodCall" && !node.value.optional)) {
    // A call writes its result when all is over; its window must not be the variable itself, which it may fail to change.
    code.take();
    return value(f, node.value, register);
  }
  code.abc(Op.TAKE, register, temporary(f, node.value));
}

/** What is evaluated besides the old value when a container grows. */
function growingOperands({ op, value: right }: Assignment): readonly Node[] {
  if (op !== null) return [right];
  if (right.kind === "MethodCall") return right.args;
  return right.kind === "BinaryOp" ? [right.right] : [];
}

/** Kinds whose target register is written by their last instruction and never before. */
function writesLast(node: Node): boolean {
  switch (node.kind) {
    case "BinaryOp":
      return node.op !== "&&" && node.op !== "||" && node.op !== "|>" && node.op !== "??";
    case "UnaryOp":
    case "Identifier":
    case "IntLiteral":
    case "FloatLiteral":
    case "StringLiteral":
    case "BoolLiteral":
    case "NilLiteral":
    case "SubscriptAccess":
    case "PropertyAccess":
      return !("optional" in node && node.optional);
    default:
      return false;
  }
}

/** `x.m(…)` or `x + …` of `x = x.m(…)`, `x = x + …` where the old value may be moved out of `x`; else null. */
function grownBy(node: Assignment, name: string): MethodCall | (Node & { kind: "BinaryOp" }) | null {
  const { value: right } = node;
  const isName = (n: Node): boolean => n.kind === "Identifier" && n.name === name;
  if (node.op !== null) return null;
  if (right.kind === "MethodCall" && isName(right.object) && movable(right)) return right;
  if (right.kind === "BinaryOp" && right.op === "+" && isName(right.left) && !runsStatements(right.right)) return right;
  return null;
}

function movable(call: MethodCall): boolean {
  return !call.optional && !hasSpread(call.args) && !call.args.some(runsStatements);
}

// --- Paths -------------------------------------------------------------------------------------------------------------------------

function toPath(f: Fn, name: string, place: Place, node: Assignment): void {
  const { code } = f;
  const steps = stepsOf(node.target);
  const mayMove = place.kind !== "slot" || growingOperands(node).every((other) => runsNothing(f, other));
  if (mayMove && grows(f, node)) return growPath(f, name, place, steps, node);
  const result = code.take();
  if (node.op === null) value(f, node.value, result);
  else operate(f, node.op, node.target, node.value, result);
  const keys = indexes(f, steps);
  const root = place.kind === "register" ? place.register : code.take();
  const after = code.place;
  const done = code.label();
  if (steps.length > 1 && inPlace(place)) code.branch(Op.SETPATH, root, result, 0, done);
  takeRoot(f, name, place, root);
  const containers = walkTo(f, root, steps, keys, code.take(steps.length - 1));
  code.place = after;
  putBack(f, containers, steps, keys, result);
  returnRoot(f, place, root);
  code.bind(done);
}

/**
 * Whether an instruction in front may try to change the path's end where it is. It reads the instructions of the walk behind it, so none
 * that boxes the variable may stand between.
 */
function inPlace(place: Place): boolean {
  return place.kind === "register" && !place.unboxed;
}

/** The path's last container is changed by what it held there: `d[k] += e`, `d[k] = d[k].push(e)`, `d[k] = d[k] + e`. */
function grows(f: Fn, node: Assignment): boolean {
  const { target, value: right } = node;
  if (!simplePath(f, target)) return false;
  if (node.op !== null) return node.op === "+" && !runsStatements(right);
  if (right.kind === "MethodCall") return movable(right) && samePath(right.object, target);
  return right.kind === "BinaryOp" && right.op === "+" && samePath(right.left, target) && !runsStatements(right.right);
}

function growPath(f: Fn, name: string, place: Place, steps: readonly Step[], node: Assignment): void {
  const { code } = f;
  const { value: right } = node;
  // Everything that must outlive the call lies below its window.
  const keys = indexes(f, steps);
  const root = place.kind === "register" ? place.register : code.take();
  const below = code.take(steps.length - 1);
  const isCall = node.op === null && right.kind === "MethodCall";
  const added = node.op === null && right.kind === "BinaryOp" ? right.right : right;
  const others = isCall ? right.args : [added];
  const read = node.op !== null ? node.target : isCall ? right.object : (right as BinaryOp).left;
  const done = code.label();
  const isField = addField(f, steps, place, read, added, isCall, done);
  // The old value is read before the rest is evaluated, which shows when reading it fails.
  if (!others.every((other) => isQuiet(f, other))) f.temporarily(() => void peekOperand(f, read, true));
  const window = code.take();
  let operand = -1;
  // The same path as the target's, and where reading it fails.
  const path = stepsOf(read);
  code.place = (path.at(-1) as Step).at;
  if (isCall) methodArguments(f, right, window);
  else if (constantOf(added) === null) {
    operand = arithmeticOperand(f, added);
    // What the variable itself holds may contain what is about to grow: it must not see that.
    if (rootOf(added) === name) code.abc(Op.SHARE, operand);
  }
  const after = code.place;
  if (!isCall && !isField && inPlace(place)) {
    if (operand < 0) operand = temporary(f, added);
    quickAdd(f, steps, keys, root, operand, done);
  }
  takeRoot(f, name, place, root);
  const containers = walkTo(f, root, path, keys, below);
  take(f, containers.at(-1) as number, path.at(-1) as Step, keys.at(-1) as number, window);
  code.place = after;
  if (isCall) finishMethodCall(f, right, window, true, window);
  else if (operand < 0) operateOn(f, "+", window, added, window);
  else {
    if (constantOf(added) !== null) code.place = constantLeaf(added);
    code.abc(Op.ADD, window, window, operand);
  }
  // The store evaluates the target's indexes once more, which are names and literals here.
  const index = steps.findLast((step) => "index" in step);
  if (index !== undefined) code.place = index.at;
  putBack(f, containers, steps, keys, window);
  returnRoot(f, place, root);
  code.bind(done);
}

/** `x.m = x.m + y.n` of numbers in one instruction, which shares the caches of the two that come behind it. */
function addField(f: Fn, steps: readonly Step[], place: Place, read: Node, added: Node, isCall: boolean, done: Label): boolean {
  if (isCall || steps.length > 1 || place.kind !== "register" || place.unboxed) return false;
  if (read.kind !== "PropertyAccess" || !isPeekable(f, read)) return false;
  if (added.kind !== "PropertyAccess" || !isPeekable(f, added) || added.object.kind !== "Identifier") return false;
  const from = f.resolve(added.object.name);
  if (from.kind !== "register" || from.unboxed) return false;
  f.code.place = read.span;
  f.code.branch(Op.ADDFIELD, place.register, from.register, 0, done);
  return true;
}

/** `x.n += 1`, `x[i] += 1` and `x.y.n += 1` of numbers in one instruction. */
function quickAdd(f: Fn, steps: readonly Step[], keys: readonly number[], root: number, operand: number, done: Label): void {
  const { code } = f;
  if (steps.length > 1) code.branch(Op.ADDPATH, root, operand, 0, done);
  else if ("name" in (steps[0] as Step)) code.branch(Op.ADDPROP, root, operand, 0, done);
  else code.branch(Op.ADDINDEX, root, keys[0] as number, operand, done);
}

function stepsOf(target: Node): Step[] {
  if (target.kind !== "PropertyAccess" && target.kind !== "SubscriptAccess") return [];
  const before = stepsOf(target.object);
  if (target.kind === "SubscriptAccess") return [...before, { at: constantLeaf(target.index), index: target.index }];
  return [...before, { at: before.at(-1)?.at ?? target.object.span, name: target.property }];
}

function indexes(f: Fn, steps: readonly Step[]): number[] {
  const careful = steps.some((step) => "index" in step && runsStatements(step.index));
  return steps.map((step) => {
    if (!("index" in step)) return -1;
    return careful ? temporary(f, step.index) : peekOperand(f, step.index);
  });
}

function takeRoot(f: Fn, name: string, place: Place, register: number): void {
  if (place.kind === "register") f.boxed(place);
  else if (place.kind === "slot") f.code.ade(Op.TAKESLOT, register, place.index, f.code.name(name));
  else if (place.kind === "capture") f.code.ad(Op.GETCAP, register, place.index);
}

function returnRoot(f: Fn, place: Place, register: number): void {
  if (place.kind === "slot") f.code.abc(Op.SETSLOT, place.index, register);
}

/** The containers along the path, the root first; the last step is not taken. */
function walkTo(f: Fn, root: number, steps: readonly Step[], keys: readonly number[], below: number): number[] {
  const containers = [root];
  for (let i = 0; i < steps.length - 1; i++) {
    const next = below + i;
    take(f, containers[i] as number, steps[i] as Step, keys[i] as number, next);
    containers.push(next);
  }
  return containers;
}

function take(f: Fn, container: number, step: Step, key: number, dst: number): void {
  const { code } = f;
  code.place = step.at;
  if ("name" in step) code.abce(Op.TAKEPROP, dst, container, code.name(step.name), code.cache());
  else code.abc(Op.TAKEINDEX, dst, container, key);
}

function putBack(f: Fn, containers: readonly number[], steps: readonly Step[], keys: readonly number[], result: number): void {
  const { code } = f;
  let from = result;
  for (let i = steps.length - 1; i >= 0; i--) {
    const step = steps[i] as Step;
    const container = containers[i] as number;
    if ("name" in step) code.abce(Op.SETPROP, container, from, code.name(step.name), code.cache());
    else code.abc(Op.SETINDEX, container, keys[i] as number, from);
    from = container;
  }
}

/** Evaluating it cannot fail and has no effect, so nobody can tell when it happens. */
function isQuiet(f: Fn, node: Node): boolean {
  if (node.kind !== "Identifier") return constantOf(node) !== null;
  const { kind } = f.resolve(node.name);
  return kind === "register" || kind === "capture";
}

/** Every index on the path is a name or a literal: evaluating it once or twice, now or later, is the same. */
function simplePath(f: Fn, target: Node): boolean {
  if (target.kind === "Identifier") return true;
  if (target.kind === "PropertyAccess") return simplePath(f, target.object);
  return target.kind === "SubscriptAccess" && isSimple(f, target.index) && simplePath(f, target.object);
}

function isSimple(f: Fn, node: Node): boolean {
  return node.kind === "Identifier" ? f.resolve(node.name).kind !== "unbound" : constantOf(node) !== null;
}

function samePath(a: Node, b: Node): boolean {
  if (a.kind === "Identifier") return b.kind === "Identifier" && a.name === b.name;
  if (a.kind === "PropertyAccess")
    return b.kind === "PropertyAccess" && !a.optional && a.property === b.property && samePath(a.object, b.object);
  if (a.kind !== "SubscriptAccess" || b.kind !== "SubscriptAccess" || a.optional) return false;
  return sameIndex(a.index, b.index) && samePath(a.object, b.object);
}

function sameIndex(a: Node, b: Node): boolean {
  if (a.kind === "Identifier") return b.kind === "Identifier" && a.name === b.name;
  const key = constantOf(a);
  return key !== null && typeof key !== "object" && key === constantOf(b);
}
