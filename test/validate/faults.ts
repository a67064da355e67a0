import type { Random } from '../support/random.ts';

/** How often each happens to a byte, from 0 to 1. */
export interface FaultRates {
  readonly lost: number;
  readonly doubled: number;
  readonly changed: number;
  /** A byte of noise comes before it. */
  readonly noise: number;
}

/** What a bad line makes of bytes. */
export function disturbed(bytes: Uint8Array, rates: FaultRates, random: Random): Uint8Array {
  const out: number[] = [];
  for (const byte of bytes) {
    if (random.bool(rates.noise)) out.push(random.int(0, 255));
    if (random.bool(rates.lost)) continue;
    const arrived = random.bool(rates.changed) ? byte ^ (1 << random.int(0, 7)) : byte;
    out.push(arrived);
    if (random.bool(rates.doubled)) out.push(arrived);
  }
  return Uint8Array.from(out);
}
