import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { writeFileAtomic } from '../../extension/common/files.ts';
import { makeFolder, upward } from '../../extension/common/folders.ts';
import { noteMade } from '../../extension/common/undo.ts';
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
          await writeFileAtomic(path.join(place, 'source', 'main.c'), '');
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

  it('loses just what the failed work has made: nothing of others that came beside, above or into it meanwhile', async () => {
    const name = fc.constantFrom('a', 'b', 'c');
    const place = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => path.join(...parts));
    const inside = fc.array(
      place.map((at) => path.join(at, 'f')),
      { maxLength: 4 },
    );
    const before = fc.constantFrom('missing', 'a folder above', 'empty');
    await fc.assert(
      fc.asyncProperty(
        place,
        before,
        inside,
        inside,
        fc.boolean(),
        async (out, state, ours, others, isBuilt) => {
          const root = await mkdtemp(path.join(folder, 'x'));
          const target = path.join(root, out);
          if (state !== 'missing')
            await mkdir(state === 'empty' ? target : path.dirname(target), { recursive: true });
          const there = await readdir(root, { recursive: true });
          const theirs: string[] = [];
          const failing = inOutputFolder(target, async () => {
            for (const file of ours) await writeFileAtomic(path.join(target, file), 'ours');
            // another run, or the user
            for (const file of others.flatMap((at) => [path.join(target, at), path.join(root, at)])) {
              if (ours.some((at) => path.join(target, at) === file)) continue;
              await mkdir(path.dirname(file), { recursive: true });
              await writeFile(file, 'theirs');
              theirs.push(path.relative(root, file));
            }
            if (isBuilt) {
              const build = path.join(target, 'build');
              if ((await makeFolder(build)).length > 0) noteMade('toolFolders', build);
              await writeFile(path.join(build, 'main.o'), '');
            }
            throw new UserError('cancelled', say`Cancelled.`, []);
          });
          await assert.rejects(failing, /Cancelled/);
          const left = await readdir(root, { recursive: true });
          const needed = new Set([...there, ...theirs.flatMap((at) => [...upward(at)])]);
          needed.delete('.');
          assert.deepEqual(left.sort(), [...needed].sort());
        },
      ),
      { numRuns: 100 },
    );
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
