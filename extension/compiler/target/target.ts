import type { Costs } from './costs.ts';

/** What the compiler knows of a processor: no board, only a core and how much code it may spend. */
export interface Target {
  readonly core: Core;
  readonly instructions: Instructions;
  readonly costs: Costs;
  /** Bytes of code that may be spent on unrolling convolutions with their weights as immediates. */
  readonly unrollBytes: number;
  /** Alignment in bytes of the three memories and of every buffer in them. */
  readonly alignment: number;
}

export type Core = 'cortex-m0plus' | 'cortex-m33' | 'cortex-m7';

/** What a core's instructions can do, as far as kernels differ by it. */
export interface Instructions {
  /** Only Thumb-1 (ARMv6-M): kernels have assembly of our own, as gcc lacks registers there. */
  readonly thumb1Only: boolean;
  /** SIMD and saturating instructions of the DSP extension. */
  readonly dsp: boolean;
  readonly fpu: boolean;
}

/** Default budget: what pays on parts with 64 KB of flash. */
export const DEFAULT_UNROLL_BYTES = 8192;
