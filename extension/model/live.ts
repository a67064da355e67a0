/**
 * Names that some ends depend on, and the ends: whatever has to be computed or kept for them.
 * @param before what a name depends on at once
 */
export function dependedOn(
  ends: readonly string[],
  before: (name: string) => readonly string[],
): ReadonlySet<string> {
  const found = new Set(ends);
  // a set is walked through up to what is added on the way
  for (const name of found) for (const needed of before(name)) found.add(needed);
  return found;
}
