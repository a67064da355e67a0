import { elements } from '../../model/graph.ts';
import { advance, block } from '../c/code.ts';
import type { Kernel, KernelMaker } from './kernel.ts';

/** Positions of the largest or smallest element of each row. */
export const positionOfExtreme: KernelMaker<'position'> = {
  computes: ['position'],
  make({ node, inputs, output }, target): Kernel {
    const x = inputs[0]!.layout;
    const n = x.shape.at(-1)!;
    const rows = elements(x.shape) / n;
    const { extreme, innerLoop, outerLoop } = target.costs.nest;
    const better = `${node.of === 'max' ? '>' : '<'}${node.among === 'last' ? '=' : ''}`;
    return {
      variant: 'loops',
      macs: 0,
      cycles: target.costs.call + rows * (outerLoop + (n - 1) * (innerLoop + extreme / 2)),
      codeBytes: 60,
      scratchBytes: 0,
      optimize: 'speed',
      note: 'row by row',
      emit: (context) => [
        `const ${x.type} *x = ${context.inputs[0]!};`,
        `${output.layout.type} *position = ${context.output};`,
        block(`for (uint32_t g = ${rows}; g != 0; g--)`, [
          'int32_t at = 0;',
          block(`for (int32_t i = 1; i < ${n}; i++)`, [block(`if (x[i] ${better} x[at])`, ['at = i;'])]),
          '*position++ = at;',
          ...advance('x', n),
        ]),
      ],
    };
  },
};
