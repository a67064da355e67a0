import { repeated } from '../../../common/lists.ts';
import { say } from '../../../common/errors/sentence.ts';
import { convTransposed, outputsFirst } from '../../import/convTranspose.ts';
import { givenIntegers } from '../../import/integers.ts';
import { fromNhwc } from '../../import/nchw.ts';
import type { Operand } from '../../import/operand.ts';
import type { Two } from '../../import/placeWindow.ts';
import type { OnnxContext } from './context.ts';
import { convBias, convOperands } from './convOperands.ts';
import { readAutoPad, readKernel, readPads, readTwo } from './spatial.ts';

/** ConvTranspose, 1D and 2D: groups, strides, dilations, pads, output_padding, output_shape, auto_pad. Weights are constants. */
export function convTranspose(ctx: OnnxContext): Operand {
  const { rank, input, w, groups, refuseGroups } = convOperands(ctx);
  const [, height, width, channels] = input.shape as [number, number, number, number];
  const [inputs, outPerGroup, ...kernelShape] = w.shape as [number, number, ...number[]];
  if (groups < 1 || channels % groups !== 0 || inputs !== channels) {
    refuseGroups();
  }
  const outputs = outPerGroup * groups;
  const bias = convBias(ctx, outputs);
  const window = placed(ctx, [height, width], kernelShape);
  const taps = window.kernel[0] * window.kernel[1];
  const sizes = [groups, channels / groups, outPerGroup, taps] as const;
  const weights = outputsFirst(w.data, sizes, [
    (channels / groups) * outPerGroup * taps,
    outPerGroup * taps,
    taps,
    1,
  ]);
  const given = givenIntegers(w, 1, ctx.inputs[2] ? ctx.floats(2, say`the bias`) : undefined);
  // a group's scales, which its weights are told by, are those of all groups
  const all = given && { ...given, scales: repeated(given.scales, groups) };
  const convolution = { ...window, weights, bias, groups, given: all };
  return fromNhwc(ctx, convTransposed(ctx, input, convolution, '/nhwc'), rank);
}

function placed(ctx: OnnxContext, size: Two, kernelShape: readonly number[]) {
  const spatial = kernelShape.length;
  const kernel = readKernel(ctx, spatial, kernelShape);
  const [strides, dilations, extra] = [
    readTwo(ctx, 'strides', spatial, 1, 1),
    readTwo(ctx, 'dilations', spatial, 1, 1),
    readTwo(ctx, 'output_padding', spatial, 0, 0),
  ];
  const pads = readPads(ctx, spatial);
  const autoPad = readAutoPad(ctx);
  const wanted = ctx.has('output_shape') ? readTwo(ctx, 'output_shape', spatial, 1, 1) : undefined;
  const isSame = autoPad === 'SAME_UPPER' || autoPad === 'SAME_LOWER';
  const axes = ([0, 1] as const).map((axis) => {
    const whole = (size[axis] - 1) * strides[axis] + (kernel[axis] - 1) * dilations[axis] + 1 + extra[axis];
    const out = wanted?.[axis] ?? (isSame ? size[axis] * strides[axis] : undefined);
    if (out !== undefined) {
      const cut = Math.max(0, whole - out);
      return { out, before: autoPad === 'SAME_UPPER' ? Math.floor(cut / 2) : Math.ceil(cut / 2) };
    }
    const [before, after] = autoPad === 'VALID' ? [0, 0] : [pads.before[axis], pads.after[axis]];
    return { out: whole - before - after, before };
  });
  const [rows, columns] = axes as [(typeof axes)[0], (typeof axes)[0]];
  if (rows.out < 1 || columns.out < 1)
    ctx.refuse(say`would have an empty output [${[rows.out, columns.out]}]`);
  return {
    kernel,
    strides,
    dilations,
    before: [rows.before, columns.before] as const,
    out: [rows.out, columns.out] as const,
  };
}
