/** Runs a script as `harn run` does, with compiled programs kept: `run_file.ts <script> <state folder>`. */
import { runFile } from "../../src/engine/files.ts";

const [path = "", state = ""] = process.argv.slice(2);
process.exitCode = await runFile(path, {
  argv: [],
  state,
  cacheStamp: "test",
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
});
