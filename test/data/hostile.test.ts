import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { open, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DATA_ENDINGS } from '../../extension/data/files/table.ts';
import { productRoot } from '../../extension/common/resources.ts';
import { wav } from '../sound/wavBuilder.ts';
import { buildZip } from '../sdk/zipBuilder.ts';
import { testFolder } from '../support/testFolder.ts';
import { npy } from './npyBuilder.ts';

/** Largest heap of the process that reads, and what it may take all in all, in MB. */
const HEAP_MB = 128;
const MOST_MB = 400;

/** What is said of each file by a process that has little memory, and the most that it took. */
function readInChild(files: readonly string[]): { said: Record<string, string>; mb: number } {
  const child = spawnSync(
    process.execPath,
    [
      ...[`--max-old-space-size=${HEAP_MB}`, '--import=tsx'],
      ...[path.join(import.meta.dirname, 'readSamples.ts'), ...files],
    ],
    { cwd: productRoot, encoding: 'utf8', maxBuffer: 1 << 24 },
  );
  assert.equal(child.status, 0, child.stderr);
  return JSON.parse(child.stdout) as ReturnType<typeof readInChild>;
}

/** An array whose header says another shape. */
function shaped(shape: string): Uint8Array {
  const honest = Buffer.from(npy([1111, 1111, 11], [])).toString('latin1');
  return Buffer.from(honest.replace('(1111, 1111, 11)', `(${shape})`.padEnd(16)), 'latin1');
}

describe('files that are made to fill a computer', () => {
  const folder = testFolder('hostile');

  it('of 2 GB are refused at once, of every kind, without a byte of them in memory', async () => {
    const files: string[] = [];
    for (const ending of [...DATA_ENDINGS, 'png', 'jpg', 'bmp']) {
      const file = await folder.put(`large.${ending}`, '');
      await truncate(file, 2 ** 31); // takes no room on the disk
      files.push(file);
    }
    const { said, mb } = readInChild(files);
    for (const file of files)
      assert.match(said[path.basename(file)]!, /^The .* is too large \(2147483648 bytes\)\.$/);
    assert.ok(mb < MOST_MB, `${mb} MB`);
  });

  it('and those whose headers lie, or that unpack to more than there is room for', async () => {
    const zeros = Buffer.alloc(64 * 1024 * 1024);
    const x = npy([6], [1, 2, 3, 4, 5, 6]);
    const bomb = (name: string): Parameters<typeof buildZip>[0][number] => ({ name, data: zeros });
    const sound = Buffer.from(wav({ channels: [[0, 0.5]] }));
    const longer = Buffer.from(sound);
    longer.writeUInt32LE(0x7000_0000, longer.indexOf('data') + 4);
    const files: Readonly<Record<string, readonly [Uint8Array, RegExp]>> = {
      'elements.npy': [shaped('9007199254740991'), /^elements\.npy has a shape that cannot be\.$/],
      'many.npy': [shaped('99999999999'), /^many\.npy is cut off: its numbers end early\.$/],
      'nothing.npy': [
        shaped('9999999999999, 0'),
        /^nothing\.npy holds 9999999999999x0 numbers; the model takes 1x6\.$/,
      ],
      'ratio.npz': [
        buildZip(Array.from({ length: 9 }, (_, i) => bomb(`x${i}.npy`))),
        /^The zip file ratio\.npz would unpack to more than is allowed/,
      ],
      'lies.npz': [
        buildZip([{ name: 'x.npy', data: zeros, claimedSize: 200 }]),
        /^The zip file lies\.npz is damaged at/,
      ],
      'labels.npz': [
        buildZip([{ name: 'x.npy', data: x }, { name: 'y.npy', data: shaped('9999999999999, 0') }]), // prettier-ignore
        /^There are more than 100000 samples\.$/,
      ],
      'entries.npz': [
        buildZip(Array.from({ length: 3000 }, (_, i) => ({ name: `a/${i}.npy`, data: x }))),
        /^The zip file entries\.npz lists 3000 entries, more than 64/,
      ],
      'outside.npz': [
        buildZip([{ name: '../x.npy', data: x }]),
        /^The zip file outside\.npz has an entry that leaves the folder/,
      ],
      'length.wav': [longer, /^length\.wav is cut off: it ends before what it says\.$/],
    };
    const places = await Promise.all(Object.entries(files).map(([name, [bytes]]) => folder.put(name, bytes)));
    const line = await folder.put('line.csv', '');
    const endless = await open(line, 'w');
    for (let i = 0; i < 12; i++) await endless.write('1,'.repeat(4 * 1024 * 1024));
    await endless.close();
    const deep = await folder.put('deep.json', '');
    await writeFile(deep, '['.repeat(16 * 1024 * 1024));
    const { said, mb } = readInChild([...places, line, deep]);
    for (const [name, [, pattern]] of Object.entries(files)) assert.match(said[name]!, pattern, name);
    assert.match(said['line.csv']!, /^line\.csv has more than 4194304 characters in line 1\.$/);
    assert.match(said['deep.json']!, /^deep\.json has lists in more than 10 others\.$/);
    assert.ok(mb < MOST_MB, `${mb} MB`);
  });
});
