import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { PortSummary } from '../../../extension/workflow/port/summary.ts';
import { glowport, sample } from '../../cli/support.ts';
import { quantizedMnist } from '../../support/quantizedMnist.ts';

describe('a quantized ONNX model on the command line', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'glowport-qdq-'));
    const model = quantizedMnist({ form: 'qdq', activations: 'uint8', perChannel: true });
    await writeFile(path.join(folder, 'digits.onnx'), model);
  });
  after(() => rm(folder, { recursive: true }));

  it('is told to be one', async () => {
    const { code, out, err } = await glowport(folder, 'inspect', 'digits.onnx');
    assert.equal(code, 0, err);
    assert.match(out, /^Numbers +quantized already: no samples are needed$/m);
    assert.match(out, /^conv11 +Conv2D 3×3 \+ ReLU /m);
    const { out: json } = await glowport(folder, 'inspect', 'digits.onnx', '--json');
    const { quantized, needsSamples } = JSON.parse(json) as Record<string, unknown>;
    assert.deepEqual([quantized, needsSamples], [true, false]);
  });

  it('is ported to a simulated board without sample images', async () => {
    const { code, out, err } = await glowport(
      ...[folder, 'port', 'digits.onnx', '--board', 'frdmke16z', '--input', sample, '--json'],
    );
    assert.equal(code, 0, err);
    const { match, confidences } = JSON.parse(out) as PortSummary;
    assert.deepEqual([match, confidences!.length], [true, 10]);
  });
});
