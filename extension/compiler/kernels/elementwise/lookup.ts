import { plus } from '../../c/code.ts';
import { loadCost } from '../border.ts';
import type { Kernel, KernelMaker } from '../kernel.ts';
import { elementKernel, elementNest } from './nests.ts';

/** out = table[stored]; the table is ordered by the input's stored byte and holds the output's. */
export const lookup: KernelMaker<'lookup'> = {
  computes: ['lookup'],
  make(step, target): Kernel {
    const { node } = step;
    const x = step.inputs[0]!.layout;
    const y = step.output.layout;
    const entries = Array.from({ length: 256 }, (_, i) => node.table[i]! + y.bias);
    return elementKernel(
      step,
      target,
      [
        {
          nest: elementNest(step),
          cycles: target.costs.nest.lookup + loadCost(target.costs, x),
          statements: (_, [o, i]) => [`${o} = table[${plus(i!, 128 - x.bias)}];`],
        },
      ],
      { declare: (context) => [`const ${y.type} *const table = ${context.table(entries, 1)(y.type)};`] },
    );
  },
};

/** Linear interpolation between 513 points, as quantize/tables.ts defines it. */
export const interpolate: KernelMaker<'interpolate'> = {
  computes: ['interpolate'],
  make(step, target): Kernel {
    const { node } = step;
    const x = step.inputs[0]!.layout;
    return elementKernel(
      step,
      target,
      [
        {
          nest: elementNest(step),
          cycles: target.costs.nest.interpolate + loadCost(target.costs, x),
          statements: (context, [o, i]) => [`${o} = (int16_t)${context.helper('interpolate')}(table, ${i});`],
        },
      ],
      { declare: (context) => [`const int16_t *const table = ${context.table(node.table, 2)('int16_t')};`] },
    );
  },
};
