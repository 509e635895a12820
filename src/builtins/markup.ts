/** Values as YAML and TOML documents, and back. The libraries that read them are loaded when a script first asks. */
import { raise } from "../vm/errors.ts";
import type { Builtin } from "../vm/native.ts";
import type { Value } from "../vm/values.ts";
import { limitedText, textArg } from "./args.ts";
import { plain } from "./define.ts";
import { burnText } from "./text_ops.ts";
import { TomlFault, writeToml } from "./toml_write.ts";
import { writeYaml } from "./yaml_write.ts";

export function markupFunctions(): Builtin[] {
  return [...reading(), ...writing()];
}

function reading(): Builtin[] {
  return [
    plain(
      {
        name: "yaml_parse",
        signature: "(text: string)",
        doc: "The value of a YAML document; nil for an empty one.",
        example: 'println(yaml_parse("a: [1, no]"))  // -> {a: [1, no]}',
      },
      (ctx, value) => {
        const text = textArg(ctx, value as Value, 0);
        burnText(ctx, text.length);
        const limit = ctx.limits.collectionItems;
        return ctx.parkOn(async () => (await import("./yaml_read.ts")).readYaml(text, limit));
      },
    ),
    plain(
      {
        name: "toml_parse",
        signature: "(text: string) -> dict",
        doc: "The dict that a TOML document stands for.",
        example: 'println(toml_parse("n = 3"))  // -> {n: 3}',
      },
      (ctx, value) => {
        const text = textArg(ctx, value as Value, 0);
        burnText(ctx, text.length);
        return ctx.parkOn(async () => (await import("./toml_read.ts")).readToml(text));
      },
    ),
  ];
}

function writing(): Builtin[] {
  return [
    plain(
      {
        name: "yaml_stringify",
        signature: "(value) -> string",
        doc: "The value as a YAML document in block style.",
        example: "print(yaml_stringify({b: \"12\", a: [1, nil]}))  // -> a:\n// -> - 1\n// -> - null\n// -> b: '12'",
      },
      (ctx, value) => {
        const text = writeYaml(value as Value, ctx.limits.stringLength);
        burnText(ctx, text.length);
        return limitedText(ctx, text);
      },
    ),
    plain(
      {
        name: "toml_stringify",
        signature: "(value: dict) -> string",
        doc: "The dict as a TOML document.",
        example: "print(toml_stringify({n: 3, f: 1.0}))  // -> f = 1.0\n// -> n = 3",
      },
      (ctx, value) => {
        try {
          const text = writeToml(value as Value);
          burnText(ctx, text.length);
          return limitedText(ctx, text);
        } catch (error) {
          if (error instanceof TomlFault) throw raise.thrown(`toml_stringify: ${error.message}`);
          throw error;
        }
      },
    ),
  ];
}
