/** The Gregorian calendar, without the host's dates: days since 1970, fields of a moment, week numbers. */

export interface Civil {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** A moment as clocks at some place show it. */
export interface Fields extends Civil {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly micros: number;
  /** Sunday is 0. */
  readonly weekday: number;
  /** Day of the year, from 1. */
  readonly yearDay: number;
}

const DAY = 86_400;

/** Days since 1970-01-01. */
export function daysOf({ year, month, day }: Civil): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

export function civilOf(days: number): Civil {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

export function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

export function daysInMonth(year: number, month: number): number {
  return month === 2 ? (isLeapYear(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** The fields of so many seconds since 1970, as a clock without an offset shows them. */
export function fieldsOf(seconds: number, micros: number): Fields {
  const days = Math.floor(seconds / DAY);
  const rest = seconds - days * DAY;
  const civil = civilOf(days);
  return {
    ...civil,
    hour: Math.floor(rest / 3600),
    minute: Math.floor(rest / 60) % 60,
    second: rest % 60,
    micros,
    weekday: (((days + 4) % 7) + 7) % 7,
    yearDay: days - daysOf({ year: civil.year, month: 1, day: 1 }) + 1,
  };
}

export function secondsOf(fields: Pick<Fields, "year" | "month" | "day" | "hour" | "minute" | "second">): number {
  return daysOf(fields) * DAY + fields.hour * 3600 + fields.minute * 60 + fields.second;
}

/** ISO 8601 week and the year it belongs to: the week that has the year's first Thursday is the first. */
export function isoWeek(fields: Fields): { year: number; week: number } {
  const days = daysOf(fields);
  const thursday = civilOf(days - ((fields.weekday + 6) % 7) + 3);
  const first = daysOf({ year: thursday.year, month: 1, day: 1 });
  return { year: thursday.year, week: Math.floor((daysOf(thursday) - first) / 7) + 1 };
}

export const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;
export const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;
