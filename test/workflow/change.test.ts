import assert from 'node:assert/strict';
import { type ChoiceChange, withChange } from '../../extension/workflow/choices/change.ts';
import { CHOICES, DEFAULT_CHOICES } from '../../extension/workflow/choices/choices.ts';

describe('a change of choices', () => {
  it('keeps all that it does not name, inside of groups too', () => {
    const before = {
      ...DEFAULT_CHOICES,
      image: { ...DEFAULT_CHOICES.image, mode: 'neg1to1' as const },
      defines: { N: 1 },
    };
    const after = withChange(before, { image: { resize: true }, defines: { T: 4 }, reuseInput: true });
    assert.deepEqual(after, {
      ...before,
      image: { ...before.image, resize: true },
      defines: { N: 1, T: 4 },
      reuseInput: true,
    });
  });

  it('is made over another change, and names no group that neither names', () => {
    const first: ChoiceChange = { image: { resize: true } };
    assert.deepEqual(withChange(first, { image: { mode: '0to255' }, name: 'net' }), {
      image: { resize: true, mode: '0to255' },
      name: 'net',
    });
  });

  it('knows every group of choices', () => {
    const groups = Object.entries(CHOICES).flatMap(([key, choice]) => (choice.kind === 'group' ? [key] : []));
    for (const group of groups) {
      const [inner] = Object.keys(DEFAULT_CHOICES[group as 'image']);
      const changed = withChange(DEFAULT_CHOICES, { [group]: { [inner!]: 'other' } });
      assert.equal(
        Object.keys(changed[group as 'image']).length,
        Object.keys(DEFAULT_CHOICES[group as 'image']).length,
        group,
      );
    }
  });
});
