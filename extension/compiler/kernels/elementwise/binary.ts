import { elements } from '../../../model/graph.ts';
import type {
  QAdd,
  QDiv,
  QExtreme,
  QMul,
  QPrelu,
  QTfliteAdd,
  QTfliteSquaredDifference,
} from '../../../quantize/quantizedGraph.ts';
import { plus, times } from '../../c/code.ts';
import type { Target } from '../../target/target.ts';
import type { Operand, Step } from '../../values/step.ts';
import { loadCost } from '../border.ts';
import type { Kernel, KernelMaker } from '../kernel.ts';
import {
  clampCost,
  foldRequant,
  lookAgain,
  requantStatements,
  saturate,
  storeBias,
  withInit,
} from '../requant.ts';
import { elementKernel, elementNest } from './nests.ts';

/** What other operands than unsigned bytes, and other bounds than a byte's, take more. */
export function extra(
  {
    node,
    inputs,
    output,
  }: Step<QAdd | QTfliteAdd | QMul | QExtreme | QDiv | QPrelu | QTfliteSquaredDifference>,
  { costs }: Target,
): number {
  const loads = inputs.reduce((n, x) => n + loadCost(costs, x.layout), 0);
  return loads + clampCost(costs, node.lo, node.hi, output.layout);
}

/** q - offset of a stored number. */
export function centred(stored: string, { value, layout }: Operand): string {
  return plus(stored, -(value.offset + layout.bias));
}

export const add: KernelMaker<'add'> = {
  computes: ['add'],
  make(step, target): Kernel {
    const { node } = step;
    const [a, b] = [step.inputs[0]!.layout, step.inputs[1]!.layout];
    const y = step.output.layout;
    const constant = node.constant - a.bias * node.ma - b.bias * node.mb + storeBias(y) * 2 ** node.post;
    const loops = {
      nest: elementNest(step),
      cycles: target.costs.nest.add + extra(step, target),
      statements: (context, [o, p, q]) => {
        const sign = node.mb < 0 ? '-' : '+';
        const sum = `${times(p!, node.ma)} ${sign} ${times(q!, Math.abs(node.mb))}`;
        const form = plus(sum, constant);
        const store = (value: string): string => `${o} = ${saturate(context, value, node.lo, node.hi, y)};`;
        if (node.even === undefined) return [store(`(${form}) >> ${node.post}`)];
        const zero = step.output.value.offset + storeBias(y);
        const toEven = `v -= ${(zero & 1) === 0 ? 'v' : '~v'} & 1;`;
        return [...lookAgain(form, { post: node.post, band: node.even }, toEven), store('v')];
      },
    } satisfies Parameters<typeof elementKernel>[2][number];
    return elementKernel(step, target, [loops], { macs: elements(y.shape) });
  },
};

export const mul: KernelMaker<'mul'> = {
  computes: ['mul'],
  make(step, target): Kernel {
    const { node, output: y } = step;
    const [a, b] = [step.inputs[0]!, step.inputs[1]!];
    const r = foldRequant(node.requant, 0, y.value, y.layout, { min: 0, max: 0 });
    const loops = {
      nest: elementNest(step),
      cycles: target.costs.nest.mul + extra(step, target),
      statements: (context, [o, p, q]) => [
        `const int32_t product = (${centred(p!, a)}) * (${centred(q!, b)});`,
        ...requantStatements(
          context,
          withInit('product', r),
          r,
          (value) => `${o} = ${saturate(context, value, node.lo, node.hi, y.layout)};`,
        ),
      ],
    } satisfies Parameters<typeof elementKernel>[2][number];
    return elementKernel(step, target, [loops], { macs: elements(y.layout.shape) });
  },
};
