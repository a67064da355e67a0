import type { QConv2d } from '../../../quantize/quantizedGraph.ts';
import { advance, at, type Code, plus, repeat } from '../../c/code.ts';
import type { AddressAs } from '../../c/types.ts';
import type { Step } from '../../values/step.ts';
import { fillCost, loadCost } from '../border.ts';
import type { Kernel, KernelMaker, LayerContext } from '../kernel.ts';
import { clampCost, exactCost, exactOf, isLong, requantCall, saturate, storeBias } from '../requant.ts';
import { foldChannels } from '../weighted.ts';
import { type DepthwiseRecords, depthwiseThumb } from './depthwiseThumb.ts';
import { type ConvShape, convShape } from './shape.ts';

/**
 * One filter per channel (groups = channels, one output each): channels innermost, taps unrolled. A channel's weights and
 * requantization lie together in a record that is read in order. On ARMv6-M in assembly, where operands are bytes.
 */
export const convDepthwise: KernelMaker<'conv2d'> = {
  computes: ['conv2d'],
  make(step, target): Kernel | undefined {
    const { node } = step;
    const shape = convShape(step);
    const { x, y, image, pixels, taps } = shape;
    if (step.pool || !isDepthwise(node, image.c) || isLong(node.requant)) return undefined;
    const outputs = pixels * image.c;
    const records = recordsOf(node, shape);
    const bytes =
      x.layout.bytesPerElement === 1 && y.layout.bytesPerElement === 1 && records.weightBytes === 1;
    const thumb = target.instructions.thumb1Only && bytes ? depthwiseThumb(node, shape, records) : undefined;
    const { call } = target.costs;
    const { mac, output, pixel, macBytes } = target.costs.depthwise;
    const exactly = records.exact ? exactCost(target.costs, records.exact) : 0;
    const common = {
      macs: outputs * taps,
      scratchBytes: 0,
      optimize: 'speed',
      note: 'one filter per channel, its weights and requantization in a record',
    } as const;
    if (!thumb) {
      return {
        ...common,
        variant: 'depthwise',
        cycles:
          call +
          fillCost(target.costs, y.layout) +
          pixels * pixel +
          outputs *
            (taps * (mac + loadCost(target.costs, x.layout)) +
              output +
              exactly +
              clampCost(target.costs, node.lo, node.hi, y.layout)),
        codeBytes: 120 + taps * macBytes,
        emit: (context) => emitPortable(context, step, shape, records, context.table(records.words, 4)),
      };
    }
    return {
      ...common,
      variant: 'thumb depthwise',
      cycles: call + fillCost(target.costs, y.layout) + thumb.code.cycles,
      codeBytes: 40 + thumb.code.bytes,
      emit: (context) => {
        const table = context.table(records.words, 4);
        const pointers = [
          plus(context.inputs[0]!, shape.first),
          plus(context.output, y.layout.origin),
          table('uint8_t'),
        ];
        return context.twin(
          [`${context.assembly(thumb)}(${pointers.join(', ')});`],
          emitPortable(context, step, shape, records, table),
        );
      },
    };
  },
};

/** A filter per channel; with one channel it is a plain convolution. */
export function isDepthwise(node: QConv2d, channels: number): boolean {
  return node.groups > 1 && node.groups === channels && node.outChannels === channels;
}

function recordsOf(node: QConv2d, { x, y, taps }: ConvShape): DepthwiseRecords {
  const folded = foldChannels(node, x, y, taps);
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
    const exact = f.exact ? [f.exact.multiplier, f.exact.shift] : [];
    const form = f.wide ? [f.wide.shift, f.wide.multiplier] : [f.constant, f.multiplier];
    return [...weights, ...form, ...(hasStart ? [f.init] : []), ...exact];
  });
  const { pre, post } = folded[0]!; // quantizeWeights gives all channels the same shifts
  const exact = exactOf(folded)?.[0];
  return {
    words,
    weightBytes,
    weightWords,
    length: words.length / folded.length,
    hasStart,
    pre,
    post,
    exact,
  };
}

/** @param table of the records */
function emitPortable(
  context: LayerContext,
  { node }: Step<QConv2d>,
  shape: ConvShape,
  records: DepthwiseRecords,
  table: AddressAs,
): Code {
  const { x, y, image, result, stepX, tapRow, tapColumn } = shape;
  const [kh, kw] = node.kernel;
  const { pre, post, weightBytes, weightWords, length, hasStart } = records;
  const type = weightBytes === 1 ? 'int8_t' : 'int16_t';
  const macs = Array.from({ length: kh * kw }, (_, t) => {
    const tap = Math.floor(t / kw) * tapRow + (t % kw) * tapColumn;
    return `a += ${at('p', tap)} * ${at('w', t)};`;
  });
  const shifted = pre > 0 ? `(a >> ${pre})` : 'a';
  const at0 = hasStart ? 3 : 2;
  const [multiplier, shift] = records.exact ? [`r[${at0}]`, `r[${at0 + 1}]`] : ['r[1]', 'r[0]'];
  const { wide } = node.requant[0]!;
  const called = requantCall(context, { exact: records.exact, wide }, 'a', multiplier, shift);
  const value =
    called === undefined
      ? `(${shifted} * r[1] + r[0]) >> ${post}`
      : plus(called, y.value.offset + storeBias(y.layout));
  return [
    `const ${x.layout.type} *p = ${plus(context.inputs[0]!, shape.first)};`,
    `${y.layout.type} *q = ${plus(context.output, y.layout.origin)};`,
    ...repeat('row', result.h, [
      ...repeat('column', result.w, [
        `const int32_t *record = ${table('int32_t')};`,
        ...repeat('c', image.c, [
          `const ${type} *const w = (const ${type} *)record;`,
          `const int32_t *const r = record + ${weightWords};`,
          `int32_t a = ${hasStart ? 'r[2]' : '0'};`,
          ...macs,
          `*q++ = ${saturate(context, value, node.lo, node.hi, y.layout)};`,
          'p++;',
          `record += ${length};`,
        ]),
        ...advance('p', stepX - image.c),
        ...advance('q', result.column - image.c),
      ]),
      ...advance('p', shape.inputRowEnd),
      ...advance('q', shape.outputRowEnd),
    ]),
  ];
}
