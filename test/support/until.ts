/** Waits until something is true (or there); fails after two minutes, so that a failing test ends. */
export async function until<T>(what: () => T | Promise<T>): Promise<NonNullable<T>> {
  const end = Date.now() + 120_000;
  for (;;) {
    const found = await what();
    if (found) return found;
    if (Date.now() > end) throw new Error(`never became true: ${what}`);
    await new Promise((done) => setTimeout(done, 5));
  }
}
