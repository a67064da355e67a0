import { onnxModel, type TensorSpec } from '../model/onnxBuilder.ts';

const INT8 = 3;
const INT32 = 6;
const scalar = (value: number): TensorSpec => ({ dims: [], floats: [value] });
const integers = (dataType: number, dims: readonly number[], data: Int8Array | Int32Array): TensorSpec => ({
  dims,
  extra: { dataType, rawData: new Uint8Array(data.buffer) },
});

/**
 * A small picture classifier as quantization tools export it (QDQ form): a convolution whose input, weights and bias are
 * quantized and dequantized again, the bias from int32.
 */
export function qdqModel(): Uint8Array {
  const dequantize = (name: string) => ({
    op: 'DequantizeLinear',
    name: `${name}_dequantize`,
    inputs: [name, `${name}_scale`, `${name}_zero`],
    outputs: [`${name}_real`],
  });
  return onnxModel({
    opset: 13,
    inputs: [{ name: 'x', shape: [1, 1, 28, 28] }],
    outputs: ['y'],
    nodes: [
      { op: 'QuantizeLinear', name: 'quantize', inputs: ['x', 'q_scale', 'q_zero'], outputs: ['q'] },
      dequantize('q'),
      dequantize('w'),
      dequantize('b'),
      { op: 'Conv', name: 'conv', inputs: ['q_real', 'w_real', 'b_real'], outputs: ['c'] },
      { op: 'GlobalAveragePool', name: 'pool', inputs: ['c'], outputs: ['p'] },
      { op: 'Flatten', name: 'flat', inputs: ['p'], outputs: ['y'] },
    ],
    initializers: {
      q_scale: scalar(1 / 255),
      q_zero: integers(INT8, [], Int8Array.of(-128)),
      w: integers(
        INT8,
        [2, 1, 3, 3],
        Int8Array.from({ length: 18 }, (_, i) => i * 7 - 60),
      ),
      w_scale: scalar(0.01),
      w_zero: integers(INT8, [], Int8Array.of(0)),
      b: integers(INT32, [2], Int32Array.of(1000, -1000)),
      b_scale: scalar(0.01 / 255),
      b_zero: integers(INT32, [], Int32Array.of(0)),
    },
  });
}
