import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { UserError } from '../../extension/common/error.ts';
import { processMark } from '../../extension/common/processMark.ts';
import type { ZipLimits } from '../../extension/common/zip/entries.ts';
import { openZip, type Zip, ZIP_LIMITS } from '../../extension/sdk/unzip.ts';
import { type BuiltEntry, buildZip } from './zipBuilder.ts';

describe('sdk: zip files', () => {
  let folder: string;
  let zipFile: string;
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'glowport-zip-'));
    zipFile = path.join(folder, 'SDK_2.x_BOARD.zip');
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function withZip<T>(
    bytes: Buffer,
    use: (zip: Zip) => Promise<T> | T,
    limits: ZipLimits = ZIP_LIMITS,
  ): Promise<T> {
    await writeFile(zipFile, bytes);
    const zip = await openZip(zipFile, limits);
    try {
      return await use(zip);
    } finally {
      zip.close();
    }
  }

  const refuses = (work: () => Promise<unknown>, message: RegExp): Promise<void> =>
    assert.rejects(work, (e: unknown) => {
      assert.ok(e instanceof UserError, String(e));
      assert.equal(e.code, 'input');
      assert.match(e.message, message);
      assert.match(e.message, /SDK_2\.x_BOARD\.zip/);
      assert.doesNotMatch(e.message, /\n/);
      return true;
    });
  const refusesEntries = (entries: readonly BuiltEntry[], message: RegExp, limits?: ZipLimits) =>
    refuses(
      () => withZip(buildZip(entries), (zip) => zip.extract(path.join(folder, 'out')), limits),
      message,
    );

  /** Nothing but the zip file is in the folder: neither output nor a temporary folder. */
  const nothingLeft = async (): Promise<void> =>
    assert.deepEqual(await readdir(folder), ['SDK_2.x_BOARD.zip']);

  const honest: BuiltEntry[] = [
    { name: 'boards/', mode: 0o040755 },
    { name: 'boards/frdmke16z/board.c', data: 'int board;\n'.repeat(1000) },
    { name: 'boards/frdmke16z/board.h', data: '#define BOARD\n', store: true },
    { name: 'manifest äöü.xml', data: '' },
  ];

  it('reads files in place', async () => {
    await withZip(buildZip(honest), async (zip) => {
      assert.deepEqual(zip.entries, [
        { path: 'boards/frdmke16z/board.c', bytes: 11_000 },
        { path: 'boards/frdmke16z/board.h', bytes: 14 },
        { path: 'manifest äöü.xml', bytes: 0 },
      ]);
      assert.equal((await zip.read('boards/frdmke16z/board.c')).toString(), honest[1]!.data);
      assert.equal((await zip.read('boards/frdmke16z/board.h')).toString(), '#define BOARD\n');
      assert.equal((await zip.read('manifest äöü.xml')).length, 0);
      assert.ok(zip.has('boards/frdmke16z/board.h') && !zip.has('boards/') && !zip.has('nothing'));
      await refuses(() => zip.read('nothing'), /no nothing/);
    });
  });

  it('unpacks all, or what is wanted, into a new or an empty folder', async () => {
    const out = path.join(folder, 'out');
    await withZip(buildZip(honest), async (zip) => {
      assert.equal((await zip.extract(out)).length, 3);
      assert.equal((await readFile(path.join(out, 'boards/frdmke16z/board.c'), 'utf8')).length, 11_000);
      assert.equal((await stat(path.join(out, 'boards/frdmke16z/board.h'))).mode & 0o111, 0);
      await assert.rejects(zip.extract(out), /not an empty folder/);
      await rm(out, { recursive: true });
      await mkdir(out);
      const wanted = await zip.extract(out, { filter: (p) => p.endsWith('.h') });
      assert.deepEqual(wanted, ['boards/frdmke16z/board.h']);
      assert.deepEqual(await readdir(path.join(out, 'boards', 'frdmke16z')), ['board.h']);
    });
    await rm(out, { recursive: true });
  });

  it('removes what a killed process has unpacked half, and nothing of one that runs', async () => {
    const { stdout } = spawnSync(process.execPath, ['-e', 'console.log(process.pid)'], { encoding: 'utf8' });
    const ended = path.join(folder, `.glowport-${Number(stdout)}-abcdef`);
    const running = path.join(folder, `.glowport-${processMark()}-abcdef`);
    for (const half of [ended, running]) await mkdir(path.join(half, 'unpacked'), { recursive: true });
    await withZip(buildZip(honest), (zip) => zip.extract(path.join(folder, 'out')));
    assert.deepEqual((await readdir(folder)).sort(), [path.basename(running), 'SDK_2.x_BOARD.zip', 'out']);
    await rm(running, { recursive: true });
    await rm(path.join(folder, 'out'), { recursive: true });
  });

  it("agrees with the zip tool's own archives", async function () {
    const from = path.join(folder, 'from');
    await mkdir(path.join(from, 'a b'), { recursive: true });
    await writeFile(path.join(from, 'a b', 'x.txt'), 'x'.repeat(5000));
    await writeFile(path.join(from, 'y'), 'y');
    const made = spawnSync('zip', ['-q', '-r', path.join(folder, 'tool.zip'), '.'], { cwd: from });
    if (made.error) this.skip();
    const zip = await openZip(path.join(folder, 'tool.zip'));
    assert.deepEqual(zip.entries.map((e) => e.path).sort(), ['a b/x.txt', 'y']);
    assert.equal((await zip.read('a b/x.txt')).toString(), 'x'.repeat(5000));
    zip.close();
    await symlink('/etc/passwd', path.join(from, 'link'));
    spawnSync('zip', ['-q', '-y', zipFile, 'link'], { cwd: from });
    await rm(zipFile, { force: true });
    spawnSync('zip', ['-q', '-y', zipFile, 'link', 'y'], { cwd: from });
    await refuses(() => openZip(zipFile), /symbolic link/);
    await rm(from, { recursive: true });
    await rm(path.join(folder, 'tool.zip'));
  });

  describe('refuses, in a sentence, and leaves nothing', () => {
    afterEach(nothingLeft);

    for (const name of [
      '../evil',
      'a/../../evil',
      '/etc/evil',
      'C:/evil',
      'C:evil',
      'a\\..\\..\\evil',
      '..',
      '.. /evil',
    ]) {
      it(`the path ${JSON.stringify(name)}`, () =>
        refusesEntries(
          [{ name: 'fine' }, { name, data: 'x' }],
          /leaves the folder|reads as another|may not have/,
        ));
    }
    for (const name of [
      'a//b',
      './a',
      'a/./b',
      'a\0b',
      'a\nb',
      'CON',
      'a/nul.txt',
      'a.',
      'b /c',
      'a:b',
      'x'.repeat(2000),
      'd/'.repeat(90) + 'f',
    ]) {
      it(`the path ${JSON.stringify(name.slice(0, 20))}`, () =>
        refusesEntries([{ name, data: 'x' }], /entry/));
    }
    it('a symbolic link', () =>
      refusesEntries(
        [{ name: 'link', data: '/etc/passwd', mode: 0o120777 }],
        /"link" that is a symbolic link/,
      ));
    it('a device', () => refusesEntries([{ name: 'tty', mode: 0o020666 }], /not a plain file/));
    it('two files of one name', () => refusesEntries([{ name: 'a' }, { name: 'a' }], /two entries "a"/));
    it('two files that differ in case', () => refusesEntries([{ name: 'A' }, { name: 'a' }], /two entries/));
    it('two spellings of one accent', () =>
      refusesEntries([{ name: '\u00e9' }, { name: 'e\u0301' }], /two entries/));
    it('a file that is a folder too', async () => {
      await refusesEntries([{ name: 'a' }, { name: 'a/b' }], /inside of a file/);
      await refusesEntries([{ name: 'a/b' }, { name: 'a' }], /two entries/);
    });
    it('a folder with data', () => refusesEntries([{ name: 'a/', data: 'x', mode: 0 }], /folder with data/));
    it('an encrypted entry', () => refusesEntries([{ name: 'a', flags: 1 }], /encrypted/));
    it('an unknown compression', () => refusesEntries([{ name: 'a', method: 14 }], /method 14/));
    it('a bomb: a gigabyte of zeros', () =>
      refusesEntries([{ name: 'zeros', data: Buffer.alloc(64 * 1024 * 1024) }], /250 times/));
    it('a bomb: many entries that share their data', () => {
      const shared = Array.from({ length: 500 }, (_, i) => ({ name: `f${i}`, sharesFirst: i > 0 }));
      const data = Buffer.from(Array.from({ length: 20_000 }, (_, i) => (i * i) >> 3));
      return refusesEntries(
        shared.map((e) => ({ ...e, data })),
        /share their data/,
      );
    });
    it('too many bytes in all, in one file, and too many entries', async () => {
      const three = ['a', 'b', 'c'].map((name) => ({ name, data: 'x'.repeat(100) }));
      await refusesEntries(three, /more than is allowed/, { ...ZIP_LIMITS, totalBytes: 250 });
      await refusesEntries(three, /more than is allowed/, { ...ZIP_LIMITS, entryBytes: 99 });
      await refusesEntries(three, /3 entries, more than 2/, { ...ZIP_LIMITS, entries: 2 });
    });
    it('an entry larger than it says', () =>
      refusesEntries([{ name: 'a', data: 'x'.repeat(10_000), claimedSize: 10 }], /damaged at "a"/));
    it('a wrong checksum, after other files were unpacked', () =>
      refusesEntries(
        [
          { name: 'b', data: 'fine' },
          { name: 'a', data: 'x', claimedCrc: 1 },
        ],
        /damaged at "a"/,
      ));
    it('what is not a zip file', async () => {
      for (const text of ['', 'hello', 'PK\x03\x04', '\x7fELF'.repeat(100)]) {
        await refuses(() => withZip(Buffer.from(text, 'latin1'), () => undefined), /damaged/);
      }
    });
    it('every truncation', async () => {
      const whole = buildZip(honest);
      for (let length = 0; length < whole.length; length += 7) {
        await refuses(() => withZip(whole.subarray(0, length), () => undefined), /damaged/);
      }
    });
    it('a cancelled unpacking', async () => {
      const cancel = new AbortController();
      const onFile = (): void => cancel.abort();
      await assert.rejects(
        withZip(buildZip(honest), (zip) =>
          zip.extract(path.join(folder, 'out'), { signal: cancel.signal, onFile }),
        ),
        (e: unknown) => e instanceof UserError && e.code === 'cancelled',
      );
    });
  });

  it('says no file', () => assert.rejects(openZip(path.join(folder, 'none.zip')), /There is no zip file/));

  it('reads right or refuses in a sentence, whatever bytes are changed', async () => {
    const whole = buildZip(honest);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        async (changes) => {
          const bytes = Buffer.from(whole);
          for (const [at, value] of changes) bytes[at] = value;
          const out = path.join(folder, 'out');
          try {
            const files = await withZip(bytes, (zip) => zip.extract(out));
            for (const file of files) {
              assert.ok(path.resolve(out, file).startsWith(out + path.sep));
            }
          } catch (e) {
            assert.ok(e instanceof UserError, String(e instanceof Error ? e.stack : e));
          }
          await rm(out, { recursive: true, force: true });
          await nothingLeft();
        },
      ),
      { numRuns: 150 },
    );
  });
});
