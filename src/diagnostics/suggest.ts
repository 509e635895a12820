/** Did-you-mean: the reference has one rule for names found wrong before the run and another for names found wrong in it. */

/**
 * For an unknown call target or struct, found before the run: the nearest candidate within distance 2, the first of several.
 *
 * @returns null when none is near enough
 * @example nearestName("calculate_totl", ["calculate_total"]) // "calculate_total"
 */
export function nearestName(name: string, candidates: Iterable<string>): string | null {
  let best: string | null = null;
  let bestDistance = 3;
  const letters = [...name];
  const bytes = byteLength(name);
  for (const candidate of candidates) {
    if (candidate === name || Math.abs(byteLength(candidate) - bytes) > 2) continue;
    const distance = editDistance(letters, [...candidate], bestDistance - 1);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** For an undefined variable or builtin: distance 1, 2 or 3 by the name's length in bytes; ties go to the closest length, then the alphabet. */
export function suggestAtRunTime(name: string, candidates: Iterable<string>): string | null {
  const letters = [...name];
  const bytes = byteLength(name);
  const limit = bytes <= 2 ? 1 : bytes <= 5 ? 2 : 3;
  let best: { name: string; distance: number; gap: number } | null = null;
  for (const candidate of candidates) {
    if (candidate === name || candidate.startsWith("__")) continue;
    const other = [...candidate];
    const distance = editDistance(letters, other, limit);
    if (distance > limit) continue;
    const gap = Math.abs(other.length - letters.length);
    if (best === null || distance < best.distance || (distance === best.distance && isCloser(gap, candidate, best))) {
      best = { name: candidate, distance, gap };
    }
  }
  return best === null ? null : best.name;
}

/** Length in UTF-8, in which the reference counts names. */
function byteLength(text: string): number {
  let length = 0;
  for (const char of text) {
    const code = char.codePointAt(0) as number;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}

function isCloser(gap: number, name: string, best: { name: string; gap: number }): boolean {
  return gap !== best.gap ? gap < best.gap : name < best.name;
}

/** Levenshtein's distance over code points, or `limit + 1` as soon as it cannot be within the limit. */
export function editDistance(a: readonly string[], b: readonly string[], limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      const next = Math.min((previous[j] as number) + 1, (row[j - 1] as number) + 1, (previous[j - 1] as number) + cost);
      row.push(next);
      if (next < least) least = next;
    }
    if (least > limit) return limit + 1;
    previous = row;
  }
  return Math.min(previous[b.length] as number, limit + 1);
}
