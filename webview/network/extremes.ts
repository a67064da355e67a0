/** The smallest of any number of numbers; what is none does not count. */
export function smallest(values: readonly number[]): number {
  return values.reduce((a, b) => (b < a ? b : a), Infinity);
}

/** The largest of any number of numbers; what is none does not count. */
export function largest(values: readonly number[]): number {
  return values.reduce((a, b) => (b > a ? b : a), -Infinity);
}
