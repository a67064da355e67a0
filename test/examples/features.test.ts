import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { testFolder } from '../support/testFolder.ts';
import { accelerometer, fileOf, keywords, type MadeNetwork, quantized, samplesIn } from './networks.ts';

/** Relative difference of neighbours in float16. */
const FLOAT16 = 2 ** -10;

/** Whether this machine has what the trainings need. */
function hasNumpy(): boolean {
  try {
    execFileSync('python3', ['-c', 'import numpy'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('data of the examples', () => {
  it('features that NumPy computed for the training are those that a port computes', async () => {
    const made = await quantized(keywords);
    const heldOut = await samplesIn(keywords, 'heldout.npz', made);
    const recordings = await samplesIn(keywords, 'samples', made);
    assert.equal(recordings.length, 4);
    for (const { sample, inputs } of recordings) {
      const index = Number(path.parse(sample.path).name);
      const trained = heldOut[index]!.inputs.get('log_mel')!;
      inputs.get('log_mel')!.forEach((v, i) => {
        const apart = Math.abs(v - trained[i]!);
        assert.ok(apart <= 1e-4 + FLOAT16 * Math.abs(v), `${sample.path}: ${v}, not ${trained[i]}`);
      });
    }
  });

  it('windows in .csv are those in .npz', async () => {
    const made = await quantized(accelerometer);
    const heldOut = await samplesIn(accelerometer, 'heldout.npz', made);
    const windows = await samplesIn(accelerometer, 'samples', made);
    assert.equal(windows.length, 8);
    for (const { sample, inputs } of windows) {
      const index = Number(path.parse(sample.path).name);
      assert.deepEqual(inputs, heldOut[index]!.inputs, sample.path);
    }
  });

  describe('are made anew by their scripts', () => {
    const folder = testFolder('made', 'each');
    const isThere = hasNumpy();
    for (const network of [accelerometer, keywords]) {
      const title = `${path.basename(network.folder)}: the same samples, and files of the same form`;
      if (!isThere) it.skip(`${title}: needs python3 with numpy`);
      else {
        it(title, async () => {
          const script = fileOf(network, 'train.py');
          const brief = ['--epochs', '1', '--training', '20'];
          execFileSync('python3', ['-B', script, '--out', folder.path, ...brief], { stdio: 'ignore' });
          // versions of NumPy may round a sample differently, once in a long time
          const again: MadeNetwork = { ...network, folder: folder.path };
          const made = await quantized(network);
          for (const part of ['samples', network.samples]) {
            const files = (at: MadeNetwork) => readdirSync(fileOf(at, part), { recursive: true }).sort();
            assert.deepEqual(files(again), files(network));
            const [before, now] = [await samplesIn(network, part, made), await samplesIn(again, part, made)];
            before.forEach(({ inputs, sample }, k) => {
              for (const [name, numbers] of inputs) {
                const other = now[k]!.inputs.get(name)!;
                numbers.forEach((v, i) =>
                  assert.ok(Math.abs(v - other[i]!) < 0.002, `${sample.path}: ${v}, now ${other[i]}`),
                );
              }
            });
          }
          const keys = (at: MadeNetwork) =>
            Object.keys(JSON.parse(readFileSync(fileOf(at, 'accuracy.json'), 'utf8')) as object);
          assert.deepEqual(keys(again), keys(network));
        });
      }
    }
  });
});
