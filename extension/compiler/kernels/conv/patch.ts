import type { QConv2d } from '../../../quantize/quantizedGraph.ts';
import { advance, block, type Code, plus, repeat } from '../../c/code.ts';
import type { Step } from '../../values/step.ts';
import { fillCost, loadCost } from '../border.ts';
import { type DotPlan, planDot } from '../dot/dot.ts';
import type { Kernel, KernelMaker, LayerContext } from '../kernel.ts';
import { type ConvShape, convShape } from './shape.ts';

/**
 * Convolution by im2col, one pixel at a time: the patch under the kernel is gathered into scratch memory, then multiplied
 * like a dense layer. Serves every group count, stride and dilation; a 1x1 convolution reads its pixel in place. With a fused max
 * pooling the output pixel keeps the largest of its positions (the pooling shares the convolution's quantization).
 */
export const convPatch: KernelMaker<'conv2d'> = {
  computes: ['conv2d'],
  make(step, target): Kernel {
    const { node } = step;
    const { groups, outChannels } = node;
    const shape = convShape(step);
    const { x, y, taps } = shape;
    const [ph, pw] = shape.pool;
    const inPlace = groups === 1 && node.kernel[0] * node.kernel[1] === 1;
    const keepMaximum = step.pool !== undefined;
    const dot = planDot({ node, x, y, taps, channels: outChannels / groups, groups, keepMaximum }, target);
    const positions = shape.pixels * ph * pw;
    const { gather, pixel } = target.costs.patch;
    const { runs, run } = gatherRuns(node, shape);
    const gathering = inPlace
      ? 0
      : gather.call +
        node.kernel[0] * runs * (gather.run + run * (gather.element + loadCost(target.costs, x.layout)));
    return {
      variant: (dot.isThumb ? 'thumb ' : '') + (inPlace ? 'pointwise' : 'im2col'),
      macs: positions * taps * outChannels,
      cycles:
        target.costs.call +
        fillCost(target.costs, y.layout) +
        positions * (pixel + groups * (gathering + dot.cycles)) +
        (keepMaximum ? shape.pixels * outChannels * target.costs.fill.element : 0),
      codeBytes: 220 + dot.codeBytes,
      scratchBytes: inPlace ? 0 : taps * x.layout.bytesPerElement,
      optimize: 'speed',
      note: inPlace
        ? 'weights are streamed for each pixel'
        : 'the patch under the kernel is gathered, then multiplied',
      emit: (context) => emit(context, step, shape, dot, inPlace),
    };
  },
};

function emit(
  context: LayerContext,
  step: Step<QConv2d>,
  shape: ConvShape,
  plan: DotPlan,
  inPlace: boolean,
): Code {
  const { node } = step;
  const { groups } = node;
  const { x, y, image, result } = shape;
  const { type } = x.layout;
  const dot = plan.emit(context, inPlace ? 'p' : 'patch');
  const group = block('', [...(inPlace ? [] : gatherPatch(node, shape)), ...dot.multiply]);
  const pixel = block('', [
    ...dot.begin,
    ...(inPlace ? [] : [`const ${type} *from = p;`]),
    ...repeat('group', groups, [group, ...(groups > 1 ? advance('from', image.c / groups) : [])]),
  ]);
  return [
    ...(inPlace ? [] : [`${type} *const patch = ${context.scratch(type)};`]),
    `const ${type} *p = ${plus(context.inputs[0]!, shape.first)};`,
    `${y.layout.type} *q = ${plus(context.output, y.layout.origin)};`,
    ...dot.setup,
    ...repeat('row', result.h, [
      ...repeat('column', result.w, [
        ...(step.pool ? pooled(node, shape, pixel) : [pixel]),
        ...advance('p', shape.inputStep),
        ...advance('q', result.column - node.outChannels),
      ]),
      ...advance('p', shape.inputRowEnd),
      ...advance('q', shape.outputRowEnd),
    ]),
  ];
}

/** One pixel for each position of the pooling window; `q` starts at the smallest number and ends behind its channels. */
function pooled(
  { outChannels }: QConv2d,
  { y, pool: [ph, pw], stepX, stepY }: ConvShape,
  pixel: Code[number],
): Code {
  const { layout } = y;
  const lowest = layout.bytesPerElement === 1 ? layout.bias - 128 : -32768;
  return [
    block(`for (uint32_t n = 0; n < ${outChannels}; n++)`, [`q[n] = ${lowest};`]),
    ...repeat('j', ph, [
      ...repeat('i', pw, [pixel, ...advance('q', -outChannels), ...advance('p', stepX)]),
      ...advance('p', stepY - pw * stepX),
    ]),
    ...advance('p', -ph * stepY),
    ...advance('q', outChannels),
  ];
}

/** Taps of a row of the patch that lie together are copied in one run. */
function gatherRuns(node: QConv2d, { image }: ConvShape): { together: boolean; run: number; runs: number } {
  const depth = image.c / node.groups;
  const kw = node.kernel[1];
  const together = node.groups === 1 && node.dilations[1] === 1;
  return { together, run: together ? kw * depth : depth, runs: together ? 1 : kw };
}

/** Copies the patch at `from`, the first tap of a group. */
function gatherPatch(node: QConv2d, shape: ConvShape): Code {
  const { x, tapRow, tapColumn } = shape;
  const { type } = x.layout;
  const { together, run, runs } = gatherRuns(node, shape);
  return [
    `${type} *d = patch;`,
    `const ${type} *s = from;`,
    ...repeat('ky', node.kernel[0], [
      ...repeat('kx', runs, [
        block(`for (uint32_t n = ${run}; n != 0; n--)`, ['*d++ = *s++;']),
        ...(together ? [] : advance('s', tapColumn - run)),
      ]),
      ...advance('s', tapRow - (together ? run : runs * tapColumn)),
    ]),
  ];
}
