/** `harn disasm`: shows the bytecode of a script. */
import { disassemble } from "../bytecode/disassemble.ts";
import { verify } from "../bytecode/verify.ts";
import { compileFile } from "../engine/files.ts";
import { CliError, type Command, type CommandLine, fileArgument } from "./command.ts";
import { readScript } from "./script-file.ts";
import type { Terminal } from "./terminal.ts";

export const command: Command = {
  name: "disasm",
  arguments: "<file.harn>",
  summary: "Show the bytecode of a script.",
  options: {
    bare: { help: "leave out the source lines" },
  },
  details: `
Prints every function of the compiled script: its registers, captures, constants and instructions, with the source line beside them.
docs/bytecode.md explains the instructions. The chunk is verified first; a chunk that does not verify is an error of the compiler.

Exit codes: 0 done · 1 the script has errors · 2 a mistake on the command line.

Example:
  harn disasm report.harn`,
  run: showBytecode,
};

async function showBytecode(line: CommandLine, terminal: Terminal): Promise<number> {
  const path = fileArgument(command, line);
  readScript(path);
  const result = await compileFile(path, { color: terminal.color });
  if (result.chunk === null) {
    terminal.stderr(result.rendered);
    return 1;
  }
  terminal.stdout(`${disassemble(result.chunk, line.flag("bare") ? undefined : result.source).trimEnd()}\n`);
  const problems = verify(result.chunk);
  if (problems.length > 0) throw new CliError(`the compiled chunk of '${path}' does not verify: ${problems.join("; ")}`);
  return 0;
}
