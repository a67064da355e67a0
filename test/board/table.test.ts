import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { GENERATED } from '../../bench/boards-table.ts';
import { productRoot } from '../../extension/common/resources.ts';

describe('what is made of the board catalogue', () => {
  for (const [name, made] of Object.entries(GENERATED)) {
    it(`${name} is as bench/boards-table.ts writes it`, () => {
      const text = readFileSync(path.join(productRoot, name), 'utf8');
      assert.equal(text, made(text));
    });
  }
});
