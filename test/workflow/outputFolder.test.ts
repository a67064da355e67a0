import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { say } from '../../extension/common/errors/sentence.ts';
import { UserError } from '../../extension/common/error.ts';
import { inOutputFolder, whileAlone } from '../../extension/workflow/folders/outputFolder.ts';

const busy = (e: unknown): boolean =>
  e instanceof UserError && e.code === 'input' && /^Another GlowPort is writing into /.test(e.message);
const locks = async (): Promise<string[]> =>
  (await readdir(tmpdir())).filter((name) => /^glowport-[0-9a-f]{24}\.lock$/.test(name));

describe('workflow: output folder', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'glowport-out-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is filled by one at a time, however the folder is written, and free again afterwards', async () => {
    const project = path.join(folder, 'project');
    let done!: () => void;
    const first = whileAlone(project, () => new Promise<void>((resolve) => (done = resolve)));
    await assert.rejects(
      whileAlone(path.join(folder, 'x', '..', 'project'), () => Promise.resolve()),
      busy,
    );
    await whileAlone(path.join(folder, 'other'), () => Promise.resolve());
    const inside = (): Promise<string> => whileAlone(project + path.sep, () => Promise.resolve('inside'));
    await new Promise((resolve) => setImmediate(resolve));
    while (!done) await new Promise((resolve) => setImmediate(resolve));
    done();
    await first;
    assert.equal(
      await whileAlone(project, inside),
      'inside',
      'what works in a folder may call what does too',
    );
    assert.equal(await inside(), 'inside');
  });

  it('is not held for a process that has ended, but for one that runs', async () => {
    const before = new Set(await locks());
    const ended = spawnSync(process.execPath, ['-e', 'console.log(process.pid)'], { encoding: 'utf8' });
    let lock = '';
    await whileAlone(folder, async () => {
      lock = path.join(
        tmpdir(),
        (await locks()).find((name) => !before.has(name))!,
      );
    });
    await writeFile(lock, ended.stdout.trim());
    assert.equal(await whileAlone(folder, () => Promise.resolve('taken over')), 'taken over');
    await writeFile(lock, String(process.ppid));
    await assert.rejects(
      whileAlone(folder, () => Promise.resolve()),
      busy,
    );
    await rm(lock);
  });

  it('is removed with what was made above it when work fails; what was there stays', async () => {
    const fail = async (place: string): Promise<void> => {
      await assert.rejects(
        inOutputFolder(place, async () => {
          await mkdir(path.join(place, 'source'), { recursive: true });
          await writeFile(path.join(place, 'source', 'main.c'), '');
          throw new UserError('toolchain', say`It failed.`, []);
        }),
        /It failed/,
      );
    };
    await fail(path.join(folder, 'a', 'b', 'c'));
    assert.deepEqual(await readdir(folder), []);
    await mkdir(path.join(folder, 'mine'));
    await writeFile(path.join(folder, 'mine', 'notes.txt'), '');
    await fail(path.join(folder, 'mine'));
    assert.ok((await readdir(path.join(folder, 'mine'))).includes('notes.txt'));
  });

  it('leaves a link to nowhere alone, and says what failed', async function () {
    if (process.platform === 'win32') this.skip();
    const link = path.join(folder, 'link');
    await symlink('nowhere', link);
    await assert.rejects(
      inOutputFolder(link, () => Promise.reject(new UserError('input', say`It failed.`, []))),
      /It failed/,
    );
    assert.equal(await readlink(link), 'nowhere');
  });
});
