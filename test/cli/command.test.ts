import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Command, fileArgument, helpText, readCommandLine, UsageError } from "../../src/cli/command.ts";

const command: Command = {
  name: "do",
  arguments: "<file>",
  summary: "Do it.",
  options: { json: { help: "as JSON" }, limit: { value: "n", help: "at most" } },
  details: "More.",
  run: async () => 0,
};
const usage = (pattern: RegExp) => (error: Error) => error instanceof UsageError && pattern.test(error.message);

test("options, positionals and the rest behind the dashes", () => {
  const line = readCommandLine(command, ["a.harn", "--json", "--limit", "5", "--", "--not-mine", "x"]);
  assert.equal([line.positionals, line.rest, line.flag("json"), line.text("limit")], [["a.harn"], ["--not-mine", "x"], true, "5"]);
  assert.is(readCommandLine(command, ["--limit=7"]).text("limit"), "7");
});

test("mistakes name the option and the help", () => {
  assert.throws(() => readCommandLine(command, ["--nope"]), usage(/^unknown option --nope; see harn do --help$/));
  assert.throws(() => readCommandLine(command, ["--limit"]), usage(/^option --limit needs a value/));
  assert.throws(() => readCommandLine(command, ["--json=1"]), usage(/^option --json takes no value/));
});

test("one file, and only one", () => {
  assert.is(fileArgument(command, readCommandLine(command, ["a"])), "a");
  assert.throws(() => fileArgument(command, readCommandLine(command, [])), usage(/which file/));
  assert.throws(() => fileArgument(command, readCommandLine(command, ["a", "b"])), usage(/'b' is too much/));
});

test("the help shows usage, every option and the details", () => {
  const text = helpText(command);
  for (const part of ["Do it.", "harn do [options] <file>", "--json", "--limit <n>", "--help", "More."])
    assert.ok(text.includes(part), part);
});

test.run();
