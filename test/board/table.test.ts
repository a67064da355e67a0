import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { boardsMarkdown } from '../../bench/boards-table.ts';
import { productRoot } from '../../extension/common/resources.ts';

describe('docs/boards.md', () => {
  it('is what bench/boards-table.ts writes', () => {
    assert.equal(readFileSync(path.join(productRoot, 'docs', 'boards.md'), 'utf8'), boardsMarkdown());
  });
});
