import { NO_CLAMP } from '../../graph.ts';
import { say } from '../../../common/errors/sentence.ts';
import { fromNhwc, toNhwc } from '../../import/nchw.ts';
import type { Operand } from '../../import/operand.ts';
import type { OnnxContext } from './context.ts';
import { readWindow } from './spatial.ts';

/** Conv, 1D and 2D: groups, depthwise, strides, dilations, pads, auto_pad. Weights and bias are constants. */
export function conv(ctx: OnnxContext): Operand {
  const x = ctx.real(0);
  const rank = x.shape.length;
  const input = toNhwc(ctx, x);
  const [, height, width, channels] = input.shape as [number, number, number, number];
  const w = ctx.floats(1, say`the weights`);
  if (w.shape.length !== rank) ctx.refuse(say`has weights [${w.shape}] for an input of ${rank} dimensions`);
  const [outChannels, perGroup, ...kernelShape] = w.shape as [number, number, ...number[]];
  const groups = ctx.int('group', 1);
  if (groups < 1 || channels % groups !== 0 || outChannels % groups !== 0 || perGroup * groups !== channels) {
    ctx.refuse(
      say`has weights [${w.shape}] in ${groups} groups, which do not fit ${channels} input channels`,
    );
  }
  const window = readWindow(ctx, [height, width], rank, kernelShape);
  const bias = ctx.inputs[2] ? ctx.floats(2, say`the bias`).data : new Float32Array(outChannels);
  if (bias.length !== outChannels)
    ctx.refuse(say`has ${bias.length} bias values for ${outChannels} output channels`);
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
