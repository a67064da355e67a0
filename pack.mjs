// Packs the extension: exactly what .vscodeignore lets in. VS Code shows pictures of README.md from https addresses only, so they are
// given some, or left out.
import { copyFileSync, linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createVSIX, listFiles, PackageManager } from '@vscode/vsce';

/**
 * Packs what is built.
 * @param {string} packagePath where the package goes
 * @param {string | undefined} imagesUrl https address of the repository's files, under which docs/images is found; without it, and
 * without a repository of GitHub or GitLab in package.json, the package's README.md has no pictures
 * @returns {Promise<boolean>} whether it has them
 */
export async function pack(packagePath, imagesUrl) {
  const { repository } = JSON.parse(readFileSync('package.json', 'utf8'));
  const options = {
    packagePath: path.resolve(packagePath),
    dependencies: false,
    allowMissingRepository: true,
  };
  if (imagesUrl !== undefined || repository !== undefined) {
    await createVSIX({ ...options, ...(imagesUrl === undefined ? {} : { baseImagesUrl: imagesUrl }) });
    return true;
  }
  const staged = mkdtempSync(path.join(tmpdir(), 'glowport-package-'));
  try {
    for (const file of await listFiles({ packageManager: PackageManager.None })) {
      mkdirSync(path.dirname(path.join(staged, file)), { recursive: true });
      if (file === 'README.md') {
        writeFileSync(path.join(staged, file), withoutPictures(readFileSync(file, 'utf8')));
      } else {
        linkOrCopy(file, path.join(staged, file));
      }
    }
    writeFileSync(path.join(staged, '.vscodeignore'), '');
    await createVSIX({ ...options, cwd: staged, rewriteRelativeLinks: false });
  } finally {
    rmSync(staged, { recursive: true, force: true });
  }
  return false;
}

/**
 * Markdown without its pictures: those that stand alone, and those that begin a table's rows, which become a list.
 * @param {string} text
 */
export function withoutPictures(text) {
  return text
    .replace(/^!\[[^\]\n]*\]\([^)\n]*\)\n\n?/gm, '')
    .replace(/^\| \| \|\n\| --- \| --- \|\n(?=\| !\[)/gm, '')
    .replace(/^\| !\[[^\]\n]*\]\([^)\n]*\) \| (.*) \|$/gm, '- $1');
}

/** Across file systems there are no links. */
function linkOrCopy(from, to) {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
