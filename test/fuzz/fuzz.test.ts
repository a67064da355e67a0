import { FUZZERS } from './all.ts';
import { caseOf } from './driver/fuzzer.ts';

/** The same cases in every run, so that it passes or fails for good. */
const FIRST_SEED = Number(process.env['GLOWPORT_SEED'] ?? 1);

describe('fuzzers, a short run', () => {
  for (const { name, short, open } of FUZZERS) {
    it(`${name}: ${short} cases`, async () => {
      const make = await open('short');
      for (let seed = FIRST_SEED; seed < FIRST_SEED + short; seed++) {
        try {
          await caseOf(make, seed).check();
        } catch (e) {
          throw new Error(`again: GLOWPORT_SEED=${seed} npx mocha test/fuzz/*.test.ts -g ${name}`, {
            cause: e,
          });
        }
      }
    });
  }
});
