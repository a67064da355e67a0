import type { TfliteNode } from '../../model/formats/tflite/context.ts';
import type { TfliteOperator } from '../../model/formats/tflite/model.ts';
import type { QuantizedValue } from '../quantizedGraph.ts';
import { ordinary } from '../transposed.ts';
import { moveSpec } from './move.ts';
import { importedOf, type TfliteLowering } from './lowering.ts';
import { biasOf, requantized, weightsOf } from './weighted.ts';

/** TRANSPOSE_CONV as ordinary convolutions, one a phase of its rows, whose sums are the same. */
export function transposeConv(
  lowering: TfliteLowering,
  node: TfliteNode,
  { options }: TfliteOperator<'TRANSPOSE_CONV'>,
): void {
  const x = lowering.operand(node, 2);
  const y = lowering.result(node, options.activation);
  const weights = weightsOf(lowering, node, 0, (w) => w);
  const transposed = importedOf(lowering, node, 'convTranspose2d');
  const bias = biasOf(lowering, node, transposed.bias.length, 3);
  const values = new Map([[transposed.inputs[0]!, x]]);
  // integers go through as they are; in place of a bias each output has its number, which its parameters are found by
  const parts = ordinary(
    {
      ...transposed,
      weights: Float32Array.from(weights.numbers),
      bias: Float32Array.from(bias.numbers.keys()),
    },
    x.shape,
    y.shape,
    (suffix) => `${transposed.output}${suffix}`,
  );
  for (const [i, { node: part, shape }] of parts.entries()) {
    const value: QuantizedValue = i === parts.length - 1 ? y : lowering.inner(node, 'part', { ...y, shape });
    const from = part.inputs.map((name) => values.get(name)!);
    if (part.kind !== 'conv2d') {
      values.set(part.output, lowering.emit(node, from, value, moveSpec(node, part)));
      continue;
    }
    const outputs = Array.from(part.bias);
    const { params } = weights;
    const own = {
      numbers: Int16Array.from(part.weights),
      params: params.length === 1 ? params : outputs.map((k) => params[k]!),
    };
    const { kernel, strides, dilations, pads, groups } = part;
    const numbers = Int32Array.from(outputs, (k) => bias.numbers[k]!);
    const spec = requantized(lowering, node, x, value, own, { ...bias, numbers });
    values.set(part.output, lowering.emit(node, from, value, { kind: 'conv2d', ...spec, kernel, strides, dilations, pads, groups })); // prettier-ignore
  }
}
