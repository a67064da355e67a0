/**
 * A function that keeps its latest results, by what they were made of, so that what many ask for one after the other is made once.
 * @param most results that are kept; the one that was asked for longest ago goes first
 * @param keyOf the same text for what gives the same result
 */
export function keepingLatest<A, R>(
  most: number,
  keyOf: (from: A) => string,
  make: (from: A) => R,
): (from: A) => R {
  const kept = new Map<string, R>();
  return (from) => {
    const key = keyOf(from);
    const result = kept.get(key) ?? make(from);
    kept.delete(key);
    kept.set(key, result);
    if (kept.size > most) kept.delete(kept.keys().next().value!);
    return result;
  };
}
