import type { QConv2d } from '../../quantize/quantizedGraph.ts';
import { CALL, MOVE, PIXEL } from '../cost.ts';
import { imageOf } from '../layout.ts';
import type { Step } from '../program.ts';
import { fillCost } from './border.ts';
import { dotCost, type DotProducts, emitDot, usesThumb } from './dot.ts';
import type { EmitContext, Kernel } from './kernel.ts';
import { advance, repeat, plus } from './text.ts';

/**
 * Convolution by im2col, one pixel at a time: the patch under the kernel is gathered into scratch memory, then multiplied
 * like a dense layer. Serves every group count, stride and dilation; a 1x1 convolution reads its pixel in place. With a fused max
 * pooling the output pixel keeps the largest of its positions (the pooling shares the convolution's quantization).
 *
 * @param thumb for Cortex-M0+
 */
export function convPatch(node: QConv2d, step: Step, thumb: boolean): Kernel {
  const [x, y] = [step.inputs[0]!, step.output];
  const image = imageOf(x.layout);
  const result = imageOf(y.layout);
  const depth = image.c / node.groups;
  const taps = node.kernel[0] * node.kernel[1] * depth;
  const inPlace = node.groups === 1 && node.kernel[0] * node.kernel[1] === 1;
  const channels = node.outChannels / node.groups;
  const [ph, pw] = step.pool?.kernel ?? [1, 1];
  const pixels = result.h * result.w * ph * pw;
  const gather = inPlace ? 0 : taps * MOVE;
  const d: DotProducts = {
    ...{ node, x, y, taps, channels, thumb },
    groups: node.groups,
    keepMaximum: step.pool !== undefined,
  };
  const dot = dotCost(d);
  return {
    variant: (usesThumb(d) ? 'thumb ' : '') + (inPlace ? 'pointwise' : 'im2col'),
    macs: pixels * taps * node.outChannels,
    cycles: CALL + fillCost(y.layout) + pixels * (PIXEL + node.groups * (gather + dot.cycles)),
    codeBytes: 220 + dot.codeBytes,
    scratchBytes: inPlace ? 0 : taps * x.layout.bytesPerElement,
    optimize: 'speed',
    note: inPlace
      ? 'weights are streamed for each pixel'
      : 'the patch under the kernel is gathered, then multiplied',
    emit: (context) => emit(context, d, step, inPlace),
  };
}

function emit(context: EmitContext, d: DotProducts, step: Step, inPlace: boolean): string[] {
  const { x, y, groups } = d;
  const node = step.node as QConv2d;
  const image = imageOf(x.layout);
  const result = imageOf(y.layout);
  const { type } = x.layout;
  const stepY = node.strides[0] * image.row;
  const stepX = node.strides[1] * image.column;
  const first = x.layout.origin - node.pads.top * image.row - node.pads.left * image.column;
  const [ph, pw] = step.pool?.kernel ?? [1, 1];
  const dot = emitDot(context, d, inPlace ? 'p' : 'patch');
  const group = ['{', ...(inPlace ? [] : gatherPatch(node, step)), ...dot.multiply, '}'];
  const pixel = [
    '{',
    ...dot.begin,
    ...(inPlace ? [] : [`const ${type} *from = p;`]),
    ...repeat('group', groups, [...group, ...(groups > 1 ? advance('from', image.c / groups) : [])]),
    '}',
  ];
  return [
    ...(inPlace
      ? []
      : [`${type} *const patch = ${type === 'uint8_t' ? 'scratch' : `(${type} *)(void *)scratch`};`]),
    `const ${type} *p = ${plus('in', first)};`,
    `${y.layout.type} *q = ${plus('out', y.layout.origin)};`,
    ...dot.setup,
    ...repeat('row', result.h, [
      ...repeat('column', result.w, [
        ...(step.pool ? pooled(node, step, pixel) : pixel),
        ...advance('p', pw * stepX),
        ...advance('q', result.column - node.outChannels),
      ]),
      ...advance('p', ph * stepY - result.w * pw * stepX),
      ...advance('q', result.row - result.w * result.column),
    ]),
  ];
}

/** One pixel for each position of the pooling window; `q` starts at the smallest number and ends behind its channels. */
function pooled(node: QConv2d, step: Step, pixel: readonly string[]): string[] {
  const image = imageOf(step.inputs[0]!.layout);
  const { layout } = step.output;
  const [ph, pw] = step.pool!.kernel;
  const stepY = node.strides[0] * image.row;
  const stepX = node.strides[1] * image.column;
  const lowest = layout.bytesPerElement === 1 ? layout.bias - 128 : -32768;
  return [
    `for (uint32_t n = 0; n < ${node.outChannels}; n++) {`,
    `q[n] = ${lowest};`,
    '}',
    ...repeat('j', ph, [
      ...repeat('i', pw, [...pixel, ...advance('q', -node.outChannels), ...advance('p', stepX)]),
      ...advance('p', stepY - pw * stepX),
    ]),
    ...advance('p', -ph * stepY),
    ...advance('q', node.outChannels),
  ];
}

/** Copies the patch at `from`, the first tap of a group: rows that lie together are copied in one run. */
function gatherPatch(node: QConv2d, step: Step): string[] {
  const { layout } = step.inputs[0]!;
  const image = imageOf(layout);
  const depth = image.c / node.groups;
  const [kh, kw] = node.kernel;
  const together = node.groups === 1 && node.dilations[1] === 1;
  const run = together ? kw * depth : depth;
  const runs = together ? 1 : kw;
  const { type } = layout;
  return [
    `${type} *d = patch;`,
    `const ${type} *s = from;`,
    ...repeat('ky', kh, [
      ...repeat('kx', runs, [
        `for (uint32_t n = ${run}; n != 0; n--) {`,
        '*d++ = *s++;',
        '}',
        ...advance('s', (together ? 0 : node.dilations[1] * image.column) - (together ? 0 : run)),
      ]),
      ...advance(
        's',
        node.dilations[0] * image.row - (together ? run : runs * node.dilations[1] * image.column),
      ),
    ]),
  ];
}
