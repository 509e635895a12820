/** The directives of `date_format`, and ISO texts. */
import { type Fields, isoWeek, MONTHS, WEEKDAYS } from "./calendar.ts";

/** A moment with all that formats may ask of it. */
export interface Shown {
  readonly fields: Fields;
  readonly epochSeconds: number;
  readonly offset: number;
  readonly abbreviation: () => string;
}

/** A directive that does not exist; the message names it. */
export class FormatFault extends Error {
  override readonly name = "FormatFault";
}

/** @throws FormatFault for an unknown directive */
export function formatDate(shown: Shown, format: string): string {
  return format.replace(/%([-_0]?)(\.[369]?f|[369]f|:{1,3}z|[\s\S]|$)/gu, (_whole, padding: string, directive: string) =>
    expand(shown, padding, directive),
  );
}

const number = (n: number, width: number, fill: "0" | " ", padding: string): string => {
  if (padding === "-") return String(n);
  const char = padding === "_" ? " " : padding === "0" ? "0" : fill;
  return n < 0 ? `-${String(-n).padStart(width, char)}` : String(n).padStart(width, char);
};

function expand(shown: Shown, padding: string, directive: string): string {
  const composed = COMPOSED[directive];
  if (composed !== undefined) return formatDate(shown, composed);
  return datePart(shown, padding, directive) ?? timePart(shown, padding, directive) ?? zonePart(shown, directive) ?? refuse(directive);
}

function refuse(directive: string): never {
  throw new FormatFault(`unknown directive '%${directive}'`);
}

const COMPOSED: Readonly<Record<string, string>> = {
  D: "%m/%d/%y",
  x: "%m/%d/%y",
  F: "%Y-%m-%d",
  v: "%e-%b-%Y",
  R: "%H:%M",
  T: "%H:%M:%S",
  X: "%H:%M:%S",
  r: "%I:%M:%S %p",
  c: "%a %b %e %H:%M:%S %Y",
  "+": "%Y-%m-%dT%H:%M:%S%.f%:z",
};

function datePart({ fields }: Shown, padding: string, directive: string): string | null {
  const { year, month, day, weekday, yearDay } = fields;
  const n = (value: number, width: number, fill: "0" | " " = "0") => number(value, width, fill, padding);
  switch (directive) {
    case "Y":
      return yearText(year);
    case "C":
      return n(Math.floor(year / 100), 2);
    case "y":
      return n(((year % 100) + 100) % 100, 2);
    case "m":
      return n(month, 2);
    case "d":
      return n(day, 2);
    case "e":
      return n(day, 2, " ");
    case "j":
      return n(yearDay, 3);
    case "q":
      return n(Math.ceil(month / 3), 1);
    case "b":
    case "h":
      return (MONTHS[month - 1] as string).slice(0, 3);
    case "B":
      return MONTHS[month - 1] as string;
    case "a":
      return (WEEKDAYS[weekday] as string).slice(0, 3);
    case "A":
      return WEEKDAYS[weekday] as string;
    case "w":
      return String(weekday);
    case "u":
      return String(weekday === 0 ? 7 : weekday);
    default:
      return weekPart(fields, n, directive);
  }
}

function weekPart(fields: Fields, n: (value: number, width: number) => string, directive: string): string | null {
  switch (directive) {
    case "U":
      return n(Math.floor((fields.yearDay + 6 - fields.weekday) / 7), 2);
    case "W":
      return n(Math.floor((fields.yearDay + 6 - ((fields.weekday + 6) % 7)) / 7), 2);
    case "V":
      return n(isoWeek(fields).week, 2);
    case "G":
      return yearText(isoWeek(fields).year);
    case "g":
      return n(((isoWeek(fields).year % 100) + 100) % 100, 2);
    default:
      return null;
  }
}

/** Four digits at least; a sign outside 0 to 9999. */
export function yearText(year: number): string {
  if (year < 0) return `-${String(-year).padStart(4, "0")}`;
  return year > 9999 ? `+${year}` : String(year).padStart(4, "0");
}

function timePart({ fields, epochSeconds }: Shown, padding: string, directive: string): string | null {
  const { hour, minute, second, micros } = fields;
  const n = (value: number, fill: "0" | " " = "0") => number(value, 2, fill, padding);
  const digits = `${String(micros).padStart(6, "0")}000`;
  switch (directive) {
    case "H":
      return n(hour);
    case "k":
      return n(hour, " ");
    case "I":
      return n(hour % 12 === 0 ? 12 : hour % 12);
    case "l":
      return n(hour % 12 === 0 ? 12 : hour % 12, " ");
    case "M":
      return n(minute);
    case "S":
      return n(second);
    case "P":
      return hour < 12 ? "am" : "pm";
    case "p":
      return hour < 12 ? "AM" : "PM";
    case "s":
      return String(epochSeconds);
    case "f":
      return digits;
    case ".f":
      return fraction(micros);
  }
  const width = /^(\.?)([369])f$/.exec(directive);
  return width === null ? null : (width[1] as string) + digits.slice(0, Number(width[2]));
}

/** A dot and three or six digits, nothing when there is no fraction. */
export function fraction(micros: number): string {
  if (micros === 0) return "";
  const digits = String(micros).padStart(6, "0");
  return `.${micros % 1000 === 0 ? digits.slice(0, 3) : digits}`;
}

function zonePart({ offset, abbreviation }: Shown, directive: string): string | null {
  switch (directive) {
    case "z":
      return offsetText(offset, "");
    case ":z":
      return offsetText(offset, ":");
    case "::z":
      return `${offsetText(offset, ":")}:${String(Math.abs(offset) % 60).padStart(2, "0")}`;
    case ":::z":
      return offsetText(offset, ":").slice(0, 3);
    case "Z":
      return abbreviation();
    case "t":
      return "\t";
    case "n":
      return "\n";
    case "%":
      return "%";
    default:
      return null;
  }
}

export function offsetText(offset: number, separator: string): string {
  const minutes = Math.floor(Math.abs(offset) / 60);
  const pad = (n: number) => String(n).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${pad(Math.floor(minutes / 60))}${separator}${pad(minutes % 60)}`;
}
