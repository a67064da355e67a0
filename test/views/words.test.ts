import assert from 'node:assert/strict';
import { UserError } from '../../extension/common/error.ts';
import { filled, say } from '../../extension/common/errors/sentence.ts';
import { told } from '../../extension/views/words.ts';

const GERMAN: Readonly<Record<string, string>> = {
  '{0} has no shape.': '{0} hat keine Form.',
  "Input '{0}'": 'Eingang „{0}“',
  'Export it again.': 'Exportiere es noch einmal.',
  'The log says more.': 'Mehr steht im Protokoll.',
};
const german = (template: string, ...values: string[]): string =>
  filled(GERMAN[template] ?? template, ...values);

describe('views: errors in words', () => {
  it('are translated, what went wrong and every remedy', () => {
    const help = [say`Export it again.`, { do: 'seeDetail' }] as const;
    const error = new UserError('model', say`${say`Input '${'x\n'}'`} has no shape.`, help);
    assert.deepEqual(told(error, german), {
      message: 'Eingang „x?“ hat keine Form.',
      hint: 'Exportiere es noch einmal. Mehr steht im Protokoll.',
    });
    assert.equal(error.message, "Input 'x?' has no shape.", 'in English for who reads stacks');
  });

  it('of what is no error for users are its own', () => {
    assert.deepEqual(told(new Error('It broke.'), german), { message: 'It broke.', hint: '' });
    assert.deepEqual(told('odd', german), { message: 'odd', hint: '' });
  });
});
