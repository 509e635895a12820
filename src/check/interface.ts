/**
 * What a module shows to the checker of the file that imports it: names that can be called, and declarations that carry types.
 *
 * Functions have no signature across modules. Made from the module's tree alone, plus the interfaces of what it re-exports.
 */
import type { EnumDecl, InterfaceDecl, Node, Program, StructDecl, TypeDecl } from "../syntax/ast.ts";

export type TypeDeclaration = TypeDecl | StructDecl | EnumDecl | InterfaceDecl;

export interface ModuleInterface {
  /** What a plain `import "m"` makes known. */
  readonly exports: ReadonlySet<string>;
  /** Every name declared at the top level; a selective import may name those too. */
  readonly declared: ReadonlySet<string>;
  /** Exported types by name, those of re-exported modules included. */
  readonly types: ReadonlyMap<string, TypeDeclaration>;
}

/** The interface of a module that cannot be parsed: it exports nothing. */
export const EMPTY_INTERFACE: ModuleInterface = { exports: new Set(), declared: new Set(), types: new Map() };

/**
 * The interface of a module.
 *
 * @param program its tree
 * @param reExported the interface of a module named by a `pub import`, or null when it is not resolved or still being made (a cycle)
 * @example moduleInterface(parse(source).program, () => null).exports.has("area")
 */
export function moduleInterface(program: Program, reExported: (path: string) => ModuleInterface | null): ModuleInterface {
  const builder = new Builder();
  for (const item of program.items) builder.add(item.kind === "AttributedDecl" ? item.inner : item, reExported);
  return builder.finish();
}

class Builder {
  private readonly exports = new Set<string>();
  private readonly declared = new Set<string>();
  private readonly types = new Map<string, TypeDeclaration>();
  private readonly functions: string[] = [];
  private hasPublicFunction = false;

  add(item: Node, reExported: (path: string) => ModuleInterface | null): void {
    switch (item.kind) {
      case "FnDecl":
        this.functions.push(item.name);
        if (item.isPub) this.hasPublicFunction = true;
        return this.declare(item.name, item.isPub);
      case "Pipeline":
      case "ToolDecl":
        return this.declare(item.name, item.isPub);
      case "StructDecl":
      case "EnumDecl":
        if (item.isPub) this.types.set(item.name, item);
        return this.declare(item.name, item.isPub);
      case "TypeDecl":
      case "InterfaceDecl":
        this.types.set(item.name, item);
        return this.declare(item.name, true);
      case "ImportDecl":
      case "SelectiveImport":
        return item.isPub ? this.reExport(item, reExported(item.path)) : undefined;
      default:
        return;
    }
  }

  /** Without any `pub fn` every top-level function is exported. */
  finish(): ModuleInterface {
    if (!this.hasPublicFunction) for (const name of this.functions) this.exports.add(name);
    return { exports: this.exports, declared: this.declared, types: this.types };
  }

  private declare(name: string, isPub: boolean): void {
    this.declared.add(name);
    if (isPub) this.exports.add(name);
  }

  private reExport(item: Extract<Node, { kind: "ImportDecl" | "SelectiveImport" }>, from: ModuleInterface | null): void {
    if (from === null) return;
    const names = item.kind === "ImportDecl" ? from.exports : importable(from, item.names);
    for (const name of names) {
      this.exports.add(name);
      const type = from.types.get(name);
      if (type !== undefined && !this.types.has(name)) this.types.set(name, type);
    }
  }
}

/** The names among `wanted` that a selective import of the module finds. */
export function importable(module: ModuleInterface, wanted: readonly string[]): string[] {
  return wanted.filter((name) => module.declared.has(name) || module.exports.has(name));
}
