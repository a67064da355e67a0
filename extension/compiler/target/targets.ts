import { CORTEX_M0PLUS } from './cortexM0plus.ts';
import { CORTEX_M33 } from './cortexM33.ts';
import { CORTEX_M7 } from './cortexM7.ts';
import { type Core, DEFAULT_UNROLL_BYTES, type Target } from './target.ts';

/** What is known of each core, whatever board it sits on. */
const CORES: Readonly<Record<Core, Omit<Target, 'core' | 'unrollBytes'>>> = {
  'cortex-m0plus': {
    instructions: { thumb1Only: true, dsp: false, fpu: false },
    costs: CORTEX_M0PLUS,
    alignment: 4,
  },
  'cortex-m33': {
    // some parts lack the DSP extension or the FPU; gcc is told by the board's flags, and no kernel of ours needs either
    instructions: { thumb1Only: false, dsp: false, fpu: false },
    costs: CORTEX_M33,
    alignment: 4,
  },
  'cortex-m7': {
    instructions: { thumb1Only: false, dsp: true, fpu: true },
    costs: CORTEX_M7,
    alignment: 4,
  },
};

/** The target of a core. @param unrollBytes code that may be spent on unrolling convolutions */
export function targetFor(core: Core, unrollBytes = DEFAULT_UNROLL_BYTES): Target {
  return { core, unrollBytes, ...CORES[core] };
}
