import assert from 'node:assert/strict';
import { DEFAULT_IMAGE_OPTIONS } from '../../extension/image/options.ts';
import { shownInputs } from '../../extension/workflow/data/shownInputs.ts';
import { MOST_VALUES } from '../../webview/shared/sampleInput.ts';

const shown = (shape: readonly number[], values: readonly number[], isPicture: boolean) =>
  shownInputs(
    [{ name: 'x', shape }],
    new Map([['x', Float32Array.from(values)]]),
    isPicture,
    DEFAULT_IMAGE_OPTIONS,
  )[0]!;

describe('inputs as a page shows them', () => {
  it('shows a picture’s file in its own grays, numbers in rank 4 between their least and largest', () => {
    const values = [0.25, 0.5, 0.5, 0.75];
    assert.deepEqual(shown([1, 2, 2, 1], values, true).picture?.data, [64, 128, 128, 191]);
    assert.deepEqual(shown([1, 2, 2, 1], values, false).picture?.data, [0, 128, 128, 255]);
    assert.deepEqual(shown([1, 4], values, true).picture?.width, 2, 'a flat picture');
  });

  it('gives the first values of anything else', () => {
    const values = Array.from({ length: 128 * 3 }, (_, i) => i);
    const sequence = shown([1, 128, 3], values, false);
    assert.equal(sequence.picture, undefined);
    assert.deepEqual(sequence.values, values);
    assert.equal(shown([1, 1, 9, 1], values.slice(0, 9), false).picture, undefined, 'a line is no picture');
    assert.equal(
      shown(
        [1, 10_000],
        Array.from({ length: 10_000 }, () => 1),
        false,
      ).values.length,
      MOST_VALUES,
    );
  });
});
