import { FUZZERS } from './all.ts';
import { repeat } from './driver/finding.ts';
import { caseOf } from './driver/fuzzer.ts';

/** The same cases in every run, so that it passes or fails for good. */
const FIRST_SEED = Number(process.env['GLOWPORT_SEED'] ?? 1);

describe('fuzzers, a short run', () => {
  for (const { name, short, open } of FUZZERS) {
    it(`${name}: ${short} cases`, async () => {
      const make = await open();
      for (let seed = FIRST_SEED; seed < FIRST_SEED + short; seed++) {
        try {
          await caseOf(make, seed).check();
        } catch (e) {
          throw new Error(`seed ${seed}; again: ${repeat(name, seed)}`, { cause: e });
        }
      }
    });
  }
});
