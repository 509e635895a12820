/** Reading dates from texts, and checking their parts. */
import { daysInMonth, secondsOf } from "./calendar.ts";

export interface Moment {
  /** Whole seconds since 1970. */
  readonly seconds: number;
  /** 0 to 999999. */
  readonly micros: number;
}

/** A date that is none; the message is the whole text. */
export class DateFault extends Error {
  override readonly name = "DateFault";
}

const DATE = "([+-]?\\d{1,6})-(\\d{1,2})-(\\d{1,2})";
const FORMS: readonly RegExp[] = [
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)$/,
  new RegExp(`^${DATE}[ T](\\d{1,2}):(\\d{1,2}):(\\d{1,2})(?:\\.(\\d+))?$`),
  new RegExp(`^${DATE}[ T](\\d{1,2}):(\\d{1,2})$`),
  new RegExp(`^${DATE}$`),
];

/** @throws DateFault */
export function parseDate(input: string, trimmed: string): Moment {
  for (const form of FORMS) {
    const found = form.exec(trimmed);
    if (found === null) continue;
    const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map((i) => Number(found[i] ?? 0)) as Six;
    if (faultOf(year, month, day, hour, minute, second) !== null) continue;
    const micros = Math.floor(Number(`0.${found[7] ?? "0"}`) * 1e6 + 1e-6);
    return { seconds: secondsOf({ year, month, day, hour, minute, second }) - offsetOf(found[8]), micros };
  }
  return fromDigits(input, trimmed);
}

type Six = [number, number, number, number, number, number];

function offsetOf(text: string | undefined): number {
  const found = /^([+-])(\d\d):(\d\d)$/.exec(text ?? "");
  if (found === null) return 0;
  return (found[1] === "-" ? -1 : 1) * (Number(found[2]) * 3600 + Number(found[3]) * 60);
}

/** All runs of digits, taken as year, month, day and so on. */
function fromDigits(input: string, trimmed: string): Moment {
  const runs = (trimmed.match(/[0-9]+/g) ?? []).map(Number);
  if (runs.length < 3) throw new DateFault(`Cannot parse date: ${input}`);
  const [year, month, day, hour = 0, minute = 0, second = 0] = runs as number[] as Six;
  return { seconds: checkedSeconds(year, month, day, hour, minute, second), micros: 0 };
}

/** @throws DateFault when a part is out of its range */
export function checkedSeconds(year: number, month: number, day: number, hour: number, minute: number, second: number): number {
  const fault = faultOf(year, month, day, hour, minute, second);
  if (fault !== null) throw new DateFault(fault);
  return secondsOf({ year, month, day, hour, minute, second });
}

/** The years that a date may have. */
const MAX_YEAR = 262_142;

function faultOf(...parts: Six): string | null {
  const [year, month, day, hour, minute, second] = parts;
  if (Math.abs(year) > MAX_YEAR) return `Invalid year: ${year}`;
  const ranges: [string, number, number, number][] = [
    ["month", month, 1, 12],
    ["day", day, 1, 31],
    ["hour", hour, 0, 23],
    ["minute", minute, 0, 59],
    ["second", second, 0, 59],
  ];
  for (const [name, value, low, high] of ranges) {
    if (value < low || value > high) return `Invalid ${name}: ${value} (must be ${low}-${high})`;
  }
  if (day <= daysInMonth(year, month)) return null;
  const pad = (n: number) => String(n).padStart(2, "0");
  return `Invalid date: ${String(year).padStart(4, "0")}-${pad(month)}-${pad(day)}`;
}
