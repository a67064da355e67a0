import assert from 'node:assert/strict';
import { textLines } from '../../extension/compiler/c/code.ts';
import { emitNest, type Nest, simplify } from '../../extension/compiler/kernels/elementwise/loopNest.ts';

const POINTERS = { inputs: ['in'], output: 'out' };

describe('loop nests', () => {
  it('join to one loop where all arrays are contiguous', () => {
    const walks = [{ of: 'output', start: 0, steps: [60, 15, 3, 1] }] as const;
    assert.deepEqual(simplify({ extents: [1, 4, 5, 3], walks }), {
      extents: [60],
      walks: [{ of: 'output', start: 0, steps: [1] }],
    });
  });

  it('keep the row loop where one array has a border', () => {
    const nest: Nest = {
      extents: [1, 4, 5, 3],
      walks: [
        { of: 'output', start: 0, steps: [60, 15, 3, 1] },
        { of: 0, start: 18, steps: [0, 18, 3, 1] },
      ],
    };
    assert.deepEqual(
      textLines(
        emitNest(POINTERS, nest, ([o, i]) => [`${o} = ${i};`]),
        0,
      ),
      [
        'for (uint32_t i = 0; i < 4; i++) {',
        '  for (uint32_t j = 0; j < 15; j++) {',
        '    out[i * 15 + j] = in[i * 18 + j + 18];',
        '  }',
        '}',
      ],
    );
  });

  it('walk backwards, stand still, and read where they are from a table', () => {
    const nest: Nest = {
      extents: [2, 3, 4],
      walks: [
        { of: 'output', start: 0, steps: [12, 4, 1] },
        { of: 0, start: 7, steps: ['at0', 0, -2] },
      ],
    };
    const lines = textLines(
      emitNest(POINTERS, nest, ([o, i]) => [`${o} = ${i};`]),
      0,
    );
    assert.equal(lines[3]?.trim(), 'out[i * 12 + j * 4 + k] = in[(uint32_t)at0[i] + 7 - k * 2];');
  });

  it('of a single element need no loop', () => {
    const nest: Nest = { extents: [1, 1], walks: [{ of: 'output', start: 0, steps: [1, 1] }] };
    assert.deepEqual(
      emitNest(POINTERS, nest, ([o]) => [`${o} = 7;`]),
      ['out[0] = 7;'],
    );
  });
});
