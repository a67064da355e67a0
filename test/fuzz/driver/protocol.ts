import type { Finding } from './finding.ts';

/** What the thread that tries cases is told. */
export interface WorkerTask {
  readonly fuzzer: string;
  readonly firstSeed: number;
  readonly cases: number;
  /** Memory of both threads, see SLOT. */
  readonly shared: SharedArrayBuffer;
}

/** Words of the shared memory. */
export const SLOT = { seed: 0, done: 1, stop: 2, words: 3 } as const;

/** What it tells: findings as they come, and its end. */
export type FromWorker =
  'done' | { readonly finding: Finding; readonly input: Uint8Array | string | undefined };
