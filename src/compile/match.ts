/** `match`: arms are expressions that are classified here, as the reference does after parsing. */
import { Op } from "../bytecode/op.ts";
import type { DictLiteral, ListLiteral, MatchArm, MatchExpr, MethodCall, Node, OrPattern } from "../syntax/ast.ts";
import { wanted } from "./branches.ts";
import type { Label } from "./builder.ts";
import { block, constantOf, DROP, temporary } from "./emit.ts";
import type { Fn } from "./fn.ts";
import { runsStatements } from "./names.ts";
import { isVariant, peekOperand } from "./read.ts";

const NO_ARM = "No match arm matched the value";

export function matchExpr(f: Fn, node: MatchExpr, dst: number): void {
  const { code } = f;
  const end = code.label();
  f.temporarily(() => {
    const result = dst === DROP ? DROP : code.take();
    const careful = node.arms.some((arm) => arm.guard !== null && runsStatements(arm.guard));
    const subject = careful ? temporary(f, node.value) : peekOperand(f, node.value);
    for (const arm of node.arms) armOf(f, arm, subject, result, end);
    const message = code.take();
    f.constant(message, NO_ARM);
    code.abc(Op.THROW, message);
    code.bind(end);
    if (dst !== DROP) code.abc(Op.TAKE, dst, result);
  });
}

function armOf(f: Fn, arm: MatchArm, subject: number, result: number, end: Label): void {
  const { code } = f;
  const next = code.label();
  f.scoped(() => {
    test(f, arm.pattern, subject, next);
    if (arm.guard !== null) code.jump(Op.JF, peekOperand(f, arm.guard), next);
    block(f, arm.body, wanted(result));
    code.jump(Op.JMP, 0, end);
  });
  code.bind(next);
}

/** Goes on when the pattern fits, to `next` when it does not. */
function test(f: Fn, pattern: Node, subject: number, next: Label): void {
  const { code } = f;
  code.place = pattern.span;
  switch (pattern.kind) {
    case "Identifier":
      return bindTo(f, pattern.name, (register) => code.abc(Op.MOVE, register, subject));
    case "PropertyAccess":
      if (!isVariant(f, pattern.object) || pattern.object.kind !== "Identifier") break;
      return code.branch(Op.JNENUM, subject, code.list([pattern.object.name, pattern.property]), 0, next);
    case "MethodCall":
      if (!isVariant(f, pattern.object)) break;
      return variant(f, pattern, subject, next);
    case "DictLiteral":
      if (pattern.entries.some((entry) => entry.key === null || entry.key.kind !== "StringLiteral")) break;
      return dict(f, pattern, subject, next);
    case "ListLiteral":
      return list(f, pattern, subject, next);
    case "OrPattern":
      return either(f, pattern, subject, next);
    default:
  }
  equal(f, pattern, subject, next);
}

function bindTo(f: Fn, name: string, load: (register: number) => void): void {
  if (name === "_") return;
  const register = f.code.take();
  load(register);
  f.declare(name, register, false);
}

function variant(f: Fn, pattern: MethodCall, subject: number, next: Label): void {
  const { code } = f;
  const { object } = pattern;
  if (object.kind !== "Identifier") return;
  code.branch(Op.JNENUM, subject, code.list([object.name, pattern.method]), 0, next);
  pattern.args.forEach((arg, i) => {
    if (arg.kind === "Identifier") bindTo(f, arg.name, (register) => code.abc(Op.ENUMFIELD, register, subject, i));
  });
}

function dict(f: Fn, pattern: DictLiteral, subject: number, next: Label): void {
  const { code } = f;
  code.jump(Op.JNDICT, subject, next);
  for (const entry of pattern.entries) {
    const key = entry.key?.kind === "StringLiteral" ? entry.key.value : "";
    const load = (register: number): void => code.abce(Op.GETPROP, register, subject, code.name(key), code.cache());
    if (entry.value.kind === "Identifier") bindTo(f, entry.value.name, load);
    else field(f, entry.value, load, next);
  }
}

function list(f: Fn, pattern: ListLiteral, subject: number, next: Label): void {
  const { code } = f;
  code.branch(Op.JNLIST, subject, pattern.items.length, 0, next);
  pattern.items.forEach((item, i) => {
    const load = (register: number): void => code.abc(Op.LISTAT, register, subject, i);
    if (item.kind === "Identifier") bindTo(f, item.name, load);
    else field(f, item, load, next);
  });
}

function field(f: Fn, pattern: Node, load: (register: number) => void, next: Label): void {
  f.temporarily(() => {
    const register = f.code.take();
    load(register);
    equal(f, pattern, register, next);
  });
}

function either(f: Fn, pattern: OrPattern, subject: number, next: Label): void {
  const { code } = f;
  const fits = code.label();
  for (const alternative of pattern.alternatives) {
    f.temporarily(() => code.branch(Op.JEQ, subject, temporary(f, alternative), 0, fits));
  }
  code.jump(Op.JMP, 0, next);
  code.bind(fits);
}

function equal(f: Fn, pattern: Node, subject: number, next: Label): void {
  const { code } = f;
  const constant = constantOf(pattern);
  const index = constant === null ? -1 : code.constant(constant);
  if (index >= 0 && index <= 0xffff) return code.branch(Op.JNEQK, subject, index, 0, next);
  f.temporarily(() => code.branch(Op.JNEQ, subject, temporary(f, pattern), 0, next));
}
