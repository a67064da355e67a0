import { elements } from '../../../model/graph.ts';
import type { Multiplier } from '../../../quantize/tflite/fixedPoint.ts';
import { plus } from '../../c/code.ts';
import type { Kernel, KernelMaker } from '../kernel.ts';
import { centred, extra } from '../elementwise/binary.ts';
import { elementKernel, elementNest } from '../elementwise/nests.ts';
import { saturate, storeBias } from '../requant.ts';

/** Squares of differences that TensorFlow Lite's three requantizations define. */
export const squaredDifferenceOfTflite: KernelMaker<'tfliteSquaredDifference'> = {
  computes: ['tfliteSquaredDifference'],
  make(step, target): Kernel {
    const { node, output: y } = step;
    const [a, b] = [step.inputs[0]!, step.inputs[1]!];
    const loops = {
      nest: elementNest(step),
      cycles: 3 * target.costs.nest.requant + extra(step, target),
      statements: (context, [o, p, q]) => {
        const requantize = context.helper('requantize');
        const scaled = (x: string, { multiplier, shift }: Multiplier): string =>
          `${requantize}(${x}, ${multiplier}, ${shift})`;
        const unit = `(1 << ${node.left})`;
        const [first, second] = [
          scaled(`(${centred(p!, a)}) * ${unit}`, node.a),
          scaled(`(${centred(q!, b)}) * ${unit}`, node.b),
        ];
        const square = plus(scaled('d * d', node.out), y.value.offset + storeBias(y.layout));
        return [
          `const int32_t d = ${first} - ${second};`,
          `${o} = ${saturate(context, square, node.lo, node.hi, y.layout)};`,
        ];
      },
    } satisfies Parameters<typeof elementKernel>[2][number];
    return elementKernel(step, target, [loops], { macs: elements(y.layout.shape) });
  },
};
