import { throwIfCancelled } from './error.ts';

/** Longest a computation holds the event loop, in milliseconds: then Ctrl-C and a window's Cancel still answer at once. */
const BREATH_MS = 50;

/** Returns a function to await between pieces of long work: it lets the event loop run now and then, and stops when cancelled. */
export function breather(signal: AbortSignal | undefined): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < BREATH_MS) return;
    await new Promise((resolve) => setImmediate(resolve));
    last = performance.now();
    throwIfCancelled(signal);
  };
}
