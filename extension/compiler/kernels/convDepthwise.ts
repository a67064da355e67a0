import type { QConv2d } from '../../quantize/quantizedGraph.ts';
import { CALL, PIXEL, REQUANT } from '../cost.ts';
import { imageOf } from '../layout.ts';
import type { Step } from '../program.ts';
import { fillCost } from './border.ts';
import type { EmitContext, Kernel } from './kernel.ts';
import { saturate } from './requant.ts';
import { advance, at, repeat, plus } from './text.ts';
import { foldChannels } from './weighted.ts';

/** A weight with its activation, both loaded, and the multiply-accumulate. */
const DEPTHWISE_MAC = 7;

/** One filter per channel (groups = channels, one output each): channels innermost, taps unrolled, weights by tap. */
export function convDepthwise(node: QConv2d, step: Step): Kernel | undefined {
  const [x, y] = [step.inputs[0]!, step.output];
  const image = imageOf(x.layout);
  if (step.pool || node.groups !== image.c || node.outChannels !== image.c || image.c === 1) return undefined;
  const result = imageOf(y.layout);
  const taps = node.kernel[0] * node.kernel[1];
  const pixels = result.h * result.w;
  return {
    variant: 'depthwise',
    macs: pixels * taps * image.c,
    cycles: CALL + fillCost(y.layout) + pixels * (PIXEL + image.c * (taps * DEPTHWISE_MAC + REQUANT + 10)),
    codeBytes: 120 + taps * 12,
    scratchBytes: 0,
    optimize: 'speed',
    note: 'one filter per channel, weights are streamed tap by tap',
    emit: (context) => emit(context, node, step),
  };
}

function emit(context: EmitContext, node: QConv2d, step: Step): string[] {
  const [x, y] = [step.inputs[0]!, step.output];
  const image = imageOf(x.layout);
  const result = imageOf(y.layout);
  const [kh, kw] = node.kernel;
  const taps = kh * kw;
  const channels = image.c;
  const stepY = node.strides[0] * image.row;
  const stepX = node.strides[1] * image.column;
  const first = x.layout.origin - node.pads.top * image.row - node.pads.left * image.column;
  const folded = foldChannels(node, x, y, taps);
  const small = node.weights.every((w) => w >= -128 && w <= 127);
  const weightType = small ? 'int8_t' : 'int16_t';
  const byTap = Array.from(
    { length: taps * channels },
    (_, i) => node.weights[(i % channels) * taps + Math.floor(i / channels)]!,
  );
  const weights = context.constants.add(byTap, small ? 1 : 2);
  const table = (data: readonly number[]): number => context.constants.add(data, 4);
  const { pre, post } = folded[0]!;
  const needsInit = folded.some((f) => f.init !== 0);
  const macs = Array.from({ length: taps }, (_, t) => {
    const offset =
      Math.floor(t / kw) * node.dilations[0] * image.row + (t % kw) * node.dilations[1] * image.column;
    return `a += ${at('x', offset)} * ${at('w', t * channels)};`;
  });
  const shifted = pre > 0 ? `(a >> ${pre})` : 'a';
  const value = `(${shifted} * multiplier[c] + constant[c]) >> ${post}`;
  return [
    `const ${weightType} *const weights = (const ${weightType} *)(constants + ${weights});`,
    `const int32_t *const multiplier = (const int32_t *)(constants + ${table(folded.map((f) => f.multiplier))});`,
    `const int32_t *const constant = (const int32_t *)(constants + ${table(folded.map((f) => f.constant))});`,
    ...(needsInit
      ? [`const int32_t *const bias = (const int32_t *)(constants + ${table(folded.map((f) => f.init))});`]
      : []),
    `const ${x.layout.type} *p = ${plus('in', first)};`,
    `${y.layout.type} *q = ${plus('out', y.layout.origin)};`,
    ...repeat('row', result.h, [
      ...repeat('column', result.w, [
        `for (uint32_t c = 0; c < ${channels}; c++) {`,
        `const ${x.layout.type} *x = p + c;`,
        `const ${weightType} *w = weights + c;`,
        `int32_t a = ${needsInit ? 'bias[c]' : '0'};`,
        ...macs,
        `q[c] = ${saturate(context, value, node.lo, node.hi, y.layout)};`,
        '}',
        ...advance('p', stepX),
        ...advance('q', result.column),
      ]),
      ...advance('p', stepY - result.w * stepX),
      ...advance('q', result.row - result.w * result.column),
    ]),
  ];
}
