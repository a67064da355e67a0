import assert from 'node:assert/strict';
import { targetFor } from '../../extension/compiler/target/targets.ts';
import type { Target } from '../../extension/compiler/target/target.ts';
import { layerCosts } from '../support/layerCosts.ts';
import { KINDS } from '../support/randomGraph.ts';
import { portableTarget } from '../support/targets.ts';

const SEEDS = [0, 1, 2, 3, 4, 5].map((i) => i + Number(process.env['GLOWPORT_FIRST_SEED'] ?? 0));
/** Most that a layer's prediction may be off: assembly counts itself; what gcc makes of C differs from layer to layer. */
const MOST = { assembly: 1.1, c: 2.5 };
/** Most that the half of all layers may be off. */
const MEDIAN = { assembly: 1.03, c: 1.3 };
/** A layer of less is done in no time, whatever it is predicted to take. */
const LEAST_CYCLES = 300;

describe('cycles that kernels predict', () => {
  const targets: readonly [string, (seed: number) => Target][] = [
    ['with assembly', (seed) => targetFor('cortex-m0plus', seed % 2 ? 20_000 : 0)],
    ['in C', (seed) => portableTarget(seed % 2 ? 20_000 : 0)],
  ];
  for (const [label, target] of targets) {
    it(`${label}: are near what the simulated core counts, for random layers of every kind`, () => {
      const factors = { assembly: [] as number[], c: [] as number[] };
      for (const kind of KINDS) {
        for (const { operator, variant, predicted, measured } of layerCosts(kind, SEEDS, target)) {
          if (measured < LEAST_CYCLES) continue;
          const way = variant.startsWith('thumb') ? 'assembly' : 'c';
          const factor = Math.max(measured / predicted, predicted / measured);
          factors[way].push(factor);
          const says = `${kind}: ${operator} ${variant} predicts ${predicted}, takes ${measured}`;
          assert.ok(factor < MOST[way], says);
        }
      }
      for (const way of ['assembly', 'c'] as const) {
        const sorted = factors[way].sort((a, b) => a - b);
        const median = sorted[sorted.length >> 1] ?? 1;
        assert.ok(median < MEDIAN[way], `half of ${way} is off by ${median}`);
      }
      assert.ok(factors.c.length > 100);
      assert.equal(factors.assembly.length > 4, label === 'with assembly');
    });
  }
});
