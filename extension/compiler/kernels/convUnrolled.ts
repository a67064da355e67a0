import type { QConv2d } from '../../quantize/quantizedGraph.ts';
import {
  CALL,
  CHEAP_MAC,
  IMMEDIATE_MAC,
  IMMEDIATE_MAC_BYTES,
  KEEP_MAXIMUM,
  LOAD,
  PIXEL,
  REQUANT,
  REQUANT_BYTES,
} from '../cost.ts';
import { imageOf } from '../layout.ts';
import type { Step } from '../program.ts';
import { fillCost } from './border.ts';
import type { EmitContext, Kernel } from './kernel.ts';
import { type FoldedRequant, reduceRequant, requantExpression, saturate } from './requant.ts';
import { advance, at, repeat, times, plus } from './text.ts';
import { foldChannels } from './weighted.ts';

/** Output channels computed together: each activation is loaded once for four accumulators held in registers. */
const BLOCK = 4;

/**
 * A convolution with its weights as immediates and constant shapes. The running maximum of a fused max pooling is taken on raw
 * accumulators (requantization is monotone), so each pooled pixel is requantized once, and rows or columns that
 * the pooling drops are never computed. Zero weights cost nothing.
 */
export function convUnrolled(node: QConv2d, step: Step): Kernel | undefined {
  if (node.groups !== 1 || node.weights.every((w) => w === 0)) return undefined;
  const [x, y] = [step.inputs[0]!, step.output];
  const image = imageOf(x.layout);
  const result = imageOf(y.layout);
  const [ph, pw] = step.pool?.kernel ?? [1, 1];
  const [kh, kw] = node.kernel;
  const taps = kh * kw * image.c;
  const pixels = result.h * result.w;
  const nonZero = node.weights.filter((w) => w !== 0).length;
  const cheap = node.weights.filter((w) => w !== 0 && (Math.abs(w) & (Math.abs(w) - 1)) === 0).length;
  const blocks = Math.ceil(node.outChannels / BLOCK);
  const perPosition =
    (nonZero - cheap) * IMMEDIATE_MAC +
    cheap * CHEAP_MAC +
    taps * blocks * LOAD +
    PIXEL +
    (step.pool ? node.outChannels * KEEP_MAXIMUM : 0);
  return {
    variant: 'unrolled',
    macs: pixels * ph * pw * nonZero,
    cycles: CALL + fillCost(y.layout) + pixels * (ph * pw * perPosition + node.outChannels * REQUANT),
    codeBytes: nonZero * IMMEDIATE_MAC_BYTES + node.outChannels * REQUANT_BYTES + 60,
    scratchBytes: 0,
    optimize: 'size',
    note: 'weights are immediates in the code',
    emit: (context) => emit(context, node, step),
  };
}

function emit(context: EmitContext, node: QConv2d, step: Step): string[] {
  const [x, y] = [step.inputs[0]!, step.output];
  const image = imageOf(x.layout);
  const result = imageOf(y.layout);
  const [ph, pw] = step.pool?.kernel ?? [1, 1];
  const stepY = node.strides[0] * image.row;
  const stepX = node.strides[1] * image.column;
  const first = x.layout.origin - node.pads.top * image.row - node.pads.left * image.column;
  const folded = foldChannels(node, x, y, node.kernel[0] * node.kernel[1] * image.c);
  const blocks: string[] = [];
  for (let k = 0; k < node.outChannels; k += BLOCK) {
    const channels = Array.from({ length: Math.min(BLOCK, node.outChannels - k) }, (_, i) => k + i);
    blocks.push('{', ...block(context, node, step, channels, folded), '}');
  }
  return [
    `const ${x.layout.type} *p = ${plus('in', first)};`,
    `${y.layout.type} *q = ${plus('out', y.layout.origin)};`,
    ...repeat('row', result.h, [
      `const ${y.layout.type} *const end = q + ${result.w * result.column};`,
      'do {',
      ...blocks,
      ...advance('p', pw * stepX),
      ...advance('q', result.column),
      '} while (q != end);',
      ...advance('p', ph * stepY - result.w * pw * stepX),
      ...advance('q', result.row - result.w * result.column),
    ]),
  ];
}

/** Up to four channels of one output pixel. */
function block(
  context: EmitContext,
  node: QConv2d,
  step: Step,
  channels: readonly number[],
  folded: readonly FoldedRequant[],
): string[] {
  const { layout } = step.inputs[0]!;
  const image = imageOf(layout);
  const y = step.output;
  const stepY = node.strides[0] * image.row;
  const stepX = node.strides[1] * image.column;
  const pool = step.pool?.kernel;
  const store = (k: number, acc: string): string => {
    const value = requantExpression(acc, reduceRequant(folded[k]!));
    return `${at('q', k)} = ${saturate(context, value, node.lo, node.hi, y.layout)};`;
  };
  const declare = (letter: string, init: (k: number) => string): string =>
    `int32_t ${channels.map((k, i) => `${letter}${i} = ${init(k)}`).join(', ')};`;
  const products = macs(node, image, channels);
  const sums = [
    declare('a', (k) => String(folded[k]!.init)),
    ...(products.length > 0 ? ['int32_t x;'] : []),
    ...products,
  ];
  if (!pool) return [...sums, ...channels.map((k, i) => store(k, `a${i}`))];
  const max = context.helper('max');
  return [
    declare('m', () => 'INT32_MIN'),
    ...repeat('j', pool[0], [
      ...repeat('i', pool[1], [
        ...sums,
        ...channels.map((_, i) => `m${i} = ${max}(m${i}, a${i});`),
        ...advance('p', stepX),
      ]),
      ...advance('p', stepY - pool[1] * stepX),
    ]),
    ...advance('p', -pool[0] * stepY),
    ...channels.map((k, i) => store(k, `m${i}`)),
  ];
}

/** One load an input element, one multiplication a weight. */
function macs(
  node: QConv2d,
  image: { c: number; row: number; column: number },
  channels: readonly number[],
): string[] {
  const [kh, kw] = node.kernel;
  const lines: string[] = [];
  for (let ky = 0; ky < kh; ky++) {
    for (let kx = 0; kx < kw; kx++) {
      for (let c = 0; c < image.c; c++) {
        const offset = ky * node.dilations[0] * image.row + kx * node.dilations[1] * image.column + c;
        const uses = channels.flatMap((k, i) => {
          const w = node.weights[((k * kh + ky) * kw + kx) * image.c + c]!;
          if (w === 0) return [];
          return [`a${i} ${w > 0 ? '+' : '-'}= ${times('x', Math.abs(w))};`];
        });
        if (uses.length > 0) lines.push(`x = ${at('p', offset)}; ${uses.join(' ')}`);
      }
    }
  }
  return lines;
}
