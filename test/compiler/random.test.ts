import { CompiledModels } from '../support/compiledModel.ts';
import { Random } from '../support/random.ts';
import { assertOutputs, type Case, caseInputs, chainCase, operatorCase } from '../support/randomCase.ts';
import { KINDS } from '../support/randomGraph.ts';

/** Compiles all cases into one image and compares every output byte of some runs with the interpreter. */
function check(cases: readonly Case[], seed: number, runs: number): void {
  const models = new CompiledModels(cases.map((c) => c.bundle));
  for (const c of cases) {
    const r = new Random(seed);
    for (let i = 0; i < runs; i++) {
      const { values, bytes } = caseInputs(c, r);
      assertOutputs(c, values, models.run(c.bundle, bytes).outputs);
    }
  }
}

describe('compiled C on the simulated core equals the interpreter bit for bit', () => {
  const SEEDS = Number(process.env['GLOWPORT_SEEDS'] ?? 8);
  for (const kind of KINDS) {
    it(`${kind}, random shapes, data and options`, () => {
      check(
        Array.from({ length: SEEDS }, (_, seed) => operatorCase(kind, seed)),
        1,
        4,
      );
    });
  }

  it('random networks of several layers, with values read more than once', () => {
    check(
      Array.from({ length: SEEDS * 4 }, (_, seed) => chainCase(seed)),
      2,
      3,
    );
  });
});
