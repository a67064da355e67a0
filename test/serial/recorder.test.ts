import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { UserError } from '../../extension/common/error.ts';
import { Recorder } from '../../extension/serial/recorder.ts';

describe('serial recorder', () => {
  let dir: string;
  beforeEach(async () => (dir = await mkdtemp(path.join(os.tmpdir(), 'glowport-recorder-'))));
  afterEach(() => rm(dir, { recursive: true }));
  const never = (e: UserError) => assert.fail(e.message);

  it('saves every byte as it came, again and again while more come', async () => {
    const recorder = new Recorder(path.join(dir, 'new/spool'), never);
    const chunks = Array.from({ length: 300 }, (_, i) =>
      new Uint8Array(10_000).map((_, k) => (i * 7 + k) & 0xff),
    );
    for (const c of chunks.slice(0, 100)) recorder.push(c);
    assert.equal(await recorder.save(path.join(dir, 'a.log')), 1_000_000);
    for (const c of chunks.slice(100)) recorder.push(c);
    assert.equal(await recorder.save(path.join(dir, 'b.log')), 3_000_000);
    const all = Buffer.concat(chunks);
    assert.ok(all.subarray(0, 1_000_000).equals(await readFile(path.join(dir, 'a.log'))));
    assert.ok(all.equals(await readFile(path.join(dir, 'b.log'))));
    await recorder.dispose();
    assert.equal(existsSync(path.join(dir, 'new/spool')), false);
  });

  it('saves an empty log as an empty file', async () => {
    const recorder = new Recorder(path.join(dir, 'spool'), never);
    assert.equal(await recorder.save(path.join(dir, 'empty.log')), 0);
    assert.equal((await readFile(path.join(dir, 'empty.log'))).length, 0);
    await recorder.dispose();
  });

  it('starts anew after clear', async () => {
    const recorder = new Recorder(path.join(dir, 'spool'), never);
    recorder.push(Buffer.from('old'));
    await recorder.clear();
    recorder.push(Buffer.from('new'));
    await recorder.save(path.join(dir, 'a.log'));
    assert.equal(await readFile(path.join(dir, 'a.log'), 'utf8'), 'new');
    await recorder.dispose();
  });

  it('loses nothing that arrives while it clears', async () => {
    const recorder = new Recorder(path.join(dir, 'spool'), never);
    for (let i = 0; i < 20; i++) {
      recorder.push(Buffer.from('old'));
      const cleared = recorder.clear();
      recorder.push(Buffer.from('new'));
      await Promise.resolve();
      recorder.push(Buffer.from(' log'));
      await cleared;
      assert.equal(recorder.bytes, 7);
      await recorder.save(path.join(dir, 'a.log'));
      assert.equal(await readFile(path.join(dir, 'a.log'), 'utf8'), 'new log');
    }
    await recorder.dispose();
    assert.deepEqual(await readdir(dir), ['a.log']);
  });

  it('refuses a target that cannot be written, leaving nothing behind', async () => {
    const recorder = new Recorder(path.join(dir, 'spool'), never);
    recorder.push(Buffer.from('bytes'));
    await recorder.flush();
    await assert.rejects(
      recorder.save(path.join(dir, 'spool', 'a.log')),
      (e) => e instanceof UserError && /spool.a\.log cannot be written \([a-z ]+\)\./.test(e.message),
    );
    assert.deepEqual(await readdir(dir), ['spool']);
  });

  it('refuses its own record as a target, by a link to it too', async () => {
    const recorder = new Recorder(path.join(dir, 'spool'), never);
    recorder.push(Buffer.from('bytes'));
    if (process.platform !== 'win32') await symlink('spool', path.join(dir, 'link'));
    for (const name of process.platform === 'win32' ? ['spool'] : ['spool', 'link'])
      await assert.rejects(recorder.save(path.join(dir, name)), /is an input of this command/);
    assert.equal(await readFile(path.join(dir, 'spool'), 'utf8'), 'bytes');
    await recorder.dispose();
  });

  it('leaves a file alone that has the name of half a log', async () => {
    const recorder = new Recorder(path.join(dir, 'spool'), never);
    recorder.push(Buffer.from('bytes'));
    await writeFile(path.join(dir, 'a.log.part'), 'mine');
    await recorder.save(path.join(dir, 'a.log'));
    assert.equal(await readFile(path.join(dir, 'a.log.part'), 'utf8'), 'mine');
    assert.deepEqual((await readdir(dir)).sort(), ['a.log', 'a.log.part', 'spool']);
    await recorder.dispose();
  });

  it('says once that it can no longer record, and why, and refuses to save half a log', async () => {
    await writeFile(path.join(dir, 'file'), '');
    const errors: UserError[] = [];
    // the device that is always full
    const recorder = new Recorder('/dev/full', (e) => errors.push(e));
    recorder.push(Buffer.from('bytes'));
    await recorder.flush();
    recorder.push(Buffer.from('more'));
    await recorder.flush();
    assert.equal(errors.length, 1);
    assert.match(errors[0]!.message, /can no longer be recorded: no space left on device/i);
    await assert.rejects(recorder.save(path.join(dir, 'a.log')), errors[0]);
  });
});
