import assert from 'node:assert/strict';
import {
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { UserError } from '../../extension/common/error.ts';
import { writeFileAtomic } from '../../extension/common/files.ts';
import { isWithin, makeFolder, realPlace, upward } from '../../extension/common/folders.ts';

const fails =
  (code: string) =>
  (e: unknown): boolean =>
    (e as NodeJS.ErrnoException).code === code;

describe('common: folders', () => {
  let folder: string;
  beforeEach(() => (folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'glowport-folders-')))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  for (const [system, rules, roots] of [
    ['Windows', path.win32, ['Z:\\', 'z:', 'C:/', '\\\\host\\share\\', '\\\\?\\Z:\\', '\\', '', '.', '..\\']],
    ['POSIX', path.posix, ['/', '//', '', '.', '../']],
  ] as const) {
    it(`above any path of ${system} are fewer and fewer folders, whatever exists of them`, () => {
      const name = fc.string({ unit: fc.constantFrom('a', '.', '/', '\\', ':', ' '), maxLength: 12 });
      fc.assert(
        fc.property(fc.constantFrom(...roots), name, (root, rest) => {
          const place = root + rest;
          // one more than there can be: an endless walk is seen, not waited for
          const walked: string[] = [];
          for (const at of upward(place, rules)) if (walked.push(at) > place.length + 2) break;
          assert.equal(walked[0], place);
          assert.ok(walked.length <= place.length + 2, walked.join(' '));
          assert.equal(rules.dirname(walked.at(-1)!), walked.at(-1));
          for (const [i, at] of walked.slice(1).entries()) assert.equal(at, rules.dirname(walked[i]!));
        }),
      );
    });
  }

  it('are made with those above them, once, and the ones made are told', async () => {
    const names = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.array(names, { minLength: 1, maxLength: 6 }), async (wanted) => {
        const root = mkdtempSync(path.join(folder, 'x'));
        const made = await Promise.all(wanted.map((parts) => makeFolder(path.join(root, ...parts))));
        for (const parts of wanted) assert.ok(statSync(path.join(root, ...parts)).isDirectory());
        const there = readdirSync(root, { recursive: true }).map((at) => path.join(root, String(at)));
        assert.deepEqual(made.flat().sort(), there.sort());
      }),
      { numRuns: 30 },
    );
  });

  it('cannot be made below a file or a link to nowhere', async function () {
    const file = path.join(folder, 'file');
    writeFileSync(file, '');
    await assert.rejects(makeFolder(file), fails('EEXIST'));
    await assert.rejects(makeFolder(path.join(file, 'a', 'b')), fails('ENOTDIR'));
    if (process.platform === 'win32') this.skip();
    symlinkSync('nowhere', path.join(folder, 'link'));
    await assert.rejects(makeFolder(path.join(folder, 'link', 'a')), fails('ENOENT'));
  });

  it('are the same through links, as far as they exist, and a name that begins with dots is inside', async function () {
    if (process.platform === 'win32') this.skip();
    symlinkSync(folder, path.join(folder, 'link'));
    assert.equal(await realPlace(path.join(folder, 'link', 'link', 'a', 'b')), path.join(folder, 'a', 'b'));
    for (const inside of ['', 'a', '..a', path.join('a', '..')])
      assert.ok(isWithin(folder, path.join(folder, inside)));
    for (const outside of ['..', path.join('..', 'a')])
      assert.ok(!isWithin(folder, path.join(folder, outside)));
    assert.ok(!isWithin(folder, `${folder}b`));
  });

  it('are refused, not waited for, by a file system that takes none', async function () {
    if (process.platform !== 'linux') this.skip();
    for (const place of ['/proc/x', '/proc/x/y/z', '/proc/self/x/y']) {
      await assert.rejects(makeFolder(place), fails('ENOENT'));
      await assert.rejects(
        writeFileAtomic(path.join(place, 'net.c'), ''),
        (e) => e instanceof UserError && e.code === 'input' && e.message.includes('takes no files'),
      );
    }
    assert.equal(await realPlace('/proc/x/y/z'), '/proc/x/y/z');
  });
});
