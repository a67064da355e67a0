/** The example network as quantizers write it: its own weights, ranges measured over digits. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { productRoot } from '../../extension/common/resources.ts';
import { evaluate } from '../../extension/model/evaluate.ts';
import { importOnnx } from '../../extension/model/formats/onnx/import.ts';
import { decodeModel } from '../../extension/model/formats/onnx/proto.ts';
import { readTensor } from '../../extension/model/formats/onnx/tensor.ts';
import { onnxModel } from '../model/onnxBuilder.ts';
import { say } from '../../extension/common/errors/sentence.ts';
import { type ActivationType, QuantizedBuilder } from './quantizedBuilder.ts';
import { testDigits } from './mnist.ts';

export interface QuantizedMnist {
  readonly form: 'qdq' | 'qoperator';
  readonly activations: ActivationType;
  readonly perChannel: boolean;
}

/** Digits that ranges are measured over: none of those that tests compare. */
const MEASURED = Array.from({ length: 20 }, (_, i) => 9000 + i);

const digits = testDigits();

export function digit(i: number): Float32Array {
  return Float32Array.from(digits.image(i), (p) => p / 255);
}

export function quantizedMnist({ form, activations, perChannel }: QuantizedMnist): Uint8Array {
  const bytes = new Uint8Array(readFileSync(path.join(productRoot, 'examples/mnist/mnist.onnx')));
  const file = decodeModel(bytes).graph!;
  const ranges = measured(bytes);
  const b = new QuantizedBuilder(form, activations, perChannel);
  const constants = new Map(file.initializer.map((t) => [t.name, readTensor(t, say`${t.name}`)]));
  const floats = (name: string) => {
    const c = constants.get(name)!;
    return { dims: c.shape, data: Float32Array.from(c.data) };
  };
  const window = { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } };
  const pads = { pads: { ints: [1, 1, 1, 1] }, kernel_shape: { ints: [3, 3] } };
  let x = b.input('max_pooling_1_input', [1, 28, 28, 1], ranges('max_pooling_1_input'));
  x = b.move('Transpose', x, { perm: { ints: [0, 3, 1, 2] } });
  x = b.move('MaxPool', x, window);
  for (const k of [1, 2, 3]) {
    const y = `conv2d_${k}/Relu:0`;
    x = b.conv(x, floats(`conv2d_${k}/kernel:0`), floats(`conv2d_${k}/bias:0`), pads, ranges(y), true);
    if (k < 3) x = b.move('MaxPool', x, window);
  }
  x = b.move('Transpose', x, { perm: { ints: [0, 2, 3, 1] } });
  x = b.reshape(x, [1, -1]);
  x = b.gemm(x, floats('dense_1/kernel:0'), floats('dense_1/bias:0'), ranges('dense_1/Relu:0'), true);
  // as onnxruntime's quantizer has it where the file has MatMul and Add: each rounds by itself
  x = b.matMul(x, floats('dense_2/kernel:0'), ranges('dense_2:0'));
  x = b.addConstant(x, floats('dense_2/bias:0'), ranges('dense_2'));
  return onnxModel(b.spec(x));

  function measured(model: Uint8Array): (name: string) => readonly [number, number] {
    const graph = importOnnx(model, { name: 'mnist' });
    const found = new Map<string, [number, number]>();
    for (const i of MEASURED) {
      for (const [name, data] of evaluate(graph, new Map([['max_pooling_1_input', digit(i)]]))) {
        const [lo, hi] = found.get(name) ?? [0, 0];
        found.set(name, [Math.min(lo, ...data), Math.max(hi, ...data)]);
      }
    }
    return (name) => found.get(name)!;
  }
}
