/** How long a test waits for one thing: as long as it may take on a busy machine, so that only what hangs fails by it. */
export const LONGEST_WAIT_MS = 120_000;

/** Waits until something is true (or there). */
export async function until<T>(what: () => T | Promise<T>): Promise<NonNullable<T>> {
  const end = Date.now() + LONGEST_WAIT_MS;
  for (;;) {
    const found = await what();
    if (found) return found;
    if (Date.now() > end) throw new Error(`never became true: ${what}`);
    await new Promise((done) => setTimeout(done, 5));
  }
}
