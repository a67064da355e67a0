import { hardSwish } from '../../import/activation.ts';
import { binary, difference, product, quotient, sum as added, sumOfAll } from '../../import/arithmetic.ts';
import { scalar } from '../../import/operand.ts';
import type { OperatorImporter } from './context.ts';
import { conv2d, depthwiseConv2d, pool2d } from './conv.ts';
import { transposeConv } from './convTranspose.ts';
import { fullyConnected } from './dense.ts';
import {
  activation,
  arithmetic,
  cast,
  dequantize,
  densify,
  leakyRelu,
  quantize,
  softmax,
} from './elementwise.ts';
import { FUSED } from './fused.ts';
import {
  broadcastTo,
  gather,
  mirrorPad,
  reverse,
  slice,
  split,
  splitV,
  stridedSlice,
  tile,
  unpack,
} from './gather.ts';
import type { OperatorType } from './names.ts';
import { resizeBilinear, resizeNearest } from './resize.ts';
import {
  concatenation,
  expandDims,
  pack,
  pad,
  reduce,
  reshape,
  shapeOf,
  squeeze,
  sum,
  transpose,
} from './shape.ts';

/** Every supported operator; notes.ts says what each asks for. */
export const OPERATORS = {
  // |x| is a leaky ReLU of slope -1
  ABS: activation({ type: 'leakyRelu', alpha: -1 }),
  ADD: arithmetic(added),
  ADD_N: sumOfAll,
  AVERAGE_POOL_2D: pool2d('avgpool'),
  BROADCAST_TO: broadcastTo,
  CAST: cast,
  CONCATENATION: concatenation,
  CONV_2D: conv2d,
  DENSIFY: densify,
  DEPTHWISE_CONV_2D: depthwiseConv2d,
  DEQUANTIZE: dequantize,
  DIV: arithmetic(quotient),
  EXPAND_DIMS: expandDims,
  FULLY_CONNECTED: fullyConnected,
  GATHER: gather,
  HARD_SWISH: hardSwish,
  LEAKY_RELU: leakyRelu,
  LOGISTIC: activation({ type: 'sigmoid' }),
  MAX_POOL_2D: pool2d('maxpool'),
  MEAN: reduce('avgpool'),
  MIRROR_PAD: mirrorPad,
  MUL: arithmetic(product),
  NEG: (ctx) => binary(ctx, 'mul', ctx.real(0), scalar(-1)),
  PACK: pack,
  PAD: pad,
  PADV2: pad,
  QUANTIZE: quantize,
  REDUCE_MAX: reduce('maxpool'),
  RELU: activation(FUSED.RELU),
  RELU_0_TO_1: activation({ type: 'clip', min: 0, max: 1 }),
  RELU_N1_TO_1: activation(FUSED.RELU_N1_TO_1),
  RELU6: activation(FUSED.RELU6),
  RESHAPE: reshape,
  RESIZE_BILINEAR: resizeBilinear,
  RESIZE_NEAREST_NEIGHBOR: resizeNearest,
  REVERSE_V2: reverse,
  SHAPE: shapeOf,
  SLICE: slice,
  SOFTMAX: softmax,
  SPLIT: split,
  SPLIT_V: splitV,
  SQUARE: (ctx) => binary(ctx, 'mul', ctx.real(0), ctx.real(0)),
  SQUEEZE: squeeze,
  STRIDED_SLICE: stridedSlice,
  SUB: arithmetic(difference),
  SUM: sum,
  TANH: activation({ type: 'tanh' }),
  TILE: tile,
  TRANSPOSE: transpose,
  TRANSPOSE_CONV: transposeConv,
  UNPACK: unpack,
} satisfies { readonly [K in OperatorType]?: OperatorImporter<K> };

/** The name of a supported operator. */
export type TfliteBuiltin = keyof typeof OPERATORS;
