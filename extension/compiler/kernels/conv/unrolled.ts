import type { QConv2d } from '../../../quantize/quantizedGraph.ts';
import { advance, at, block, type Code, plus, repeat, times } from '../../c/code.ts';
import type { Step } from '../../values/step.ts';
import { fillCost, loadCost } from '../border.ts';
import type { Kernel, KernelMaker, LayerContext } from '../kernel.ts';
import {
  againShare,
  clampCost,
  exactCost,
  type FoldedRequant,
  isLong,
  reduceRequant,
  requantStatements,
  saturate,
} from '../requant.ts';
import { foldChannels } from '../weighted.ts';
import { type ConvShape, convShape, tapOffsets } from './shape.ts';

/** Output channels computed together: each activation is loaded once for four accumulators held in registers. */
const BLOCK = 4;

/**
 * A convolution with its weights as immediates and constant shapes. The running maximum of a fused max pooling is taken on raw
 * accumulators (requantization is monotone), so each pooled pixel is requantized once, and rows or columns that
 * the pooling drops are never computed. Zero weights cost nothing.
 */
export const convUnrolled: KernelMaker<'conv2d'> = {
  computes: ['conv2d'],
  make(step, target): Kernel | undefined {
    const { node } = step;
    if (node.groups !== 1 || node.weights.every((w) => w === 0) || isLong(node.requant)) return undefined;
    const costs = target.costs.unrolled;
    const shape = convShape(step);
    const { y, pixels, taps } = shape;
    const [ph, pw] = shape.pool;
    const nonZero = node.weights.filter((w) => w !== 0).length;
    const cheap = node.weights.filter((w) => w !== 0 && (Math.abs(w) & (Math.abs(w) - 1)) === 0).length;
    const blocks = Math.ceil(node.outChannels / BLOCK);
    // an activation is loaded for each block of channels that has a weight for it
    const loads = new Set<number>();
    node.weights.forEach((w, i) => {
      if (w !== 0) loads.add(Math.floor(i / taps / BLOCK) * taps + (i % taps));
    });
    const perPosition =
      (nonZero - cheap) * costs.mac +
      cheap * costs.cheapMac +
      loads.size * (costs.load + loadCost(target.costs, shape.x.layout)) +
      blocks * costs.position +
      (step.pool ? node.outChannels * costs.maximum : 0);
    // of a channel; one requantization may be all channels'
    const exactly =
      node.requant.reduce((n, r) => n + (r.exact ? againShare(r) * exactCost(target.costs, r.exact) : 0), 0) /
      node.requant.length;
    const perPixel =
      costs.pixel +
      ph * pw * perPosition +
      node.outChannels * (costs.output + exactly + clampCost(target.costs, node.lo, node.hi, y.layout));
    return {
      variant: 'unrolled',
      macs: pixels * ph * pw * nonZero,
      cycles: target.costs.call + fillCost(target.costs, y.layout) + pixels * perPixel,
      codeBytes: nonZero * costs.macBytes + node.outChannels * costs.outputBytes + 60,
      scratchBytes: 0,
      optimize: 'size',
      note: 'weights are immediates in the code',
      emit: (context) => emitUnrolled(context, step),
    };
  },
};

export function emitUnrolled(context: LayerContext, step: Step<QConv2d>): Code {
  const { node } = step;
  const shape = convShape(step);
  const { x, y, result } = shape;
  const folded = foldChannels(node, x, y, shape.taps);
  const blocks: Code[] = [];
  for (let k = 0; k < node.outChannels; k += BLOCK) {
    const channels = Array.from({ length: Math.min(BLOCK, node.outChannels - k) }, (_, i) => k + i);
    blocks.push([block('', channelBlock(context, step, shape, channels, folded))]);
  }
  return [
    `const ${x.layout.type} *p = ${plus(context.inputs[0]!, shape.first)};`,
    `${y.layout.type} *q = ${plus(context.output, y.layout.origin)};`,
    ...repeat('row', result.h, [
      `const ${y.layout.type} *const end = q + ${result.w * result.column};`,
      block(
        'do',
        [...blocks.flat(), ...advance('p', shape.inputStep), ...advance('q', result.column)],
        ' while (q != end);',
      ),
      ...advance('p', shape.inputRowEnd),
      ...advance('q', shape.outputRowEnd),
    ]),
  ];
}

/** Up to four channels of one output pixel. */
function channelBlock(
  context: LayerContext,
  { node, pool }: Step<QConv2d>,
  shape: ConvShape,
  channels: readonly number[],
  folded: readonly FoldedRequant[],
): Code {
  const { y, stepX, stepY } = shape;
  const store = (k: number, acc: string): Code =>
    requantStatements(
      context,
      acc,
      reduceRequant(folded[k]!),
      (value) => `${at('q', k)} = ${saturate(context, value, node.lo, node.hi, y.layout)};`,
    );
  const declare = (letter: string, init: (k: number) => string): string =>
    `int32_t ${channels.map((k, i) => `${letter}${i} = ${init(k)}`).join(', ')};`;
  const products = macs(node, shape, channels);
  const sums = [
    declare('a', (k) => String(folded[k]!.init)),
    ...(products.length > 0 ? ['int32_t x;'] : []),
    ...products,
  ];
  if (!pool) return [...sums, ...channels.flatMap((k, i) => store(k, `a${i}`))];
  const max = context.helper('max');
  const [ph, pw] = pool.kernel;
  return [
    declare('m', () => 'INT32_MIN'),
    ...repeat('j', ph, [
      ...repeat('i', pw, [
        ...sums,
        ...channels.map((_, i) => `m${i} = ${max}(m${i}, a${i});`),
        ...advance('p', stepX),
      ]),
      ...advance('p', stepY - pw * stepX),
    ]),
    ...advance('p', -ph * stepY),
    ...channels.flatMap((k, i) => store(k, `m${i}`)),
  ];
}

/** One load an input element, one multiplication a weight. */
function macs(node: QConv2d, shape: ConvShape, channels: readonly number[]): Code {
  return tapOffsets(node, shape).flatMap((offset, tap) => {
    const uses = channels.flatMap((k, i) => {
      const w = node.weights[k * shape.taps + tap]!;
      if (w === 0) return [];
      return [`a${i} ${w > 0 ? '+' : '-'}= ${times('x', Math.abs(w))};`];
    });
    return uses.length > 0 ? [`x = ${at('p', offset)}; ${uses.join(' ')}`] : [];
  });
}
