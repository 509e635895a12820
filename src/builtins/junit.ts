/** Test reports in the JUnit form, read by a scan of the text: reports in the wild are seldom exact XML. */
import { raise } from "../vm/errors.ts";
import type { Builtin } from "../vm/native.ts";
import { Bytes, type Dict, dictOf, list, typeName, type Value } from "../vm/values.ts";
import { checkItems } from "./args.ts";
import { plain } from "./define.ts";
import { lossyText } from "./encodings.ts";
import { burnText } from "./text_ops.ts";
import { trim } from "./whitespace.ts";

export function junitFunction(): Builtin {
  return plain(
    {
      name: "parse_junit_xml",
      signature: "(report: string | bytes | nil) -> list",
      doc: "A dict of name, status, duration, message and output for every test case of a report.",
      example: 'println(parse_junit_xml("<testcase name=\\"a\\"/>")[0].status)  // -> passed',
    },
    (ctx, report) => {
      const text = report === null ? "" : report instanceof Bytes ? lossyText(report.data) : report;
      if (typeof text !== "string") throw raise.thrown(`parse_junit_xml: expected string or bytes, got ${typeName(text as Value)}`);
      burnText(ctx, text.length * 4);
      const cases = testCases(text);
      checkItems(ctx, cases.length * 6);
      return list(cases);
    },
  );
}

function testCases(text: string): Dict[] {
  const cases: Dict[] = [];
  for (let at = text.indexOf("<testcase"); at >= 0; ) {
    const close = text.indexOf(">", at);
    if (close < 0) break;
    const head = text.slice(at, close);
    let body = "";
    let next = close + 1;
    if (!head.endsWith("/")) {
      const end = text.indexOf("</testcase>", close);
      if (end < 0) break;
      body = text.slice(close + 1, end);
      next = end;
    }
    cases.push(testCase(head, body));
    at = text.indexOf("<testcase", next);
  }
  return cases;
}

function testCase(head: string, body: string): Dict {
  const [name, group] = [attribute(head, "name") ?? "", attribute(head, "classname") ?? ""];
  const kind = ["failure", "error", "skipped"].find((tag) => body.includes(`<${tag}`));
  const status = kind === "failure" ? "failed" : kind === "error" ? "errored" : (kind ?? "passed");
  return dictOf({
    name: group !== "" && name !== "" ? `${group}::${name}` : name,
    status,
    duration_ms: milliseconds(attribute(head, "time")),
    message: kind === "failure" || kind === "error" ? message(body, kind) : null,
    stdout: element(body, "system-out"),
    stderr: element(body, "system-err"),
  });
}

function milliseconds(time: string | null): number {
  const seconds = time !== null && /^[+]?[0-9]*\.?[0-9]+(e[+-]?[0-9]+)?$/i.test(time.trim()) ? Number(time) : 0;
  return Math.floor(Math.round(seconds * 1e9) / 1e6);
}

function attribute(head: string, key: string): string | null {
  const start = head.indexOf(` ${key}="`);
  if (start < 0) return null;
  const from = start + key.length + 3;
  const end = head.indexOf('"', from);
  return end < 0 ? null : decoded(head.slice(from, end));
}

function message(body: string, tag: string): string {
  const start = body.indexOf(`<${tag}`);
  const close = body.indexOf(">", start);
  const head = close < 0 ? body.slice(start) : body.slice(start, close);
  const text = head.endsWith("/") ? "" : (element(body, tag) ?? "");
  return [attribute(head, "message") ?? "", text].filter((part) => part !== "").join("\n");
}

/** The trimmed text of an element, null when it is absent. */
function element(body: string, tag: string): string | null {
  const start = body.indexOf(`<${tag}`);
  const open = start < 0 ? -1 : body.indexOf(">", start);
  const end = open < 0 || body[open - 1] === "/" ? -1 : body.indexOf(`</${tag}>`, open);
  return end < 0 ? null : trim(decoded(body.slice(open + 1, end)));
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function decoded(text: string): string {
  return text.replace(/&(lt|gt|amp|quot|apos);/g, (_whole, name: string) => ENTITIES[name] as string);
}
