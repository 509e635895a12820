import { test } from "uvu";
import * as assert from "uvu/assert";
import { OsFailure } from "../../src/vm/door.ts";
import { globTest } from "../../src/builtins/glob.ts";
import { dictOf, type Value } from "../../src/vm/values.ts";
import { memoryFiles } from "./memory_files.ts";
import { failure, machine, show } from "./support.ts";

function fresh() {
  const m = machine({ files: memoryFiles({ "/project/a.txt": "one\ntwo\r\n", "/project/src/b.rs": "b", "/project/src/deep/c.rs": "c" }) });
  return (name: string, ...args: Value[]) => show(m.call(name, ...args));
}

test("reading and writing, relative to where the program runs", () => {
  const call = fresh();
  assert.is(call("read_file", "a.txt"), "one\ntwo\r\n");
  assert.is(call("read_lines", "./src/../a.txt"), "[one, two\r]");
  call("append_file", "new.txt", 5);
  call("append_file", "new.txt", "6");
  assert.is(call("read_file", "/project/new.txt"), "56");
  assert.is(
    failure(() => call("write_file", "no/x", "v")),
    "Failed to write file /project/no/x: No such file or directory (os error 2)",
  );
  assert.is(call("read_file_result", "none"), "Result.Err(Failed to read file /project/none: No such file or directory (os error 2))");
  assert.is(
    failure(() => call("write_file_bytes", "b", 5)),
    "write_file_bytes expects bytes content, got int",
  );
});

test("moving, copying and removing", () => {
  const call = fresh();
  call("copy_file", "a.txt", "b.txt");
  call("move_file", "b.txt", "src/b.txt");
  assert.is(call("list_dir", "src"), "[b.rs, b.txt, deep]");
  call("delete_file", "src");
  assert.is(call("file_exists", "src/deep/c.rs"), "false");
  assert.is(
    failure(() => call("delete_file", "src")),
    "Failed to delete file /project/src: No such file or directory (os error 2)",
  );
  assert.is(
    failure(() => call("move_file", "a")),
    "move_file: src and dst are required",
  );
});

test("going through folders", () => {
  const call = fresh();
  assert.is(
    call("walk_dir", "src", dictOf({ max_depth: 1 })),
    "[{depth: 0, is_dir: true, is_file: false, path: /project/src}, {depth: 1, is_dir: false, is_file: true, path: /project/src/b.rs}, {depth: 1, is_dir: true, is_file: false, path: /project/src/deep}]",
  );
  assert.is(call("glob", "*.rs", "src"), "[/project/src/b.rs, /project/src/deep/c.rs]");
  assert.is(call("glob", "*", "nowhere"), "[]");
});

test("glob patterns", () => {
  const cases: [string, string, boolean][] = [
    ["*.rs", "a/b.rs", true],
    ["**/*.md", "x.md", true],
    ["a?c", "a/c", true],
    ["[!a]b", "ab", false],
    ["{a,b}.txt", "b.txt", true],
    ["\\*", "*", true],
    ["a.b", "axb", false],
  ];
  for (const [pattern, path, matches] of cases) assert.is(globTest(pattern)(path), matches, `${pattern} on ${path}`);
  assert.match(
    failure(() => fresh()("glob", "[a", "src")),
    "glob: error parsing glob '[a'",
  );
});

test("paths as text", () => {
  const call = fresh();
  assert.is(call("path_join", "a", "/b", "../c"), "/b/../c");
  assert.is(call("path_normalize", "a/../.."), "..");
  assert.is(call("path_relative_to", "/a", "/a/b/c"), "../..");
  assert.is(call("path_relative_to", "/a", "b"), "nil");
  assert.is(call("dirname", "/a"), "/");
  assert.is(call("extname", ".hidden"), "");
  assert.is(
    call("path_workspace_info", "../x"),
    "{host_path: nil, input: ../x, kind: invalid, normalized: ../x, reason: workspace-relative path escapes the workspace root, recovered_root_drift: false, workspace_path: nil}",
  );
  assert.is(call("path_workspace_normalize", "/project/src/b.rs"), "src/b.rs");
});

test("programs: what they answer, and those that cannot be started", async () => {
  const requests: unknown[] = [];
  const m = machine({
    processes: {
      async run(request) {
        requests.push([request.command, ...request.args, request.cwd]);
        if (request.command === "none") throw new OsFailure("No such file or directory (os error 2)", "ENOENT");
        return { stdout: "out", stderr: "", status: 3, signal: null, timedOut: false };
      },
    },
  });
  assert.is(show(await m.wait("exec", "ls", "-l")), "{status: 3, stderr: , stdout: out, success: false}");
  assert.is(show(await m.wait("shell_at", "sub", "true")), "{status: 3, stderr: , stdout: out, success: false}");
  assert.equal(requests, [
    ["ls", "-l", "/project"],
    ["/bin/sh", "-c", "true", "/project/sub"],
  ]);
  let text = "";
  await m.wait("exec", "none").catch((error) => {
    text = show(error.value);
  });
  assert.is(text, "exec failed: process spawn failed: No such file or directory (os error 2)");
  assert.is(
    failure(() => m.call("shell")),
    "shell: command string is required",
  );
});

test.run();
