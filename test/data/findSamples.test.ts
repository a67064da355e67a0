import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { say } from '../../extension/common/errors/sentence.ts';
import { UserError } from '../../extension/common/error.ts';
import { readBounded } from '../../extension/common/files.ts';
import { candidatesIn, findSamples, parseLabels } from '../../extension/data/findSamples.ts';
import { readImage } from '../../extension/image/readImage.ts';

describe('data/findSamples', () => {
  let dir: string;
  before(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'glowport-samples-'));
    await mkdir(path.join(dir, 'flat'));
    await mkdir(path.join(dir, 'classes', 'cat'), { recursive: true });
    await mkdir(path.join(dir, 'classes', 'dog'));
    await mkdir(path.join(dir, 'listed'));
    const files = [
      'flat/0010_9.png',
      'flat/0002_7.PNG',
      'flat/plain.jpg',
      'flat/readme.txt',
      'classes/dog/b.bmp',
      'classes/cat/a.jpeg',
      'listed/x_1.png',
    ];
    for (const f of files) await writeFile(path.join(dir, f), '');
    await writeFile(path.join(dir, 'listed/labels.csv'), 'file,label\r\nx_1.png,eight\r\n');
  });
  after(() => rm(dir, { recursive: true }));

  const find = async (...names: string[]) =>
    (await findSamples(names.map((n) => path.join(dir, n)))).map((s) => [
      path.relative(dir, s.path),
      s.label,
    ]);

  it('takes folders and files, sorted, with labels from csv, class folder or file name', async () => {
    assert.deepEqual(await find('flat'), [
      ['flat/0002_7.PNG', '7'],
      ['flat/0010_9.png', '9'],
      ['flat/plain.jpg', undefined],
    ]);
    assert.deepEqual(await find('classes', 'listed'), [
      ['classes/cat/a.jpeg', 'cat'],
      ['classes/dog/b.bmp', 'dog'],
      ['listed/x_1.png', 'eight'],
    ]);
    assert.deepEqual(await find('flat/plain.jpg', 'flat/plain.jpg'), [['flat/plain.jpg', undefined]]);
  });

  it('refuses a missing path and too many images', async () => {
    await assert.rejects(find('nowhere'), (e) => e instanceof UserError && e.code === 'input');
    await assert.rejects(
      findSamples([path.join(dir, 'flat')], { limit: 2 }),
      (e) => e instanceof UserError && e.code === 'usage',
    );
  });

  it('reads labels.csv as PowerShell writes it, in UTF-16', async () => {
    await mkdir(path.join(dir, 'utf16'));
    await writeFile(path.join(dir, 'utf16/x_1.png'), '');
    await writeFile(path.join(dir, 'utf16/labels.csv'), '\ufeffx_1.png,eight\r\n', 'utf16le');
    assert.deepEqual(await find('utf16'), [['utf16/x_1.png', 'eight']]);
  });

  it('passes over what GlowPort has written: projects and bundles hold no samples', async () => {
    const ours = ['mixed/project/.glowport/generated.json', 'mixed/bundle/.glowport/bundles/net.json'];
    const files = [
      'mixed/project/compile_commands.json',
      'mixed/bundle/net.weights.bin',
      'mixed/data/a.json',
    ];
    // a profile beside the model leaves a record too
    const others = ['mixed/data/.glowport/files/net.profile.yml.json'];
    for (const file of [...ours, ...files, ...others]) {
      await mkdir(path.dirname(path.join(dir, file)), { recursive: true });
      await writeFile(path.join(dir, file), '{}');
    }
    assert.deepEqual(await find('mixed'), [['mixed/data/a.json', 'data']]);
    // whoever names the folder means it
    assert.deepEqual(await find('mixed/bundle'), [['mixed/bundle/net.weights.bin', undefined]]);
    assert.deepEqual(await candidatesIn(path.join(dir, 'mixed')), [{ name: 'data', isFolder: true }]);
  });

  it('stops when cancelled', async () => {
    await assert.rejects(
      findSamples([path.join(dir, 'flat')], { signal: AbortSignal.abort() }),
      (e) => e instanceof UserError && e.code === 'cancelled',
    );
  });

  it('reads labels.csv with quotes, any line ending and a byte order mark', () => {
    const labels = parseLabels('\ufefffile,label\n"a,1.png", "say ""x"""\rb.png , dog ,more\r\n\n;\nc.png\n');
    assert.deepEqual(
      [...labels],
      [
        ['a,1.png', 'say "x"'],
        ['b.png', 'dog'],
      ],
    );
  });

  it('reads every label back that a spreadsheet writes, and any text in one pass', () => {
    const text = fc.string({ minLength: 1 }).map((t) => t.replace(/[\r\n]/g, ' '));
    fc.assert(
      fc.property(text, text, (name, label) => {
        fc.pre(name.trim() !== '' && label.trim() !== '');
        const quoted = (t: string): string => `"${t.replaceAll('"', '""')}"`;
        const labels = parseLabels(`${quoted(`${name}.png`)},${quoted(label)},rest\n`);
        assert.deepEqual([...labels], [[`${name}.png`.trim(), label.trim()]]);
      }),
    );
    // a regular expression took minutes for each of these
    for (const part of [' ', '"', ',', ' ,', '" ', '\t"']) {
      assert.equal(parseLabels(part.repeat(200_000)).size, 0);
    }
    assert.equal(parseLabels('a.png,""\n').size, 0);
  });

  it('says in a sentence what cannot be read', async () => {
    const message = async (file: string, limit = 10): Promise<string> =>
      readBounded(path.join(dir, file), limit, say`image`).then(
        () => 'read',
        (e) => (e instanceof UserError ? e.message : `bug: ${String(e)}`),
      );
    assert.match(await message('none.png'), /^There is no image .*none\.png\.$/);
    assert.match(await message('flat'), /folder/);
    assert.match(await message('listed/labels.csv'), /too large/);
    await assert.rejects(readImage(path.join(dir, 'flat/plain.jpg')), /plain\.jpg is not a PNG, JPEG or BMP/);
  });
});
