import type { QConv2d } from '../../quantize/quantizedGraph.ts';
import { CALL, DEPTHWISE_MAC, DEPTHWISE_OUTPUT, PIXEL, THUMB_DEPTHWISE } from '../cost.ts';
import { imageOf } from '../layout.ts';
import type { Step } from '../program.ts';
import { fillCost } from './border.ts';
import { depthwiseAssembly } from './depthwiseThumb.ts';
import type { EmitContext, Kernel } from './kernel.ts';
import { saturate } from './requant.ts';
import { advance, at, plus, repeat, tableAt } from './text.ts';
import { foldChannels } from './weighted.ts';

/**
 * One filter per channel (groups = channels, one output each): channels innermost, taps unrolled. A channel's weights and
 * requantization lie together in a record that is read in order.
 *
 * @param thumb for Cortex-M0+
 */
export function convDepthwise(node: QConv2d, step: Step, thumb: boolean): Kernel | undefined {
  const [x, y] = [step.inputs[0]!, step.output];
  const image = imageOf(x.layout);
  if (step.pool || node.groups !== image.c || node.outChannels !== image.c || image.c === 1) return undefined;
  const result = imageOf(y.layout);
  const taps = node.kernel[0] * node.kernel[1];
  const outputs = result.h * result.w * image.c;
  const record = recordOf(node, step);
  const assembly =
    thumb && x.layout.bytesPerElement === 1 && y.layout.bytesPerElement === 1 && record.weightBytes === 1;
  const [mac, output] = assembly
    ? [THUMB_DEPTHWISE.mac, THUMB_DEPTHWISE.output]
    : [DEPTHWISE_MAC, DEPTHWISE_OUTPUT];
  return {
    variant: assembly ? 'thumb depthwise' : 'depthwise',
    macs: outputs * taps,
    cycles: CALL + fillCost(y.layout) + result.h * result.w * PIXEL + outputs * (taps * mac + output),
    codeBytes: 120 + taps * 12,
    scratchBytes: 0,
    optimize: 'speed',
    note: 'one filter per channel, its weights and requantization in a record',
    emit: (context) => emit(context, node, step, record),
    ...(assembly
      ? { assembly: (context: EmitContext) => depthwiseAssembly(node, step, record, context) }
      : {}),
  };
}

/** What a channel needs, in the order it is read: weights, filled up to words; constant; multiplier; the first value if any has one. */
export interface DepthwiseRecord {
  /** All channels' records. */
  readonly words: readonly number[];
  readonly weightBytes: 1 | 2;
  /** Words of weights, and of a whole record. */
  readonly weightWords: number;
  readonly length: number;
  readonly hasStart: boolean;
  readonly pre: number;
  readonly post: number;
}

function recordOf(node: QConv2d, step: Step): DepthwiseRecord {
  const taps = node.kernel[0] * node.kernel[1];
  const folded = foldChannels(node, step.inputs[0]!, step.output, taps);
  const weightBytes = node.weights.every((w) => w >= -128 && w <= 127) ? 1 : 2;
  const weightWords = Math.ceil((taps * weightBytes) / 4);
  const hasStart = folded.some((f) => f.init !== 0);
  const words = folded.flatMap((f, k) => {
    const bytes = new DataView(new ArrayBuffer(weightWords * 4));
    for (let t = 0; t < taps; t++) {
      const w = node.weights[k * taps + t]!;
      if (weightBytes === 1) bytes.setInt8(t, w);
      else bytes.setInt16(2 * t, w, true);
    }
    const weights = Array.from({ length: weightWords }, (_, i) => bytes.getInt32(4 * i, true));
    return [...weights, f.constant, f.multiplier, ...(hasStart ? [f.init] : [])];
  });
  const { pre, post } = folded[0]!; // quantizeWeights gives all channels the same shifts
  return { words, weightBytes, weightWords, length: words.length / folded.length, hasStart, pre, post };
}

function emit(context: EmitContext, node: QConv2d, step: Step, record: DepthwiseRecord): string[] {
  const [x, y] = [step.inputs[0]!, step.output];
  const image = imageOf(x.layout);
  const result = imageOf(y.layout);
  const [kh, kw] = node.kernel;
  const channels = image.c;
  const stepY = node.strides[0] * image.row;
  const stepX = node.strides[1] * image.column;
  const first = x.layout.origin - node.pads.top * image.row - node.pads.left * image.column;
  const { pre, post, weightBytes, weightWords, length, hasStart } = record;
  const type = weightBytes === 1 ? 'int8_t' : 'int16_t';
  const offset = context.constants.add(record.words, 4);
  const macs = Array.from({ length: kh * kw }, (_, t) => {
    const tap =
      Math.floor(t / kw) * node.dilations[0] * image.row + (t % kw) * node.dilations[1] * image.column;
    return `a += ${at('p', tap)} * ${at('w', t)};`;
  });
  const shifted = pre > 0 ? `(a >> ${pre})` : 'a';
  const value = `(${shifted} * r[1] + r[0]) >> ${post}`;
  return [
    `const ${x.layout.type} *p = ${plus('in', first)};`,
    `${y.layout.type} *q = ${plus('out', y.layout.origin)};`,
    ...repeat('row', result.h, [
      ...repeat('column', result.w, [
        `const int32_t *record = ${tableAt('int32_t', offset)};`,
        ...repeat('c', channels, [
          `const ${type} *const w = (const ${type} *)record;`,
          `const int32_t *const r = record + ${weightWords};`,
          `int32_t a = ${hasStart ? 'r[2]' : '0'};`,
          ...macs,
          `*q++ = ${saturate(context, value, node.lo, node.hi, y.layout)};`,
          'p++;',
          `record += ${length};`,
        ]),
        ...advance('p', stepX - channels),
        ...advance('q', result.column - channels),
      ]),
      ...advance('p', stepY - result.w * stepX),
      ...advance('q', result.row - result.w * result.column),
    ]),
  ];
}
