import { CORTEX_M7 } from './cortexM7.ts';
import type { Costs } from './costs.ts';

/**
 * What a Cortex-M33 takes of a Cortex-M7's cycles: it issues nearly always one instruction a cycle where the other pairs them.
 * A guess that nobody has measured: times of these cores are rough.
 */
const FACTOR = 1.5;

/** Cortex-M33 with code and data in memory without wait states. Estimated from the estimate of the Cortex-M7. */
export const CORTEX_M33: Costs = slowed(CORTEX_M7);

/** Cycles times {@link FACTOR}; bytes of code stay, gcc's Thumb-2 is the same. */
function slowed<T>(costs: T): T {
  const entries = Object.entries(costs as Record<string, unknown>).map(([name, value]) => [
    name,
    typeof value === 'object' ? slowed(value) : /bytes$/i.test(name) ? value : (value as number) * FACTOR,
  ]);
  return Object.fromEntries(entries) as T;
}
