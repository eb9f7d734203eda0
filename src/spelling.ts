/**
 * The candidate that the user most likely meant, or undefined when none is near.
 * Near is at most a third of the word's letters wrong (at least one, at most three), or a candidate that only differs
 * in case, hyphens, underscores or spaces.
 */
export const didYouMean = (word: string, candidates: readonly string[]): string | undefined =>
  nearest(word, candidates)?.candidate;

/** The same with the number of letters that are wrong: 0 where only case, hyphens, underscores or spaces differ. */
export function nearest(
  word: string,
  candidates: readonly string[],
): { readonly candidate: string; readonly distance: number } | undefined {
  const plain = bare(word);
  if (plain === '') return undefined;
  const limit = Math.min(3, Math.max(1, Math.floor(plain.length / 3)));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    const other = bare(candidate);
    // Each letter that one has more than the other costs an edit: most candidates need no closer look.
    if (Math.abs(plain.length - other.length) > bestDistance) continue;
    const distance = editDistance(plain, other);
    // Of two that are as near, the one with the same letters: letters are swapped more often than replaced.
    if (
      distance < bestDistance ||
      (distance === bestDistance && isSwapped(plain, other) && !isSwapped(plain, bare(best ?? '')))
    ) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best === undefined ? undefined : { candidate: best, distance: bestDistance };
}

/** The same letters in another order. */
const isSwapped = (one: string, other: string): boolean => [...one].sort().join('') === [...other].sort().join('');

/** Without what writers of a name vary: case, hyphens, underscores, spaces. */
export const bare = (text: string): string => text.toLowerCase().replace(/[-_\s]/g, '');

/** Damerau-Levenshtein distance (optimal string alignment): insert, delete, replace, swap of neighbours. */
export function editDistance(a: string, b: string): number {
  let twoAgo: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      // Before the first letter of a word is nothing, which equals no letter of the other.
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, (twoAgo[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    twoAgo = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/** What there is of a kind. `denied`: IAM does not allow this action, which lists it; undefined: there was no answer. */
export type Listed<T> = readonly T[] | { readonly denied: string } | undefined;
/** The names of what there is. */
export type Existing = Listed<string>;

const SHOWN = 8;

/** `prod` for `production`: the only one that begins with the word. */
export function abbreviated(word: string, candidates: readonly string[]): string | undefined {
  const plain = bare(word);
  const [only, ...others] = plain.length < 3 ? [] : candidates.filter((one) => bare(one).startsWith(plain));
  return others.length === 0 ? only : undefined;
}

/**
 * After a name that does not exist: the one that was most likely meant, or what there is; empty where that is not known.
 * @param owner that has the names, as a subject: `The cluster`
 * @param plural of the kind: `services`
 * @param page names that were asked for at most: where so many came, there may be more
 */
export function whatExists(
  wanted: string,
  existing: Existing,
  { owner, plural, page }: { readonly owner: string; readonly plural: string; readonly page?: number },
): string {
  if (existing === undefined) return '';
  if ('denied' in existing)
    return `Whether ${plural} with a similar name exist is not known: ${existing.denied} is denied.`;
  if (existing.length === 0) return `${owner} has no ${plural} in this region.`;
  const meant = existing.includes(wanted) ? undefined : (didYouMean(wanted, existing) ?? abbreviated(wanted, existing));
  if (meant !== undefined) return `Did you mean \`${meant}\`?`;
  const shown = existing.toSorted().slice(0, SHOWN);
  const more = existing.length - shown.length;
  const least = page !== undefined && existing.length >= page ? 'at least ' : '';
  return `${owner} has ${shown.map((name) => `\`${name}\``).join(', ')}${more > 0 ? ` and ${least}${more} more` : ''}.`;
}
