import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { say } from '../../extension/common/errors/sentence.ts';
import { UserError } from '../../extension/common/error.ts';
import { inOutputFolder, whileAlone } from '../../extension/workflow/folders/outputFolder.ts';

const busy = (e: unknown): boolean =>
  e instanceof UserError && e.code === 'input' && /^Another GlowPort is writing into /.test(e.message);
describe('workflow: output folder', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'glowport-out-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is filled by one at a time, however the folder is written, and free again afterwards', async () => {
    const project = path.join(folder, 'project');
    const other = path.join(folder, 'x', '..', 'project');
    const inside = (): Promise<string> => whileAlone(project + path.sep, () => Promise.resolve('inside'));
    await whileAlone(project, async () => {
      assert.equal(await inside(), 'inside', 'what works in a folder may call what does too');
      await whileAlone(path.join(folder, 'other'), () => Promise.resolve());
    });
    let end!: () => void;
    let working!: Promise<void>;
    await new Promise<void>((begun) => {
      working = whileAlone(project, () => {
        begun();
        return new Promise<void>((resolve) => (end = resolve));
      });
    });
    await assert.rejects(
      whileAlone(other, () => Promise.resolve()),
      busy,
    );
    end();
    await working;
    assert.equal(await inside(), 'inside');
  });

  it('is filled by one of those that start at once, whichever comes first', async () => {
    for (let round = 0; round < 20; round++) {
      let working = 0;
      let most = 0;
      const results = await Promise.allSettled(
        Array.from({ length: 5 }, () =>
          whileAlone(folder, async () => {
            most = Math.max(most, ++working);
            await new Promise((resolve) => setTimeout(resolve, 5));
            working--;
          }),
        ),
      );
      assert.equal(most, 1);
      assert.equal(results.filter((r) => r.status === 'fulfilled').length, 1);
      for (const r of results) if (r.status === 'rejected') assert.ok(busy(r.reason));
    }
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
