/** Attributes on declarations: deprecation notes, and warnings about attributes that are unknown or stand in the wrong place. */
import type { Attribute, AttributedDecl, AttributeValue, Node, Program } from "../syntax/ast.ts";
import { forEachChild } from "../syntax/walk.ts";
import type { CheckContext } from "./context.ts";

export interface Deprecation {
  readonly since: string | null;
  readonly use: string | null;
}

const FUNCTION_ONLY = new Set(["acp_tool", "acp_skill", "deterministic", "semantic", "archivist", "retroactive"]);
const ANYWHERE = new Set(["deprecated", "complexity"]);

/** The deprecated top-level functions of a file. */
export function deprecatedFunctions(program: Program): Map<string, Deprecation> {
  const found = new Map<string, Deprecation>();
  for (const item of program.items) {
    if (item.kind !== "AttributedDecl" || item.inner.kind !== "FnDecl") continue;
    const attribute = item.attributes.find((candidate) => candidate.name === "deprecated");
    if (attribute !== undefined) found.set(item.inner.name, { since: textArg(attribute, "since"), use: textArg(attribute, "use") });
  }
  return found;
}

/** The first round of deprecation warnings: every call in the file, before anything else is checked. */
export function warnOfDeprecatedCalls(cx: CheckContext, program: Program): void {
  if (cx.deprecated.size === 0) return;
  const visit = (node: Node): void => {
    if (node.kind === "InterpolatedString") return;
    if (node.kind === "FunctionCall") warnOfDeprecation(cx, node.name, node);
    forEachChild(node, visit);
  };
  for (const item of program.items) visit(item);
}

export function warnOfDeprecation(cx: CheckContext, name: string, call: Node): void {
  const note = cx.deprecated.get(name);
  if (note === undefined) return;
  const since = note.since === null ? "" : ` (since ${note.since})`;
  const help = note.use === null ? undefined : `use \`${note.use}\` instead`;
  cx.report("warning", "type/deprecated", `\`${name}\` is deprecated${since}`, call.span, help);
}

/** Warnings about the attributes of one declaration; those on types come twice, as the reference gives them. */
export function checkAttributes(cx: CheckContext, decl: AttributedDecl): void {
  const rounds = decl.inner.kind === "FnDecl" || decl.inner.kind === "Pipeline" ? 1 : 2;
  for (let round = 0; round < rounds; round++) {
    for (const attribute of decl.attributes) checkPlace(cx, attribute, decl.inner);
    if (decl.inner.kind === "FnDecl") checkFlow(cx, decl.attributes);
  }
}

function checkPlace(cx: CheckContext, attribute: Attribute, inner: Node): void {
  const { name } = attribute;
  if (ANYWHERE.has(name)) return;
  if (name === "test") {
    if (inner.kind !== "Pipeline") warn(cx, attribute, "`@test` only applies to pipeline declarations");
  } else if (name === "invariant") {
    const fits = inner.kind === "FnDecl" || inner.kind === "ToolDecl" || inner.kind === "Pipeline";
    if (!fits) warn(cx, attribute, "`@invariant` only applies to function, tool, or pipeline declarations");
  } else if (FUNCTION_ONLY.has(name)) {
    if (inner.kind !== "FnDecl") warn(cx, attribute, `\`@${name}\` only applies to function declarations`);
  } else warn(cx, attribute, `unknown attribute \`@${name}\``);
}

/** The attributes that make a function a flow predicate ask for one another. */
function checkFlow(cx: CheckContext, attributes: readonly Attribute[]): void {
  const find = (name: string): Attribute | undefined => attributes.find((attribute) => attribute.name === name);
  const invariant = find("invariant");
  const archivist = find("archivist");
  const retroactive = find("retroactive");
  if (invariant === undefined) {
    if (archivist !== undefined) warn(cx, archivist, "`@archivist(...)` only applies to Flow predicates marked with `@invariant`");
    if (retroactive !== undefined) warn(cx, retroactive, "`@retroactive` only applies to Flow predicates marked with `@invariant`");
  } else if (invariant.args.length === 0) {
    const deterministic = find("deterministic");
    const semantic = find("semantic");
    if (deterministic !== undefined && semantic !== undefined) {
      warn(cx, semantic, "`@deterministic` and `@semantic` are mutually exclusive; a Flow predicate is one mode or the other");
    } else if (deterministic === undefined && semantic === undefined) {
      warn(cx, invariant, "Flow `@invariant` requires exactly one of `@deterministic` (default) or `@semantic`");
    }
    if (archivist === undefined) {
      warn(
        cx,
        invariant,
        "Flow `@invariant` is missing `@archivist(...)` provenance (evidence, confidence, source_date, coverage_examples)",
      );
    }
  }
  if (archivist !== undefined) checkArchivist(cx, archivist);
}

function checkArchivist(cx: CheckContext, attribute: Attribute): void {
  if (!attribute.args.some((arg) => arg.name === "evidence")) {
    warn(cx, attribute, "`@archivist(...)` should declare `evidence: [...]` so predicates can be audited");
  }
  const confidence = attribute.args.find((arg) => arg.name === "confidence")?.value;
  if (confidence !== undefined && !isShare(confidence)) {
    warn(cx, attribute, "`@archivist(confidence: ...)` must be a float in [0.0, 1.0]");
  }
}

function isShare(value: AttributeValue): boolean {
  if (value.kind !== "float" && value.kind !== "int") return false;
  const number = Number(value.value);
  return number >= 0 && number <= 1;
}

function textArg(attribute: Attribute, name: string): string | null {
  const value = attribute.args.find((arg) => arg.name === name)?.value;
  return value?.kind === "string" ? value.value : null;
}

function warn(cx: CheckContext, attribute: Attribute, message: string): void {
  cx.report("warning", "type/attribute", message, attribute.span);
}
