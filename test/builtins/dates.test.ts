import { test } from "uvu";
import * as assert from "uvu/assert";
import { civilOf, daysOf, fieldsOf, isoWeek } from "../../src/builtins/calendar.ts";
import { dictOf, Duration, type Value } from "../../src/vm/values.ts";
import { failure, float, machine, show } from "./support.ts";

const m = machine();
const call = (name: string, ...args: Value[]) => show(m.call(name, ...args));

test("days and dates are each other's inverse, over all leap rules", () => {
  for (let days = -1_000_000; days < 1_000_000; days += 37) assert.is(daysOf(civilOf(days)), days);
  assert.equal(civilOf(0), { year: 1970, month: 1, day: 1 });
  assert.equal(civilOf(11_016), { year: 2000, month: 2, day: 29 });
});

test("ISO weeks at the turn of a year", () => {
  const week = (year: number, month: number, day: number) => isoWeek(fieldsOf(daysOf({ year, month, day }) * 86_400, 0));
  assert.equal(week(2027, 1, 1), { year: 2026, week: 53 });
  assert.equal(week(2024, 12, 30), { year: 2025, week: 1 });
});

test("forms of dates", () => {
  for (const text of ["2026-01-02T03:04:05Z", "2026-01-02 03:04:05", " 2026-1-2 3:4:5 ", "2026/01/02 at 3h 4m 5s"]) {
    assert.is(call("date_parse", text), "1767323045");
  }
  assert.is(call("date_parse", "2026-01-02T03:04:05.5+02:00"), "1767315845.5");
  assert.is(
    failure(() => call("date_parse", "2026-02-30")),
    "Invalid date: 2026-02-30",
  );
  assert.is(
    failure(() => call("date_parse", "2026-13-01")),
    "Invalid month: 13 (must be 1-12)",
  );
  assert.is(
    failure(() => call("date_parse", "soon")),
    "Cannot parse date: soon",
  );
});

test("formats", () => {
  const format = (at: Value, pattern: string) => call("date_format", at, pattern);
  assert.is(format(0, "%Y-%m-%d %H:%M:%S"), "1970-01-01 00:00:00");
  assert.is(format(-1, "%c"), "Wed Dec 31 23:59:59 1969");
  assert.is(format(float(0.25), "%3f|%.f|%f|%.6f"), "250|.250|250000000|.250000");
  assert.is(format(253402300800, "%Y"), "+10000");
});

test("zones, and times that occur twice or never", () => {
  assert.is(call("date_to_zone", 1767323045, "Asia/Kolkata"), "2026-01-02T08:34:05+05:30");
  const local = (hour: number, month: number, day: number) => dictOf({ year: 2026, month, day, hour, minute: 30 });
  assert.is(call("date_from_components", local(1, 11, 1), "America/New_York"), "1793511000");
  assert.match(
    failure(() => call("date_from_components", local(2, 3, 8), "America/New_York")),
    "local time does not exist",
  );
  assert.is(
    failure(() => call("date_in_zone", 0, "europe/paris")),
    "date_in_zone: unknown timezone 'europe/paris'",
  );
});

test("arithmetic", () => {
  assert.is(call("date_add", 10, new Duration(1500)), "11.5");
  assert.is(call("date_diff", float(1.5), 1), "500ms");
  assert.is(call("duration_to_human", new Duration(93_784_005)), "1d 2h 3m");
  assert.is(call("duration_ms", float(2.5)), "3ms");
  assert.is(
    failure(() => call("duration_days", 2n ** 62n)),
    "duration_days: duration overflow",
  );
});

test.run();
