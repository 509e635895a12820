/**
 * The syntax tree, as chapter 1.8 of the reference lists it.
 *
 * Nodes are plain data. `span` runs from the first token's start to the last consumed token's end, in UTF-16 offsets of the file,
 * also inside `${…}`. Parentheses leave no node, and a parenthesised expression's span excludes them.
 */
import type { Span } from "../source/text.ts";

interface Base {
  readonly span: Span;
}

// --- Shared pieces -------------------------------------------------------------------------------------------------------------

export interface Param {
  readonly name: string;
  readonly type: TypeExpr | null;
  readonly default: Node | null;
  readonly rest: boolean;
  readonly span: Span;
}
export interface TypeParam {
  readonly name: string;
  readonly variance: "invariant" | "in" | "out";
}
export interface WhereBound {
  readonly typeName: string;
  readonly bound: string;
}
export interface FieldDecl {
  readonly name: string;
  readonly type: TypeExpr | null;
  readonly optional: boolean;
}
export interface VariantDecl {
  readonly name: string;
  readonly fields: readonly Param[];
}
export interface InterfaceMethod {
  readonly name: string;
  readonly typeParams: readonly TypeParam[];
  readonly params: readonly Param[];
  readonly returnType: TypeExpr | null;
}
export interface AssocType {
  readonly name: string;
  readonly type: TypeExpr | null;
}
export type AttributeValue =
  | { readonly kind: "string" | "name"; readonly value: string }
  | { readonly kind: "int"; readonly value: bigint }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "nil" }
  | { readonly kind: "list"; readonly items: readonly AttributeValue[] };
export interface AttributeArg {
  readonly name: string | null;
  readonly value: AttributeValue;
  readonly span: Span;
}
export interface Attribute {
  readonly name: string;
  readonly args: readonly AttributeArg[];
  readonly span: Span;
}

// --- Patterns of let, var and for ------------------------------------------------------------------------------------------------

export type BindingPattern =
  | { readonly kind: "Name"; readonly name: string; readonly span: Span }
  | { readonly kind: "DictPattern"; readonly fields: readonly DictPatternField[]; readonly span: Span }
  | { readonly kind: "ListPattern"; readonly items: readonly ListPatternItem[]; readonly span: Span }
  | { readonly kind: "PairPattern"; readonly first: string; readonly second: string; readonly span: Span };
export interface DictPatternField {
  /** The key looked up; for the rest element the name bound. */
  readonly key: string;
  readonly alias: string | null;
  readonly default: Node | null;
  readonly rest: boolean;
  readonly span: Span;
}
export interface ListPatternItem {
  readonly name: string;
  readonly default: Node | null;
  readonly rest: boolean;
  readonly span: Span;
}

// --- Type expressions ------------------------------------------------------------------------------------------------------------

export type TypeExpr =
  | { readonly kind: "Named"; readonly name: string } // also "nil", and "bool" for true/false
  | { readonly kind: "Union"; readonly members: readonly TypeExpr[] }
  | { readonly kind: "Shape"; readonly fields: readonly ShapeField[] }
  | { readonly kind: "ListType"; readonly item: TypeExpr }
  | { readonly kind: "DictType"; readonly key: TypeExpr; readonly value: TypeExpr }
  | { readonly kind: "IterType" | "GeneratorType" | "StreamType"; readonly item: TypeExpr }
  | { readonly kind: "Applied"; readonly name: string; readonly args: readonly TypeExpr[] }
  | { readonly kind: "FnType"; readonly params: readonly TypeExpr[]; readonly result: TypeExpr }
  | { readonly kind: "Never" }
  | { readonly kind: "LitString"; readonly value: string }
  | { readonly kind: "LitInt"; readonly value: bigint };
export interface ShapeField {
  readonly name: string;
  readonly type: TypeExpr;
  readonly optional: boolean;
}

// --- Nodes -----------------------------------------------------------------------------------------------------------------------

export type Block = readonly Node[];
export type BinaryOperator =
  | "+" | "-" | "*" | "/" | "%" | "**" | "==" | "!=" | "<" | ">" | "<=" | ">=" | "&&" | "||" | "??" | "|>" | "in" | "not_in"; // biome-ignore format: one line
export type AssignOperator = "+" | "-" | "*" | "/" | "%";

export interface AttributedDecl extends Base {
  readonly kind: "AttributedDecl";
  readonly attributes: readonly Attribute[];
  readonly inner: Node;
}
export interface Pipeline extends Base {
  readonly kind: "Pipeline";
  readonly name: string;
  readonly params: readonly string[];
  readonly returnType: TypeExpr | null;
  readonly body: Block;
  readonly extends: string | null;
  readonly isPub: boolean;
}
export interface OverrideDecl extends Base {
  readonly kind: "OverrideDecl";
  readonly name: string;
  readonly params: readonly string[];
  readonly body: Block;
}
export interface ImportDecl extends Base {
  readonly kind: "ImportDecl";
  readonly path: string;
  readonly isPub: boolean;
}
export interface SelectiveImport extends Base {
  readonly kind: "SelectiveImport";
  readonly names: readonly string[];
  readonly path: string;
  readonly isPub: boolean;
}
export interface FnDecl extends Base {
  readonly kind: "FnDecl";
  readonly name: string;
  readonly typeParams: readonly TypeParam[];
  readonly params: readonly Param[];
  readonly returnType: TypeExpr | null;
  readonly where: readonly WhereBound[];
  readonly body: Block;
  readonly isPub: boolean;
  readonly isStream: boolean;
}
export interface ToolDecl extends Base {
  readonly kind: "ToolDecl";
  readonly name: string;
  readonly description: string | null;
  readonly params: readonly Param[];
  readonly returnType: TypeExpr | null;
  readonly body: Block;
  readonly isPub: boolean;
}
/** `skill NAME { field expr … }`; fields keep their order. */
export interface SkillDecl extends Base {
  readonly kind: "SkillDecl";
  readonly name: string;
  readonly fields: readonly { readonly name: string; readonly value: Node }[];
  readonly isPub: boolean;
}
/** `eval_pack NAME|STRING ["id"] { field: expr | stmt … }`. */
export interface EvalPackDecl extends Base {
  readonly kind: "EvalPackDecl";
  readonly name: string;
  readonly id: string | null;
  readonly fields: readonly { readonly name: string; readonly value: Node }[];
  readonly body: Block;
  readonly isPub: boolean;
}
export interface TypeDecl extends Base {
  readonly kind: "TypeDecl";
  readonly name: string;
  readonly typeParams: readonly TypeParam[];
  readonly typeExpr: TypeExpr;
}
export interface EnumDecl extends Base {
  readonly kind: "EnumDecl";
  readonly name: string;
  readonly typeParams: readonly TypeParam[];
  readonly variants: readonly VariantDecl[];
  readonly isPub: boolean;
}
export interface StructDecl extends Base {
  readonly kind: "StructDecl";
  readonly name: string;
  readonly typeParams: readonly TypeParam[];
  readonly fields: readonly FieldDecl[];
  readonly isPub: boolean;
}
export interface InterfaceDecl extends Base {
  readonly kind: "InterfaceDecl";
  readonly name: string;
  readonly typeParams: readonly TypeParam[];
  readonly assocTypes: readonly AssocType[];
  readonly methods: readonly InterfaceMethod[];
}
export interface ImplBlock extends Base {
  readonly kind: "ImplBlock";
  readonly typeName: string;
  readonly methods: readonly FnDecl[];
}
/** `let` and its synonym `const`. */
export interface LetBinding extends Base {
  readonly kind: "LetBinding";
  readonly pattern: BindingPattern;
  readonly typeAnn: TypeExpr | null;
  readonly value: Node;
}
export interface VarBinding extends Base {
  readonly kind: "VarBinding";
  readonly pattern: BindingPattern;
  readonly typeAnn: TypeExpr | null;
  readonly value: Node;
}
export interface IfElse extends Base {
  readonly kind: "IfElse";
  readonly condition: Node;
  readonly then: Block;
  readonly else: Block | null;
}
export interface ForIn extends Base {
  readonly kind: "ForIn";
  readonly pattern: BindingPattern;
  readonly iterable: Node;
  readonly body: Block;
}
export interface WhileLoop extends Base {
  readonly kind: "WhileLoop";
  readonly condition: Node;
  readonly body: Block;
}
export interface Retry extends Base {
  readonly kind: "Retry";
  readonly count: Node;
  readonly body: Block;
}
export interface MatchArm {
  readonly pattern: Node;
  readonly guard: Node | null;
  readonly body: Block;
  readonly span: Span;
}
export interface MatchExpr extends Base {
  readonly kind: "MatchExpr";
  readonly value: Node;
  readonly arms: readonly MatchArm[];
}
export interface OrPattern extends Base {
  readonly kind: "OrPattern";
  readonly alternatives: readonly Node[];
}
export interface TryCatch extends Base {
  readonly kind: "TryCatch";
  readonly body: Block;
  readonly hasCatch: boolean;
  readonly errorVar: string | null;
  readonly errorType: TypeExpr | null;
  readonly catchBody: Block;
  readonly finallyBody: Block | null;
}
/** `try { … }` alone: a Result. */
export interface TryExpr extends Base {
  readonly kind: "TryExpr";
  readonly body: Block;
}
/** `try* e`. */
export interface TryStar extends Base {
  readonly kind: "TryStar";
  readonly operand: Node;
}
/** `e?`. */
export interface TryOperator extends Base {
  readonly kind: "TryOperator";
  readonly operand: Node;
}
export interface Parallel extends Base {
  readonly kind: "Parallel";
  readonly mode: "Count" | "Each" | "EachStream" | "Settle";
  readonly expr: Node;
  readonly variable: string | null;
  readonly body: Block;
  readonly options: readonly { readonly key: string; readonly value: Node }[];
}
export interface SelectCase {
  readonly variable: string;
  readonly channel: Node;
  readonly body: Block;
}
export interface SelectExpr extends Base {
  readonly kind: "SelectExpr";
  readonly cases: readonly SelectCase[];
  readonly timeout: { readonly duration: Node; readonly body: Block } | null;
  readonly default: Block | null;
}
export interface SpawnExpr extends Base {
  readonly kind: "SpawnExpr";
  readonly body: Block;
}
export interface MutexBlock extends Base {
  readonly kind: "MutexBlock";
  readonly body: Block;
}
export interface DeferStmt extends Base {
  readonly kind: "DeferStmt";
  readonly body: Block;
}
export interface DeadlineBlock extends Base {
  readonly kind: "DeadlineBlock";
  readonly duration: Node;
  readonly body: Block;
}
export interface GuardStmt extends Base {
  readonly kind: "GuardStmt";
  readonly condition: Node;
  readonly elseBody: Block;
}
export interface RequireStmt extends Base {
  readonly kind: "RequireStmt";
  readonly condition: Node;
  readonly message: Node | null;
}
export interface ReturnStmt extends Base {
  readonly kind: "ReturnStmt";
  readonly value: Node | null;
}
export interface YieldExpr extends Base {
  readonly kind: "YieldExpr";
  readonly value: Node | null;
}
export interface EmitExpr extends Base {
  readonly kind: "EmitExpr";
  readonly value: Node;
}
export interface ThrowStmt extends Base {
  readonly kind: "ThrowStmt";
  readonly value: Node;
}
export interface BreakStmt extends Base {
  readonly kind: "BreakStmt";
}
export interface ContinueStmt extends Base {
  readonly kind: "ContinueStmt";
}
export interface Assignment extends Base {
  readonly kind: "Assignment";
  readonly target: Node;
  readonly value: Node;
  readonly op: AssignOperator | null;
}
export interface BinaryOp extends Base {
  readonly kind: "BinaryOp";
  readonly op: BinaryOperator;
  readonly left: Node;
  readonly right: Node;
}
export interface UnaryOp extends Base {
  readonly kind: "UnaryOp";
  readonly op: "!" | "-";
  readonly operand: Node;
}
export interface Ternary extends Base {
  readonly kind: "Ternary";
  readonly condition: Node;
  readonly trueExpr: Node;
  readonly falseExpr: Node;
}
export interface RangeExpr extends Base {
  readonly kind: "RangeExpr";
  readonly start: Node;
  readonly end: Node;
  readonly inclusive: boolean;
}
/** A call of a bare name; `nameSpan` is the name's own place. */
export interface FunctionCall extends Base {
  readonly kind: "FunctionCall";
  readonly name: string;
  readonly nameSpan: Span;
  readonly typeArgs: readonly TypeExpr[];
  readonly args: readonly Node[];
}
export interface MethodCall extends Base {
  readonly kind: "MethodCall";
  readonly object: Node;
  readonly method: string;
  readonly args: readonly Node[];
  readonly optional: boolean;
}
export interface PropertyAccess extends Base {
  readonly kind: "PropertyAccess";
  readonly object: Node;
  readonly property: string;
  readonly optional: boolean;
}
export interface SubscriptAccess extends Base {
  readonly kind: "SubscriptAccess";
  readonly object: Node;
  readonly index: Node;
  readonly optional: boolean;
}
export interface SliceAccess extends Base {
  readonly kind: "SliceAccess";
  readonly object: Node;
  readonly start: Node | null;
  readonly end: Node | null;
}
/** `key` is a StringLiteral for a word or string key, any node for `[computed]`, null for `...spread` (then `value` is a Spread). */
export interface Entry {
  readonly key: Node | null;
  readonly value: Node;
}
export interface StructConstruct extends Base {
  readonly kind: "StructConstruct";
  readonly structName: string;
  readonly entries: readonly Entry[];
}
export interface DictLiteral extends Base {
  readonly kind: "DictLiteral";
  readonly entries: readonly Entry[];
}
export interface ListLiteral extends Base {
  readonly kind: "ListLiteral";
  readonly items: readonly Node[];
}
export interface Spread extends Base {
  readonly kind: "Spread";
  readonly expr: Node;
}
/** `{ x -> … }`, or `fn(x) { … }` when `fnSyntax`. */
export interface Closure extends Base {
  readonly kind: "Closure";
  readonly params: readonly Param[];
  readonly body: Block;
  readonly fnSyntax: boolean;
}
export interface StringLiteral extends Base {
  readonly kind: "StringLiteral";
  readonly value: string;
}
export interface RawStringLiteral extends Base {
  readonly kind: "RawStringLiteral";
  readonly value: string;
}
/** A segment is text, or the expression of a `${…}` that parsed; one that did not parse has become text already. */
export type Segment = string | Node;
export interface InterpolatedString extends Base {
  readonly kind: "InterpolatedString";
  readonly segments: readonly Segment[];
}
/** In range of signed 64 bits; a larger literal is a FloatLiteral. */
export interface IntLiteral extends Base {
  readonly kind: "IntLiteral";
  readonly value: bigint;
}
export interface FloatLiteral extends Base {
  readonly kind: "FloatLiteral";
  readonly value: number;
}
export interface BoolLiteral extends Base {
  readonly kind: "BoolLiteral";
  readonly value: boolean;
}
export interface NilLiteral extends Base {
  readonly kind: "NilLiteral";
}
/** Milliseconds; null when they do not fit signed 64 bits, which is a compile error. */
export interface DurationLiteral extends Base {
  readonly kind: "DurationLiteral";
  readonly ms: bigint | null;
}
export interface Identifier extends Base {
  readonly kind: "Identifier";
  readonly name: string;
}

export type Node =
  | AttributedDecl
  | Pipeline
  | OverrideDecl
  | ImportDecl
  | SelectiveImport
  | FnDecl
  | ToolDecl
  | SkillDecl
  | EvalPackDecl
  | TypeDecl
  | EnumDecl
  | StructDecl
  | InterfaceDecl
  | ImplBlock
  | LetBinding
  | VarBinding
  | IfElse
  | ForIn
  | WhileLoop
  | Retry
  | MatchExpr
  | OrPattern
  | TryCatch
  | TryExpr
  | TryStar
  | TryOperator
  | Parallel
  | SelectExpr
  | SpawnExpr
  | MutexBlock
  | DeferStmt
  | DeadlineBlock
  | GuardStmt
  | RequireStmt
  | ReturnStmt
  | YieldExpr
  | EmitExpr
  | ThrowStmt
  | BreakStmt
  | ContinueStmt
  | Assignment
  | BinaryOp
  | UnaryOp
  | Ternary
  | RangeExpr
  | FunctionCall
  | MethodCall
  | PropertyAccess
  | SubscriptAccess
  | SliceAccess
  | StructConstruct
  | DictLiteral
  | ListLiteral
  | Spread
  | Closure
  | StringLiteral
  | RawStringLiteral
  | InterpolatedString
  | IntLiteral
  | FloatLiteral
  | BoolLiteral
  | NilLiteral
  | DurationLiteral
  | Identifier;
export type NodeKind = Node["kind"];

/** One file: its items in order. */
export interface Program {
  readonly items: Block;
  readonly span: Span;
}
