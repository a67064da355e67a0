import { HostModels } from '../../support/hostModels.ts';
import { Random } from '../../support/random.ts';
import {
  assertOutputs,
  type Case as Network,
  caseInputs,
  chainCase,
  operatorCase,
} from '../../support/randomCase.ts';
import { KINDS } from '../../support/randomGraph.ts';
import type { Case, Fuzzer } from '../driver/fuzzer.ts';

/** Networks that are compiled into one program: the compiler's start takes as long as a few of them. */
const BATCH = { short: 3, long: 12 } as const;
const RUNS = 4;
/** Seeds that no test has. */
const SEEDS = [10_000, 2 ** 30] as const;

/**
 * Random networks quantized in random ways, compiled to C and run under the sanitizers of the PC's compiler: nothing undefined,
 * no byte outside of its memories, and every output the interpreter's.
 */
export const networks: Fuzzer = {
  name: 'networks',
  short: 1,
  open: (run) =>
    Promise.resolve((random: Random): Case => {
      const seeds = Array.from({ length: BATCH[run] }, () => random.int(...SEEDS));
      const kinds = seeds.map(() => (random.bool(0.5) ? random.pick(KINDS) : undefined));
      return {
        label: 'compiled networks',
        input: seeds.map((seed, i) => `${kinds[i] ?? 'chain'} ${seed}\n`).join(''),
        check: () => {
          tryAll(seeds.map((seed, i) => (kinds[i] ? operatorCase(kinds[i], seed) : chainCase(seed))));
        },
      };
    }),
};

function tryAll(batch: readonly Network[]): void {
  const models = new HostModels(batch.map((c) => c.bundle));
  try {
    const runs = batch.flatMap((c) => {
      const random = new Random(1);
      return Array.from({ length: RUNS }, () => ({ c, bundle: c.bundle, ...caseInputs(c, random) }));
    });
    const outputs = models.run(runs.map(({ bundle, bytes }) => ({ bundle, inputs: bytes })));
    runs.forEach(({ c, values }, i) => assertOutputs(c, values, outputs[i]!));
  } finally {
    models.remove();
  }
}
