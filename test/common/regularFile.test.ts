import assert from 'node:assert/strict';
import { appendFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { UserError } from '../../extension/common/error.ts';
import { say } from '../../extension/common/errors/sentence.ts';
import { readBounded } from '../../extension/common/files.ts';
import { readRegular, readSmall, readStart } from '../../extension/common/regularFile.ts';
import { findSamples } from '../../extension/data/findSamples.ts';
import { readImage } from '../../extension/image/readImage.ts';
import { sdkVersion } from '../../extension/sdk/layout.ts';
import { openZip } from '../../extension/sdk/unzip.ts';
import { readBuildPlan } from '../../extension/toolchain/buildPlanFile.ts';
import { readConfig } from '../../extension/workflow/choices/config.ts';
import { readBundle } from '../../extension/workflow/folders/bundleFolder.ts';
import { formatAt } from '../../extension/workflow/modelFile.ts';
import { inspect } from '../../extension/workflow/steps/inspect.ts';
import { readLabels } from '../../extension/workflow/data/labels.ts';

/* A pipe that nobody writes to blocks its reader for ever, and a device may have no end. */
describe('what is no regular file', function () {
  if (process.platform === 'win32') return;

  let folder: string;
  const made: string[] = [];
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'glowport-regular-'));
    const at = (name: string): string => path.join(folder, name);
    await execa('mkfifo', [at('pipe')]);
    await mkdir(at('folder'));
    await symlink(at('pipe'), at('to-pipe'));
    await symlink('/dev/zero', at('to-device'));
    await symlink(at('folder'), at('to-folder'));
    made.push('pipe', 'to-pipe', 'to-device', 'to-folder', 'folder');
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** Puts what is no file where a reader looks, under the name it looks for. */
  async function each(name: string, read: (file: string) => Promise<unknown>): Promise<void> {
    for (const kind of made) {
      const place = await mkdtemp(path.join(folder, 'place-'));
      const file = path.join(place, name);
      await mkdir(path.dirname(file), { recursive: true });
      await symlink(path.join(folder, kind), file);
      await read(file).catch((e: unknown) => assert.ok(e instanceof UserError, `${kind}: ${String(e)}`));
    }
  }

  it('is read by nobody who reads files of others, and holds nobody up', async () => {
    await each('net.onnx', (file) => inspect({ model: file }));
    await each('net.onnx', formatAt);
    await each('net.h', readBundle);
    await each('1.png', readImage);
    await each('labels.csv', (file) => findSamples([path.dirname(file)]));
    await each('labels.txt', (file) => readLabels(file, undefined));
    await each('glowport.json', readConfig);
    await each('sdk.zip', openZip);
    await each('west.yml', (file) => sdkVersion(path.dirname(file), []));
    await each('.glowport/build.json', (file) => readBuildPlan(path.dirname(path.dirname(file))));
  });

  it('is named for what it is', async () => {
    const told: string[] = [];
    for (const kind of made) {
      const file = path.join(folder, kind);
      await readBounded(file, 10, say`label file`).catch((e: Error) => told.push(e.message));
      assert.equal(await readStart(file, 10), undefined);
    }
    const is = (kind: string, what: string): string =>
      `${path.join(folder, kind)} is ${what}, not the label file.`;
    assert.deepEqual(told, [
      is('pipe', 'a device or pipe'),
      is('to-pipe', 'a device or pipe'),
      is('to-device', 'a device or pipe'),
      is('to-folder', 'a folder'),
      is('folder', 'a folder'),
    ]);
  });

  it('a regular file is read as far as it is asked for, one that states no size too', async () => {
    const file = path.join(folder, 'file');
    await writeFile(file, Buffer.alloc(70_000, 1));
    await appendFile(file, 'end');
    assert.equal((await readStart(file, 10))?.length, 10);
    assert.deepEqual(await readRegular(file, 10), { kind: 'too large', size: 70_003 });
    assert.equal((await readSmall(file, 70_003))?.toString('utf8', 70_000), 'end');
    assert.equal(await readSmall(file, 70_002), undefined);
    await assert.rejects(readBounded(file, 70_002, say`file`), /too large \(70003 bytes\)/);
    if (process.platform === 'linux')
      assert.ok((await readSmall('/proc/self/status', 65_536))!.includes('Pid:'));
  });
});
