import type { QTfliteSvdf } from '../../../quantize/quantizedGraph.ts';
import { block, type Code, intLiteral } from '../../c/code.ts';
import { innerLayout, NO_BORDER } from '../../values/layout.ts';
import type { Operand, Step } from '../../values/step.ts';
import type { DotPlan } from '../dot/dot.ts';
import type { Kernel, KernelMaker, LayerContext } from '../kernel.ts';
import { multiply, planRows } from '../recurrent.ts';
import { foldRequant, requantStatements, saturate, withInit } from '../requant.ts';

/** Bytes of code beside the products of features. */
const TIME_BYTES = 160;

/** SVDF: the features of the input, then one walk over all memories, which moves them by one and sums them up. */
export const svdfOfTflite: KernelMaker<'tfliteSvdf'> = {
  computes: ['tfliteSvdf'],
  make(step, target): Kernel {
    const { node, inputs } = step;
    const plan = planRows(node.features, inputs[0]!, newest(step), target);
    const { nest, call } = target.costs;
    const taps = node.weights.length;
    return {
      variant: plan.isThumb ? 'rows, thumb' : 'rows',
      macs: node.features.weights.length + taps,
      cycles: call + plan.cycles + taps * nest.mul + node.bias.length * nest.add,
      codeBytes: TIME_BYTES + plan.codeBytes,
      scratchBytes: node.features.outChannels * inputs[1]!.layout.bytesPerElement,
      optimize: 'speed',
      note: 'the memory is moved while it is summed up; weights are streamed from the constant memory',
      emit: (context) => emit(context, step, plan),
    };
  },
};

/** What is new in the memory of each filter, in scratch memory. */
function newest({ node, inputs }: Step<QTfliteSvdf>): Operand {
  const { buffer, value } = inputs[1]!;
  const of = { ...value, shape: [1, node.features.outChannels] };
  return { buffer, value: of, layout: innerLayout(of, NO_BORDER) };
}

function emit(context: LayerContext, step: Step<QTfliteSvdf>, plan: DotPlan): Code {
  const { node, inputs, output: y } = step;
  const { memory, weights, bias, requant, lo, hi } = node;
  const [x, state] = inputs;
  const { type } = state!.layout;
  const taps = weights.length / bias.length;
  const isWide = weights.some((w) => w < -128 || w > 127);
  const begin = beginnings(step);
  const isSame = begin.every((b) => b === begin[0]);
  const size = 2 ** 31 - 1;
  const folded = foldRequant(requant, 0, y.value, y.layout, { min: -size, max: size });
  const walk = (v: string): Code => [
    `const ${type} v = ${v};`,
    '*state++ = v;',
    'acc += (uint32_t)(v * *w++);',
  ];
  return [
    `const ${x!.layout.type} *const now = ${context.inputs[0]!};`,
    `${type} *newest = ${context.scratch(type)};`,
    multiply(context, plan, 'now', 'newest', type),
    `${type} *state = ${context.inputs[1]!};`,
    `const ${isWide ? 'int16_t' : 'int8_t'} *w = ${context.table(weights, isWide ? 2 : 1)(isWide ? 'int16_t' : 'int8_t')};`,
    ...(isSame ? [] : [`const int32_t *const begin = ${context.table(begin, 4)('int32_t')};`]),
    block(`for (uint32_t u = 0; u < ${bias.length}; u++)`, [
      '/* wraps around where the sum leaves 32 bits */',
      `uint32_t acc = (uint32_t)${isSame ? `(${intLiteral(begin[0]!)})` : 'begin[u]'};`,
      block(`for (uint32_t filter = ${taps / memory}; filter != 0; filter--)`, [
        ...(memory > 1
          ? [block(`for (uint32_t age = ${memory - 1}; age != 0; age--)`, walk('state[1]'))]
          : []),
        block('', walk('*newest++')),
      ]),
      'const int32_t sum = (int32_t)acc;',
      ...requantStatements(
        context,
        withInit('sum', folded),
        folded,
        (v) => `${context.output}[u] = ${saturate(context, v, lo, hi, y.layout)};`,
      ),
    ]),
  ];
}

/** What each unit's sum begins with: its bias, and what the zero point of the memory as it is stored counts for. */
function beginnings({ node, inputs }: Step<QTfliteSvdf>): Int32Array {
  const { weights, bias } = node;
  const zero = inputs[1]!.value.offset + inputs[1]!.layout.bias;
  const taps = weights.length / bias.length;
  return bias.map((b, u) =>
    weights.subarray(u * taps, (u + 1) * taps).reduce((n, w) => (n - w * zero) | 0, b),
  );
}
