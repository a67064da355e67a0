import { say } from '../../common/errors/sentence.ts';
import { NO_CLAMP } from '../graph.ts';
import type { GivenIntegers, Shape } from '../graph.ts';
import { NO_PADS } from '../window.ts';
import type { OperatorContext } from './context.ts';
import type { FloatConstant, Real } from './operand.ts';

/** A matrix as the IR's dense layers have it. */
export interface Weights {
  /** [outputs][inputs] */
  readonly data: Float32Array;
  readonly outputs: number;
  readonly inputs: number;
  readonly given?: GivenIntegers | undefined;
}

/** x's rows times the weights: a dense layer for one row, a 1x1 convolution over the rows when there are several. */
export function linear(
  ctx: OperatorContext,
  x: Real,
  weights: Weights,
  bias: Float32Array,
  outShape: Shape,
  suffix: string,
): Real {
  const { data, outputs, inputs, given } = weights;
  if (x.shape.at(-1) !== inputs) {
    ctx.refuse(say`multiplies rows of ${x.shape.at(-1)!} by weights for ${inputs}`);
  }
  const rows = x.shape.slice(0, -1).reduce((n, d) => n * d, 1);
  const flatShape = rows === 1 ? [1, inputs] : [1, 1, rows, inputs];
  const resultShape = rows === 1 ? [1, outputs] : [1, 1, rows, outputs];
  const last = outShape.length === resultShape.length && outShape.every((d, k) => d === resultShape[k]);
  const flat = ctx.reshape(x, flatShape, '/rows');
  const y = ctx.emit(
    rows === 1
      ? { kind: 'dense', weights: data, bias, clamp: NO_CLAMP, given }
      : {
          kind: 'conv2d',
          weights: data,
          bias,
          kernel: [1, 1],
          strides: [1, 1],
          dilations: [1, 1],
          pads: NO_PADS,
          groups: 1,
          clamp: NO_CLAMP,
          given,
        },
    [flat],
    resultShape,
    last ? suffix : '/linear',
  );
  return ctx.reshape(y, outShape, suffix);
}

/** A copy of a matrix [inputs, outputs] (or [outputs, inputs] when `transposed`) in the IR's order. */
export function outputsFirst(b: FloatConstant, transposed: boolean): Weights {
  const [rows, columns] = b.shape as [number, number];
  if (transposed) return { data: b.data.slice(), outputs: rows, inputs: columns };
  const data = new Float32Array(b.data.length);
  for (let i = 0; i < rows; i++)
    for (let m = 0; m < columns; m++) data[m * rows + i] = b.data[i * columns + m]!;
  return { data, outputs: columns, inputs: rows };
}
