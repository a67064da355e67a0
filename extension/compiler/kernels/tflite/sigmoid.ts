import { plus, times } from '../../c/code.ts';
import { SIGMOID_TABLE } from '../../../quantize/tflite/sigmoid.ts';
import { broadcastWalk } from '../elementwise/loopNest.ts';
import { elementKernel } from '../elementwise/nests.ts';
import type { Kernel, KernelMaker } from '../kernel.ts';

/** Sigmoid and hyperbolic tangent of int16 numbers from TensorFlow Lite's table. */
export const sigmoidOfTflite: KernelMaker<'tfliteSigmoid'> = {
  computes: ['tfliteSigmoid'],
  make(step, target): Kernel {
    const { node } = step;
    const { multiplier, shift } = node;
    const x = step.inputs[0]!.layout;
    const y = step.output.layout;
    return elementKernel(
      step,
      target,
      [
        {
          nest: {
            extents: y.shape,
            walks: [broadcastWalk('output', y, y.shape), broadcastWalk(0, x, y.shape)],
          },
          cycles: target.costs.nest.interpolate,
          statements: (context, [o, i]) => {
            const product = times(i!, multiplier);
            const argument = shift > 0 ? `(${plus(product, 2 ** (shift - 1))}) >> ${shift}` : product;
            return [`${o} = (int16_t)${context.helper(node.function)}(table, ${argument});`];
          },
        },
      ],
      {
        declare: (context) => [
          `const uint16_t *const table = ${context.table(SIGMOID_TABLE, 2)('uint16_t')};`,
        ],
      },
    );
  },
};
