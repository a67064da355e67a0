import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { UserError } from '../../extension/common/error.ts';
import type { ConfirmOverwrite } from '../../extension/common/output/writeOutputs.ts';
import { writeProject } from '../../extension/project/write.ts';

describe('writing a project', () => {
  let folder: string;
  const file = (name: string): string => path.join(folder, 'p', name);
  const write = (files: Record<string, string>, confirmOverwrite?: ConfirmOverwrite, signal?: AbortSignal) =>
    writeProject(path.join(folder, 'p'), new Map(Object.entries(files)), { confirmOverwrite, signal });

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'glowport-test-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('writes what it is given and no temporary file stays', async () => {
    const { files, kept } = await write({ 'a.c': '1', 'b/c.h': '2' });
    assert.deepEqual([files, kept], [['a.c', 'b/c.h'], []]);
    assert.equal(readFileSync(file('b/c.h'), 'utf8'), '2');
    assert.deepEqual(readdirSync(path.join(folder, 'p'), { recursive: true }).sort(), [
      '.glowport',
      path.join('.glowport', 'generated.json'),
      'a.c',
      'b',
      path.join('b', 'c.h'),
    ]);
  });

  it('writes over its own files, and leaves the time of unchanged ones', async () => {
    await write({ 'a.c': '1', 'b.c': '1' });
    const before = statSync(file('b.c')).mtimeMs;
    await write({ 'a.c': '2', 'b.c': '1' });
    assert.equal(readFileSync(file('a.c'), 'utf8'), '2');
    assert.equal(statSync(file('b.c')).mtimeMs, before);
  });

  it('does not write over an edited file, and changes nothing then', async () => {
    await write({ 'a.c': '1', 'b.c': '1' });
    writeFileSync(file('a.c'), 'mine');
    await assert.rejects(
      write({ 'a.c': '2', 'b.c': '2' }),
      (e: unknown) =>
        e instanceof UserError &&
        e.code === 'input' &&
        e.message.includes('a.c') &&
        !e.message.includes('b.c'),
    );
    assert.deepEqual([readFileSync(file('a.c'), 'utf8'), readFileSync(file('b.c'), 'utf8')], ['mine', '1']);
  });

  it('asks about edited files, and keeps them edited when told so', async () => {
    await write({ 'a.c': '1', 'b.c': '1' });
    writeFileSync(file('a.c'), 'mine');
    const asked: unknown[] = [];
    const keep = (files: readonly string[]) => {
      asked.push(files);
      return Promise.resolve('keep' as const);
    };
    assert.deepEqual((await write({ 'a.c': '2', 'b.c': '2' }, keep)).kept, ['a.c']);
    assert.deepEqual([readFileSync(file('a.c'), 'utf8'), readFileSync(file('b.c'), 'utf8')], ['mine', '2']);
    await write({ 'a.c': '3', 'b.c': '2' }, keep);
    assert.deepEqual(asked, [['a.c'], ['a.c']]);
    await write({ 'a.c': '3', 'b.c': '2' }, () => Promise.resolve('overwrite'));
    assert.equal(readFileSync(file('a.c'), 'utf8'), '3');
    await write({ 'a.c': '4' }, () => assert.fail('nothing is edited any more'));
  });

  it('does not ask when the edited file already says what is wanted', async () => {
    await write({ 'a.c': '1' });
    writeFileSync(file('a.c'), '2');
    assert.deepEqual((await write({ 'a.c': '2' })).kept, []);
  });

  it('takes files of others for edited', async () => {
    await write({ 'a.c': '1' });
    writeFileSync(file('CMakeLists.txt'), 'somebody else');
    await assert.rejects(write({ 'CMakeLists.txt': 'ours' }), UserError);
  });

  it('removes files it made that are not wanted any more, unless edited', async () => {
    await write({ 'old.c': '1', 'edited.c': '1', 'a.c': '1' });
    writeFileSync(file('edited.c'), 'mine');
    await write({ 'a.c': '1' });
    assert.equal(existsSync(file('old.c')), false);
    assert.equal(readFileSync(file('edited.c'), 'utf8'), 'mine');
  });

  it('deletes nothing outside its folder, whatever the record says', async () => {
    await write({ 'a.c': '1' });
    const victim = path.join(folder, 'victim');
    writeFileSync(victim, '1');
    const record = JSON.parse(readFileSync(file('.glowport/generated.json'), 'utf8')) as {
      files: Record<string, string>;
    };
    record.files['../victim'] = record.files['a.c']!;
    record.files[victim] = record.files['a.c']!;
    writeFileSync(file('.glowport/generated.json'), JSON.stringify(record));
    await write({ 'a.c': '2' });
    assert.equal(existsSync(victim), true);
  });

  it('lives with a damaged record', async () => {
    await write({ 'a.c': '1' });
    for (const text of ['', '{', 'null', '{"files":[1]}', '{"files":{"a.c":3}}']) {
      writeFileSync(file('.glowport/generated.json'), text);
      await write({ 'a.c': '1' });
      assert.equal(readFileSync(file('a.c'), 'utf8'), '1');
    }
  });

  it('leaves nothing behind when it is cancelled or the folder cannot be', async () => {
    await assert.rejects(write({ 'a.c': '1' }, undefined, AbortSignal.abort()), { code: 'cancelled' });
    assert.equal(existsSync(path.join(folder, 'p')), false);
    writeFileSync(path.join(folder, 'p'), 'a file');
    await assert.rejects(write({ 'a.c': '1' }), { code: 'input' });
    assert.equal(readFileSync(path.join(folder, 'p'), 'utf8'), 'a file');
  });

  it('knows its own files after it had to stop in the middle', async () => {
    await write({ 'a.c': '1' });
    writeFileSync(file('in the way'), '');
    await assert.rejects(write({ 'a.c': '2', 'in the way/b.c': '2' }), { code: 'input' });
    assert.equal(readFileSync(file('a.c'), 'utf8'), '2');
    await write({ 'a.c': '3' });
    assert.equal(readFileSync(file('a.c'), 'utf8'), '3');
  });

  it('leaves nothing behind when a file cannot be written', async () => {
    await assert.rejects(write({ a: '1', 'a/b.c': '1' }), { code: 'input' });
    assert.equal(existsSync(path.join(folder, 'p')), false);
  });
});
