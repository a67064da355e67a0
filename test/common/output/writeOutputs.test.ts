import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { UserError } from '../../../extension/common/error.ts';
import { RECORDS } from '../../../extension/common/output/record.ts';
import { writeChosen, writeOutput, writeOutputs } from '../../../extension/common/output/writeOutputs.ts';

describe('common/output: files for users', () => {
  let folder: string;
  const at = (name: string): string => path.join(folder, name);
  const bundle = (files: Record<string, string>, signal?: AbortSignal) =>
    writeOutputs(folder, new Map(Object.entries(files)), {
      record: RECORDS.bundle('net'),
      isWholeSet: true,
      signal,
    });

  beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'glowport-outputs-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('that belong together: what the set has no more goes, unless it was edited', async () => {
    await bundle({ 'net.c': '1', 'net.h': '1', 'net.o': '1' });
    writeFileSync(at('net.h'), 'mine');
    await bundle({ 'net.o': '2' });
    assert.deepEqual(readdirSync(folder).sort(), ['.glowport', 'net.h', 'net.o']);
  });

  it('are known as ours after runs that ended in the middle, at whichever files', async () => {
    /** Stops a run as if it were killed: before it does the `checks`th step. */
    const stopped = async (checks: number, files: Record<string, string>): Promise<void> => {
      let left = checks;
      const signal = { get aborted() { return left-- <= 0; } } as AbortSignal; // prettier-ignore
      await bundle(files, signal).catch((e: unknown) => assert.equal((e as UserError).code, 'cancelled'));
    };
    for (let first = 0; first <= 4; first++) {
      for (let second = 0; second <= 4; second++) {
        rmSync(folder, { recursive: true });
        mkdirSync(folder);
        await bundle({ 'a.c': '1', 'b.c': '1' });
        await stopped(first, { 'a.c': '2', 'b.c': '2', 'c.c': '2' });
        await stopped(second, { 'a.c': '3', 'c.c': '3', 'd.c': '3' });
        await bundle({ 'a.c': '4' });
        assert.deepEqual(readdirSync(folder), ['.glowport', 'a.c'], `${first} and ${second} steps`);
      }
    }
  });

  it('single ones, written at the same time into one folder, do not forget each other', async () => {
    const names = Array.from({ length: 20 }, (_, i) => `${i}.inc`);
    await Promise.all(names.map((name) => writeOutput(at(name), '1', {})));
    await Promise.all(names.map((name) => writeOutput(at(name), '2', {})));
    for (const name of names) assert.equal(readFileSync(at(name), 'utf8'), '2');
  });

  it('in the way of a folder, a device or what cannot be read are others’, too', async () => {
    mkdirSync(at('a.inc'));
    await assert.rejects(writeOutput(at('a.inc'), '1', {}), /did not write .*: a\.inc\.$/);
    await assert.rejects(
      writeOutput(at('a.inc'), '1', { confirmOverwrite: () => Promise.resolve('overwrite') }),
      /a folder of that name is in the way/,
    );
  });

  it('are kept when the user says so, and asked about again', async () => {
    writeFileSync(at('a.inc'), 'mine');
    const confirmOverwrite = (): Promise<'keep'> => Promise.resolve('keep');
    assert.equal(await writeOutput(at('a.inc'), '1', { confirmOverwrite }), false);
    await assert.rejects(writeOutput(at('a.inc'), '1', {}), /a\.inc/);
    assert.equal(readFileSync(at('a.inc'), 'utf8'), 'mine');
  });

  it('that a dialog has asked about are replaced, but for an input, and leave no record', async () => {
    writeFileSync(at('report.json'), 'mine');
    writeFileSync(at('net.onnx'), 'model');
    await writeChosen(at('report.json'), '1', [at('net.onnx')]);
    await assert.rejects(writeChosen(at('net.onnx'), '1', [at('net.onnx')]), /is an input of this command/);
    assert.deepEqual(readdirSync(folder).sort(), ['net.onnx', 'report.json']);
    assert.equal(readFileSync(at('net.onnx'), 'utf8'), 'model');
  });
});
