import assert from 'node:assert/strict';
import {
  addChange,
  changesFor,
  finish,
  keepUnfinished,
  unfinishedAt,
} from '../../extension/views/unfinished.ts';
import { DEFAULT_CHOICES } from '../../extension/workflow/choices/choices.ts';
import { parseConfig } from '../../extension/workflow/choices/config.ts';

const file = '/work space/glowport.json';
const choices = {
  ...DEFAULT_CHOICES,
  model: '/work space/net.onnx',
  board: 'frdmke16z',
  samples: ['/work space/a'],
};

describe('what a port that has not succeeded was to be made with', () => {
  afterEach(() => finish(file, choices.model));

  it('is kept, as its glowport.json would have it', async () => {
    await keepUnfinished(file, choices, undefined);
    assert.deepEqual(parseConfig(unfinishedAt(file, undefined)!.text, file), choices);
    assert.equal(unfinishedAt('/elsewhere/glowport.json', undefined), undefined);
  });

  it('gives way to a glowport.json that somebody has written or edited since', async () => {
    await keepUnfinished(file, choices, undefined);
    assert.equal(unfinishedAt(file, '{}'), undefined);
    assert.equal(unfinishedAt(file, undefined), undefined, 'and does not come back');
    await keepUnfinished(file, choices, '{}');
    assert.deepEqual(unfinishedAt(file, '{}')?.choices, choices);
    assert.equal(unfinishedAt(file, '{"edited": 1}'), undefined);
  });

  it('gets the choices that buttons make since, and is gone once a port succeeds', async () => {
    await keepUnfinished(file, choices, undefined);
    addChange(choices.model, { image: { resize: true } });
    addChange(choices.model, { image: { mode: '0to255' }, reuseInput: true });
    assert.deepEqual(changesFor(choices.model), {
      image: { resize: true, mode: '0to255' },
      reuseInput: true,
    });
    assert.deepEqual(changesFor('/another.onnx'), {});
    finish(file, choices.model);
    assert.deepEqual([changesFor(choices.model), unfinishedAt(file, undefined)], [{}, undefined]);
  });
});
