import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { productRoot } from '../../../extension/common/resources.ts';
import { evaluate } from '../../../extension/model/evaluate.ts';
import { importTflite } from '../../../extension/model/formats/tflite/import.ts';
import { isIntegerGraph } from '../../../extension/model/formats/tflite/integers.ts';
import { keras } from '../../../extension/model/formats/keras.ts';
import { importModel } from '../../../extension/model/formats/importModel.ts';
import { finished } from '../../../extension/model/import/finish.ts';
import { interpret } from '../../../extension/quantize/interpret.ts';
import { precisionOf, qvalue } from '../../../extension/quantize/quantizedGraph.ts';
import { limits, quantizeReal } from '../../../extension/quantize/schemas.ts';
import { tfliteIntegers } from '../../../extension/quantize/tflite/network.ts';
import { exampleTflite } from '../../support/exampleTflite.ts';
import { testDigits, top1 } from '../../support/mnist.ts';

const read = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(path.join(productRoot, 'examples/mnist', name)));

describe('the example as int8 TensorFlow Lite', () => {
  it('is what bench/exampleTflite.ts makes of the ONNX file', async () => {
    assert.deepEqual(Buffer.from(await exampleTflite()), Buffer.from(read('mnist.tflite')));
  });

  it('names the same class for 100 digits as the float network that Keras saves', async () => {
    await sameClasses(read('mnist.tflite'));
  });

  it('does so with activations of int16, too', async () => {
    await sameClasses(await exampleTflite('int16'));
  });

  async function sameClasses(file: Uint8Array): Promise<void> {
    const integers = finished(importTflite(file, { name: 'mnist' }));
    assert.ok(isIntegerGraph(integers));
    const network = tfliteIntegers(integers);
    const float = await importModel(keras, read('mnist.h5'), { name: 'mnist' });
    const input = qvalue(network, network.inputs[0]!);
    const digits = testDigits();
    for (let i = 0; i < 100; i++) {
      const pixels = Float32Array.from(digits.image(i), (p) => p / 255);
      const q = Int32Array.from(pixels, (x) => quantizeReal(x, input, limits(precisionOf(input))));
      const quantized = interpret(network, new Map([[input.name, q]])).get(network.outputs[0]!)!;
      const real = evaluate(float, new Map([[float.inputs[0]!.name, pixels]])).get(float.outputs[0]!)!;
      assert.equal(top1(quantized), top1(real), `digit ${i}`);
    }
  }
});
