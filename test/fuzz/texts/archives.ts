import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { openZip } from '../../../extension/sdk/unzip.ts';
import { buildZip } from '../../sdk/zipBuilder.ts';
import { valueOrRefusal } from '../driver/promise.ts';
import type { Target } from '../driver/targets.ts';
import { CaseFolder } from './folder.ts';

/** Small enough that a case may fill them. */
const LIMITS = { entries: 100, totalBytes: 1 << 20, entryBytes: 1 << 19, ratio: 250 };
const names = ['boards/a.c', 'devices/d.h', 'x_manifest_v3.xml', 'äöü.txt', 'a/b/c/d/e.txt'];
const tokens = ['../', '..\\', '/etc/', 'C:\\', 'con', 'a/', '.', ' ', '\0', 'PK\x01\x02', 'PK\x03\x04', 'PK\x05\x06', 'PK\x06\x06', '\xff\xff\xff\xff']; // prettier-ignore

/** SDKs as zip files: what is unpacked lies in the folder, is what was listed, and is within the limits. */
export function archiveTargets(): Target[] {
  const folder = new CaseFolder();
  const corpus = [
    buildZip(names.map((name, i) => ({ name, data: 'data\n'.repeat(i * 40), store: i % 2 === 0 }))),
    buildZip([
      { name: 'boards/', mode: 0o040755 },
      { name: 'boards/b.c', data: 'b' },
    ]),
    buildZip([
      { name: '../x', data: 'x' },
      { name: 'link', data: '/etc/passwd', mode: 0o120777 },
    ]),
  ];
  return [{ name: 'a zip file', corpus, tokens, check: (bytes) => checkZip(folder, bytes) }];
}

async function checkZip(folder: CaseFolder, bytes: Uint8Array): Promise<void> {
  const place = folder.with({ 'sdk.zip': bytes });
  const out = path.join(place, 'out');
  const unpacked = await valueOrRefusal(async () => {
    const zip = await openZip(path.join(place, 'sdk.zip'), LIMITS);
    try {
      await zip.extract(out);
      return zip.entries;
    } finally {
      zip.close();
    }
  });
  const left = readdirSync(place).sort();
  if (!unpacked) {
    assert.deepEqual(left, ['sdk.zip'], 'nothing is left of a refused one');
    return;
  }
  assert.deepEqual(left, ['out', 'sdk.zip']);
  const listed = new Map(unpacked.map((e) => [path.join(out, e.path), e.bytes]));
  for (const entry of await readdir(out, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const file = path.join(entry.parentPath, entry.name);
    assert.ok(entry.isFile(), `${file} is no plain file`);
    const { size } = await lstat(file);
    assert.equal(size, listed.get(file), `size of ${file}`);
    listed.delete(file);
  }
  assert.equal(listed.size, 0, `not unpacked: ${[...listed.keys()].join()}`);
}
