/** Time zones by their IANA names, from the host's zone data. */
import { daysOf } from "./calendar.ts";

/** A zone's offset and short name at a moment. */
export interface Zone {
  readonly name: string;
  /** Seconds that its clocks are ahead of UTC, at so many seconds since 1970. */
  offsetAt(seconds: number): number;
  abbreviationAt(seconds: number): string;
}

export const UTC: Zone = { name: "UTC", offsetAt: () => 0, abbreviationAt: () => "UTC" };

/** Beyond this the host knows no zones. */
const HOST_SECONDS = 8.64e12;

/** Zones that were asked for, by name; making one is slow. Names that mean no zone are not remembered. */
export class Zones {
  private readonly known = new Map<string, Zone>([["UTC", UTC]]);

  /** The zone of that name, null when there is none; names are case-sensitive. */
  get(name: string): Zone | null {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const zone = hostZone(name);
    if (zone !== null) this.known.set(name, zone);
    return zone;
  }
}

function hostZone(name: string): Zone | null {
  if (!/^[A-Z][A-Za-z0-9_+\-/]*$/.test(name)) return null;
  try {
    const format = new Intl.DateTimeFormat("en-US", {
      timeZone: name,
      hourCycle: "h23",
      era: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    const resolved = format.resolvedOptions().timeZone;
    if (resolved !== name && resolved.toLowerCase() === name.toLowerCase()) return null;
    const long = new Intl.DateTimeFormat("en-US", { timeZone: name, timeZoneName: "long" });
    const short = new Intl.DateTimeFormat("en-US", { timeZone: name, timeZoneName: "short" });
    const offsetAt = (seconds: number) => hostOffset(format, seconds);
    return {
      name,
      offsetAt,
      abbreviationAt: (seconds) => abbreviation(zoneName(long, seconds), zoneName(short, seconds), offsetAt(seconds)),
    };
  } catch {
    return null; // The host does not know the name.
  }
}

function hostOffset(format: Intl.DateTimeFormat, seconds: number): number {
  const moment = Math.max(-HOST_SECONDS, Math.min(HOST_SECONDS, seconds));
  const parts = new Map(format.formatToParts(moment * 1000).map((part) => [part.type, part.value]));
  const number = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
  const year = parts.get("era") === "BC" ? 1 - number("year") : number("year");
  const days = daysOf({ year, month: number("month"), day: number("day") });
  return days * 86_400 + number("hour") * 3600 + number("minute") * 60 + number("second") - moment;
}

function zoneName(format: Intl.DateTimeFormat, seconds: number): string {
  return format.formatToParts(seconds * 1000).find((part) => part.type === "timeZoneName")?.value ?? "";
}

/** The zone data's own abbreviation: from the long name where that tells it, else the host's, else the offset in digits. */
function abbreviation(long: string, short: string, offset: number): string {
  const known = ABBREVIATIONS[long];
  if (known !== undefined) return known;
  if (/^[A-Z]{2,5}$/.test(short)) return short;
  const minutes = Math.abs(Math.trunc(offset / 60));
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return `${offset < 0 ? "-" : "+"}${pad2(hours)}${rest === 0 ? "" : pad2(rest)}`;
}

const pad2 = (n: number): string => String(n).padStart(2, "0");

const ABBREVIATIONS: Readonly<Record<string, string>> = {
  "Coordinated Universal Time": "UTC",
  "Greenwich Mean Time": "GMT",
  "British Summer Time": "BST",
  "Irish Standard Time": "IST",
  "Western European Standard Time": "WET",
  "Western European Summer Time": "WEST",
  "Central European Standard Time": "CET",
  "Central European Summer Time": "CEST",
  "Eastern European Standard Time": "EET",
  "Eastern European Summer Time": "EEST",
  "Moscow Standard Time": "MSK",
  "West Africa Time": "WAT",
  "Central Africa Time": "CAT",
  "East Africa Time": "EAT",
  "South Africa Standard Time": "SAST",
  "Israel Standard Time": "IST",
  "Israel Daylight Time": "IDT",
  "India Standard Time": "IST",
  "Pakistan Standard Time": "PKT",
  "Western Indonesia Time": "WIB",
  "Central Indonesia Time": "WITA",
  "Eastern Indonesia Time": "WIT",
  "China Standard Time": "CST",
  "Taipei Standard Time": "CST",
  "Hong Kong Standard Time": "HKT",
  "Philippine Standard Time": "PST",
  "Japan Standard Time": "JST",
  "Korean Standard Time": "KST",
  "Australian Western Standard Time": "AWST",
  "Australian Central Standard Time": "ACST",
  "Australian Central Daylight Time": "ACDT",
  "Australian Eastern Standard Time": "AEST",
  "Australian Eastern Daylight Time": "AEDT",
  "New Zealand Standard Time": "NZST",
  "New Zealand Daylight Time": "NZDT",
  "Samoa Standard Time": "SST",
  "Chamorro Standard Time": "ChST",
  "Newfoundland Standard Time": "NST",
  "Newfoundland Daylight Time": "NDT",
  "Cuba Standard Time": "CST",
  "Cuba Daylight Time": "CDT",
};
