import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { productRoot } from '../extension/common/resources.ts';

const { withoutPictures } = (await import(path.join(productRoot, 'pack.mjs'))) as {
  withoutPictures: (text: string) => string;
};

describe('packing README.md', () => {
  const readme = readFileSync(path.join(productRoot, 'README.md'), 'utf8');

  it('leaves its pictures out cleanly where nobody says where they are', () => {
    const packed = withoutPictures(readme);
    assert.doesNotMatch(packed, /!\[|docs\/images|^\| \| \|\n\| --- \| --- \|\n(?!\|)/m);
    assert.match(packed, /come out\.\n\nIt is the way/);
    assert.match(packed, /\n\n- \*\*Board picker\*\*: /);
    const words = (text: string): string[] => text.replace(/!\[[^\]]*\]\([^)]*\)/g, '').match(/\w{3,}/g)!;
    assert.deepEqual(words(packed), words(readme), 'nothing else is gone');
  });

  it('has pictures that exist, for the address that it is given at publishing', () => {
    const pictures = Array.from(readme.matchAll(/!\[[^\]]*\]\(([^)]*)\)/g), (m) => m[1]!);
    assert.ok(pictures.length > 3);
    for (const file of pictures) assert.ok(existsSync(path.join(productRoot, file)), file);
  });
});
