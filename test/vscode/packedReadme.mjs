// In JavaScript, for vsce has no types of its parts.
import { readFileSync } from 'node:fs';
import { ReadmeProcessor } from '@vscode/vsce/out/package.js';

/**
 * README.md as vsce packs it.
 * @param {string} file
 * @param {string} baseImagesUrl where it is told that the pictures are
 * @returns {Promise<string>}
 */
export async function packedReadme(file, baseImagesUrl) {
  const processor = new ReadmeProcessor({}, { baseImagesUrl, readmePath: 'README.md' });
  const { contents } = await processor.onFile({
    path: 'extension/README.md',
    contents: readFileSync(file),
  });
  return String(contents);
}
