import assert from 'node:assert/strict';
import { compileBundle } from '../../extension/compiler/compile.ts';
import { targetFor } from '../../extension/compiler/target/targets.ts';
import { STATE_NETWORKS } from '../support/stateNetworks.ts';
import { assertOnCore, assertOnHost, streamCase } from '../support/streamCase.ts';

describe('networks that keep a state compute the same over several inferences as the interpreter', () => {
  it('in C, under the sanitizers of the PC', () => {
    assertOnHost(
      STATE_NETWORKS.map(({ label, quantized }, i) =>
        streamCase(label, quantized, { target: targetFor('cortex-m7', 0), reuseInputs: i % 2 === 0 }),
      ),
    );
  });

  it('on the simulated Cortex-M0+', () => {
    assertOnCore(
      STATE_NETWORKS.map(({ label, quantized }, i) =>
        streamCase(label, quantized, {
          target: targetFor('cortex-m0plus', i % 2 === 0 ? 20000 : 0),
          reuseInputs: i % 2 === 1,
        }),
      ),
    );
  });

  it('and a reader is told of a copy whether it gets a border', () => {
    const copiesOf = (name: string): string[] => {
      const { quantized } = STATE_NETWORKS.find((n) => n.label === `${name}_0`)!;
      const { source } = compileBundle(quantized, { name, target: targetFor('cortex-m0plus', 0) });
      return [...source!.matchAll(/^ \* (copy_\w+): (.*), loops/gm)].map(
        ([, copy, what]) => `${copy}: ${what}`,
      );
    };
    assert.deepEqual(copiesOf('shown'), ['copy_s: copy', 'copy_next: copy']);
    assert.deepEqual(copiesOf('frame'), [
      'copy_before: copy into memory with a border',
      'copy_x: copy into memory with a border',
      'copy_x_2: copy',
    ]);
  });
});
