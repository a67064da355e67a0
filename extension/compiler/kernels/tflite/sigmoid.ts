import { plus, times } from '../../c/code.ts';
import { SIGMOID_TABLE, type SigmoidInput } from '../../../quantize/tflite/sigmoid.ts';
import { elementKernel, elementNest } from '../elementwise/nests.ts';
import type { Kernel, KernelMaker, LayerContext } from '../kernel.ts';

/** Sigmoid and hyperbolic tangent of int16 numbers from TensorFlow Lite's table. */
export const sigmoidOfTflite: KernelMaker<'tfliteSigmoid'> = {
  computes: ['tfliteSigmoid'],
  make(step, target): Kernel {
    const { node } = step;
    return elementKernel(
      step,
      target,
      [
        {
          nest: elementNest(step),
          cycles: target.costs.nest.interpolate,
          statements: (context, [o, i]) => [
            `${o} = (int16_t)${sigmoidCall(context, node.function, i!, node)};`,
          ],
        },
      ],
      {
        declare: (context) => [sigmoidTable(context)],
      },
    );
  },
};

/** Declares the table that both functions read. */
export function sigmoidTable(context: LayerContext): string {
  return `const uint16_t *const table = ${context.table(SIGMOID_TABLE, 2)('uint16_t')};`;
}

/** The expression of a function of an int16 number, in 32768ths. @param input how the number becomes the function's argument */
export function sigmoidCall(
  context: LayerContext,
  name: 'sigmoid' | 'tanh',
  v: string,
  { multiplier, shift }: SigmoidInput,
): string {
  const product = times(v, multiplier);
  const argument = shift > 0 ? `(${plus(product, 2 ** (shift - 1))}) >> ${shift}` : product;
  return `${context.helper(name)}(table, ${argument})`;
}
