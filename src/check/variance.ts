/**
 * `in` and `out` markers: whether a declaration uses its type parameters only where the marker allows it.
 *
 * Parameters of functions are contravariant, results, alias bodies and enum payloads covariant, struct fields and the arguments of
 * lists and dicts invariant. A parameter without a marker may stand anywhere.
 */
import type { Node, Param, TypeExpr, TypeParam } from "../syntax/ast.ts";
import type { Scope } from "./scope.ts";

/** 1 covariant, -1 contravariant, 0 invariant. */
type Polarity = 1 | -1 | 0;

/** One message for each use of a marked parameter in a place its marker forbids. */
export function varianceErrors(decl: Node, scope: Scope): string[] {
  switch (decl.kind) {
    case "TypeDecl":
      return collect(decl.typeParams, `type alias '${decl.name}'`, scope, (uses) => uses.type(decl.typeExpr, 1));
    case "EnumDecl":
      return collect(decl.typeParams, `enum '${decl.name}'`, scope, (uses) => {
        for (const variant of decl.variants) uses.params(variant.fields, 1);
      });
    case "StructDecl":
      return collect(decl.typeParams, `struct '${decl.name}'`, scope, (uses) => {
        for (const field of decl.fields) if (field.type !== null) uses.type(field.type, 0);
      });
    case "InterfaceDecl":
      return collect(decl.typeParams, `interface '${decl.name}'`, scope, (uses) => {
        for (const method of decl.methods) {
          uses.params(method.params, -1);
          if (method.returnType !== null) uses.type(method.returnType, 1);
        }
      });
    case "FnDecl":
      return collect(decl.typeParams, `function '${decl.name}'`, scope, (uses) => {
        uses.params(decl.params, -1);
        if (decl.returnType !== null) uses.type(decl.returnType, 1);
      });
    default:
      return [];
  }
}

function collect(params: readonly TypeParam[], where: string, scope: Scope, walk: (uses: Uses) => void): string[] {
  if (params.every((param) => param.variance === "invariant")) return [];
  const uses = new Uses(params, where, scope);
  walk(uses);
  return uses.messages;
}

class Uses {
  readonly messages: string[] = [];

  constructor(
    private readonly marked: readonly TypeParam[],
    private readonly where: string,
    private readonly scope: Scope,
  ) {}

  params(list: readonly Param[], polarity: Polarity): void {
    for (const param of list) if (param.type !== null) this.type(param.type, polarity);
  }

  type(type: TypeExpr, polarity: Polarity): void {
    switch (type.kind) {
      case "Named":
        return this.use(type.name, polarity);
      case "Union":
        for (const member of type.members) this.type(member, polarity);
        return;
      case "Shape":
        for (const field of type.fields) this.type(field.type, polarity);
        return;
      case "ListType":
        return this.type(type.item, 0);
      case "DictType":
        this.type(type.key, 0);
        return this.type(type.value, 0);
      case "IterType":
      case "GeneratorType":
      case "StreamType":
        return this.type(type.item, polarity);
      case "FnType":
        for (const param of type.params) this.type(param, flip(polarity));
        return this.type(type.result, polarity);
      case "Applied":
        return this.application(type.name, type.args, polarity);
      default:
        return;
    }
  }

  private application(name: string, args: readonly TypeExpr[], polarity: Polarity): void {
    const scope = this.scope;
    const params = (scope.enum(name) ?? scope.struct(name) ?? scope.interface(name) ?? scope.alias(name))?.typeParams;
    args.forEach((arg, i) => {
      const variance = params?.[i]?.variance ?? "invariant";
      this.type(arg, variance === "out" ? polarity : variance === "in" ? flip(polarity) : 0);
    });
  }

  private use(name: string, polarity: Polarity): void {
    const variance = this.marked.find((param) => param.name === name)?.variance ?? "invariant";
    if (variance === "invariant" || polarity === (variance === "out" ? 1 : -1)) return;
    const declared = variance === "out" ? "'out' (covariant)" : "'in' (contravariant)";
    const found = polarity === 1 ? "covariant" : polarity === -1 ? "contravariant" : "invariant";
    this.messages.push(`type parameter '${name}' is declared ${declared} but appears in a ${found} position in ${this.where}`);
  }
}

function flip(polarity: Polarity): Polarity {
  return polarity === 0 ? 0 : polarity === 1 ? -1 : 1;
}
