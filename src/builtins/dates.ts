/** Dates. A timestamp is seconds since 1970: an int when whole, else a float; functions take one, or a dict that has one. */
import { display } from "../vm/display.ts";
import { raise } from "../vm/errors.ts";
import type { Builtin, NativeContext } from "../vm/native.ts";
import { Dict, dictOf, Duration, Float, isInt, typeName, type Value } from "../vm/values.ts";
import { countOr, textArg, textOr } from "./args.ts";
import { type Fields, fieldsOf, MONTHS, WEEKDAYS } from "./calendar.ts";
import { FormatFault, formatDate, fraction, offsetText, type Shown, yearText } from "./date_format.ts";
import { checkedSeconds, DateFault, type Moment, parseDate } from "./date_parse.ts";
import { perInstance, plain, withAliases } from "./define.ts";
import { UTC, type Zone, Zones } from "./time_zones.ts";
import { trim } from "./whitespace.ts";

export function dateFunctions(): Builtin[] {
  const zones = perInstance(() => new Zones());
  return [...present(), ...reading(zones), ...showing(zones), ...naming(zones), ...arithmetic()];
}

/** The farthest moment, in seconds: what the calendar of the reference holds. */
const MAX_SECONDS = 8_210_266_876_799;

/** The moment that an argument means. */
function momentArg(ctx: NativeContext, name: string, value: Value, position: number): Moment {
  if (position >= ctx.argc) throw raise.thrown(`${name}: missing timestamp argument`);
  if (value instanceof Dict) {
    const timestamp = value.map.get("timestamp");
    if (timestamp === undefined) throw raise.thrown(`${name}: missing timestamp argument`);
    return moment(name, timestamp);
  }
  return moment(name, value);
}

function moment(name: string, value: Value): Moment {
  const seconds = isInt(value) ? Number(value) : value instanceof Float ? value.value : null;
  if (seconds === null) throw raise.thrown(`${name}: expected timestamp number or date dict, got ${typeName(value)}`);
  if (!Number.isFinite(seconds)) throw raise.thrown(`${name}: timestamp must be finite`);
  if (Math.abs(seconds) > MAX_SECONDS) throw raise.thrown(`${name}: timestamp out of range`);
  const whole = Math.floor(seconds);
  const micros = Math.round((seconds - whole) * 1e6);
  return micros === 1_000_000 ? { seconds: whole + 1, micros: 0 } : { seconds: whole, micros };
}

function timestamp({ seconds, micros }: Moment): Value {
  return micros === 0 ? seconds : new Float(seconds + micros / 1e6);
}

type ZonesOf = (ctx: NativeContext) => Zones;

function zoneArg(ctx: NativeContext, zones: ZonesOf, name: string, value: Value, position: number): Zone {
  if (position >= ctx.argc || value === null) return UTC;
  return namedZone(zones(ctx), name, display(value));
}

function namedZone(zones: Zones, name: string, zoneName: string): Zone {
  const zone = zones.get(zoneName);
  if (zone === null) throw raise.thrown(`${name}: unknown timezone '${zoneName}'`);
  return zone;
}

function shown(at: Moment, zone: Zone): Shown {
  const offset = zone.offsetAt(at.seconds);
  return {
    fields: fieldsOf(at.seconds + offset, at.micros),
    epochSeconds: at.seconds,
    offset,
    abbreviation: () => zone.abbreviationAt(at.seconds),
  };
}

function isoText(fields: Fields, offset: string): string {
  const pad = (n: number) => String(n).padStart(2, "0");
  const date = `${yearText(fields.year)}-${pad(fields.month)}-${pad(fields.day)}`;
  return `${date}T${pad(fields.hour)}:${pad(fields.minute)}:${pad(fields.second)}${offset}`;
}

function calendarEntries(fields: Fields): Record<string, Value> {
  const { year, month, day, hour, minute, second, weekday } = fields;
  return { year, month, day, hour, minute, second, weekday };
}

/** The real time as text, in UTC with milliseconds. */
export function isoNow(ctx: NativeContext): string {
  const ms = Math.floor(ctx.nowMs());
  const fields = fieldsOf(Math.floor(ms / 1000), 0);
  return isoText(fields, `.${String(((ms % 1000) + 1000) % 1000).padStart(3, "0")}Z`);
}

function present(): Builtin[] {
  const iso = plain(
    {
      name: "date_now_iso",
      signature: "() -> string",
      doc: "The time in UTC as text.",
      example: 'println(date_now_iso().ends_with("Z"))  // -> true',
      effect: "clock",
    },
    isoNow,
  );
  return [
    ...withAliases(iso, "date_iso"),
    plain(
      {
        name: "date_now",
        signature: "() -> dict",
        doc: "The time in UTC as a dict of its parts.",
        example: "println(date_now().month <= 12)  // -> true",
        effect: "clock",
      },
      (ctx) => {
        const ms = ctx.nowMs();
        const fields = fieldsOf(Math.floor(ms / 1000), 0);
        return dictOf({ ...calendarEntries(fields), timestamp: new Float(ms / 1000), iso8601: isoNow(ctx) });
      },
    ),
  ];
}

function reading(zones: ZonesOf): Builtin[] {
  return [
    plain(
      {
        name: "date_parse",
        signature: "(text: string)",
        doc: "The timestamp of a date in one of the usual forms; without an offset it is UTC.",
        example: 'println(date_parse("2026-01-02 03:04:05"))  // -> 1767323045',
      },
      (ctx, value) => {
        const text = textArg(ctx, value as Value, 0);
        return orThrow(() => timestamp(parseDate(text, trim(text))));
      },
    ),
    plain(
      {
        name: "date_from_components",
        signature: "(parts: dict, zone?: string)",
        doc: "The timestamp of a date given by its parts; a time that occurs twice is the earlier one.",
        example: "println(date_from_components({year: 1970, month: 1, day: 2}))  // -> 86400",
      },
      (ctx, parts, zone) => {
        const name = "date_from_components";
        if (ctx.argc === 0) throw raise.thrown(`${name}: missing components argument`);
        if (!(parts instanceof Dict)) throw raise.thrown(`${name}: expected dict, got ${typeName(parts as Value)}`);
        const place = zoneArg(ctx, zones, name, zone as Value, 1);
        const part = (key: string, fallback: number | null): number => {
          const value = parts.map.get(key);
          if (value === undefined && fallback !== null) return fallback;
          if (value === undefined) throw raise.thrown(`${name}: missing ${key}`);
          if (!isInt(value)) throw raise.thrown(`${name}: ${key} must be an integer, got ${typeName(value)}`);
          return countOr(value, 0);
        };
        const [year, month, day] = [part("year", null), part("month", null), part("day", null)];
        const [hour, minute, second] = [part("hour", 0), part("minute", 0), part("second", 0)];
        return fromLocal(
          name,
          orThrow(() => checkedSeconds(year, month, day, hour, minute, second)),
          place,
        );
      },
    ),
  ];
}

function orThrow<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof DateFault) throw raise.thrown(error.message);
    throw error;
  }
}

/** The earliest moment at which clocks of the zone show that time. */
function fromLocal(name: string, local: number, zone: Zone): number {
  const candidates = [-86_400, 86_400]
    .map((distance) => local - zone.offsetAt(local + distance))
    .filter((seconds) => seconds + zone.offsetAt(seconds) === local);
  if (candidates.length === 0) throw raise.thrown(`${name}: local time does not exist in that timezone`);
  return Math.min(...candidates);
}

function showing(zones: ZonesOf): Builtin[] {
  const needZone = (ctx: NativeContext, name: string, value: Value): Zone => {
    if (ctx.argc < 2) throw raise.thrown(`${name}: missing timezone argument`);
    return namedZone(zones(ctx), name, display(value));
  };
  return [
    plain(
      {
        name: "date_format",
        signature: "(date, format?: string, zone?: string) -> string",
        doc: "The date by a format of `%` directives, in UTC or a zone.",
        example: 'println(date_format(0, "%Y-%m-%d"))  // -> 1970-01-01',
      },
      (ctx, date, format, zone) => {
        const at = momentArg(ctx, "date_format", date as Value, 0);
        const place = zoneArg(ctx, zones, "date_format", zone as Value, 2);
        const pattern = format === null ? "%Y-%m-%d %H:%M:%S" : textOr(ctx, format as Value, 1, "%Y-%m-%d %H:%M:%S");
        try {
          return formatDate(shown(at, place), pattern);
        } catch (error) {
          if (error instanceof FormatFault) throw raise.runtime(`date_format: ${error.message}`);
          throw error;
        }
      },
    ),
    plain(
      {
        name: "date_in_zone",
        signature: "(date, zone: string) -> dict",
        doc: "The parts of a date as clocks in the zone show it.",
        example: 'println(date_in_zone(0, "Asia/Tokyo").hour)  // -> 9',
      },
      (ctx, date, zone) => {
        const at = momentArg(ctx, "date_in_zone", date as Value, 0);
        const place = needZone(ctx, "date_in_zone", zone as Value);
        const { fields, offset } = shown(at, place);
        return dictOf({
          ...calendarEntries(fields),
          zone: place.name,
          offset_seconds: offset,
          timestamp: timestamp(at),
          iso8601: isoText(fields, fraction(at.micros) + offsetText(offset, ":")),
        });
      },
    ),
    plain(
      {
        name: "date_to_zone",
        signature: "(date, zone: string) -> string",
        doc: "The date as RFC 3339 text with the zone's offset.",
        example: 'println(date_to_zone(0, "UTC"))  // -> 1970-01-01T00:00:00+00:00',
      },
      (ctx, date, zone) => {
        const at = momentArg(ctx, "date_to_zone", date as Value, 0);
        const { fields, offset } = shown(at, needZone(ctx, "date_to_zone", zone as Value));
        return isoText(fields, fraction(at.micros) + offsetText(offset, ":"));
      },
    ),
  ];
}

function naming(zones: ZonesOf): Builtin[] {
  const row = (name: string, doc: string, example: string, pick: (fields: Fields) => string) =>
    plain({ name, signature: "(date, zone?: string) -> string", doc, example }, (ctx, date, zone) => {
      const at = momentArg(ctx, name, date as Value, 0);
      return pick(shown(at, zoneArg(ctx, zones, name, zone as Value, 1)).fields);
    });
  return [
    row(
      "weekday_name",
      "The English name of the weekday.",
      "println(weekday_name(0))  // -> Thursday",
      (fields) => WEEKDAYS[fields.weekday] as string,
    ),
    row(
      "month_name",
      "The English name of the month.",
      "println(month_name(0))  // -> January",
      (fields) => MONTHS[fields.month - 1] as string,
    ),
  ];
}

function arithmetic(): Builtin[] {
  return [
    plain(
      {
        name: "date_add",
        signature: "(date, time: duration)",
        doc: "The timestamp so much later.",
        example: "println(date_add(0, 1500ms))  // -> 1.5",
      },
      (ctx, date, time) => {
        const at = momentArg(ctx, "date_add", date as Value, 0);
        if (ctx.argc < 2) throw raise.thrown("date_add: missing duration argument");
        if (!(time instanceof Duration)) throw raise.thrown(`date_add: expected duration, got ${typeName(time as Value)}`);
        const micros = BigInt(at.seconds) * 1_000_000n + BigInt(at.micros) + BigInt(time.ms) * 1000n;
        const ms = Number(micros / 1000n);
        if (Math.abs(ms) > MAX_SECONDS * 1000) throw raise.thrown("date_add: timestamp overflow");
        return ms % 1000 === 0 ? ms / 1000 + 0 : new Float(ms / 1000);
      },
    ),
    plain(
      {
        name: "date_diff",
        signature: "(a, b) -> duration",
        doc: "How much later the first date is.",
        example: "println(date_diff(90, 0))  // -> 90s",
      },
      (ctx, a, b) => {
        const [from, to] = [momentArg(ctx, "date_diff", a as Value, 0), momentArg(ctx, "date_diff", b as Value, 1)];
        const ms = (from.seconds - to.seconds) * 1000 + Math.trunc((from.micros - to.micros) / 1000);
        return new Duration(ms + 0);
      },
    ),
  ];
}
