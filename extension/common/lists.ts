/** What `Math.max(...list)` and `to.push(...list)` do for short lists only: arguments lie on the stack. */

/** The largest of a list; `least` when all are smaller, or there is none. */
export function largest(list: Iterable<number>, least = -Infinity): number {
  let most = least;
  for (const n of list) if (n > most) most = n;
  return most;
}

/** The smallest of a list; Infinity when there is none. */
export function smallest(list: Iterable<number>): number {
  let least = Infinity;
  for (const n of list) if (n < least) least = n;
  return least;
}

/** Puts elements at the end of a list. */
export function pushAll<T>(to: T[], elements: Iterable<T>): void {
  for (const element of elements) to.push(element);
}

/** Puts an element at the end of a key's list. */
export function addTo<K, T>(lists: Map<K, T[]>, key: K, element: T): void {
  const list = lists.get(key);
  if (list) list.push(element);
  else lists.set(key, [element]);
}

/** So many of a list at most, evenly spread over it: every second, every third. */
export function spread<T>(list: readonly T[], most: number): T[] {
  const every = Math.max(1, Math.ceil(list.length / most));
  return list.filter((_, i) => i % every === 0);
}

/** A list so many times over; an only element stands for all of them, and stays one. */
export function repeated<T>(list: readonly T[], times: number): readonly T[] {
  return list.length === 1 ? list : Array.from({ length: times }, () => list).flat();
}
