import assert from 'node:assert/strict';
import { chmod, lstat, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { UserError } from '../extension/common/error.ts';
import { writeFileAtomic } from '../extension/common/files.ts';
import { findSamples } from '../extension/data/findSamples.ts';
import { readImage } from '../extension/image/readImage.ts';

describe('files', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'glowport-files-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('says of a name that is not UTF-8 what is wrong with it', async function () {
    if (process.platform !== 'linux') this.skip();
    // caf\xe9_5.png, as Latin-1 has it
    const name = Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.of(0xe9), Buffer.from('_5.png')]);
    await writeFile(name, 'x');
    const [sample] = await findSamples([folder]);
    assert.ok(sample);
    await assert.rejects(readImage(sample.path), (e: unknown) => {
      assert.ok(e instanceof UserError && e.code === 'input', String(e));
      assert.match(e.message, /^The image .*caf\ufffd_5\.png cannot be opened: its name, .* is not UTF-8\.$/);
      return true;
    });
    await assert.rejects(readImage(path.join(folder, 'none.png')), /There is no image/);
  });

  it('keeps a link a link and writes where it points', async function () {
    if (process.platform === 'win32') this.skip();
    const real = path.join(folder, 'real.json');
    const link = path.join(folder, 'link.json');
    await writeFile(real, 'old');
    await symlink('real.json', link);
    await writeFileAtomic(link, 'new');
    assert.ok((await lstat(link)).isSymbolicLink());
    assert.equal(await readFile(real, 'utf8'), 'new');
  });

  it('keeps the permissions of a file that it replaces', async function () {
    if (process.platform === 'win32') this.skip();
    const file = path.join(folder, 'private.json');
    await writeFile(file, 'old');
    await chmod(file, 0o600);
    await writeFileAtomic(file, 'new');
    assert.equal((await stat(file)).mode & 0o777, 0o600);
  });

  it('says in a sentence why a place cannot be written, and leaves nothing', async () => {
    const inTheWay = path.join(folder, 'file');
    await writeFile(inTheWay, '');
    for (const file of [path.join(inTheWay, 'below'), path.join(folder, 'x'.repeat(300))]) {
      await assert.rejects(
        writeFileAtomic(file, 'text'),
        (e) => e instanceof UserError && /cannot be written \([a-z ]+\)\.$/.test(e.message),
      );
    }
    assert.deepEqual(await readdir(folder), ['file']);
  });
});
