import assert from 'node:assert/strict';
import { emitNest, simplify } from '../../extension/compiler/kernels/loopNest.ts';

describe('loop nests', () => {
  it('join to one loop where all arrays are contiguous', () => {
    const nest = { extents: [1, 4, 5, 3], walks: [{ pointer: 'out', start: 0, steps: [60, 15, 3, 1] }] };
    assert.deepEqual(simplify(nest), { extents: [60], walks: [{ pointer: 'out', start: 0, steps: [1] }] });
  });

  it('keep the row loop where one array has a border', () => {
    const nest = {
      extents: [1, 4, 5, 3],
      walks: [
        { pointer: 'out', start: 0, steps: [60, 15, 3, 1] },
        { pointer: 'in', start: 18, steps: [0, 18, 3, 1] },
      ],
    };
    assert.deepEqual(
      emitNest(nest, ([o, i]) => [`${o} = ${i};`]),
      [
        'for (uint32_t i = 0; i < 4; i++) {',
        'for (uint32_t j = 0; j < 15; j++) {',
        'out[i * 15 + j] = in[i * 18 + j + 18];',
        '}',
        '}',
      ],
    );
  });

  it('of a single element need no loop', () => {
    assert.deepEqual(
      emitNest({ extents: [1, 1], walks: [{ pointer: 'out', start: 0, steps: [1, 1] }] }, ([o]) => [
        `${o} = 7;`,
      ]),
      ['out[0] = 7;'],
    );
  });
});
