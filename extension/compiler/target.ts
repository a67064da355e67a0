/** What the compiler knows of a processor: no board, only a core and how much code it may spend. */
export interface Target {
  readonly core: 'cortex-m0plus' | 'cortex-m7';
  /** Bytes of code that may be spent on unrolling convolutions with their weights as immediates. */
  readonly unrollBytes: number;
}

/** Default budget: what pays on parts with 64 KB of flash. */
export const DEFAULT_UNROLL_BYTES = 8192;
