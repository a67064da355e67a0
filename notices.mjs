// Licences of the packages that bundles hold: dist/THIRD-PARTY-NOTICES.txt, which the package for VS Code brings along.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const NOTICES = 'dist/THIRD-PARTY-NOTICES.txt';

/** The folder of the package that a bundled file is of. */
const PACKAGE = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/;
const LICENCE = /^(licen[cs]e|copying)(\.(md|txt))?$/i;
/** Texts beside the licence that it wants to be kept. */
const BESIDE = /^(notices?|copyrightnotice)(\.(md|txt))?$/i;

/** @param metafiles of esbuild: what went into each bundle */
export function writeNotices(metafiles) {
  const files = metafiles.flatMap(({ outputs }) =>
    Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs)),
  );
  const folders = new Set(files.flatMap((file) => PACKAGE.exec(file)?.[0] ?? []));
  const packages = [...folders].map(readPackage).sort((a, b) => (a.title < b.title ? -1 : 1));
  const texts = packages.map(
    ({ title, license, text }) => `${'-'.repeat(80)}\n${title} (${license})\n\n${text}\n`,
  );
  writeFileSync(
    NOTICES,
    `GlowPort holds parts of the following ${packages.length} packages, under their own licences.\n\n${texts.join('\n')}`,
  );
}

function readPackage(folder) {
  const { name, version, license, author } = JSON.parse(
    readFileSync(path.join(folder, 'package.json'), 'utf8'),
  );
  const names = readdirSync(folder);
  const texts = [LICENCE, BESIDE].flatMap((kind) => names.filter((file) => kind.test(file)));
  const text = texts.map((file) => readFileSync(path.join(folder, file), 'utf8').trim()).join('\n\n');
  if (text === '' && license !== 'MIT') throw new Error(`${folder} has no text of its licence ${license}`);
  return { title: `${name} ${version}`, license, text: text || mit(author?.name ?? author ?? name) };
}

/** The licence's own words, for a package that only names it. */
function mit(holder) {
  return `Copyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files
(the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge,
publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do
so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE
FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
}
