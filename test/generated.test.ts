import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { GENERATED } from '../bench/generated.ts';
import { productRoot } from '../extension/common/resources.ts';

describe('what is made of the board catalogue, the formats of models and the choices of a port', () => {
  for (const [name, made] of Object.entries(GENERATED)) {
    it(`${name} is as bench/generated.ts writes it`, async () => {
      const text = readFileSync(path.join(productRoot, name), 'utf8');
      assert.equal(text, await made(text));
    });
  }
});
