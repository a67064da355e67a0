import { spawnSync } from 'node:child_process';
import { HostModels } from '../support/hostModels.ts';
import { Random } from '../support/random.ts';
import { assertOutputs, caseInputs, chainCase, operatorCase } from '../support/randomCase.ts';
import { KINDS } from '../support/randomGraph.ts';

/** Beyond the seeds of the simulated core's tests. */
const FIRST_SEED = 100;
const CHAINS = 25;
const RUNS = 6;

describe("compiled C on the PC, under gcc's sanitizers", () => {
  it('stays within its memories, does nothing undefined and equals the interpreter', function () {
    if (spawnSync('gcc', ['--version']).error) {
      console.log('      gcc is not installed: skipped (apt-get install gcc libc6-dev)');
      return this.skip();
    }
    const cases = [
      ...KINDS.flatMap((kind) => [operatorCase(kind, FIRST_SEED), operatorCase(kind, FIRST_SEED + 1)]),
      ...Array.from({ length: CHAINS }, (_, i) => chainCase(FIRST_SEED + i)),
    ];
    const models = new HostModels(cases.map((c) => c.bundle));
    try {
      const runs = cases.flatMap((c) => {
        const r = new Random(3);
        return Array.from({ length: RUNS }, () => ({ c, bundle: c.bundle, ...caseInputs(c, r) }));
      });
      const outputs = models.run(runs.map(({ bundle, bytes }) => ({ bundle, inputs: bytes })));
      runs.forEach(({ c, values }, i) => assertOutputs(c, values, outputs[i]!));
    } finally {
      models.remove();
    }
  });
});
