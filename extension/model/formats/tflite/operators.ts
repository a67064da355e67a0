import { activation, power, powered } from '../../import/activation.ts';
import {
  binary,
  difference,
  extremeOfAll,
  product,
  quotient,
  sloped,
  squaredDifference,
  sum as added,
  sumOfAll,
} from '../../import/arithmetic.ts';
import { depthToSpace, spaceToDepth } from '../../import/blocks.ts';
import { scalar } from '../../import/operand.ts';
import type { OperatorImporter } from './context.ts';
import { conv2d, depthwiseConv2d, pool2d } from './conv.ts';
import { transposeConv } from './convTranspose.ts';
import { fullyConnected } from './dense.ts';
import {
  arithmetic,
  cast,
  dequantize,
  densify,
  gelu,
  l2Normalization,
  leakyRelu,
  logSoftmax,
  quantize,
  softmax,
} from './elementwise.ts';
import { FUSED } from './fused.ts';
import { sequenceLstm } from './lstm.ts';
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
import { position } from './position.ts';
import { svdf } from './svdf.ts';
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
  transpose,
} from './shape.ts';

/** Every supported operator; notes.ts says what each asks for. */
export const OPERATORS = {
  ABS: activation({ type: 'abs' }),
  ADD: arithmetic(added),
  ADD_N: sumOfAll,
  ARG_MAX: position('max'),
  ARG_MIN: position('min'),
  AVERAGE_POOL_2D: pool2d('avgpool'),
  BROADCAST_TO: broadcastTo,
  CAST: cast,
  CEIL: activation({ type: 'ceil' }),
  CONCATENATION: concatenation,
  CONV_2D: conv2d,
  COS: activation({ type: 'cos' }),
  DENSIFY: densify,
  DEPTH_TO_SPACE: (ctx) => depthToSpace(ctx, ctx.real(0), ctx.options.block, 'blocks first'),
  DEPTHWISE_CONV_2D: depthwiseConv2d,
  DEQUANTIZE: dequantize,
  DIV: arithmetic(quotient),
  ELU: activation({ type: 'elu', alpha: 1 }),
  EXP: activation({ type: 'exp' }),
  EXPAND_DIMS: expandDims,
  FLOOR: activation({ type: 'floor' }),
  FULLY_CONNECTED: fullyConnected,
  GATHER: gather,
  GELU: gelu,
  HARD_SWISH: activation({ type: 'hardSwish' }),
  L2_NORMALIZATION: l2Normalization,
  LEAKY_RELU: leakyRelu,
  LOG: activation({ type: 'log' }),
  LOG_SOFTMAX: logSoftmax,
  LOGISTIC: activation({ type: 'sigmoid' }),
  MAX_POOL_2D: pool2d('maxpool'),
  MAXIMUM: extremeOfAll('max'),
  MEAN: reduce('mean'),
  MINIMUM: extremeOfAll('min'),
  MIRROR_PAD: mirrorPad,
  MUL: arithmetic(product),
  NEG: (ctx) => binary(ctx, 'mul', ctx.real(0), scalar(-1)),
  PACK: pack,
  PAD: pad,
  PADV2: pad,
  POW: power,
  PRELU: (ctx) => sloped(ctx, ctx.real(0), ctx.real(1)),
  QUANTIZE: quantize,
  READ_VARIABLE: (ctx) => ctx.real(0),
  REDUCE_MAX: reduce('max'),
  REDUCE_MIN: reduce('min'),
  RELU: activation(FUSED.RELU),
  RELU_0_TO_1: activation({ type: 'clip', min: 0, max: 1 }),
  RELU_N1_TO_1: activation(FUSED.RELU_N1_TO_1),
  RELU6: activation(FUSED.RELU6),
  RESHAPE: reshape,
  RESIZE_BILINEAR: resizeBilinear,
  RESIZE_NEAREST_NEIGHBOR: resizeNearest,
  REVERSE_V2: reverse,
  ROUND: activation({ type: 'round' }),
  RSQRT: activation({ type: 'rsqrt' }),
  SHAPE: shapeOf,
  SIGN: activation({ type: 'sign' }),
  SIN: activation({ type: 'sin' }),
  SLICE: slice,
  SOFTMAX: softmax,
  SPACE_TO_DEPTH: (ctx) => spaceToDepth(ctx, ctx.real(0), ctx.options.block),
  SPLIT: split,
  SPLIT_V: splitV,
  SQRT: activation({ type: 'sqrt' }),
  SQUARE: (ctx) => powered(ctx, ctx.real(0), 2),
  SQUARED_DIFFERENCE: squaredDifference,
  SQUEEZE: squeeze,
  STRIDED_SLICE: stridedSlice,
  SUB: arithmetic(difference),
  SUM: reduce('sum'),
  SVDF: svdf,
  TANH: activation({ type: 'tanh' }),
  TILE: tile,
  TRANSPOSE: transpose,
  TRANSPOSE_CONV: transposeConv,
  UNIDIRECTIONAL_SEQUENCE_LSTM: sequenceLstm,
  UNPACK: unpack,
} satisfies { readonly [K in OperatorType]?: OperatorImporter<K> };

/** The name of a supported operator. */
export type TfliteBuiltin = keyof typeof OPERATORS;
