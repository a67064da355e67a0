import type { Requant } from '../../../quantize/requantize.ts';
import type { LayerContext, Kernel, KernelMaker } from '../kernel.ts';
import type { Operand } from '../../values/step.ts';
import { foldRequant, requantExpression, saturate, withInit } from '../requant.ts';
import { broadcastWalk } from './loopNest.ts';
import { convert, elementKernel, elementNest, moveCycles, ownWalk } from './nests.ts';

/** Into another layout. */
export const copy: KernelMaker<'copy'> = {
  computes: ['copy'],
  make(step, target): Kernel {
    const x = step.inputs[0]!;
    const y = step.output;
    return elementKernel(step, target, [
      {
        nest: elementNest(step),
        cycles: moveCycles(target.costs, x, y),
        statements: (_, [o, i]) => [`${o} = ${convert(i!, x, y)};`],
      },
    ]);
  },
};

export const transpose: KernelMaker<'transpose'> = {
  computes: ['transpose'],
  make(step, target): Kernel {
    const x = step.inputs[0]!;
    const y = step.output;
    const walks = [ownWalk('output', y), ownWalk(0, x, x.layout.origin, step.node.perm)];
    return elementKernel(step, target, [
      {
        nest: { extents: y.layout.shape, walks },
        cycles: moveCycles(target.costs, x, y),
        statements: (_, [o, i]) => [`${o} = ${convert(i!, x, y)};`],
      },
    ]);
  },
};

/** Fills the output with the padding, then copies the inside. */
export const pad: KernelMaker<'pad'> = {
  computes: ['pad'],
  make(step, target): Kernel {
    const { node, output: y } = step;
    const x = step.inputs[0]!;
    const { shape, strides, origin, bias } = y.layout;
    const inside = node.pads.reduce((o, [before], k) => o + before * strides[k]!, origin);
    const { nest } = target.costs;
    return elementKernel(step, target, [
      {
        nest: { extents: shape, walks: [broadcastWalk('output', y.layout, shape)] },
        cycles: y.layout.bytesPerElement === 1 ? nest.setByte : nest.set,
        statements: (_, [o]) => [`${o} = ${node.value + bias};`],
      },
      {
        nest: { extents: x.layout.shape, walks: [ownWalk('output', y, inside), ownWalk(0, x)] },
        cycles: moveCycles(target.costs, x, y),
        statements: (_, [o, i]) => [`${o} = ${convert(i!, x, y)};`],
      },
    ]);
  },
};

/** Each operand goes to its slice of the output, requantized where its parameters differ. */
export const concat: KernelMaker<'concat'> = {
  computes: ['concat'],
  make(step, target): Kernel {
    const { node, output: y, inputs } = step;
    let at = 0;
    const loops = inputs.map((x, k) => {
      const start = y.layout.origin + at * y.layout.strides[node.axis]!;
      at += x.layout.shape[node.axis]!;
      const r = node.requant[k];
      return {
        nest: {
          extents: x.layout.shape,
          walks: [ownWalk('output', y, start), ownWalk(k, x)],
        },
        cycles: moveCycles(target.costs, x, y) + (r ? target.costs.nest.requant : 0),
        statements: (context: LayerContext, [o, i]: readonly string[]) => [
          `${o} = ${r ? requantized(context, i!, r, x, y) : convert(i!, x, y)};`,
        ],
      };
    });
    return elementKernel(step, target, loops);
  },
};

/** An element of x in the parameters of y. */
function requantized(
  context: LayerContext,
  element: string,
  requant: Requant,
  x: Operand,
  y: Operand,
): string {
  const zero = x.value.offset + x.layout.bias;
  const largest = x.layout.bytesPerElement === 1 ? 255 : 32768;
  const r = foldRequant(requant, -zero, y.value, y.layout, { min: -largest, max: largest });
  const acc = withInit(element, r);
  return saturate(context, requantExpression(context, acc, r), y.value.lo, y.value.hi, y.layout);
}
