import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { productRoot } from '../extension/common/resources.ts';

/** Licences that ask for nothing more than their text. */
const TAKEN = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'Apache-2.0'];

/** Folders of all packages that built files hold, by the files' own source maps (which also tell what a package was made of). */
function bundledPackages(): string[] {
  const dist = path.join(productRoot, 'dist');
  const maps = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.map'));
  const sources = maps.flatMap((map) => {
    const file = path.join(dist, map);
    const { sources } = JSON.parse(readFileSync(file, 'utf8')) as { sources: string[] };
    return sources.map((source) => path.resolve(path.dirname(file), source).split(path.sep).join('/'));
  });
  const folders = new Set(sources.flatMap((s) => /^.*\/node_modules\/(@[^/]+\/)?[^/]+/.exec(s)?.[0] ?? []));
  return [...folders].filter((folder) => existsSync(folder));
}

describe('third-party notices', () => {
  it('hold the licence of every package that is bundled, and go into the package', () => {
    const notices = readFileSync(path.join(productRoot, 'dist', 'THIRD-PARTY-NOTICES.txt'), 'utf8');
    const packages = bundledPackages();
    assert.ok(packages.length > 50);
    for (const folder of packages) {
      const { name, version, license } = JSON.parse(
        readFileSync(path.join(folder, 'package.json'), 'utf8'),
      ) as Record<'name' | 'version' | 'license', string>;
      assert.ok(TAKEN.includes(license), `${name} has the licence ${license}`);
      const part = notices.split(`\n${name} ${version} (${license})\n`)[1]?.split(/^-{80}$/m)[0];
      assert.match(part ?? '', /copyright|permission/i, name);
      const file = readdirSync(folder).find((f) => /^licen[cs]e/i.test(f));
      if (file) assert.ok(part!.includes(readFileSync(path.join(folder, file), 'utf8').trim()), name);
    }
    assert.match(
      readFileSync(path.join(productRoot, '.vscodeignore'), 'utf8'),
      /^!dist\/THIRD-PARTY-NOTICES\.txt$/m,
    );
  });
});
