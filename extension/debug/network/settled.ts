/** How long a board waits at once, in milliseconds. */
const WAIT_MS = 5;

/** Waits for a result as a board's run waits. @throws what it is rejected with */
export function* settled<T>(result: Promise<T>): Generator<number, T> {
  const outcome: { value?: { readonly is: T }; error?: { readonly is: unknown } } = {};
  result.then(
    (is) => (outcome.value = { is }),
    (is: unknown) => (outcome.error = { is }),
  );
  while (!outcome.value && !outcome.error) yield WAIT_MS;
  if (outcome.value) return outcome.value.is;
  throw outcome.error!.is;
}
