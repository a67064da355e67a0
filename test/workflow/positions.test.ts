import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { UserError } from '../../extension/common/error.ts';
import { portText } from '../../extension/cli/commands/showPort.ts';
import { referenceOf } from '../../extension/views/monitor/reference.ts';
import { compareCompilers } from '../../extension/workflow/compare/compareCompilers.ts';
import { DEFAULT_CHOICES } from '../../extension/workflow/choices/choices.ts';
import { port, type PortResult } from '../../extension/workflow/port/port.ts';
import { portSummary } from '../../extension/workflow/port/summary.ts';
import { NetworkBuilder } from '../model/networkBuilder.ts';
import { onnxModel } from '../model/onnxBuilder.ts';

const example = path.resolve(import.meta.dirname, '../../examples/mnist');

describe('networks that end in ArgMax, ported to a simulated board', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'glowport-positions-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function ported(name: string, network: (b: NetworkBuilder) => string): Promise<PortResult> {
    const b = new NetworkBuilder();
    const output = network(b);
    const model = path.join(folder, `${name}.onnx`);
    writeFileSync(model, onnxModel(b.spec([{ name: 'x', shape: [1, 1, 28, 28] }], [output])));
    const samples = path.join(example, 'samples');
    const [first] = readdirSync(samples).filter((f) => f.endsWith('.png')).sort(); // prettier-ignore
    return port({
      ...DEFAULT_CHOICES,
      model,
      samples: [path.join(example, 'calibration')],
      input: path.join(samples, first!),
      board: 'frdmke16z',
      run: 'sim',
      out: path.join(folder, name),
    });
  }

  it('name the class themselves: Top1 and no confidences', async () => {
    const result = await ported('named', (b) => {
      const scores = b.node('Gemm', [b.node('Flatten', ['x']), b.weights([784, 10], 0.1), b.weights([10])]);
      const best = b.node('ArgMax', [b.node('Softmax', [scores])], { axis: { i: 1 }, keepdims: { i: 0 } });
      return b.node('Cast', [best], { to: { i: 6 } });
    });
    const { report } = result.run!;
    const [class_] = result.pc.expected.quantized;
    assert.deepEqual(report.confidences, []);
    assert.equal(report.top1, class_);
    assert.ok(class_! >= 0 && class_! < 10);
    assert.equal(result.comparison?.match, true);
    assert.deepEqual(result.pc.expected.isClass, true);
    const text = portText(result);
    assert.match(
      text,
      new RegExp(`^Top1 {4}FRDM-KE16Z ${class_}, PC quantized ${class_}, PC float \\d$`, 'm'),
    );
    assert.match(text, /^Match {3}yes: the board printed exactly what the PC computes$/m);
    assert.match(
      text,
      /^Close {3}yes: quantized and float name the same class for \d+ of \d+ samples, SQNR \d+ dB$/m,
    );
    assert.doesNotMatch(text, /class +FRDM/);
    const summary = portSummary(result);
    assert.deepEqual([summary.top1, summary.confidences, summary.match], [class_, [], true]);
    assert.equal(referenceOf(result).output.type, 'index32');
    assert.match(readFileSync(path.join(folder, 'named/source/named.h'), 'utf8'), /Type: index32<1>/);
  });

  it('find a position for each pixel: an output like any other, and no class', async () => {
    const result = await ported('pixels', (b) =>
      b.node('ArgMax', [b.conv('x', 1, 3, 3, { stride: 2 })], { axis: { i: 1 }, keepdims: { i: 0 } }),
    );
    const { report } = result.run!;
    assert.deepEqual([report.confidences, report.top1], [[], undefined]);
    const [only, ...others] = report.others!;
    assert.equal(others.length, 0);
    assert.equal(only!.values.size, 14 * 14);
    // a picture's label is no label of each of its pixels
    assert.equal(result.check?.accuracy.labelled, undefined);
    assert.equal(result.comparison?.match, true);
    assert.deepEqual(new Set(only!.values.values()), new Set([0, 1, 2]));
    const text = portText(result);
    assert.doesNotMatch(text, /Top1/);
    assert.match(text, /^Match {3}yes: the board printed exactly what the PC computes$/m);
    assert.match(text, /^Close {3}yes/m);
  });

  it('are not compared between compilers, which has to be told before anything is compiled', async () => {
    const b = new NetworkBuilder();
    const output = b.node('ArgMax', [b.node('Flatten', ['x'])], { axis: { i: 1 } });
    const model = path.join(folder, 'argmax.onnx');
    writeFileSync(model, onnxModel(b.spec([{ name: 'x', shape: [1, 1, 28, 28] }], [output])));
    const choices = { ...DEFAULT_CHOICES, model, board: 'frdmke16z' };
    await assert.rejects(
      compareCompilers({ choices, test: [], limit: 1 }),
      (e) => e instanceof UserError && /is the position of the largest number/.test(e.message),
    );
  });
});
