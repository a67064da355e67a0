/** Kernels of what quantize/pairs.ts defines. */
import { elements } from '../../../model/graph.ts';
import { plus, times } from '../../c/code.ts';
import type { Operand } from '../../values/step.ts';
import type { Kernel, KernelMaker, LayerContext } from '../kernel.ts';
import {
  foldRequant,
  type FoldedRequant,
  requantExpression,
  saturate,
  storeBias,
  withInit,
} from '../requant.ts';
import { centred, extra } from './binary.ts';
import type { ElementLoops } from './nests.ts';
import { elementKernel, elementNest } from './nests.ts';

function requantized(context: LayerContext, acc: string, r: FoldedRequant): string {
  return requantExpression(context, withInit(acc, r), r);
}

export const extreme: KernelMaker<'max' | 'min'> = {
  computes: ['max', 'min'],
  make(step, target): Kernel {
    const { node, output: y } = step;
    const [a, b] = [step.inputs[0]!, step.inputs[1]!];
    const scaled = (stored: string, o: Operand, m: number): string =>
      plus(times(stored, m), -(o.value.offset + o.layout.bias) * m);
    const constant = node.constant + storeBias(y.layout) * 2 ** node.post;
    const loops: ElementLoops = {
      nest: elementNest(step),
      cycles: target.costs.nest.extreme + extra(step, target),
      statements: (context, [o, p, q]) => [
        `const int32_t u = ${scaled(p!, a, node.ma)};`,
        `const int32_t v = ${scaled(q!, b, node.mb)};`,
        `const int32_t t = u ${node.kind === 'max' ? '>' : '<'} v ? u : v;`,
        `${o} = ${saturate(context, `(${plus('t', constant)}) >> ${node.post}`, node.lo, node.hi, y.layout)};`,
      ],
    };
    return elementKernel(step, target, [loops]);
  },
};

export const divide: KernelMaker<'div'> = {
  computes: ['div'],
  make(step, target): Kernel {
    const { node, output: y } = step;
    const [a, b] = [step.inputs[0]!, step.inputs[1]!];
    const r = foldRequant(node.requant, 0, y.value, y.layout, { min: 0, max: 0 });
    const { limit, shift } = node;
    const loops: ElementLoops = {
      nest: elementNest(step),
      cycles: target.costs.nest.divide + extra(step, target),
      statements: (context, [o, p, q]) => [
        `const int32_t n = (${centred(p!, a)}) * ${2 ** shift};`,
        `const int32_t d = ${centred(q!, b)};`,
        'const int32_t half = (d < 0 ? -d : d) >> 1;',
        'int32_t t = n < 0 ? n - half : n + half;',
        `t = d != 0 ? t / d : n < 0 ? ${-limit} : n > 0 ? ${limit} : 0;`,
        `t = ${context.helper('clamp')}(t, ${-limit}, ${limit});`,
        `${o} = ${saturate(context, requantized(context, 't', r), node.lo, node.hi, y.layout)};`,
      ],
    };
    return elementKernel(step, target, [loops]);
  },
};

export const prelu: KernelMaker<'prelu'> = {
  computes: ['prelu'],
  make(step, target): Kernel {
    const { node, output: y } = step;
    const [a, b] = [step.inputs[0]!, step.inputs[1]!];
    const [above, below] = [node.positive, node.negative].map((r) =>
      foldRequant(r, 0, y.value, y.layout, { min: 0, max: 0 }),
    ) as [FoldedRequant, FoldedRequant];
    const loops: ElementLoops = {
      nest: elementNest(step),
      cycles: target.costs.nest.prelu + extra(step, target),
      statements: (context, [o, p, q]) => [
        `const int32_t n = ${centred(p!, a)};`,
        `const int32_t product = n * (${centred(q!, b)});`,
        `const int32_t v = n < 0 ? ${requantized(context, 'product', below)} : ${requantized(context, 'n', above)};`,
        `${o} = ${saturate(context, 'v', node.lo, node.hi, y.layout)};`,
      ],
    };
    return elementKernel(step, target, [loops], { macs: elements(y.layout.shape) });
  },
};
