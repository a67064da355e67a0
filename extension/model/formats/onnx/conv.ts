import { say } from '../../../common/errors/sentence.ts';
import { NO_CLAMP } from '../../graph.ts';
import { givenIntegers } from '../../import/integers.ts';
import { fromNhwc } from '../../import/nchw.ts';
import type { Operand } from '../../import/operand.ts';
import type { OnnxContext } from './context.ts';
import { convBias, convOperands } from './convOperands.ts';
import { readWindow } from './spatial.ts';

/** Conv, 1D and 2D: groups, depthwise, strides, dilations, pads, auto_pad. Weights and bias are constants. */
export function conv(ctx: OnnxContext): Operand {
  const { rank, input, w, groups, refuseGroups } = convOperands(ctx);
  const [, height, width, channels] = input.shape as [number, number, number, number];
  const [outChannels, perGroup, ...kernelShape] = w.shape as [number, number, ...number[]];
  if (groups < 1 || channels % groups !== 0 || outChannels % groups !== 0 || perGroup * groups !== channels) {
    refuseGroups();
  }
  const window = readWindow(ctx, [height, width], rank, kernelShape);
  const bias = convBias(ctx, outChannels);
  const given = givenIntegers(w, 0, ctx.inputs[2] ? ctx.floats(2, say`the bias`) : undefined);
  const y = ctx.emit(
    {
      kind: 'conv2d',
      weights: kernelLast(w.data, outChannels, perGroup, window.kernel[0] * window.kernel[1]),
      bias,
      kernel: window.kernel,
      strides: window.strides,
      dilations: window.dilations,
      pads: window.pads,
      groups,
      clamp: NO_CLAMP,
      given,
    },
    [input],
    [1, ...window.out, outChannels],
    '/nhwc',
  );
  return fromNhwc(ctx, y, rank);
}

/** ONNX weights [out][in][kernel] as the IR's [out][kernel][in]. */
function kernelLast(
  w: Float32Array,
  outChannels: number,
  perGroup: number,
  kernelSize: number,
): Float32Array {
  const to = new Float32Array(w.length);
  for (let m = 0; m < outChannels; m++) {
    for (let c = 0; c < perGroup; c++) {
      for (let k = 0; k < kernelSize; k++) {
        to[(m * kernelSize + k) * perGroup + c] = w[(m * perGroup + c) * kernelSize + k]!;
      }
    }
  }
  return to;
}
