/** Calls: whether the target exists, and whether the arguments fit a known signature. Arguments of builtins are not checked. */
import { nearestName } from "../diagnostics/suggest.ts";
import type { FunctionCall, MethodCall, Node } from "../syntax/ast.ts";
import { isAssignable } from "./assignable.ts";
import { warnOfDeprecation } from "./attributes.ts";
import { GENERIC_BUILTINS, SCHEMA_BUILTINS } from "./builtin-types.ts";
import type { CheckContext } from "./context.ts";
import type { FnSignature } from "./declarations.ts";
import { inferType } from "./infer.ts";
import { bindArguments } from "./infer-calls.ts";
import { CONCRETE_TYPES } from "./narrow.ts";
import { satisfies } from "./satisfies.ts";
import type { Scope } from "./scope.ts";
import { partlyRuledOut } from "./scope.ts";
import { substitute } from "./substitute.ts";
import { isNamed, named, showType } from "./types.ts";

/** Constructors that resolve although no declaration of theirs is in the file. */
const CONSTRUCTORS = new Set(["Ok", "Err", "Some", "None"]);
/** Forms of the language that are written like calls. */
const FORMS = new Set(["await", "cancel", "cancel_graceful", "is_cancelled"]);

export function checkCall(cx: CheckContext, call: FunctionCall, scope: Scope): void {
  const { name } = call;
  if (cx.resolvesNames && !resolves(name, scope)) reportTarget(cx, call, scope);
  if (!scope.isHidden(name)) {
    warnOfDeprecation(cx, name, call);
    const signature = scope.callee(name);
    checkNever(cx, call, signature, scope);
    if (signature !== null) checkSignature(cx, call, signature, scope);
    else if (scope.shared.builtinNames.has(name))
      checkTypeArguments(cx, call, SCHEMA_BUILTINS.has(name) || GENERIC_BUILTINS.has(name) ? 1 : 0, "Builtin function");
  }
  for (const arg of call.args) cx.node(arg, scope);
}

function resolves(name: string, scope: Scope): boolean {
  if (name.startsWith("__") || name.startsWith("hostlib_") || CONSTRUCTORS.has(name) || FORMS.has(name)) return true;
  const { builtinNames, hostFunctions, importedNames } = scope.shared;
  return builtinNames.has(name) || hostFunctions.has(name) || importedNames.has(name) || scope.isCallable(name);
}

function reportTarget(cx: CheckContext, call: FunctionCall, scope: Scope): void {
  const near = suggestion(call.name, scope);
  const message = `call target \`${call.name}\` is not defined or imported`;
  if (near === null) cx.report("error", "name/call-target", message, call.span);
  else cx.report("error", "name/call-target", `${message} — did you mean \`${near}\`?`, call.span, `did you mean \`${near}\`?`);
}

function suggestion(name: string, scope: Scope): string | null {
  const { shared } = scope;
  if (shared.suggestionsLeft-- <= 0) return null;
  shared.sortedBuiltins ??= [...shared.builtinNames].filter((name) => !name.includes(".")).sort();
  return nearestName(name, [...shared.sortedBuiltins, ...scope.functionNames(), ...shared.importedNames]);
}

/** `unreachable(x)` wants every case of x handled; it and functions that never return want `unknown` variables fully told apart. */
function checkNever(cx: CheckContext, call: FunctionCall, signature: FnSignature | null, scope: Scope): void {
  if (signature !== null) {
    if (signature.result?.kind === "Never") warnOfUncovered(cx, `${call.name}()`, call, scope);
    return;
  }
  if (call.name !== "unreachable") return;
  const arg = call.args[0];
  if (arg?.kind === "Identifier") {
    const type = scope.typeOf(arg.name);
    const ruledOut = scope.variable(arg.name)?.ruledOut?.size ?? 0;
    if (type !== null && type.kind !== "Never" && ruledOut < CONCRETE_TYPES.length) {
      const message = `unreachable() argument has type \`${showType(type)}\` — not all cases are handled`;
      cx.report("error", "type/unreachable-argument", message, call.span);
    }
  }
  warnOfUncovered(cx, "unreachable()", call, scope);
}

/** Warns of each `unknown` variable that `type_of` tests have narrowed, but not to nothing, where control ends. */
export function warnOfUncovered(cx: CheckContext, site: string, node: Node, scope: Scope): void {
  for (const { name, type, ruledOut } of partlyRuledOut(scope)) {
    if (!isNamed(type, "unknown")) continue;
    const left = CONCRETE_TYPES.filter((concrete) => !ruledOut.has(concrete));
    if (left.length === 0) continue;
    const message = `\`${site}\` reached but \`${name}: unknown\` was not fully narrowed — uncovered concrete type(s): ${left.join(", ")}`;
    cx.report("warning", "type/uncovered", message, node.span);
  }
}

function checkSignature(cx: CheckContext, call: FunctionCall, signature: FnSignature, scope: Scope): void {
  checkTypeArguments(cx, call, signature.typeParams.length, "Function");
  checkArity(cx, call, signature, scope);
  const types = call.args.map((arg) => (arg.kind === "Spread" ? null : inferType(arg, scope)));
  const { bindings, conflicts } = bindArguments(signature, call, types, scope);
  for (const { message, arg } of conflicts) cx.report("error", "type/inference", message, arg.span);
  const inner = signature.typeParams.length === 0 ? scope : scope.child();
  for (const name of signature.typeParams) inner.addTypeParam(name);
  call.args.forEach((arg, i) => {
    const param = signature.params[i];
    const actual = types[i] ?? null;
    if (!param?.type || actual === null) return;
    const expected = substitute(param.type, bindings);
    if (isAssignable(expected, actual, inner)) return;
    const message = `Argument ${i + 1} ('${param.name}'): expected ${showType(expected)}, got ${showType(actual)}`;
    cx.report("error", "type/argument", message, arg.span);
  });
  checkBounds(cx, call, signature, bindings, scope);
}

function checkTypeArguments(cx: CheckContext, call: FunctionCall, wanted: number, what: string): void {
  const given = call.typeArgs.length;
  if (given === 0 || given === wanted) return;
  const message =
    wanted === 0
      ? `${what} '${call.name}' does not declare type parameters`
      : `${what} '${call.name}' expects ${wanted} type arguments, got ${given}`;
  cx.report("error", "type/type-arguments", message, call.span);
}

function checkArity(cx: CheckContext, call: FunctionCall, signature: FnSignature, scope: Scope): void {
  if (signature.hasRest || scope.shared.builtinNames.has(call.name) || call.args.some((arg) => arg.kind === "Spread")) return;
  const given = call.args.length;
  const most = signature.params.length;
  if (given >= signature.required && given <= most) return;
  const wanted = signature.required === most ? `${most}` : `${signature.required}-${most}`;
  cx.report("warning", "type/arity", `Function '${call.name}' expects ${wanted} arguments, got ${given}`, call.span);
}

type Bindings = ReturnType<typeof bindArguments>["bindings"];

function checkBounds(cx: CheckContext, call: FunctionCall, signature: FnSignature, bindings: Bindings, scope: Scope): void {
  for (const { typeName, bound } of signature.where) {
    const type = bindings.get(typeName);
    if (type === undefined || isNamed(type, "_") || isNamed(type, "any")) continue;
    if (type.kind === "Named" && (scope.boundOf(type.name) === bound || type.name === bound)) continue;
    const reason = satisfies(type, named(bound), scope, (expected, actual) => isAssignable(expected, actual, scope));
    if (reason === null) continue;
    const message = `Type '${showType(type)}' does not satisfy interface '${bound}': ${reason} (required by constraint \`where ${typeName}: ${bound}\`)`;
    cx.report("error", "type/bound", message, call.span);
  }
}

export function checkMethodCall(cx: CheckContext, call: MethodCall, scope: Scope): void {
  const receiver = inferType(call.object, scope);
  if (receiver?.kind === "Named") {
    const bound = scope.boundOf(receiver.name);
    const decl = bound === null ? null : scope.interface(bound);
    if (decl !== null && !decl.methods.some((method) => method.name === call.method)) {
      const message = `Method '${call.method}' not found in interface '${bound}' (constraint on '${receiver.name}')`;
      cx.report("warning", "type/bound-method", message, call.span);
    }
  }
  cx.node(call.object, scope);
  for (const arg of call.args) cx.node(arg, scope);
}
