/** The first of the items of each kind: for tests that need not run on every board. */
export function oneOfEach<T>(items: readonly T[], kindOf: (item: T) => string): readonly T[] {
  return items.filter((item, i) => items.findIndex((other) => kindOf(other) === kindOf(item)) === i);
}
