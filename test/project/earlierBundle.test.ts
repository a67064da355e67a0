import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { writeProject } from '../../extension/project/write.ts';

/** A bundle's files as earlier GlowPorts laid them: whole in bundle/, unrecorded, and most of it in source/ too. */
const ENDINGS = ['c', 'h', 'o', 'weights.bin', 'weights.txt', 'report.json', 'dot', 'svg'];
const NOW = new Map([
  ['source/net.c', 'c of now'],
  ['source/net.h', 'h of now'],
  ['bundle/net.o', 'o of now'],
  ['bundle/net.report.json', 'report of now'],
]);

describe('porting again into the project of an earlier GlowPort', () => {
  let folder: string;
  const at = (name: string): string => path.join(folder, name);
  const noQuestion = (): never => assert.fail('nothing is edited');

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'glowport-test-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  async function earlier(name: string): Promise<void> {
    await writeProject(
      folder,
      new Map(['c', 'h', 'o', 'weights.txt'].map((e) => [`source/${name}.${e}`, `${e} of before`])),
    );
    mkdirSync(at('bundle'), { recursive: true });
    for (const e of ENDINGS) writeFileSync(at(`bundle/${name}.${e}`), `${e} of before`);
  }

  it('leaves each file of the bundle once, without a question', async () => {
    await earlier('net');
    await writeProject(folder, NOW, { confirmOverwrite: noQuestion });
    for (const [name, text] of NOW) assert.equal(readFileSync(at(name), 'utf8'), text);
    assert.deepEqual(readdirSync(at('bundle')).sort(), ['net.o', 'net.report.json']);
    assert.deepEqual(readdirSync(at('source')).sort(), ['net.c', 'net.h']);
  });

  it('takes away the bundle of another name, as its sources', async () => {
    await earlier('before');
    await writeProject(folder, NOW, { confirmOverwrite: noQuestion });
    assert.deepEqual(readdirSync(at('bundle')).sort(), ['net.o', 'net.report.json']);
    assert.deepEqual(readdirSync(at('source')).sort(), ['net.c', 'net.h']);
  });

  it('still asks about an edited source', async () => {
    await earlier('net');
    writeFileSync(at('source/net.c'), 'mine');
    const asked: unknown[] = [];
    await writeProject(folder, NOW, {
      confirmOverwrite: (files) => {
        asked.push(...files);
        return Promise.resolve('keep');
      },
    });
    assert.deepEqual(asked, ['source/net.c']);
    assert.equal(readFileSync(at('source/net.c'), 'utf8'), 'mine');
  });

  it('leaves alone what no earlier GlowPort wrote', async () => {
    await earlier('net');
    writeFileSync(at('bundle/notes.md'), 'mine');
    writeFileSync(at('bundle/other.h'), 'mine');
    await writeProject(folder, NOW, { confirmOverwrite: noQuestion });
    assert.equal(readFileSync(at('bundle/notes.md'), 'utf8'), 'mine');
    assert.equal(readFileSync(at('bundle/other.h'), 'utf8'), 'mine');
    // from now on a record says what is ours
    writeFileSync(at('bundle/net.c'), 'mine');
    await writeProject(folder, NOW, { confirmOverwrite: noQuestion });
    assert.equal(readFileSync(at('bundle/net.c'), 'utf8'), 'mine');
    writeFileSync(at('bundle/net.o'), 'mine');
    await assert.rejects(writeProject(folder, NOW), /bundle\/net\.o/);
  });

  it('does not take a bundle for its own that has nothing to do with it', async () => {
    mkdirSync(at('bundle'));
    for (const e of ENDINGS) writeFileSync(at(`bundle/other.${e}`), 'mine');
    await writeProject(folder, NOW, { confirmOverwrite: noQuestion });
    for (const e of ENDINGS) assert.ok(existsSync(at(`bundle/other.${e}`)), e);
  });
});
